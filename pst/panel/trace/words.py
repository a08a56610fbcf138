"""Every action of the trace in words, and the group it is looked for in.

An action is "subject.what": `SUBJECTS` names the subject with its group, `WHATS` what was done; a state of one of the
machines ("ticket.called") is said as the machine says it. `WHOLE` has those that need a sentence of their own. A test reads
the code for actions that have no words here (tests/panel/test_trace_words.py).
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.apps import apps
from django.utils.translation import gettext_lazy as _

READ, EXPORT, SETTING = "read", "export", "setting"
GROUPS: dict[str, Any] = {
    "baca": _("Membaca data pribadi"),
    "ekspor": _("Data yang dibawa keluar"),
    "pengaturan": _("Pengaturan"),
    "kunjungan": _("Kunjungan dan antrian"),
    "konsultasi": _("Konsultasi"),
    "pengaduan": _("Pengaduan"),
    "pustaka": _("Pustaka"),
    "penilaian": _("Penilaian dan survei"),
    "data-pribadi": _("Data pribadi"),
    "laporan": _("Laporan"),
    "surat": _("Surat dan pesan"),
    "perangkat": _("Perangkat dan loker"),
    "akun": _("Akun dan jejak"),
}

# The first part of an action: its group, and its name.
SUBJECTS: dict[str, tuple[str, Any]] = {
    "read": ("baca", _("Membaca catatan")),
    "export": ("ekspor", _("Mengunduh")),
    "setting": ("pengaturan", _("Pengaturan")),
    "account": ("akun", _("Akun pengunjung")),
    "announcement": ("pengaturan", _("Pengumuman TV")),
    "appointment": ("kunjungan", _("Janji temu")),
    "attachment": ("konsultasi", _("Berkas konsultasi")),
    "canned": ("konsultasi", _("Jawaban siap pakai")),
    "cataloguesource": ("pustaka", _("Sumber katalog")),
    "complaint": ("pengaduan", _("Pengaduan")),
    "complaintfile": ("pengaduan", _("Berkas pengaduan")),
    "consultation": ("konsultasi", _("Konsultasi")),
    "contact": ("data-pribadi", _("Kode ke alamat pengunjung")),
    "copy": ("pustaka", _("Eksemplar")),
    "counter": ("kunjungan", _("Loket")),
    "deposit": ("perangkat", _("Titipan")),
    "device": ("perangkat", _("Perangkat")),
    "digitalcopy": ("pustaka", _("Softcopy")),
    "excerptrequest": ("pustaka", _("Permintaan salinan")),
    "hold": ("pustaka", _("Pemesanan buku")),
    "import": ("pustaka", _("Impor katalog")),
    "incident": ("perangkat", _("Catatan loker dan barang")),
    "interruption": ("kunjungan", _("Gangguan layanan")),
    "knowledge": ("konsultasi", _("Tanya jawab")),
    "knowledgeanswer": ("konsultasi", _("Tanya jawab")),
    "lending": ("pengaturan", _("Aturan peminjaman")),
    "library": ("pustaka", _("Layanan pustaka")),
    "loan": ("pustaka", _("Peminjaman")),
    "locker": ("perangkat", _("Loker")),
    "mail": ("surat", _("Surat keluar")),
    "mail_in": ("surat", _("Surat masuk")),
    "outgoing": ("surat", _("Surat keluar")),
    "outgoingwhatsapp": ("surat", _("Pesan WhatsApp")),
    "printer": ("perangkat", _("Printer")),
    "printjob": ("perangkat", _("Cetakan")),
    "privacy": ("data-pribadi", _("Permintaan data pribadi")),
    "privacyrequest": ("data-pribadi", _("Permintaan data pribadi")),
    "publication": ("pustaka", _("Publikasi")),
    "queue": ("pengaturan", _("Aturan antrian")),
    "rating": ("penilaian", _("Penilaian")),
    "report": ("laporan", _("Laporan")),
    "retention": ("data-pribadi", _("Masa simpan")),
    "scanrequest": ("pustaka", _("Permintaan pindaian")),
    "series": ("pustaka", _("Seri")),
    "setup": ("pengaturan", _("Atur kantor")),
    "slips": ("kunjungan", _("Slip kertas")),
    "softcopy": ("pustaka", _("Softcopy")),
    "staff": ("akun", _("Petugas")),
    "standard": ("pengaturan", _("Standar pelayanan")),
    "stock": ("pustaka", _("Pemeriksaan rak")),
    "survey": ("penilaian", _("Survei")),
    "ticket": ("kunjungan", _("Nomor antrian")),
    "trace": ("akun", _("Jejak")),
    "undo": ("kunjungan", _("Diurungkan")),
    "user": ("akun", _("Petugas")),
    "visit": ("kunjungan", _("Kunjungan")),
    "visitor": ("data-pribadi", _("Data tamu")),
    "visits": ("kunjungan", _("Daftar kunjungan")),
    "visitservice": ("kunjungan", _("Layanan")),
    "whatsapp": ("surat", _("WhatsApp")),
    "whatsapp_in": ("surat", _("WhatsApp masuk")),
}

# What was done, where no state of a machine says it.
WHATS: dict[str, Any] = {
    "access": _("izin baca diubah"), "account_linked": _("dihubungkan dengan akun"), "action_done": _("tindak lanjut selesai"),
    "action_given": _("tindak lanjut diserahkan"), "action_planned": _("tindak lanjut direncanakan"), "added": _("ditambahkan"), "address_changed": _("alamat e-mail diubah"),
    "again": _("dicoba lagi"), "allowed": _("diizinkan"), "answered": _("dijawab"), "applied": _("dijalankan"), "arrived": _("datang"),
    "asked": _("diminta"), "assigned": _("ditugaskan"), "book_handed_over": _("buku tamu dipindahkan"), "booked": _("dipesan"),
    "bounced": _("kembali"), "card_checked": _("kartu diperiksa"), "changed": _("diubah"), "checked_out": _("keluar, titipan diserahkan"),
    "classified": _("digolongkan"), "closed": _("ditutup"), "complainant_wrote": _("pelapor menulis"), "corrected": _("diperbaiki"),
    "cover_removed": _("sampul dihapus"), "cover_set": _("sampul dipasang"), "dead": _("gagal"), "deadline": _("batas waktu dihitung ulang"),
    "deleted": _("dihapus"), "diverted": _("dialihkan ke e-mail"), "downloaded": _("diunduh"), "draft": _("rancangan ditulis"),
    "dropped": _("dibatalkan"), "entered": _("dicatat belakangan"), "erased": _("dihapus"), "escalated": _("naik ke atasan"),
    "excerpt": _("salinan sebagian dibuat"), "excerpt_file": _("salinan sebagian diambil"), "fault": _("terganggu"), "fetched": _("dicetak lagi"),
    "filed": _("digolongkan"), "flood": _("terlalu banyak sekaligus"), "follow_up_done": _("tindak lanjut selesai"),
    "follow_up_dropped": _("tindak lanjut dibatalkan"), "follow_up_planned": _("tindak lanjut direncanakan"), "forged": _("tampak dipalsukan"),
    "forwarded": _("diteruskan"), "given": _("diberikan"), "handed_over": _("dialihkan ke kantor lain"), "imported": _("diimpor"),
    "in_service": _("dipakai lagi"), "judged": _("dinilai pelapor"), "key_lost": _("kunci hilang"), "left": _("ditinggalkan"),
    "left_item": _("barang tertinggal"), "link": _("tautan dibuat"), "link_sent": _("tautan dikirim"), "link_withdrawn": _("tautan dicabut"),
    "linked": _("dihubungkan"), "loaded": _("dimuat"), "lodged": _("diajukan"), "logged_in": _("masuk"), "mailbox_changed": _("kotak surat diganti"),
    "merged": _("digabung"), "moved": _("dipindahkan"), "nightly": _("pembaruan malam diubah"), "note": _("catatan ditulis"), "notice": _("pemberitahuan dikirim"),
    "noticed": _("dilihat atasan"), "off": _("dimatikan"), "on": _("dinyalakan"), "opened": _("dibuka"), "out": _("dipinjamkan"),
    "out_of_service": _("tidak dipakai"), "out_of_turn": _("dipanggil di luar giliran"), "own_export": _("dibawa oleh pemiliknya"),
    "own_read": _("dibaca oleh pemiliknya"), "paired": _("dihubungkan"), "parted": _("dipisahkan"), "paused": _("dijeda"), "printed": _("dicetak"),
    "published": _("diterbitkan"), "published_alone": _("diterbitkan tanpa pemeriksa"), "queued": _("antri dicetak"), "rated": _("dinilai"),
    "read_by_link": _("dibaca lewat tautan"), "received": _("diterima"), "recognised": _("dikenali"), "recorded": _("dicatat"),
    "registered": _("didaftarkan"), "released": _("dilepas"), "reminded": _("diingatkan"), "renamed": _("nama diubah"), "renewed": _("diperpanjang"),
    "reprinted": _("dicetak lagi"), "resumed": _("dilanjutkan"), "returned": _("dikembalikan"), "revoked": _("dicabut"), "rule_set": _("aturan diubah"),
    "rules": _("diubah"), "rules_confirmed": _("aturan dikonfirmasi"), "said": _("kabar dikirim"), "saved": _("disimpan"), "searched": _("dicari"),
    "sent": _("dikirim"), "shelf": _("rak diubah"), "signed": _("buku tamu diisi"), "sought": _("nomor seri dicari"), "split": _("dipisah"),
    "sso_refused": _("masuk lewat SSO ditolak"), "started": _("dimulai"), "state": _("keadaan diubah"), "submitted": _("diajukan"),
    "switched_office": _("pindah kantor"), "taken_back": _("ditarik"), "taken_up": _("menjadi konsultasi"), "terms": _("syarat disetujui"),
    "transferred": _("dialihkan"), "unfinished_forgotten": _("pendaftaran yang tidak selesai dihapus"), "unlinked": _("dilepas hubungannya"),
    "unpublished": _("ditarik dari halaman publik"), "used": _("dipakai"), "viewed": _("dilihat"), "visitor_wrote": _("pengguna menulis"),
    "well": _("pulih"), "widened": _("diperluas"), "withdrawn": _("dicabut"), "wrong_signature": _("tanda tangan salah"),
    "cancelled": _("dibatalkan"), "finished": _("selesai"), "file": _("berkas diterima"), "file_ready": _("berkas siap"),
    "file_refused": _("berkas ditolak"), "issued": _("diterbitkan"), "scheduled": _("dijadwalkan"), "unscheduled": _("jadwal dihentikan"),
    "letterhead": _("kop surat diubah"), "claimed": _("dihubungkan dengan akun"), "told": _("pelapor diberi tahu"),
    "complaint": _("diteruskan sebagai pengaduan"), "mail_stopped": _("e-mail permintaan dihentikan"), "rules_set": _("aturan diubah"),
    "despite": _("diterbitkan meskipun teks dan aturan berbeda"), "drafted": _("rancangan dibuat"), "edited": _("rancangan diubah"),
    "invited": _("diundang"), "accepted": _("undangan diterima"), "invitation_withdrawn": _("undangan ditarik"),
    "trial_seen": _("tiket uji dibaca"), "switched_on": _("ditampilkan"), "switched_off": _("disembunyikan"),
}  # fmt: skip

# What was taken along, and what was set: the second part of "export." and "setting.".
EXPORTS: dict[str, Any] = {
    "survey": _("isian survei"),
    "marked_copies": _("daftar salinan softcopy"),
    "own_data": _("data sendiri, oleh pemiliknya"),
    "account": _("data akun sendiri, oleh pemiliknya"),
    "privacy_request": _("data seorang tamu atas permintaannya"),
    "mail": _("surat masuk, utuh"),
    "library_statistics": _("statistik pustaka"),
    "unused_books": _("daftar pustaka yang tidak dipakai"),
    "stock": _("selisih pemeriksaan rak"),
    "survey_report": _("laporan survei"),
    "trace": _("jejak"),
    "report": _("laporan"),
    "issued_report": _("laporan yang diterbitkan"),
}
SETTINGS: dict[str, Any] = {
    "queue": _("aturan antrian"),
    "complaints": _("aturan pengaduan"),
    "survey": _("survei"),
    "lending": _("aturan peminjaman"),
    "public_promises": _("janji pada halaman publik"),
    "office": _("data kantor"),
    "office_founded": _("kantor baru"),
    "hours": _("jam layanan"),
    "hours_exception": _("jam khusus satu hari"),
    "calendar": _("kalender kerja"),
    "counter": _("loket"),
    "duty": _("jadwal piket"),
    "locker": _("loker"),
    "service": _("layanan"),
    "staff": _("petugas"),
    "reference": _("daftar pilihan buku tamu"),
}

# Lines of settings written before they had one name: they say which fields, not what was there.
OLD_SETTINGS = ("queue.rules", "complaint.rules", "lending.rules", "survey.rule_set")

WHOLE: dict[str, Any] = {
    "read": _("Membaca catatan"),
    "device.paired": _("Perangkat dihubungkan dengan kantor"),
    "retention.applied": _("Masa simpan dijalankan"),
}
# Lines written before the exports had one name; the register has them, too.
OLD_EXPORTS = {
    "survey.exported": EXPORTS["survey"],
    "softcopy.copies_exported": EXPORTS["marked_copies"],
    "visitor.own_export": EXPORTS["own_data"],
    "account.own_export": EXPORTS["account"],
}


@cache
def _states() -> dict[str, Any]:
    """ "ticket.called" → "Dipanggil", of every machine."""
    found = {}
    for model in apps.get_models():
        for state in getattr(model, "MOVES", ()):
            field: Any = model._meta.get_field(getattr(model, "STATE_FIELD", "state"))
            labels = dict(field.choices or ())
            found[f"{model._meta.model_name}.{state}"] = labels.get(state, state)
    return found


def state_words(kind: str, state: str) -> str:
    return str(_states().get(f"{kind.rpartition('.')[2]}.{state}", ""))


def known(action: str) -> str:
    """The words, or "" where this file has none."""
    if action in WHOLE:
        return str(WHOLE[action])
    if action in OLD_EXPORTS:
        return f"{SUBJECTS['export'][1]}: {OLD_EXPORTS[action]}"
    first, _dot, what = action.partition(".")
    if first not in SUBJECTS:
        return ""
    named = {"export": EXPORTS, "setting": SETTINGS, "undo": UNDONE, "visit": STEPS}.get(first, {}).get(what)
    said = named or _states().get(action) or WHATS.get(what)
    return f"{SUBJECTS[first][1]}: {said}" if said else ""


def words(action: str) -> str:
    return known(action) or action


def _undone() -> dict[str, Any]:
    from queueing.models.undo import KINDS

    return dict(KINDS)


def _steps() -> dict[str, Any]:
    from services.offices.rule_names import STEP_NAMES

    return {f"step.{kind}": name for kind, name in STEP_NAMES.items()}


UNDONE, STEPS = _undone(), _steps()


def group_of(action: str) -> str:
    if action in OLD_EXPORTS:
        return "ekspor"
    first = action.partition(".")[0]
    return SUBJECTS[first][0] if first in SUBJECTS else ""


def subjects_of(group: str) -> list[str]:
    return [first for first, (name, _words) in SUBJECTS.items() if name == group]


TARGETS: dict[str, Any] = {
    "guestbook.visitor": _("tamu"), "guestbook.visit": _("kunjungan"), "guestbook.visitservice": _("layanan"),
    "consultation.consultation": _("konsultasi"), "complaints.complaint": _("pengaduan"), "queueing.ticket": _("nomor antrian"),
    "mail.outgoing": _("surat keluar"), "consultation.incomingmail": _("surat masuk"), "library.markedcopy": _("salinan softcopy"),
    "library.loan": _("peminjaman"), "library.copy": _("eksemplar"), "library.publication": _("publikasi"), "ratings.rating": _("penilaian"),
    "accounts.user": _("akun"), "accounts.device": _("perangkat"), "offices.standard": _("standar"), "offices.office": _("kantor"),
    "privacy.privacyrequest": _("permintaan data pribadi"), "surveys.response": _("isian survei"), "lockers.deposit": _("titipan"),
    "queueing.officequeue": _("aturan antrian kantor"), "queueing.servicequeue": _("aturan antrian layanan"),
    "reports.issued": _("laporan"), "reports.letterhead": _("kop surat"), "library.lendingrules": _("aturan peminjaman"), "complaints.complaintrules": _("aturan pengaduan"), "surveys.surveyrule": _("aturan survei"),
    "panel.publishedpromises": _("janji pada halaman publik"), "library.digitalcopy": _("softcopy"), "library.copylink": _("tautan softcopy"),
    "queueing.appointment": _("janji temu"), "queueing.printer": _("printer"), "queueing.deskaction": _("tindakan di meja"),
    "lockers.incident": _("catatan loker"), "whatsapp.contact": _("nomor WhatsApp"), "library.import": _("impor"),
    "library.excerptrequest": _("permintaan salinan"), "library.scanrequest": _("permintaan pindaian"), "library.hold": _("pemesanan"),
    "lockers.locker": _("loker"), "guestbook.referenceitem": _("jawaban buku tamu"), "queueing.counter": _("loket"), "whatsapp.outgoingwhatsapp": _("pesan WhatsApp"),
}  # fmt: skip


def target_words(kind: str, pk: int | None) -> str:
    if not kind:
        return ""
    name = TARGETS.get(kind) or kind.rpartition(".")[2]
    return f"{name} {pk}" if pk is not None else str(name)
