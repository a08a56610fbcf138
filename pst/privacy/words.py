"""What is kept about people, in words for those who read it: the supervisor who answers, the person who asks."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db.models import Field
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from services.guestbook.fields import REFERENCES
from services.guestbook.models import ReferenceItem, Visit
from services.offices.models import Office

TABLES = {
    "guestbook.Visitor": gettext_lazy("Data diri di buku tamu"),
    "guestbook.Companion": gettext_lazy("Nama anggota rombongan"),
    "guestbook.DataNeed": gettext_lazy("Data yang dicari"),
    "guestbook.GuestBookDraft": gettext_lazy("Isian buku tamu yang belum selesai"),
    "guestbook.ContactCode": gettext_lazy("Kode yang dikirim lewat e-mail"),
    "accounts.Invitation": gettext_lazy("Undangan petugas"),
    "guestbook.Recognition": gettext_lazy("Dikenali di tablet saat ini"),
    "library.LibraryUse": gettext_lazy("Pustaka yang dibaca"),
    "library.Loan": gettext_lazy("Buku yang dipinjam"),
    "library.ScanRequest": gettext_lazy("Permintaan pindaian"),
    "library.LoanNotice": gettext_lazy("E-mail tentang pinjaman"),
    "library.LoanStep": gettext_lazy("Perjalanan pinjaman"),
    "library.Hold": gettext_lazy("Buku yang dipesan"),
    "library.MarkedCopy": gettext_lazy("Salinan softcopy yang diterima"),
    "library.CopyLink": gettext_lazy("Tautan ke softcopy"),
    "library.ExcerptRequest": gettext_lazy("Permintaan izin salinan"),
    "library.TermsAcceptance": gettext_lazy("Ketentuan softcopy yang disetujui"),
    "consultation.Consultation": gettext_lazy("Konsultasi statistik"),
    "consultation.Message": gettext_lazy("Percakapan konsultasi"),
    "consultation.Attachment": gettext_lazy("Lampiran konsultasi"),
    "consultation.IncomingMail": gettext_lazy("Surat yang masuk, seperti diterima"),
    "consultation.IncomingWhatsApp": gettext_lazy("Pesan WhatsApp yang masuk, seperti diterima"),
    "whatsapp.OutgoingWhatsApp": gettext_lazy("Pesan WhatsApp yang dikirim"),
    "whatsapp.Contact": gettext_lazy("Nomor WhatsApp dan izinnya"),
    "whatsapp.StatusSeen": gettext_lazy("Keadaan pesan WhatsApp yang dikirim"),
    "consultation.DataWanted": gettext_lazy("Data yang diminta dalam konsultasi"),
    "consultation.Agreement": gettext_lazy("Persetujuan saat bertanya"),
    "consultation.ConsultationStep": gettext_lazy("Perjalanan konsultasi"),
    "mail.Outgoing": gettext_lazy("E-mail yang dikirim"),
    "ratings.Rating": gettext_lazy("Penilaian"),
    "ratings.Asked": gettext_lazy("Permintaan penilaian lewat e-mail"),
    "surveys.Response": gettext_lazy("Isian survei"),
    "complaints.Complaint": gettext_lazy("Pengaduan dan saran"),
    "complaints.ComplaintStep": gettext_lazy("Tindak lanjut pengaduan"),
    "complaints.Message": gettext_lazy("Percakapan pengaduan"),
    "complaints.Attachment": gettext_lazy("Lampiran pengaduan"),
    "complaints.Action": gettext_lazy("Tindakan perbaikan"),
    "complaints.Identity": gettext_lazy("Pelapor"),
    "complaints.Arrival": gettext_lazy("Asal pengaduan, untuk satu jam"),
    "complaints.Flood": gettext_lazy("Banyak pengaduan dari satu tempat"),
    "lockers.Incident": gettext_lazy("Barang tertinggal dan kunci hilang"),
    "lockers.IncidentStep": gettext_lazy("Tindak lanjut barang dan kunci"),
    "privacy.PrivacyRequest": gettext_lazy("Permintaan data pribadi"),
    # Deleted by tasks of their own.
    "axes.AccessAttempt": gettext_lazy("Gagal masuk berulang"),
    "axes.AccessAttemptExpiration": gettext_lazy("Akhir penguncian akun"),
    "axes.AccessLog": gettext_lazy("Riwayat masuk petugas"),
    "axes.AccessFailureLog": gettext_lazy("Riwayat gagal masuk"),
    "sessions.Session": gettext_lazy("Sesi peramban"),
    "accounts.Attempt": gettext_lazy("Hitungan percobaan per alamat"),
    "accounts.Pairing": gettext_lazy("Pemasangan perangkat"),
    "account.EmailAddress": gettext_lazy("Alamat e-mail akun"),
    "mfa.Authenticator": gettext_lazy("Langkah kedua akun"),
    "socialaccount.SocialAccount": gettext_lazy("Akun instansi petugas"),
    "socialaccount.SocialToken": gettext_lazy("Kunci akun instansi"),
    "consultation.Presence": gettext_lazy("Jawaban petugas yang belum dikirim"),
    "queueing.Appointment": gettext_lazy("Janji datang"),
    "queueing.WithdrawnChoice": gettext_lazy("Pilihan di tablet yang dibatalkan"),
    "queueing.DeskAction": gettext_lazy("Tindakan yang dapat diurungkan"),
    "library.SearchTally": gettext_lazy("Yang dicari di katalog, tanpa nama"),
    "library.PublicationUse": gettext_lazy("Pemakaian pustaka, tanpa nama"),
    "procrastinate.ProcrastinateJob": gettext_lazy("Pekerjaan latar"),
}
# Columns whose model says no word of its own; the same word wherever the column stands.
COLUMNS = {
    "gender": gettext_lazy("jenis kelamin"),
    "education": gettext_lazy("pendidikan"),
    "job": gettext_lazy("pekerjaan"),
    "institution": gettext_lazy("kategori instansi"),
    "score": gettext_lazy("nilai"),
    "importance": gettext_lazy("kepentingan"),
    "reasons": gettext_lazy("alasan"),
    "about": gettext_lazy("yang dinilai"),
    "about_pk": gettext_lazy("nomor barisnya"),
    "noticed_at": gettext_lazy("dilihat penyelia"),
    "reach": gettext_lazy("cara disampaikan"),
    "publication__title": gettext_lazy("judul"),
    "copy__publication__title": gettext_lazy("judul"),
    "use__publication__title": gettext_lazy("judul"),
    "digital__publication__title": gettext_lazy("judul"),
    "withdrawn_at": gettext_lazy("dicabut"),
    "told_at": gettext_lazy("dikabari"),
    "sent_at": gettext_lazy("dikirim"),
    "renewals": gettext_lazy("perpanjangan"),
    "out_at": gettext_lazy("keluar"),
    "back_at": gettext_lazy("kembali"),
    "asked_at": gettext_lazy("dipesan"),
    "kept_until": gettext_lazy("disimpan sampai"),
    "day": gettext_lazy("tanggal"),
    "at": gettext_lazy("waktu"),
    "created_at": gettext_lazy("dicatat"),
    "updated_at": gettext_lazy("diubah"),
    "saved_at": gettext_lazy("disimpan"),
    "used_at": gettext_lazy("dipakai"),
    "arrived_at": gettext_lazy("datang"),
    "ended_at": gettext_lazy("pulang"),
    "received_at": gettext_lazy("diterima"),
    "due_at": gettext_lazy("batas waktu"),
    "answered_at": gettext_lazy("dijawab"),
    "values": gettext_lazy("isian"),
    "submitted_at": gettext_lazy("diajukan"),
    "first_answered_at": gettext_lazy("pertama dijawab"),
    "remind_at": gettext_lazy("pengingat"),
    "closes_at": gettext_lazy("tutup otomatis"),
    "escalated_at": gettext_lazy("naik ke atasan"),
    "language": gettext_lazy("bahasa"),
    "tags": gettext_lazy("tanda pokok bahasan"),
    "token": gettext_lazy("kunci alamat"),
    "quoted": gettext_lazy("kutipan surat sebelumnya"),
    "address": gettext_lazy("alamat"),
    "outside_id": gettext_lazy("tanda pengenal pesan"),
    "delivery": gettext_lazy("pengiriman"),
    "delivery_at": gettext_lazy("dikirim"),
    "delivery_problem": gettext_lazy("gangguan pengiriman"),
    "content_type": gettext_lazy("jenis berkas"),
    "refused": gettext_lazy("alasan ditolak"),
    "publication": gettext_lazy("pustaka"),
    "purpose": gettext_lazy("kegunaan"),
    "kind": gettext_lazy("jenis"),
    "channel": gettext_lazy("saluran"),
    "state": pgettext_lazy("of a record", "keadaan"),
    "place": gettext_lazy("tempat"),
    "number": gettext_lazy("nomor"),
    "why": gettext_lazy("alasan"),
    "reply": gettext_lazy("tanggapan"),
    "who": gettext_lazy("dari siapa"),
    "complete_at": gettext_lazy("lengkap"),
    "decided_at": gettext_lazy("diputuskan"),
    "awaited_until": gettext_lazy("ditunggu sampai"),
    "satisfied_word": gettext_lazy("catatan penilaian"),
    "published_at": gettext_lazy("diumumkan"),
    "consultation": gettext_lazy("nomor konsultasi"),
    "done_at": gettext_lazy("selesai"),
    "party_size": gettext_lazy("jumlah orang"),
    "service_names": gettext_lazy("layanan"),
    "use_of_data": gettext_lazy("pemanfaatan data"),
    "card_type": gettext_lazy("kartu identitas"),
    "personal_code": gettext_lazy("kode pribadi"),
    "known_with": gettext_lazy("tanda catatan orang yang sama"),
    "accepted_at": gettext_lazy("diterima"),
    "role": gettext_lazy("peran di kantor"),
    "secret_hash": gettext_lazy("kunci (tersandi)"),
    "made_at": gettext_lazy("dibuat"),
    "issued_at": gettext_lazy("dikirim"),
    "expires_at": gettext_lazy("berlaku sampai"),
    "used": gettext_lazy("dipakai"),
    "version": gettext_lazy("versi"),
    "pages": gettext_lazy("halaman"),
    "file": gettext_lazy("berkas"),
    "marked": gettext_lazy("bertanda air"),
    "sha256": gettext_lazy("sidik berkas (SHA-256)"),
    "size": gettext_lazy("ukuran (bita)"),
    "submission": gettext_lazy("kunci formulir"),
    "rater": gettext_lazy("tanda penilai"),
    "mailbox": gettext_lazy("alamat e-mail (tersandi)"),
    "comment": gettext_lazy("catatan"),
    "needs": gettext_lazy("data yang dibutuhkan"),
    "once": gettext_lazy("tanda sudah mengisi (tersandi)"),
    "age": gettext_lazy("umur"),
    "book": gettext_lazy("isian dari catatan lama"),
    "wording__version": gettext_lazy("naskah persetujuan versi"),
    "given": gettext_lazy("setuju"),
    "guardian": gettext_lazy("wali"),
}
# For machines; in the file that the person takes along.
NOT_SHOWN = ("actor", "rater")


def table(name: str) -> str:
    return str(TABLES[name])


def column(model_name: str, name: str) -> str:
    """The model's own word for the column, or the common one."""
    field = _field(model_name, name)
    if field and field.verbose_name != field.name.replace("_", " "):
        return str(field.verbose_name)
    return str(COLUMNS[name])


def _field(model_name: str, name: str) -> Field | None:
    """None for what was read over a link."""
    return next((f for f in apps.get_model(model_name)._meta.fields if f.name == name), None)


def columns(model_name: str, names: tuple[str, ...]) -> str:
    return ", ".join(column(model_name, name) for name in names)


def described(found: dict[str, Any], office: Office) -> list[tuple[str, list[list[tuple[str, str]]]]]:
    """`workflows.everything` (or a part of it) for the screen: tables with rows of (word, value), without what is
    empty."""
    labels = {(item.list, item.code): str(item) for item in ReferenceItem.objects.order_by("effective_from")}
    pages = [
        (_("Kunjungan"), Visit._meta.label, "visits"),
        (_("Persetujuan"), "guestbook.Consent", "consents"),
    ]
    pages += [(table(name), name, name) for name in found if name in TABLES]
    return [
        (title, [_row(model, row, labels, office) for row in found[key]])
        for title, model, key in pages
        if found.get(key)
    ]


def _row(
    model: str, row: dict[str, Any], labels: dict[tuple[str, str], str], office: Office
) -> list[tuple[str, str]]:
    shown = [
        (name, value)
        for name, value in row.items()
        if name not in NOT_SHOWN and value not in (None, "", [], {})
    ]
    return [(column(model, name), _value(model, name, value, labels, office)) for name, value in shown]


def _value(model: str, name: str, value: Any, labels: dict[tuple[str, str], str], office: Office) -> str:
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    if isinstance(value, datetime):
        value = office.local(value)
        return f"{date_format(value, 'j F Y')}, {date_format(value, 'TIME_FORMAT')}"
    if isinstance(value, date):
        return date_format(value, "j F Y")
    if name == "personal_code":  # opens the tablet in the person's name; whole in the file they take along
        return f"•••• •••• {value[-4:]}"
    if isinstance(value, dict):
        return "; ".join(str(v) for v in value.values() if v)
    if isinstance(value, list):
        return "; ".join(str(part) for part in value)
    if name in REFERENCES:
        return labels.get((REFERENCES[name], str(value)), str(value))
    return str(_choices(model, name).get(value, value))


def _choices(model: str, name: str) -> dict[Any, Any]:
    """What the codes of a column mean; a step's state is one of its subject's."""
    if _field(model, name) is None:
        return {}
    meta = apps.get_model(model)._meta
    if name == "state" and any(f.name == "subject" and f.is_relation for f in meta.fields):
        meta = meta.get_field("subject").related_model._meta
    return dict(getattr(meta.get_field(name), "flatchoices", None) or ())
