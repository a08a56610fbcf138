"""All of ratings as 0001 to 0005 made it, in one step for a new database (docs/decisions/047)."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('ratings', '0001_initial'),
        ('ratings', '0002_everybody_of_a_party'),
        ('ratings', '0003_online'),
        ('ratings', '0004_reasons_and_things'),
        ('ratings', '0005_asked_by_mail'),
    ]

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('guestbook', '0001_squashed_0015_wording_names_rating_mail'),
        ('offices', '0004_standards_are_reviewed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Asked',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='offices.office')),
                ('visitor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='guestbook.visitor')),
                ('about', models.CharField(choices=[('visit', 'Kunjungan'), ('consultation', 'Konsultasi'), ('download', 'Unduhan'), ('loan', 'Peminjaman')], max_length=12)),
                ('about_pk', models.PositiveBigIntegerField()),
                ('mailbox', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['mailbox', 'at'], name='asked_of_mailbox')],
                'constraints': [models.UniqueConstraint(fields=('about', 'about_pk'), name='asked_once_by_mail')],
            },
        ),
        migrations.CreateModel(
            name='MailStop',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mailbox', models.CharField(max_length=64, unique=True)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Rating',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ratings', to='offices.office')),
                ('about', models.CharField(choices=[('visit', 'Kunjungan'), ('consultation', 'Konsultasi'), ('download', 'Unduhan'), ('loan', 'Peminjaman')], default='visit', max_length=12, verbose_name='yang dinilai')),
                ('about_pk', models.PositiveBigIntegerField(blank=True, null=True)),
                ('service', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ratings', to='offices.service')),
                ('officer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('received', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='ratings', to='guestbook.visitservice')),
                ('place', models.PositiveSmallIntegerField(default=1)),
                ('rater', models.CharField(blank=True, max_length=32)),
                ('stars', models.PositiveSmallIntegerField(verbose_name='nilai')),
                ('reasons', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), blank=True, default=list, size=None)),
                ('comment', models.TextField(blank=True, max_length=1000, verbose_name='catatan')),
                ('channel', models.CharField(choices=[('tablet', 'Tablet'), ('phone', 'Ponsel'), ('online', 'Portal'), ('mail', 'Tautan e-mail')], max_length=8)),
                ('at', models.DateTimeField()),
                ('noticed_at', models.DateTimeField(blank=True, null=True)),
                ('noticed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-at'],
                'indexes': [models.Index(fields=['office', 'at'], name='rating_of_period')],
                'constraints': [models.CheckConstraint(condition=models.Q(('stars__gte', 1), ('stars__lte', 5)), name='one_to_five_stars'), models.UniqueConstraint(fields=('received', 'place'), name='one_rating_for_each_person'), models.UniqueConstraint(condition=models.Q(('rater', ''), _negated=True), fields=('received', 'rater'), name='one_rating_from_each_phone'), models.CheckConstraint(condition=models.Q(('received__isnull', False), models.Q(('about', 'visit'), _negated=True), _connector='OR'), name='rating_of_a_visit_or_of_something'), models.UniqueConstraint(condition=models.Q(('about_pk', None), _negated=True), fields=('about', 'about_pk'), name='one_rating_of_one_thing')],
            },
        ),
        migrations.CreateModel(
            name='RatingRules',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='rating_rules', to='offices.office')),
                ('of_officers', models.BooleanField(default=False, help_text='Bila tidak, tidak ada catatan tentang petugas mana yang melayani, juga tidak dalam laporan.', verbose_name='Penilaian dicatat untuk petugas yang melayani')),
                ('ask_reasons', models.BooleanField(default=True, help_text='Pilihan alasan untuk disentuh. Boleh tidak dijawab.', verbose_name='Sesudah bintang, tanyakan alasannya')),
                ('by_mail', models.BooleanField(default=True, help_text='Sekali sesudah kunjungan, unduhan, atau pengembalian buku yang belum dinilai, hanya kepada orang dewasa yang setuju dengan naskah persetujuan yang menyebut e-mail ini.', verbose_name='Minta penilaian lewat e-mail')),
                ('days_between', models.PositiveSmallIntegerField(default=30, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(365)], verbose_name='Jarak antara dua e-mail kepada orang yang sama (hari)')),
                ('link_days', models.PositiveSmallIntegerField(default=7, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(7)], verbose_name='Tautan dalam e-mail berlaku (hari sesudah layanan)')),
            ],
            options={
                'verbose_name_plural': 'rating rules',
                'constraints': [models.CheckConstraint(condition=models.Q(('days_between__gte', 1), ('link_days__gte', 1)), name='rating_rules_in_days')],
            },
        ),
    ]
