"""All of consultation as 0001 to 0008 made it, in one step for a new database (docs/decisions/047)."""

import consultation.models.thread
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.text
import services.guestbook.models.visits
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('consultation', '0001_initial'),
        ('consultation', '0002_consultations'),
        ('consultation', '0003_desk'),
        ('consultation', '0004_in_mail'),
        ('consultation', '0005_ask_asking'),
        ('consultation', '0006_whatsapp'),
        ('consultation', '0007_search'),
        ('consultation', '0008_mail_of_another'),
    ]

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('guestbook', '0001_squashed_0015_wording_names_rating_mail'),
        ('offices', '0004_standards_are_reviewed'),
        ('ratings', '0001_squashed_0005_asked_by_mail'),
        ('whatsapp', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Consultation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consultations', to='offices.office')),
                ('number', models.CharField(max_length=20, unique=True, verbose_name='nomor konsultasi')),
                ('token', models.CharField(default=services.guestbook.models.visits.new_token, max_length=32, unique=True)),
                ('submission', models.CharField(blank=True, editable=False, max_length=64, null=True, unique=True)),
                ('service', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='consultations', to='offices.service')),
                ('standard', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='offices.standard')),
                ('channel', models.CharField(choices=[('onsite', 'Di kantor'), ('portal', 'Portal'), ('email', 'E-mail'), ('whatsapp', 'WhatsApp'), ('phone', 'Telepon')], max_length=8, verbose_name='saluran')),
                ('state', models.CharField(choices=[('submitted', 'Diajukan'), ('assigned', 'Ditangani'), ('answered', 'Dijawab'), ('waiting', 'Menunggu pengguna'), ('reopened', 'Dibuka lagi'), ('closed', 'Selesai'), ('auto_closed', 'Ditutup otomatis')], default='submitted', max_length=11)),
                ('visitor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='consultations', to='guestbook.visitor')),
                ('account', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='consultations', to=settings.AUTH_USER_MODEL)),
                ('received', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='consultation', to='guestbook.visitservice')),
                ('language', models.CharField(default='id', max_length=2)),
                ('subject', models.CharField(max_length=150, verbose_name='perihal')),
                ('use_of_data', models.CharField(blank=True, max_length=30, verbose_name='pemanfaatan data')),
                ('sought', models.CharField(blank=True, max_length=300, verbose_name='yang dicari')),
                ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), blank=True, default=list, size=None)),
                ('reference', models.CharField(blank=True, max_length=60, verbose_name='nomor rujukan')),
                ('officer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='consultations_handled', to=settings.AUTH_USER_MODEL)),
                ('rating', models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='consultation', to='ratings.rating')),
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='merged', to='consultation.consultation')),
                ('split_from', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='consultation.consultation')),
                ('submitted_at', models.DateTimeField()),
                ('updated_at', models.DateTimeField()),
                ('first_answered_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('due_at', models.DateTimeField(blank=True, null=True)),
                ('remind_at', models.DateTimeField(blank=True, null=True)),
                ('closes_at', models.DateTimeField(blank=True, null=True)),
                ('escalated_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-submitted_at', '-pk'],
                'indexes': [models.Index(fields=['office', '-submitted_at', '-id'], name='consultation_of_office'), models.Index(models.F('office'), models.OrderBy(models.F('due_at'), nulls_last=True), models.F('id'), condition=models.Q(('state__in', ('submitted', 'assigned', 'reopened'))), name='consultation_due'), models.Index(condition=models.Q(('remind_at', None), _negated=True), fields=['remind_at'], name='consultation_reminder'), models.Index(condition=models.Q(('closes_at', None), _negated=True), fields=['closes_at'], name='consultation_closes'), models.Index(fields=['office', 'officer', 'state'], name='consultation_of_officer'), models.Index(models.F('office'), models.OrderBy(models.F('closes_at'), nulls_last=True), models.F('id'), condition=models.Q(('state__in', ('answered', 'waiting'))), name='consultation_awaited'), django.contrib.postgres.indexes.GinIndex(fields=['tags'], name='consultation_tags'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector('subject', config='simple'), name='consultation_subject'), models.Index(models.F('office'), django.db.models.functions.text.Upper('reference'), name='consultation_reference'), models.Index(models.Func(models.F('number'), models.Value('-'), models.Value(3), function='split_part', output_field=models.TextField()), name='consultation_number_end'), models.Index(condition=models.Q(('received__isnull', False)), fields=['office', '-submitted_at', '-id'], name='consultation_on_site')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('answered', 'waiting', 'closed', 'auto_closed')), _negated=True), ('due_at', None), _connector='OR'), name='consultation_due_only_from_the_office'), models.CheckConstraint(condition=models.Q(('closes_at', None), ('state__in', ('answered', 'waiting')), _connector='OR'), name='consultation_closes_only_while_the_visitor_is_awaited')],
            },
        ),
        migrations.CreateModel(
            name='CalendarSeen',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='offices.office')),
                ('digest', models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='CannedAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='canned_answers', to='offices.office')),
                ('title', models.CharField(max_length=100, verbose_name='judul')),
                ('body', models.TextField(max_length=8000, verbose_name='isi')),
                ('used', models.PositiveIntegerField(default=0)),
                ('updated_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['title'],
                'constraints': [models.UniqueConstraint(fields=('office', 'title'), name='canned_answer_title')],
            },
        ),
        migrations.CreateModel(
            name='Classification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('kbli', 'KBLI: lapangan usaha'), ('kbji', 'KBJI: jabatan')], max_length=4)),
                ('edition', models.CharField(max_length=10)),
                ('code', models.CharField(max_length=12, verbose_name='kode')),
                ('title', models.CharField(max_length=300, verbose_name='judul')),
                ('description', models.TextField(blank=True, verbose_name='uraian')),
                ('search', django.contrib.postgres.search.SearchVectorField(editable=False, null=True)),
            ],
            options={
                'ordering': ['kind', 'code', '-edition'],
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['search'], name='classification_search')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'edition', 'code'), name='classification_code_once')],
            },
        ),
        migrations.CreateModel(
            name='ConsultationCounter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='offices.office')),
                ('year', models.PositiveSmallIntegerField()),
                ('last', models.PositiveIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('office', 'year'), name='consultation_counter')],
            },
        ),
        migrations.CreateModel(
            name='Suggested',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('office', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='offices.office')),
                ('kind', models.CharField(choices=[('publication', 'Pustaka'), ('answer', 'Jawaban terbit'), ('class', 'Klasifikasi')], max_length=11)),
                ('key', models.CharField(max_length=40)),
                ('enough', models.PositiveIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('day', 'office', 'kind', 'key'), name='suggested_once_a_day', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='Agreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('consultation', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='agreement', to='consultation.consultation')),
                ('version', models.PositiveSmallIntegerField()),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='ClockChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='clock_changes', to='consultation.consultation')),
                ('what', models.CharField(choices=[('due', 'Batas jawaban'), ('closes', 'Tutup otomatis')], max_length=6)),
                ('at', models.DateTimeField()),
                ('was', models.DateTimeField(blank=True, null=True)),
                ('now', models.DateTimeField(blank=True, null=True)),
                ('why', models.CharField(choices=[('started', 'Pertanyaan diterima'), ('paused', 'Menunggu pengguna'), ('resumed', 'Pengguna menjawab'), ('calendar', 'Kalender kerja berubah'), ('answered', 'Dijawab'), ('moved', 'Dialihkan'), ('merged', 'Digabung'), ('ended', 'Selesai')], max_length=8)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='ConsultationStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(max_length=20)),
                ('at', models.DateTimeField()),
                ('by_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('by_device', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.device')),
                ('actor', models.CharField(max_length=20)),
                ('why', models.CharField(blank=True, max_length=300)),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='consultation.consultation')),
            ],
            options={
                'ordering': ['id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='DataWanted',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='wanted', to='consultation.consultation')),
                ('topic', models.CharField(max_length=200, verbose_name='data yang dicari')),
                ('region', models.CharField(blank=True, max_length=120, verbose_name='wilayah')),
                ('years', models.CharField(blank=True, max_length=40, verbose_name='tahun')),
                ('level', models.CharField(blank=True, max_length=60, verbose_name='tingkat rincian')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='HandOver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hand_overs', to='consultation.consultation')),
                ('from_office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handed_over', to='offices.office')),
                ('to_office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='offices.office')),
                ('from_service', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='offices.service')),
                ('to_service', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='offices.service')),
                ('at', models.DateTimeField()),
                ('by_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(fields=['from_office', '-at'], name='handed_over_by_office')],
            },
        ),
        migrations.CreateModel(
            name='KnowledgeAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='knowledge', to='offices.office')),
                ('source', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='knowledge', to='consultation.consultation')),
                ('question', models.CharField(max_length=300, verbose_name='pertanyaan')),
                ('answer', models.TextField(max_length=20000, verbose_name='jawaban')),
                ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), blank=True, default=list, size=None)),
                ('state', models.CharField(choices=[('draft', 'Rancangan'), ('review', 'Menunggu pemeriksaan'), ('published', 'Terbit'), ('withdrawn', 'Ditarik')], default='draft', max_length=10)),
                ('written_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reviewed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('updated_at', models.DateTimeField()),
                ('search', django.contrib.postgres.search.SearchVectorField(editable=False, null=True)),
            ],
            options={
                'ordering': ['-updated_at', '-pk'],
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['search'], name='knowledge_search'), models.Index(condition=models.Q(('state', 'published')), fields=['-published_at'], name='knowledge_published')],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='consultation.consultation')),
                ('kind', models.CharField(choices=[('visitor', 'Pengguna'), ('officer', 'Petugas'), ('note', 'Catatan internal'), ('system', 'Pemberitahuan')], max_length=8)),
                ('channel', models.CharField(choices=[('onsite', 'Di kantor'), ('portal', 'Portal'), ('email', 'E-mail'), ('whatsapp', 'WhatsApp'), ('phone', 'Telepon')], max_length=8)),
                ('body', models.TextField(max_length=20000, verbose_name='isi')),
                ('quoted', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
                ('by_user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('address', models.CharField(blank=True, max_length=254)),
                ('outside_id', models.CharField(blank=True, max_length=255)),
                ('delivery', models.CharField(blank=True, choices=[('', 'Tidak dikirim'), ('waiting', 'Menunggu dikirim'), ('sent', 'Terkirim'), ('delivered', 'Sampai'), ('read', 'Dibaca'), ('failed', 'Gagal terkirim')], max_length=9)),
                ('delivery_at', models.DateTimeField(blank=True, null=True)),
                ('delivery_problem', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'ordering': ['at', 'id'],
                'indexes': [django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector('body', config='simple'), condition=models.Q(('kind', 'visitor')), name='message_question')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('outside_id', ''), _negated=True), fields=('channel', 'outside_id'), name='message_comes_once')],
            },
        ),
        migrations.CreateModel(
            name='Presence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='presences', to='consultation.consultation')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField()),
                ('writing', models.BooleanField(default=False)),
                ('draft', models.TextField(blank=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('consultation', 'user'), name='one_presence_each')],
            },
        ),
        migrations.CreateModel(
            name='Round',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rounds', to='consultation.consultation')),
                ('number', models.PositiveSmallIntegerField()),
                ('started_at', models.DateTimeField()),
                ('working_days', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('due_at', models.DateTimeField(blank=True, null=True)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('excluded', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('consultation', 'number'), name='round_number'), models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('consultation',), name='one_running_round')],
            },
        ),
        migrations.CreateModel(
            name='KnowledgeStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(max_length=20)),
                ('at', models.DateTimeField()),
                ('by_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('by_device', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.device')),
                ('actor', models.CharField(max_length=20)),
                ('why', models.CharField(blank=True, max_length=300)),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='consultation.knowledgeanswer')),
            ],
            options={
                'ordering': ['id'],
                'abstract': False,
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
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='consultation.consultation')),
                ('message', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='consultation.message')),
                ('file', models.FileField(blank=True, max_length=200, upload_to=consultation.models.thread.attachment_name)),
                ('publication', models.PositiveBigIntegerField(blank=True, null=True)),
                ('address', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'ordering': ['id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='IncomingMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='incoming_mail', to='offices.office')),
                ('mail_id', models.CharField(max_length=255, verbose_name='tanda pengenal surat')),
                ('uidvalidity', models.PositiveBigIntegerField(blank=True, null=True, verbose_name='tanda kotak surat')),
                ('uid', models.PositiveBigIntegerField(blank=True, null=True, verbose_name='nomor di kotak surat')),
                ('raw', models.BinaryField(verbose_name='surat utuh')),
                ('size', models.PositiveBigIntegerField()),
                ('sender', models.CharField(blank=True, max_length=254, verbose_name='alamat pengirim')),
                ('sender_name', models.CharField(blank=True, max_length=120, verbose_name='nama pengirim')),
                ('subject', models.CharField(blank=True, max_length=200, verbose_name='perihal')),
                ('received_at', models.DateTimeField()),
                ('stored_at', models.DateTimeField(verbose_name='disimpan')),
                ('state', models.CharField(choices=[('new', 'Baru'), ('done', 'Selesai'), ('aside', 'Disisihkan'), ('failed', 'Gagal diolah'), ('dropped', 'Diabaikan')], default='new', max_length=7)),
                ('outcome', models.CharField(blank=True, choices=[('', ''), ('opened', 'Menjadi konsultasi baru'), ('added', 'Masuk ke percakapan'), ('noted', 'Dicatat di percakapan'), ('bounced', 'Surat kita tidak sampai'), ('known', 'Sudah pernah masuk'), ('auto', 'Balasan otomatis'), ('list', 'Surat edaran atau milis'), ('loop', 'Surat kita sendiri'), ('flood', 'Terlalu banyak dari satu alamat'), ('taken', 'Masuk ke pengaduan'), ('unsure', 'Balasan yang belum pasti dari siapa')], max_length=7, verbose_name='menjadi apa')),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='percobaan')),
                ('next_try_at', models.DateTimeField(blank=True, null=True, verbose_name='dicoba lagi')),
                ('problem', models.CharField(blank=True, max_length=100, verbose_name='gangguan')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='selesai')),
                ('message', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='incoming_mail', to='consultation.message')),
                ('about_type', models.CharField(blank=True, max_length=60, verbose_name='tentang')),
                ('about_id', models.PositiveBigIntegerField(blank=True, null=True, verbose_name='nomor catatan')),
            ],
            options={
                'ordering': ['-received_at', '-id'],
                'indexes': [models.Index(condition=models.Q(('state', 'new')), fields=['next_try_at'], name='incoming_mail_new'), models.Index(condition=models.Q(('state__in', ('aside', 'failed'))), fields=['office', '-received_at'], name='incoming_mail_to_look_at'), models.Index(fields=['office', 'uidvalidity', 'uid'], name='incoming_mail_uid'), models.Index(fields=['office', 'sender', '-received_at'], name='incoming_mail_sender'), models.Index(condition=models.Q(('about_id', None), _negated=True), fields=['about_type', 'about_id'], name='incoming_mail_about')],
                'constraints': [models.UniqueConstraint(fields=('office', 'mail_id'), name='incoming_mail_comes_once')],
            },
        ),
        migrations.CreateModel(
            name='Pause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pauses', to='consultation.round')),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['since'],
                'constraints': [models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='pause_forward'), models.UniqueConstraint(condition=models.Q(('until', None)), fields=('round',), name='one_running_pause')],
            },
        ),
        migrations.CreateModel(
            name='IncomingWhatsApp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='incoming_whatsapp', to='offices.office')),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='incoming', to='whatsapp.contact')),
                ('wamid', models.CharField(max_length=255, unique=True, verbose_name='tanda pengenal pesan')),
                ('quoted', models.CharField(blank=True, max_length=255, verbose_name='pesan yang dikutip')),
                ('kind', models.CharField(max_length=20, verbose_name='jenis')),
                ('said', models.JSONField(default=dict, verbose_name='isi seperti diterima')),
                ('written_at', models.DateTimeField(verbose_name='ditulis')),
                ('stored_at', models.DateTimeField(verbose_name='disimpan')),
                ('state', models.CharField(choices=[('new', 'Baru'), ('done', 'Selesai'), ('failed', 'Gagal diolah')], default='new', max_length=6)),
                ('outcome', models.CharField(blank=True, choices=[('', ''), ('opened', 'Menjadi konsultasi baru'), ('added', 'Masuk ke percakapan'), ('noted', 'Dicatat di percakapan'), ('stopped', 'Permintaan berhenti'), ('nothing', 'Tidak ada isinya')], max_length=7, verbose_name='menjadi apa')),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='percobaan')),
                ('next_try_at', models.DateTimeField(blank=True, null=True, verbose_name='dicoba lagi')),
                ('problem', models.CharField(blank=True, max_length=100, verbose_name='gangguan')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='selesai')),
                ('message', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='incoming_whatsapp', to='consultation.message')),
                ('media', models.CharField(blank=True, choices=[('', ''), ('waiting', 'Menunggu diambil'), ('fetched', 'Sudah diambil'), ('failed', 'Gagal diambil')], max_length=7, verbose_name='berkas')),
                ('media_id', models.CharField(blank=True, max_length=100, verbose_name='tanda pengenal berkas')),
                ('media_tries', models.PositiveSmallIntegerField(default=0, verbose_name='percobaan mengambil berkas')),
                ('media_next_at', models.DateTimeField(blank=True, null=True, verbose_name='berkas dicoba lagi')),
                ('media_problem', models.CharField(blank=True, max_length=100, verbose_name='gangguan berkas')),
                ('attachment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='consultation.attachment')),
            ],
            options={
                'ordering': ['-written_at', '-id'],
                'indexes': [models.Index(condition=models.Q(('state', 'new')), fields=['next_try_at'], name='incoming_whatsapp_new'), models.Index(condition=models.Q(('media', 'waiting')), fields=['media_next_at'], name='incoming_whatsapp_media'), models.Index(fields=['contact', '-written_at'], name='incoming_whatsapp_of'), models.Index(condition=models.Q(('state', 'failed')), fields=['office', '-written_at'], name='incoming_whatsapp_bad')],
            },
        ),
    ]
