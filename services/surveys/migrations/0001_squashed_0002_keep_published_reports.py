"""All of surveys as 0001 to 0002 made it, in one step for a new database (docs/decisions/047)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('surveys', '0001_initial'),
        ('surveys', '0002_keep_published_reports'),
    ]

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('offices', '0004_standards_are_reviewed'),
    ]

    operations = [
        migrations.CreateModel(
            name='FollowUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='survey_follow_ups', to='offices.office')),
                ('since', models.DateField()),
                ('until', models.DateField()),
                ('element', models.CharField(max_length=10, verbose_name='unsur')),
                ('plan', models.CharField(max_length=500, verbose_name='rencana tindak lanjut')),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner_name', models.CharField(max_length=120, verbose_name='penanggung jawab')),
                ('due_on', models.DateField(verbose_name='tenggat')),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('proof', models.CharField(blank=True, max_length=500, verbose_name='bukti')),
            ],
            options={
                'ordering': ['due_on', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('done_at', None), models.Q(('proof', ''), _negated=True), _connector='OR'), name='a_follow_up_is_done_with_proof')],
            },
        ),
        migrations.CreateModel(
            name='Instrument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=40, unique=True)),
                ('kind', models.CharField(choices=[('skm', 'Survei Kepuasan Masyarakat (SKM)'), ('skd', 'Survei Kebutuhan Data (SKD)')], max_length=3)),
                ('name', models.CharField(max_length=120)),
                ('name_en', models.CharField(max_length=120)),
                ('source', models.CharField(max_length=200)),
                ('content', models.JSONField()),
                ('retired', models.BooleanField(default=False)),
            ],
            options={
                'ordering': ['kind', '-key'],
            },
        ),
        migrations.CreateModel(
            name='Published',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='survey_results', to='offices.office')),
                ('instrument', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='surveys.instrument')),
                ('service', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='offices.service')),
                ('since', models.DateField()),
                ('until', models.DateField()),
                ('figures', models.JSONField()),
                ('at', models.DateTimeField()),
                ('by_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-until', '-at'],
                'constraints': [models.CheckConstraint(condition=models.Q(('until__gte', models.F('since'))), name='survey_period_runs_forward')],
            },
        ),
        migrations.CreateModel(
            name='Response',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='survey_responses', to='offices.office')),
                ('instrument', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='responses', to='surveys.instrument')),
                ('service', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='survey_responses', to='offices.service')),
                ('day', models.DateField()),
                ('at', models.DateTimeField()),
                ('channel', models.CharField(choices=[('tablet', 'Tablet'), ('phone', 'Ponsel'), ('online', 'Portal'), ('paper', 'Kertas')], max_length=6)),
                ('once', models.CharField(blank=True, editable=False, max_length=64, null=True, unique=True)),
                ('entered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('gender', models.CharField(blank=True, max_length=30)),
                ('age', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('education', models.CharField(blank=True, max_length=30)),
                ('job', models.CharField(blank=True, max_length=30)),
                ('institution', models.CharField(blank=True, max_length=30)),
                ('comment', models.TextField(blank=True, max_length=2000)),
                ('needs', models.JSONField(blank=True, default=list)),
            ],
            options={
                'ordering': ['-at', '-id'],
                'indexes': [models.Index(fields=['office', 'instrument', 'day'], name='survey_response_of_period')],
            },
        ),
        migrations.CreateModel(
            name='SurveyRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='survey_rules', to='offices.office')),
                ('kind', models.CharField(choices=[('skm', 'Survei Kepuasan Masyarakat (SKM)'), ('skd', 'Survei Kebutuhan Data (SKD)')], max_length=3)),
                ('instrument', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='surveys.instrument')),
                ('offer', models.CharField(choices=[('never', 'Tidak ditawarkan'), ('always', 'Kepada setiap pengguna'), ('sample', 'Kepada sebagian pengguna')], default='always', max_length=6, verbose_name='ditawarkan')),
                ('every', models.PositiveSmallIntegerField(default=5, verbose_name='satu dari berapa pengguna')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('office', 'kind'), name='one_survey_rule_of_a_kind'), models.CheckConstraint(condition=models.Q(('every__gte', 1)), name='survey_every_at_least_one')],
            },
        ),
        migrations.CreateModel(
            name='PublishedReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('published', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='surveys.published')),
                ('language', models.CharField(max_length=5)),
                ('digest', models.CharField(max_length=64)),
                ('pdf', models.BinaryField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('published', 'language'), name='one_survey_report_in_a_language')],
            },
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('response', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='surveys.response')),
                ('code', models.CharField(max_length=10)),
                ('score', models.PositiveSmallIntegerField()),
                ('importance', models.PositiveSmallIntegerField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('response', 'code'), name='one_answer_to_a_question'), models.CheckConstraint(condition=models.Q(('score__gte', 1), ('score__lte', 10), models.Q(('importance', None), models.Q(('importance__gte', 1), ('importance__lte', 10)), _connector='OR')), name='survey_score_on_a_scale')],
            },
        ),
    ]
