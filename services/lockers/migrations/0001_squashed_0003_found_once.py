"""All of lockers as 0001 to 0003 made it, in one step for a new database (docs/decisions/047)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('lockers', '0001_initial'),
        ('lockers', '0002_keys_sizes_incidents'),
        ('lockers', '0003_found_once'),
    ]

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('guestbook', '0001_squashed_0015_wording_names_rating_mail'),
        ('offices', '0004_standards_are_reviewed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Locker',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lockers', to='offices.office')),
                ('number', models.PositiveSmallIntegerField(verbose_name='nomor loker')),
                ('size', models.CharField(choices=[('S', 'Kecil'), ('M', 'Sedang'), ('L', 'Besar')], default='M', max_length=1, verbose_name='ukuran')),
                ('key_number', models.CharField(blank=True, help_text='Kosong: sama dengan nomor loker.', max_length=12, verbose_name='nomor kunci')),
                ('out_of_service', models.CharField(blank=True, max_length=200, verbose_name='tidak dipakai karena')),
                ('key_lost_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='kunci hilang sejak')),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('office', 'number'), name='locker_number_per_office')],
            },
        ),
        migrations.CreateModel(
            name='Deposit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('visit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deposits', to='guestbook.visit')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='offices.office')),
                ('what', models.CharField(choices=[('bag', 'Tas'), ('card', 'Kartu identitas'), ('token', 'Jaminan lain')], max_length=5)),
                ('locker', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deposits', to='lockers.locker')),
                ('card_type', models.CharField(blank=True, max_length=30, verbose_name='jenis kartu')),
                ('deposited_at', models.DateTimeField()),
                ('received_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('returned_at', models.DateTimeField(blank=True, null=True)),
                ('returned_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('outcome', models.CharField(blank=True, choices=[('returned', 'Dikembalikan'), ('left', 'Tertinggal, disimpan sebagai barang temuan')], max_length=8)),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('returned_at', None), ('what', 'bag')), fields=('locker',), name='a_locker_is_given_once'), models.UniqueConstraint(condition=models.Q(('returned_at', None), models.Q(('what', 'bag'), _negated=True)), fields=('locker',), name='a_key_is_given_once'), models.UniqueConstraint(condition=models.Q(('returned_at', None), models.Q(('what', 'bag'), _negated=True)), fields=('visit',), name='one_card_held_per_visit'), models.CheckConstraint(condition=models.Q(models.Q(('what', 'bag'), _negated=True), ('locker__isnull', False), _connector='OR'), name='a_bag_has_a_locker')],
            },
        ),
        migrations.CreateModel(
            name='Incident',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='offices.office')),
                ('kind', models.CharField(choices=[('key_lost', 'Kunci hilang'), ('left_item', 'Barang tertinggal')], max_length=10)),
                ('state', models.CharField(choices=[('open', 'Belum selesai'), ('resolved', 'Selesai')], default='open', max_length=8)),
                ('locker', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='incidents', to='lockers.locker')),
                ('visit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='incidents', to='guestbook.visit')),
                ('what', models.CharField(blank=True, max_length=120, verbose_name='barang')),
                ('place', models.CharField(blank=True, max_length=120, verbose_name='ditemukan di')),
                ('at', models.DateTimeField()),
                ('outcome', models.CharField(blank=True, choices=[('key_back', 'Kunci ditemukan'), ('replaced', 'Kunci diganti'), ('owner', 'Diambil pemilik'), ('handed_on', 'Diserahkan ke pihak lain'), ('disposed', 'Dibuang menurut aturan kantor')], max_length=10, verbose_name='hasil')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='catatan')),
                ('submission', models.CharField(blank=True, editable=False, max_length=40)),
            ],
            options={
                'ordering': ['-at', '-id'],
                'indexes': [models.Index(condition=models.Q(('state', 'open')), fields=['office'], name='incident_open')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('kind', 'key_lost'), ('state', 'open')), fields=('locker',), name='a_key_is_lost_once'), models.UniqueConstraint(condition=models.Q(('submission', ''), _negated=True), fields=('office', 'submission'), name='a_thing_is_found_once'), models.CheckConstraint(condition=models.Q(('state', 'open'), models.Q(('outcome', ''), _negated=True), _connector='OR'), name='resolved_incident_has_an_outcome')],
            },
        ),
        migrations.CreateModel(
            name='IncidentStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(max_length=20)),
                ('at', models.DateTimeField()),
                ('by_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('by_device', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.device')),
                ('actor', models.CharField(max_length=20)),
                ('why', models.CharField(blank=True, max_length=300)),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='lockers.incident')),
            ],
            options={
                'ordering': ['id'],
                'abstract': False,
            },
        ),
    ]
