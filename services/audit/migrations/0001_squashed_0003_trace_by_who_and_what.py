"""All of audit as 0001 to 0003 made it, in one step for a new database (docs/decisions/047)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('audit', '0001_initial'),
        ('audit', '0002_protect_actors'),
        ('audit', '0003_trace_by_who_and_what'),
    ]

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('offices', '0004_standards_are_reviewed'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True)),
                ('office', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='offices.office')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('device', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.device')),
                ('actor', models.CharField(max_length=20)),
                ('action', models.CharField(max_length=60)),
                ('target_type', models.CharField(max_length=40)),
                ('target_id', models.BigIntegerField(null=True)),
                ('detail', models.JSONField(default=dict)),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['office', '-at', '-id'], name='audit_of_office'), models.Index(fields=['office', 'user', '-at', '-id'], name='audit_of_user'), models.Index(fields=['office', 'action', '-at'], name='audit_of_action', opclasses=['int8_ops', 'varchar_pattern_ops', 'timestamptz_ops']), models.Index(fields=['target_type', 'target_id'], name='audit_target')],
            },
        ),
    ]
