"""All of privacy as 0001 to 0003 made it, in one step for a new database (docs/decisions/047)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('privacy', '0001_initial'),
        ('privacy', '0002_own_page'),
        ('privacy', '0003_reason_may_be_emptied'),
    ]

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('guestbook', '0001_squashed_0015_wording_names_rating_mail'),
        ('offices', '0004_standards_are_reviewed'),
    ]

    operations = [
        migrations.CreateModel(
            name='PrivacyRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='privacy_requests', to='offices.office')),
                ('visitor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='privacy_requests', to='guestbook.visitor')),
                ('kind', models.CharField(choices=[('access', 'Melihat data'), ('correction', 'Memperbaiki data'), ('withdrawal', 'Menarik persetujuan'), ('erasure', 'Menghapus data')], max_length=10, verbose_name='permintaan')),
                ('channel', models.CharField(choices=[('desk', 'Di kantor'), ('phone', 'Telepon/WhatsApp'), ('mail', 'E-mail atau surat'), ('own', 'Halaman “Data saya”')], max_length=5, verbose_name='disampaikan lewat')),
                ('state', models.CharField(choices=[('open', 'Belum dijawab'), ('done', 'Dipenuhi'), ('refused', 'Ditolak dengan alasan')], default='open', max_length=8)),
                ('received_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('answer', models.CharField(blank=True, max_length=300, verbose_name='jawaban')),
            ],
            options={
                'ordering': ['due_at', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('visitor', 'kind'), name='one_open_request_of_a_kind'), models.CheckConstraint(condition=models.Q(('state', 'open'), ('answered_at__isnull', False), _connector='OR'), name='answered_request_has_a_time')],
            },
        ),
        migrations.CreateModel(
            name='PrivacyRequestStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(max_length=20)),
                ('at', models.DateTimeField()),
                ('by_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('by_device', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.device')),
                ('actor', models.CharField(max_length=20)),
                ('why', models.CharField(blank=True, max_length=300)),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='privacy.privacyrequest')),
            ],
            options={
                'ordering': ['id'],
                'abstract': False,
            },
        ),
    ]
