"""All of guestbook as 0001 to 0015 made it, in one step for a new database (docs/decisions/047)."""

import datetime
import django.contrib.postgres.indexes
import django.contrib.postgres.operations
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import services.guestbook.models.visits
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('guestbook', '0001_initial'),
        ('guestbook', '0002_transferred_and_undone'),
        ('guestbook', '0003_clock_not_before'),
        ('guestbook', '0004_guest_book_in_full'),
        ('guestbook', '0005_merging'),
        ('guestbook', '0006_over_break'),
        ('guestbook', '0007_interruption'),
        ('guestbook', '0008_entered_at'),
        ('guestbook', '0009_personal_codes'),
        ('guestbook', '0010_visit_origin'),
        ('guestbook', '0011_book_open'),
        ('guestbook', '0012_known_with'),
        ('guestbook', '0013_accounts'),
        ('guestbook', '0014_name_words'),
        ('guestbook', '0015_wording_names_rating_mail'),
    ]

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('offices', '0004_standards_are_reviewed'),
    ]

    operations = [
        django.contrib.postgres.operations.TrigramExtension(
        ),
        migrations.CreateModel(
            name='ConsentWording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('guest_book', 'Buku tamu'), ('account', 'Akun daring')], default='guest_book', max_length=10, verbose_name='untuk')),
                ('version', models.PositiveSmallIntegerField()),
                ('text', models.TextField()),
                ('text_en', models.TextField()),
                ('effective_from', models.DateField()),
                ('names_rating_mail', models.BooleanField(db_default=False, default=False, verbose_name='menyebut e-mail permintaan penilaian')),
            ],
            options={
                'ordering': ['-purpose', '-version'],
                'constraints': [models.UniqueConstraint(fields=('purpose', 'version'), name='consent_wording_version')],
            },
        ),
        migrations.CreateModel(
            name='Visitor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visitors', to='offices.office')),
                ('name', models.CharField(max_length=120, verbose_name='nama')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('email_waiver', models.CharField(blank=True, max_length=200, verbose_name='alasan tanpa e-mail')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name='nomor telepon/WhatsApp')),
                ('gender', models.CharField(blank=True, max_length=30, verbose_name='jenis kelamin')),
                ('birth_year', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='tahun lahir')),
                ('assistance', models.CharField(blank=True, max_length=200, verbose_name='bantuan yang dibutuhkan')),
                ('education', models.CharField(blank=True, max_length=30, verbose_name='pendidikan tertinggi')),
                ('job', models.CharField(blank=True, max_length=30, verbose_name='pekerjaan utama')),
                ('institution', models.CharField(blank=True, max_length=150, verbose_name='nama instansi')),
                ('institution_category', models.CharField(blank=True, max_length=30, verbose_name='kategori instansi')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('personal_code', models.CharField(blank=True, editable=False, max_length=16, null=True, unique=True)),
                ('merged_into', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='merged', to='guestbook.visitor')),
                ('account', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='records', to=settings.AUTH_USER_MODEL)),
                ('known_with', models.UUIDField(blank=True, editable=False, null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('phone', ''), _negated=True), fields=['office', 'phone'], name='visitor_phone'), models.Index(models.F('office'), django.db.models.functions.text.Lower('email'), condition=models.Q(('email', ''), _negated=True), name='visitor_email'), models.Index(django.db.models.functions.text.Lower('email'), condition=models.Q(('email', ''), _negated=True), name='visitor_mailbox'), models.Index(condition=models.Q(('known_with__isnull', False)), fields=['known_with'], name='visitor_known_with'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('name'), name='gin_trgm_ops'), name='visitor_name_words')],
            },
        ),
        migrations.CreateModel(
            name='Interruption',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='interruptions', to='offices.office')),
                ('kind', models.CharField(choices=[('power_cut', 'Listrik padam'), ('network', 'Jaringan terputus'), ('emergency', 'Keadaan darurat atau evakuasi')], max_length=10, verbose_name='jenis gangguan')),
                ('started_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField()),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='keterangan')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recorded_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-started_at', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('ended_at__gt', models.F('started_at'))), name='interruption_has_a_length'), models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('office', 'kind', 'started_at', 'ended_at'), name='interruption_recorded_once')],
            },
        ),
        migrations.CreateModel(
            name='ReferenceItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('list', models.CharField(choices=[('gender', 'Jenis kelamin'), ('education', 'Pendidikan tertinggi'), ('job', 'Pekerjaan utama'), ('institution', 'Kategori instansi'), ('use', 'Pemanfaatan data'), ('card', 'Kartu identitas')], max_length=12)),
                ('code', models.SlugField(max_length=30)),
                ('label', models.CharField(max_length=120)),
                ('label_en', models.CharField(max_length=120)),
                ('position', models.PositiveSmallIntegerField()),
                ('effective_from', models.DateField(default=datetime.date(2020, 1, 1), verbose_name='berlaku sejak')),
                ('until', models.DateField(blank=True, null=True, verbose_name='tidak berlaku sejak')),
            ],
            options={
                'ordering': ['list', 'position'],
                'constraints': [models.UniqueConstraint(fields=('list', 'code', 'effective_from'), name='reference_code_per_day'), models.UniqueConstraint(condition=models.Q(('until', None)), fields=('list', 'code'), name='reference_code_in_force_once'), models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('effective_from')), _connector='OR'), name='reference_ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='ContactCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('visitor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contact_codes', to='guestbook.visitor')),
                ('purpose', models.CharField(choices=[('tablet', 'Dikenali di tablet'), ('own_data', 'Melihat data sendiri')], max_length=8)),
                ('batch', models.CharField(max_length=32)),
                ('secret_hash', models.CharField(blank=True, max_length=64)),
                ('at', models.DateTimeField()),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('used_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(fields=['batch'], name='contact_code_batch'), models.Index(condition=models.Q(('secret_hash', ''), _negated=True), fields=['secret_hash'], name='contact_code_secret')],
            },
        ),
        migrations.CreateModel(
            name='Recognition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('device', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.device')),
                ('visitor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='guestbook.visitor')),
                ('book', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='offices.office')),
                ('visitor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='visits', to='guestbook.visitor')),
                ('token', models.CharField(default=services.guestbook.models.visits.new_token, max_length=32, unique=True)),
                ('origin', models.CharField(blank=True, editable=False, max_length=32, null=True, unique=True)),
                ('day', models.DateField()),
                ('arrived_at', models.DateTimeField()),
                ('party_size', models.PositiveSmallIntegerField(default=1, verbose_name='jumlah orang')),
                ('language', models.CharField(default='id', max_length=2)),
                ('use_of_data', models.CharField(blank=True, max_length=30, verbose_name='pemanfaatan data')),
                ('complained_before', models.BooleanField(blank=True, null=True, verbose_name='pernah mengadu')),
                ('card_type', models.CharField(blank=True, max_length=30, verbose_name='kartu yang ditunjukkan')),
                ('guest_book_at', models.DateTimeField(blank=True, null=True)),
                ('guest_book_channel', models.CharField(blank=True, choices=[('tablet', 'Tablet'), ('phone', 'Ponsel'), ('desk', 'Meja petugas'), ('paper', 'Buku tamu kertas')], max_length=8)),
                ('book_open_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('book_open_on', models.CharField(blank=True, choices=[('tablet', 'Tablet'), ('phone', 'Ponsel'), ('desk', 'Meja petugas'), ('paper', 'Buku tamu kertas')], db_default='', default='', editable=False, max_length=8)),
                ('entered_at', models.DateTimeField(blank=True, null=True)),
                ('held_items', models.PositiveSmallIntegerField(default=0)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('end_reason', models.CharField(blank=True, choices=[('finished', 'Selesai'), ('left', 'Pulang sebelum dilayani'), ('no_show', 'Tidak hadir ketika dipanggil'), ('day_end', 'Ditutup pada akhir hari'), ('moved', 'Dialihkan ke layanan lain')], max_length=10)),
            ],
            options={
                'ordering': ['arrived_at'],
                'indexes': [models.Index(fields=['office', 'day'], name='visit_office_day'), models.Index(condition=models.Q(('ended_at', None)), fields=['office'], name='visit_open')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ended_at', None), ('held_items', 0), ('end_reason', 'day_end'), _connector='OR'), name='visit_ends_with_everything_returned'), models.CheckConstraint(condition=models.Q(('ended_at', None), ('ended_at__gte', models.F('arrived_at')), _connector='OR'), name='visit_ends_after_arrival'), models.CheckConstraint(condition=models.Q(('party_size__gte', 1)), name='visit_has_somebody')],
            },
        ),
        migrations.CreateModel(
            name='VisitorMerge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='offices.office')),
                ('kept', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='guestbook.visitor')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='guestbook.visitor')),
                ('moved', models.JSONField()),
                ('at', models.DateTimeField()),
                ('by_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Companion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('visit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='companions', to='guestbook.visit')),
                ('name', models.CharField(max_length=120, verbose_name='nama')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('visit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='guestbook.visit')),
                ('visitor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='guestbook.visitor')),
                ('wording', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='guestbook.consentwording')),
                ('given', models.BooleanField()),
                ('at', models.DateTimeField()),
                ('channel', models.CharField(choices=[('tablet', 'Tablet'), ('phone', 'Ponsel'), ('desk', 'Meja petugas'), ('paper', 'Buku tamu kertas')], max_length=8)),
                ('guardian', models.CharField(blank=True, choices=[('parent', 'Orang tua'), ('guardian', 'Wali'), ('teacher', 'Guru pendamping')], max_length=8)),
            ],
        ),
        migrations.CreateModel(
            name='DataNeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('visit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='needs', to='guestbook.visit')),
                ('subject', models.CharField(max_length=200, verbose_name='data yang dicari')),
                ('region', models.CharField(blank=True, max_length=120, verbose_name='wilayah')),
                ('years', models.CharField(blank=True, max_length=40, verbose_name='tahun')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='GuestBookDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('visit', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='draft', to='guestbook.visit')),
                ('values', models.JSONField()),
                ('saved_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='VisitService',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('visit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='services', to='guestbook.visit')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='offices.office')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='offices.service')),
                ('standard', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='offices.standard')),
                ('number', models.CharField(blank=True, max_length=8, verbose_name='nomor antrian')),
                ('state', models.CharField(choices=[('waiting', 'Menunggu'), ('serving', 'Dilayani'), ('done', 'Selesai dilayani'), ('cancelled', 'Dibatalkan')], default='waiting', max_length=10)),
                ('officer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('clock_start_event', models.CharField(blank=True, max_length=20)),
                ('clock_minutes', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('clock_not_before', models.DateTimeField(blank=True, null=True)),
                ('clock_started_at', models.DateTimeField(blank=True, null=True)),
                ('clock_due_at', models.DateTimeField(blank=True, null=True)),
                ('clock_over_break', models.BooleanField(default=False)),
                ('clock_stopped_at', models.DateTimeField(blank=True, null=True)),
                ('clock_result', models.CharField(blank=True, choices=[('', 'Belum berjalan'), ('running', 'Berjalan'), ('kept', 'Ditepati'), ('missed', 'Terlambat'), ('excluded', 'Tidak dihitung')], default='', max_length=8)),
                ('clock_reason', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), ('ended_at__isnull', False), _connector='OR'), name='served_has_an_end'), models.CheckConstraint(condition=models.Q(models.Q(('clock_result', 'excluded'), _negated=True), models.Q(('clock_reason', ''), _negated=True), _connector='OR'), name='excluded_clock_has_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='VisitStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('visit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='guestbook.visit')),
                ('kind', models.CharField(max_length=20)),
                ('outcome', models.CharField(choices=[('done', 'Selesai'), ('skipped', 'Dilewati'), ('undone', 'Diurungkan')], default='done', max_length=8)),
                ('at', models.DateTimeField()),
                ('by_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('by_device', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.device')),
                ('note', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='VisitServiceStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(max_length=20)),
                ('at', models.DateTimeField()),
                ('by_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('by_device', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.device')),
                ('actor', models.CharField(max_length=20)),
                ('why', models.CharField(blank=True, max_length=300)),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='guestbook.visitservice')),
            ],
            options={
                'ordering': ['id'],
                'abstract': False,
            },
        ),
    ]
