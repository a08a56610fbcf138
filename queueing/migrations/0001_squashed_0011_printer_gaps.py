"""All of queueing as 0001 to 0011 made it, in one step for a new database (docs/decisions/047)."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import queueing.models.appointments
import services.guestbook.models.visits
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('queueing', '0001_initial'),
        ('queueing', '0002_alter_counter_number'),
        ('queueing', '0003_counter_pause'),
        ('queueing', '0004_the_queue_as_data'),
        ('queueing', '0005_printing'),
        ('queueing', '0006_appointment_code'),
        ('queueing', '0007_withdrawn_choices'),
        ('queueing', '0008_slot_label'),
        ('queueing', '0009_slips_were_entered'),
        ('queueing', '0010_counter_active_and_duty'),
        ('queueing', '0011_printer_gaps'),
    ]

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('guestbook', '0001_squashed_0015_wording_names_rating_mail'),
        ('offices', '0004_standards_are_reviewed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Announcement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='announcements', to='offices.office')),
                ('kind', models.CharField(choices=[('text', 'Pengumuman'), ('image', 'Gambar'), ('pledge', 'Maklumat pelayanan')], default='text', max_length=8, verbose_name='jenis')),
                ('text', models.CharField(help_text='Untuk gambar: apa yang terlihat di gambar itu.', max_length=400, verbose_name='teks')),
                ('image', models.FileField(blank=True, upload_to='announcements/', verbose_name='gambar')),
                ('starts', models.DateField(blank=True, null=True, verbose_name='mulai tanggal')),
                ('ends', models.DateField(blank=True, null=True, verbose_name='sampai tanggal')),
                ('position', models.PositiveSmallIntegerField(default=1, verbose_name='urutan')),
                ('active', models.BooleanField(default=True, verbose_name='aktif')),
            ],
            options={
                'ordering': ['position', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('starts', None), ('ends', None), ('ends__gte', models.F('starts')), _connector='OR'), name='announcement_dates_in_order'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'image'), _negated=True), models.Q(('image', ''), _negated=True), _connector='OR'), name='picture_announcement_has_a_picture')],
            },
        ),
        migrations.CreateModel(
            name='Counter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='counters', to='offices.office')),
                ('number', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(999)], verbose_name='nomor loket')),
                ('name', models.CharField(blank=True, max_length=60, verbose_name='nama')),
                ('officer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('opened_at', models.DateTimeField(blank=True, null=True)),
                ('paused_at', models.DateTimeField(blank=True, null=True)),
                ('pause_reason', models.CharField(blank=True, choices=[('rest', 'Istirahat'), ('prayer', 'Salat'), ('task', 'Tugas lain')], max_length=10, verbose_name='alasan jeda')),
                ('active', models.BooleanField(default=True, verbose_name='dipakai')),
                ('services', models.ManyToManyField(related_name='counters', to='offices.service')),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('office', 'number'), name='counter_number_per_office')],
            },
        ),
        migrations.CreateModel(
            name='NumberSequence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='offices.office')),
                ('day', models.DateField()),
                ('prefix', models.CharField(max_length=2)),
                ('last', models.PositiveIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('office', 'day', 'prefix'), name='one_sequence_per_day')],
            },
        ),
        migrations.CreateModel(
            name='OfficeQueue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='queue_rules', to='offices.office')),
                ('most_calls', models.PositiveSmallIntegerField(default=3, help_text='Sesudahnya nomor tidak dapat dipanggil ulang; petugas melewatinya atau mencatatnya tidak hadir.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(9)], verbose_name='dipanggil paling banyak (kali)')),
                ('priority_run', models.PositiveSmallIntegerField(default=2, help_text='Sesudahnya satu orang tanpa prioritas dipanggil. 0: prioritas selalu didahulukan.', validators=[django.core.validators.MaxValueValidator(20)], verbose_name='prioritas berturut-turut paling banyak')),
                ('more_minutes', models.PositiveSmallIntegerField(default=10, help_text='“Saya perlu waktu lagi” pada ponsel tamu. 0: tidak ditawarkan.', validators=[django.core.validators.MaxValueValidator(60)], verbose_name='tambahan waktu (menit)')),
                ('more_times', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MaxValueValidator(5)], verbose_name='tambahan waktu paling banyak (kali)')),
                ('numbers_when_closed', models.BooleanField(default=True, help_text='Jika tidak: hanya selama masih ada petugas di loket.', verbose_name='nomor dapat diambil di luar jam layanan')),
                ('voice', models.CharField(choices=[('bundled', 'Suara bawaan'), ('browser', 'Suara peramban'), ('chime', 'Hanya nada'), ('none', 'Tanpa suara')], default='bundled', max_length=8, verbose_name='suara panggilan')),
                ('voice_english', models.BooleanField(default=False, verbose_name='panggilan juga dalam bahasa Inggris')),
            ],
        ),
        migrations.CreateModel(
            name='Printer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='printers', to='offices.office')),
                ('name', models.CharField(max_length=60, verbose_name='nama')),
                ('kind', models.CharField(choices=[('network', 'Jaringan (ESC/POS)'), ('browser', 'Peramban (cetak senyap)')], default='network', max_length=8, verbose_name='cara mencetak')),
                ('host', models.CharField(blank=True, max_length=200, verbose_name='alamat jaringan')),
                ('port', models.PositiveIntegerField(default=9100, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(65535)], verbose_name='port')),
                ('width', models.PositiveSmallIntegerField(choices=[(58, '58 mm'), (80, '80 mm')], default=80, verbose_name='lebar kertas')),
                ('automatic', models.BooleanField(default=False, help_text='Jika tidak, tamu mengetuk “Cetak nomor”.', verbose_name='cetak setiap nomor dengan sendirinya')),
                ('active', models.BooleanField(default=True, verbose_name='aktif')),
                ('watched_since', models.DateTimeField(default=django.utils.timezone.now)),
                ('last_ok_at', models.DateTimeField(blank=True, null=True)),
                ('fault', models.CharField(blank=True, max_length=200)),
                ('fault_at', models.DateTimeField(blank=True, null=True)),
                ('tablets', models.ManyToManyField(blank=True, related_name='printers', to='accounts.device', verbose_name='tablet')),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(fields=('office', 'name'), name='printer_name_per_office')],
            },
        ),
        migrations.CreateModel(
            name='ServiceQueue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('service', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='queue_rules', to='offices.service')),
                ('first', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(999)], verbose_name='nomor pertama')),
                ('last', models.PositiveIntegerField(default=899, help_text='Nomor sesudahnya sampai 999 untuk slip kertas saat listrik padam.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(999)], verbose_name='nomor terakhir')),
                ('quota', models.PositiveSmallIntegerField(blank=True, help_text='Kosong: tanpa kuota.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(999)], verbose_name='kuota nomor sehari')),
                ('usual_minutes', models.PositiveSmallIntegerField(default=5, help_text='Dipakai sampai cukup banyak orang dilayani.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(240)], verbose_name='lama layanan di loket, perkiraan awal (menit)')),
                ('hint', models.CharField(blank=True, help_text='Dibaca tamu yang belum tahu harus memilih layanan yang mana.', max_length=160, verbose_name='penjelasan singkat')),
                ('slot_people', models.PositiveSmallIntegerField(default=0, help_text='0: layanan ini tanpa janji temu.', validators=[django.core.validators.MaxValueValidator(20)], verbose_name='janji temu per jam temu')),
                ('slot_minutes', models.PositiveSmallIntegerField(default=30, validators=[django.core.validators.MinValueValidator(5), django.core.validators.MaxValueValidator(240)], verbose_name='panjang jam temu (menit)')),
                ('days_ahead', models.PositiveSmallIntegerField(default=14, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(90)], verbose_name='janji temu paling jauh (hari)')),
                ('early_minutes', models.PositiveSmallIntegerField(default=30, verbose_name='lapor datang paling awal sebelum jam temu (menit)')),
                ('late_minutes', models.PositiveSmallIntegerField(default=15, verbose_name='lapor datang paling lambat sesudah jam temu (menit)')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('first__gte', 1), ('last__gte', models.F('first'))), name='numbers_in_a_range')],
            },
        ),
        migrations.CreateModel(
            name='SlipBlock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='slip_blocks', to='offices.office')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='slip_blocks', to='offices.service')),
                ('first', models.PositiveSmallIntegerField()),
                ('last', models.PositiveSmallIntegerField()),
                ('printed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('printed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-printed_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(('last__gte', models.F('first'))), name='slip_block_in_order')],
            },
        ),
        migrations.CreateModel(
            name='WithdrawnChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('submission', models.CharField(max_length=64, unique=True)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='DeskAction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='offices.office')),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('counter', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='queueing.counter')),
                ('kind', models.CharField(max_length=20)),
                ('label', models.CharField(max_length=20)),
                ('at', models.DateTimeField()),
                ('changes', models.JSONField()),
                ('undone_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['officer', '-at'], name='desk_action_newest')],
            },
        ),
        migrations.CreateModel(
            name='Duty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='duties', to='offices.office')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='duties', to=settings.AUTH_USER_MODEL)),
                ('weekday', models.PositiveSmallIntegerField(blank=True, choices=[(0, 'Senin'), (1, 'Selasa'), (2, 'Rabu'), (3, 'Kamis'), (4, 'Jumat'), (5, 'Sabtu'), (6, 'Minggu')], null=True, verbose_name='hari')),
                ('date', models.DateField(blank=True, null=True, verbose_name='tanggal')),
                ('starts', models.TimeField(verbose_name='mulai')),
                ('ends', models.TimeField(verbose_name='selesai')),
                ('counter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='queueing.counter')),
                ('service', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='offices.service')),
            ],
            options={
                'ordering': ['date', 'weekday', 'starts', 'pk'],
                'indexes': [models.Index(fields=['office', 'date'], name='duty_of_date')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('date__isnull', False), ('weekday', None)), models.Q(('date', None), ('weekday__isnull', False)), _connector='OR'), name='duty_is_weekly_or_once'), models.CheckConstraint(condition=models.Q(('ends__gt', models.F('starts'))), name='duty_ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='Ticket',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='offices.office')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='offices.service')),
                ('received', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='ticket', to='guestbook.visitservice')),
                ('day', models.DateField()),
                ('prefix', models.CharField(max_length=2)),
                ('number', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('waiting', 'Menunggu'), ('called', 'Dipanggil'), ('arrived', 'Di loket'), ('serving', 'Dilayani'), ('held', 'Ditunda'), ('finished', 'Selesai'), ('skipped', 'Dilewati'), ('no_show', 'Tidak hadir'), ('cancelled', 'Dibatalkan')], default='waiting', max_length=10)),
                ('priority', models.BooleanField(default=False, verbose_name='prioritas')),
                ('issued_at', models.DateTimeField()),
                ('queued_at', models.DateTimeField()),
                ('not_before', models.DateTimeField(blank=True, null=True)),
                ('more_time', models.PositiveSmallIntegerField(default=0)),
                ('appointment_at', models.DateTimeField(blank=True, null=True)),
                ('first_called_at', models.DateTimeField(blank=True, null=True)),
                ('called_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('calls', models.PositiveSmallIntegerField(default=0)),
                ('rejoined', models.BooleanField(default=False)),
                ('counter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='tickets', to='queueing.counter')),
                ('for_counter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='queueing.counter')),
                ('manual', models.BooleanField(default=False, verbose_name='slip kertas')),
                ('estimate_low', models.PositiveIntegerField(blank=True, null=True)),
                ('estimate_high', models.PositiveIntegerField(blank=True, null=True)),
                ('submission', models.CharField(max_length=64)),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(fields=['office', 'day', 'state'], name='ticket_office_day_state'), models.Index(condition=models.Q(('state', 'finished')), fields=['service', '-ended_at'], name='ticket_finished')],
                'constraints': [models.UniqueConstraint(fields=('office', 'day', 'prefix', 'number'), name='ticket_number_once_a_day'), models.UniqueConstraint(fields=('office', 'submission'), name='one_ticket_per_submission'), models.UniqueConstraint(condition=models.Q(('state__in', ('called', 'arrived', 'serving'))), fields=('counter',), name='one_person_at_a_counter'), models.CheckConstraint(condition=models.Q(('queued_at__gte', models.F('issued_at'))), name='queued_from_issue_on')],
            },
        ),
        migrations.CreateModel(
            name='PrinterGap',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField(blank=True, null=True)),
                ('reason', models.CharField(max_length=200)),
                ('printer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='gaps', to='queueing.printer')),
            ],
            options={
                'ordering': ['since'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('printer', 'since', 'reason'), name='printer_gap_once'), models.CheckConstraint(condition=models.Q(models.Q(('until__gt', models.F('since')), ('until__isnull', False)), models.Q(('reason', 'off'), ('until', None)), _connector='OR'), name='printer_gap_is_over')],
            },
        ),
        migrations.CreateModel(
            name='Appointment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='offices.office')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='offices.service')),
                ('token', models.CharField(default=services.guestbook.models.visits.new_token, max_length=32, unique=True)),
                ('code', models.CharField(default=queueing.models.appointments.new_code, max_length=8, unique=True)),
                ('starts_at', models.DateTimeField()),
                ('place', models.PositiveSmallIntegerField()),
                ('party_size', models.PositiveSmallIntegerField(default=1, verbose_name='jumlah orang')),
                ('priority', models.BooleanField(default=False, verbose_name='prioritas')),
                ('language', models.CharField(default='id', max_length=2)),
                ('state', models.CharField(choices=[('booked', 'Dipesan'), ('checked_in', 'Sudah datang'), ('cancelled', 'Dibatalkan'), ('missed', 'Tidak datang')], default='booked', max_length=10)),
                ('created_at', models.DateTimeField()),
                ('ticket', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='appointment', to='queueing.ticket')),
            ],
            options={
                'ordering': ['starts_at', 'id'],
                'indexes': [models.Index(fields=['office', 'state', 'starts_at'], name='appointment_office_state')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ('booked', 'checked_in'))), fields=('service', 'starts_at', 'place'), name='one_person_per_place_in_a_slot')],
            },
        ),
        migrations.CreateModel(
            name='PrintJob',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='print_jobs', to='offices.office')),
                ('printer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='jobs', to='queueing.printer')),
                ('ticket', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='print_jobs', to='queueing.ticket')),
                ('site', models.CharField(blank=True, max_length=200)),
                ('copy', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('queued', 'Menunggu dicetak'), ('printed', 'Tercetak'), ('failed', 'Gagal')], default='queued', max_length=8)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('error', models.CharField(blank=True, max_length=200)),
                ('created_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(condition=models.Q(('state', 'queued')), fields=['printer'], name='print_jobs_waiting')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('copy', False)), fields=('ticket',), name='one_first_slip_per_ticket')],
            },
        ),
        migrations.CreateModel(
            name='TicketStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(max_length=20)),
                ('at', models.DateTimeField()),
                ('by_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('by_device', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.device')),
                ('actor', models.CharField(max_length=20)),
                ('why', models.CharField(blank=True, max_length=300)),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='queueing.ticket')),
                ('counter', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='queueing.counter')),
            ],
            options={
                'ordering': ['id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='AppointmentStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(max_length=20)),
                ('at', models.DateTimeField()),
                ('by_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('by_device', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.device')),
                ('actor', models.CharField(max_length=20)),
                ('why', models.CharField(blank=True, max_length=300)),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='queueing.appointment')),
            ],
            options={
                'ordering': ['id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PrintStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(max_length=20)),
                ('at', models.DateTimeField()),
                ('by_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('by_device', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.device')),
                ('actor', models.CharField(max_length=20)),
                ('why', models.CharField(blank=True, max_length=300)),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='queueing.printjob')),
            ],
            options={
                'ordering': ['id'],
                'abstract': False,
            },
        ),
    ]
