"""All of complaints as 0001 to 0008 made it, in one step for a new database (docs/decisions/047)."""

import complaints.models.thread
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('complaints', '0001_initial'),
        ('complaints', '0002_complaint_submission'),
        ('complaints', '0003_complaintstep_reply'),
        ('complaints', '0004_handling'),
        ('complaints', '0005_carried_over'),
        ('complaints', '0006_told_by_hand'),
        ('complaints', '0007_floods'),
        ('complaints', '0008_proofs_and_order'),
    ]

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('guestbook', '0001_squashed_0015_wording_names_rating_mail'),
        ('offices', '0004_standards_are_reviewed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Flood',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='complaint_floods', to='offices.office')),
                ('source', models.CharField(blank=True, max_length=32)),
                ('began_at', models.DateTimeField()),
                ('last_at', models.DateTimeField()),
                ('held', models.PositiveIntegerField(default=0, verbose_name='yang ditahan')),
            ],
            options={
                'ordering': ['-began_at', '-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('source', ''), _negated=True), fields=('office', 'source'), name='one_flood_of_one_source')],
            },
        ),
        migrations.CreateModel(
            name='ComplaintRules',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='complaint_rules', to='offices.office')),
                ('lodge_days', models.PositiveSmallIntegerField(default=30, verbose_name='diajukan paling lambat (hari sejak pelayanan)')),
                ('first_answer_days', models.PositiveSmallIntegerField(default=14, verbose_name='tanggapan pertama (hari)')),
                ('completion_days', models.PositiveSmallIntegerField(default=30, verbose_name='dilengkapi pelapor (hari)')),
                ('decision_days', models.PositiveSmallIntegerField(default=60, verbose_name='diputuskan (hari sejak lengkap)')),
                ('forward_working_days', models.PositiveSmallIntegerField(default=3, verbose_name='diteruskan (hari kerja)')),
                ('information_working_days', models.PositiveSmallIntegerField(default=5, verbose_name='permintaan informasi (hari kerja)')),
                ('service_working_days', models.PositiveSmallIntegerField(default=14, verbose_name='pengaduan pelayanan (hari kerja)')),
                ('supervisory_working_days', models.PositiveSmallIntegerField(default=60, verbose_name='pengaduan berkadar pengawasan (hari kerja)')),
                ('suggestion_working_days', models.PositiveSmallIntegerField(default=14, verbose_name='saran (hari kerja)')),
                ('close_working_days', models.PositiveSmallIntegerField(default=10, verbose_name='ditutup tanpa tanggapan pelapor (hari kerja)')),
            ],
            options={
                'verbose_name_plural': 'complaint rules',
            },
        ),
        migrations.CreateModel(
            name='Complaint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='complaints', to='offices.office')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='complaints_handled', to='offices.office')),
                ('escalated_to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='offices.office')),
                ('number', models.CharField(max_length=20, unique=True)),
                ('secret_hash', models.CharField(max_length=128)),
                ('submission', models.CharField(max_length=64, unique=True)),
                ('kind', models.CharField(choices=[('service', 'Pengaduan pelayanan'), ('supervisory', 'Pengaduan berkadar pengawasan'), ('information', 'Permintaan informasi'), ('suggestion', 'Saran')], default='service', max_length=12, verbose_name='jenis')),
                ('privacy', models.CharField(choices=[('open', 'Terbuka bagi petugas yang menangani'), ('confidential', 'Rahasia'), ('anonymous', 'Tanpa nama')], default='open', max_length=12, verbose_name='kerahasiaan')),
                ('channel', models.CharField(choices=[('tablet', 'Tablet'), ('phone', 'Ponsel, dari tiket'), ('online', 'Formulir online'), ('portal', 'Akun portal'), ('desk', 'Disampaikan langsung'), ('box', 'Kotak saran'), ('call', 'Telepon'), ('whatsapp', 'WhatsApp/SMS'), ('email', 'E-mail'), ('social', 'Media sosial'), ('lapor', 'lapor.go.id')], max_length=8, verbose_name='saluran')),
                ('reference', models.CharField(blank=True, max_length=60, verbose_name='nomor rujukan')),
                ('language', models.CharField(default='id', max_length=2)),
                ('text', models.TextField(max_length=5000, verbose_name='isi pengaduan')),
                ('happened_on', models.DateField(blank=True, null=True, verbose_name='tanggal kejadian')),
                ('element', models.CharField(blank=True, choices=[('U1', 'Persyaratan'), ('U2', 'Sistem, mekanisme, dan prosedur'), ('U3', 'Waktu penyelesaian'), ('U4', 'Biaya/tarif'), ('U5', 'Produk pelayanan'), ('U6', 'Kompetensi pelaksana'), ('U7', 'Perilaku pelaksana'), ('U8', 'Sarana dan prasarana'), ('U9', 'Penanganan pengaduan, saran, dan masukan')], max_length=2, verbose_name='unsur pelayanan')),
                ('service', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='complaints', to='offices.service')),
                ('received', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='complaints', to='guestbook.visitservice')),
                ('consultation', models.CharField(blank=True, max_length=20, verbose_name='nomor konsultasi')),
                ('about_text', models.CharField(blank=True, max_length=120, verbose_name='petugas yang dimaksud')),
                ('duplicate_of', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='duplicates', to='complaints.complaint')),
                ('state', models.CharField(choices=[('received', 'Diterima'), ('incomplete', 'Menunggu dilengkapi'), ('handled', 'Ditindaklanjuti'), ('answered', 'Dijawab'), ('closed', 'Ditutup'), ('auto_closed', 'Ditutup otomatis'), ('withdrawn', 'Dicabut'), ('set_aside', 'Disisihkan')], default='received', max_length=11)),
                ('flood', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='complaints', to='complaints.flood')),
                ('handler', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='complaints_handled', to=settings.AUTH_USER_MODEL)),
                ('entered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField()),
                ('updated_at', models.DateTimeField()),
                ('complete_at', models.DateTimeField(blank=True, null=True)),
                ('first_answered_at', models.DateTimeField(blank=True, null=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('due_at', models.DateTimeField(blank=True, null=True)),
                ('awaited_until', models.DateTimeField(blank=True, null=True)),
                ('escalated_at', models.DateTimeField(blank=True, null=True)),
                ('satisfied', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='kepuasan atas penanganan')),
                ('satisfied_word', models.CharField(blank=True, max_length=500)),
                ('said', models.CharField(blank=True, max_length=500, verbose_name='yang disampaikan')),
                ('did', models.CharField(blank=True, max_length=500, verbose_name='yang kami lakukan')),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('about', models.ManyToManyField(blank=True, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='tentang petugas')),
            ],
            options={
                'ordering': ['-created_at', '-pk'],
                'indexes': [models.Index(fields=['place', '-created_at', '-id'], name='complaint_of_place'), models.Index(fields=['office', '-created_at', '-id'], name='complaint_of_office'), models.Index(condition=models.Q(('due_at', None), _negated=True), fields=['due_at'], name='complaint_due'), models.Index(condition=models.Q(('awaited_until', None), _negated=True), fields=['awaited_until'], name='complaint_awaited'), models.Index(fields=['handler', 'state'], name='complaint_of_handler')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('privacy', 'anonymous'), _negated=True), models.Q(('consultation', ''), ('received', None)), _connector='OR'), name='anonymous_leads_to_nobody'), models.CheckConstraint(condition=models.Q(('due_at', None), ('state__in', ('received', 'handled')), _connector='OR'), name='complaint_due_only_from_the_office'), models.CheckConstraint(condition=models.Q(('awaited_until', None), ('state__in', ('incomplete', 'answered')), _connector='OR'), name='complaint_awaited_only_from_the_complainant'), models.CheckConstraint(condition=models.Q(('satisfied', None), models.Q(('satisfied__gte', 1), ('satisfied__lte', 5)), _connector='OR'), name='complaint_satisfied'), models.CheckConstraint(condition=models.Q(('duplicate_of', models.F('id')), _negated=True), name='complaint_not_its_own_duplicate')],
            },
        ),
        migrations.CreateModel(
            name='Arrival',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('complaint', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='arrival', to='complaints.complaint')),
                ('source', models.CharField(max_length=32)),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['source', 'at'], name='complaint_arrival')],
            },
        ),
        migrations.CreateModel(
            name='ComplaintStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(max_length=20)),
                ('at', models.DateTimeField()),
                ('by_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('by_device', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.device')),
                ('actor', models.CharField(max_length=20)),
                ('why', models.CharField(blank=True, max_length=300)),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='complaints.complaint')),
            ],
            options={
                'ordering': ['id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Identity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('complaint', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='identity', to='complaints.complaint')),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='nama')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('phone', models.CharField(blank=True, max_length=60, verbose_name='telepon/WhatsApp')),
                ('contact', models.CharField(blank=True, max_length=254, verbose_name='kontak lain')),
                ('account', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='complaints', to=settings.AUTH_USER_MODEL)),
                ('visitor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='complaints', to='guestbook.visitor')),
            ],
            options={
                'verbose_name_plural': 'identities',
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('complaint', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='complaints.complaint')),
                ('who', models.CharField(choices=[('complainant', 'Pelapor'), ('office', 'Kantor'), ('note', 'Catatan internal')], max_length=11)),
                ('channel', models.CharField(choices=[('tablet', 'Tablet'), ('phone', 'Ponsel, dari tiket'), ('online', 'Formulir online'), ('portal', 'Akun portal'), ('desk', 'Disampaikan langsung'), ('box', 'Kotak saran'), ('call', 'Telepon'), ('whatsapp', 'WhatsApp/SMS'), ('email', 'E-mail'), ('social', 'Media sosial'), ('lapor', 'lapor.go.id')], max_length=8)),
                ('body', models.TextField(max_length=5000, verbose_name='isi')),
                ('at', models.DateTimeField()),
                ('by_user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('outside_id', models.CharField(blank=True, max_length=255)),
                ('reach', models.CharField(blank=True, choices=[('', 'Halaman status'), ('email', 'E-mail'), ('whatsapp', 'WhatsApp'), ('hand', 'Disampaikan petugas')], max_length=8)),
                ('told_at', models.DateTimeField(blank=True, null=True)),
                ('told_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(condition=models.Q(('reach', 'hand'), ('told_at', None)), fields=['complaint'], name='complaint_untold')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('outside_id', ''), _negated=True), fields=('channel', 'outside_id'), name='complaint_message_once')],
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='nama berkas')),
                ('content_type', models.CharField(blank=True, max_length=100)),
                ('size', models.PositiveBigIntegerField(default=0)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('state', models.CharField(choices=[('checking', 'Diperiksa'), ('ready', 'Siap'), ('refused', 'Ditolak')], default='checking', max_length=8)),
                ('refused', models.CharField(blank=True, max_length=200)),
                ('by_user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField()),
                ('complaint', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='complaints.complaint')),
                ('message', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='complaints.message')),
                ('file', models.FileField(blank=True, max_length=200, upload_to=complaints.models.thread.attachment_name)),
            ],
            options={
                'ordering': ['id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Action',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('complaint', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='actions', to='complaints.complaint')),
                ('what', models.CharField(max_length=300, verbose_name='tindakan perbaikan')),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('due_on', models.DateField(verbose_name='tenggat')),
                ('created_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('proof', models.CharField(blank=True, max_length=500, verbose_name='bukti')),
                ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='proof_of', to='complaints.attachment')),
            ],
            options={
                'ordering': ['due_on', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('done_at', None), models.Q(('proof', ''), _negated=True), models.Q(('file', None), _negated=True), _connector='OR'), name='an_action_is_done_with_proof')],
            },
        ),
        migrations.AddField(
            model_name='attachment',
            name='proves',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='proofs', to='complaints.action'),
        ),
    ]
