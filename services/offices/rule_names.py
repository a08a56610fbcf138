"""Rules in words, for the supervisor who confirms them."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from services.offices.rules import Clock, Rules

STEP_NAMES = {
    "ticket": gettext_lazy("Ambil nomor antrian"),
    "triage": gettext_lazy("Disambut petugas"),
    "guest_book": gettext_lazy("Isi buku tamu"),
    "card_deposit": gettext_lazy("Titip kartu untuk kunci loker"),
    "bag_deposit": gettext_lazy("Simpan tas di loker"),
    "service": gettext_lazy("Layanan"),
    "rating": gettext_lazy("Penilaian"),
    "bag_return": gettext_lazy("Ambil tas dari loker"),
    "card_return": gettext_lazy("Kartu dikembalikan"),
    "finish": gettext_lazy("Selesai"),
}

RULE_NAMES = {
    "location": gettext_lazy("Tempat layanan"),
    "queue": gettext_lazy("Nomor antrian"),
    "steps": gettext_lazy("Urutan langkah kunjungan"),
    "guest_book": gettext_lazy("Bentuk buku tamu"),
    "guest_book_fields": gettext_lazy("Isian buku tamu"),
    "identity_card": gettext_lazy("Kartu identitas diperiksa"),
    "identity_card_types": gettext_lazy("Jenis kartu"),
    "email_onsite": gettext_lazy("E-mail pada kunjungan"),
    "service_request": gettext_lazy("Mengajukan permintaan kepada petugas"),
    "locker": gettext_lazy("Loker"),
    "bag_optional": gettext_lazy("Tas: hanya jika membawa"),
    "allowed_inside": gettext_lazy("Boleh dibawa ke dalam"),
    "clock_onsite": gettext_lazy("Janji waktu, kunjungan"),
    "clock_online": gettext_lazy("Janji waktu, online"),
    "auto_close_working_days": gettext_lazy("Ditutup otomatis setelah (hari kerja)"),
    "read_hardcopy": gettext_lazy("Membaca buku tercetak"),
    "scan_request": gettext_lazy("Pindaian buku"),
    "lending": gettext_lazy("Peminjaman"),
    "removal_permission": gettext_lazy("Buku keluar hanya dengan izin"),
    "self_copying_forbidden": gettext_lazy("Dilarang menyalin sendiri"),
    "excerpt_percent": gettext_lazy("Batas salinan oleh petugas (%)"),
    "contact_online": gettext_lazy("Kontak online"),
    "account_online": gettext_lazy("Akun online"),
    "search_online": gettext_lazy("Mencari online"),
    "read_online": gettext_lazy("Membaca softcopy online"),
    "download": gettext_lazy("Mengunduh"),
    "watermark": gettext_lazy("Tanda air"),
    "ask_when_not_found": gettext_lazy("Konsultasi bila tidak ditemukan"),
    "consultation_channels": gettext_lazy("Saluran konsultasi"),
    "rating_onsite": gettext_lazy("Penilaian pada kunjungan"),
    "rating_online": gettext_lazy("Penilaian online"),
    "fee": gettext_lazy("Biaya"),
    "products": gettext_lazy("Produk"),
    "complaint_channels": gettext_lazy("Saluran pengaduan"),
}

WORDS = {
    "none": gettext_lazy("tidak ada"),
    "free": gettext_lazy("bebas, tanpa titip kartu"),
    "card_deposit": gettext_lazy("kunci ditukar dengan kartu"),
    "email": gettext_lazy("e-mail"),
    "whatsapp": "WhatsApp",
    "email_or_whatsapp": gettext_lazy("e-mail atau WhatsApp"),
    "guest_book": gettext_lazy("setelah buku tamu diisi"),
    "previous_finished": gettext_lazy("setelah antrian sebelumnya selesai"),
    "ticket": gettext_lazy("sejak nomor diambil"),
    "arrival": gettext_lazy("sejak datang"),
    "registration": gettext_lazy("setelah registrasi"),
    "login": gettext_lazy("setelah masuk akun"),
    "submitted": gettext_lazy("sejak permintaan diajukan"),
    "electronic": gettext_lazy("elektronik"),
    "electronic_or_paper": gettext_lazy("elektronik atau kertas"),
    "required": gettext_lazy("wajib"),
    "optional": gettext_lazy("boleh kosong"),
    "off": gettext_lazy("tidak ditanyakan"),
    "unspecified": gettext_lazy("tidak disebutkan"),
}


def _word(value: Any) -> str:
    return str(WORDS.get(value, value)) if isinstance(value, str) else str(value)


class Promise(NamedTuple):
    """A clock of the standard in words: "5 menit", "setelah buku tamu diisi"."""

    place: str
    limit: str
    start: str


def promises(rules: Rules) -> list[Promise]:
    """What the standard promises about time, for visits and on line; as every public page says it."""
    clocks = [(_("di kantor"), rules.clock_onsite), (_("online"), rules.clock_online)]
    return [
        Promise(place, _limit(clock), _word(clock.start))
        for place, clock in clocks
        if clock and (clock.minutes or clock.working_days)
    ]


def _limit(clock: Clock) -> str:
    if clock.working_days:
        return ngettext("%d hari kerja", "%d hari kerja", clock.working_days) % clock.working_days
    if clock.minutes:
        return ngettext("%d menit", "%d menit", clock.minutes) % clock.minutes
    return _("langsung")


def show_value(key: str, value: Any) -> str:
    """A rule's value as a sentence part in the reader's language."""
    if value is None or value == "" or value == []:
        return _("tidak ada")
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    if key == "steps":
        return " → ".join(str(STEP_NAMES.get(s["kind"], s["kind"])) for s in value)
    if key.startswith("clock_"):
        clock = Clock(value.get("start", ""), value.get("minutes"), value.get("working_days"))
        return f"{_limit(clock)} {_word(clock.start)}"
    if key == "guest_book_fields":
        return "; ".join(f"{name}: {_word(wish)}" for name, wish in value.items()) or _("seperti biasa")
    if key == "products":
        return _products(value)
    if key == "complaint_channels":
        return "; ".join(f"{c.get('label') or c.get('kind')}: {c.get('value', '')}" for c in value)
    if isinstance(value, list):
        return ", ".join(_word(v) for v in value)
    if isinstance(value, dict):
        return _show_dict(value)
    return _word(value)


def _products(value: dict[str, list[str]]) -> str:
    """The products of a visit and of the service on line; said once where they are the same."""
    onsite, online = (", ".join(value.get(channel, [])) for channel in ("onsite", "online"))
    if not onsite or not online or onsite == online:
        return onsite or online or _("tidak ada")
    return f"{_('di kantor')}: {onsite}; {_('online')}: {online}"


def _show_dict(value: dict[str, Any]) -> str:
    shown = [v for v in value.values() if v not in (None, "", [], False, True)]
    flags = [str(FLAGS.get(k, k)) for k, v in value.items() if v is True]
    parts = [_word(p) if not isinstance(p, list) else ", ".join(map(str, p)) for p in shown]
    return "; ".join(flags + parts) or _("tidak ada")


FLAGS = {
    "rating": gettext_lazy("penilaian"),
    "complaint": gettext_lazy("pengaduan"),
    "free": gettext_lazy("gratis"),
    "required": gettext_lazy("wajib"),
}
