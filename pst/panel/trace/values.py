"""What stands in a line of the trace, in the words of the screens: not the codes it is stored in. What was typed by somebody, and
a code nobody named, stays as it is."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pst.panel.trace import words
from pst.reports import making
from services.guestbook.clocks import REASONS
from services.guestbook.models import VisitStep

# Why a record was read, and why something was done, where the software itself says it.
WHY: dict[str, Any] = {
    "again": gettext_lazy("dicoba lagi"), "calendar": gettext_lazy("kalender berubah"), "calendar or rules": gettext_lazy("kalender atau aturan berubah"),
    "complainant wrote": gettext_lazy("pelapor menulis"), "desk": gettext_lazy("di meja"), "duplicates": gettext_lazy("tamu ganda"),
    "erasure": gettext_lazy("permintaan hapus"), "export": gettext_lazy("diunduh"), "file": gettext_lazy("berkas"), "flood": gettext_lazy("banjir kiriman"),
    "identity": gettext_lazy("memeriksa pemohon"), "mail_in": gettext_lazy("surat masuk"), "mail_in_whole": gettext_lazy("surat masuk, utuh"),
    "marked copies": gettext_lazy("daftar salinan softcopy"), "more time": gettext_lazy("waktu ditambah"), "outbox": gettext_lazy("surat keluar"),
    "owner": gettext_lazy("pemilik data"), "paper slip": gettext_lazy("slip kertas"), "phone": gettext_lazy("telepon"), "ratings": gettext_lazy("daftar penilaian"),
    "recognised": gettext_lazy("dikenali"), "request": gettext_lazy("permintaan data pribadi"), "serial found": gettext_lazy("nomor seri ditemukan"),
    "softcopy": gettext_lazy("softcopy"), "transfer": gettext_lazy("dialihkan"), "undo": gettext_lazy("diurungkan"), "visitor": gettext_lazy("pengunjung"),
}  # fmt: skip
DAYS = ("since", "until", "day")
STATES = ("was", "state")


def said(kind: str, key: str, value: Any) -> Any:
    """`kind`: of the record ("complaints.complaint"), `key`: what the value is called in the line."""
    if isinstance(value, str) and value.startswith("{"):
        value = _read(value)
    if isinstance(value, dict):
        return {field_words(kind, name): said(kind, name, one) for name, one in value.items()}
    if isinstance(value, list):
        named = key in ("fields", "columns", "changed")
        return [field_words(kind, str(one)) if named else said(kind, key, one) for one in value]
    if not isinstance(value, str):
        return value
    if key in STATES and (state := words.state_words(kind, value)):
        return state
    return _choice(kind, key, value) or _named(key, value) or value


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _named(key: str, value: str) -> str:
    """Of a key that says the same whatever the record is."""
    if key == "report":
        return _report(value)
    if key in DAYS:
        return _day(value)
    if key == "form":
        return value.upper()
    known: dict[str, dict[Any, Any]] = {
        "why": WHY,
        "reason": REASONS,
        "outcome": dict(VisitStep.Outcome.choices),
    }
    return str(known.get(key, {}).get(value, ""))


def _report(key: str) -> str:
    try:
        return making.title_of(key)
    except KeyError:
        return ""


def _day(value: str) -> str:
    try:
        return date_format(date.fromisoformat(value), "j M Y")
    except ValueError:
        return ""


def _field(kind: str, name: str) -> Any:
    try:
        return apps.get_model(kind)._meta.get_field(name)
    except (LookupError, ValueError, FieldDoesNotExist):
        return None


def _choice(kind: str, name: str, value: str) -> str:
    """As the form of the record has it."""
    choices = getattr(_field(kind, name), "flatchoices", None) or ()
    return str(dict(choices).get(value, ""))


def field_words(kind: str, name: str) -> str:
    """A field's own name where there is such a field."""
    return str(getattr(_field(kind, name), "verbose_name", "") or LABELS.get(name) or name)


LABELS: dict[str, Any] = {
    "why": gettext_lazy("sebab"), "reason": gettext_lazy("alasan"), "was": gettext_lazy("sebelumnya"), "kind": gettext_lazy("jenis"),
    "rows": gettext_lazy("baris"), "form": gettext_lazy("bentuk"), "fields": gettext_lazy("isian"), "columns": gettext_lazy("isian"),
    "state": gettext_lazy("status"), "pages": gettext_lazy("halaman"), "service": gettext_lazy("layanan"), "what": gettext_lazy("apa"),
    "count": gettext_lazy("jumlah"), "found": gettext_lazy("ditemukan"), "channel": gettext_lazy("saluran"), "since": gettext_lazy("dari"),
    "until": gettext_lazy("sampai"), "undoes": gettext_lazy("mengembalikan baris"), "added": gettext_lazy("baru"),
    "deleted": gettext_lazy("dihapus"), "report": gettext_lazy("laporan"), "now": gettext_lazy("menjadi"), "place": gettext_lazy("kantor"),
    "source": gettext_lazy("berkas asal"), "sha256": gettext_lazy("sidik berkas"), "element": gettext_lazy("unsur"),
    "outcome": gettext_lazy("hasil"), "consent": gettext_lazy("persetujuan"), "day": gettext_lazy("hari"), "handed": gettext_lazy("diserahkan"),
    "purpose": gettext_lazy("keperluan"), "filename": gettext_lazy("berkas"), "number": gettext_lazy("nomor"), "publication": gettext_lazy("publikasi"),
    "role": gettext_lazy("peran"), "version": gettext_lazy("versi"), "to": gettext_lazy("ke"), "name": gettext_lazy("nama"),
    "tags": gettext_lazy("label"), "access": gettext_lazy("izin baca"), "embargo_until": gettext_lazy("embargo sampai"),
    "how": gettext_lazy("cara"), "office": gettext_lazy("kantor"), "active": gettext_lazy("aktif"), "numbers": gettext_lazy("nomor"),
}  # fmt: skip


def report_words(detail: dict[str, Any]) -> str:
    """Which report of which days left the house: "Kunjungan, 1 Okt 2026 – 31 Okt 2026"; empty for what is no report."""
    if not (key := detail.get("report")):
        return ""
    days = " – ".join(_day(str(detail[name])) for name in ("since", "until") if detail.get(name))
    return (
        _("%(report)s, %(days)s") % {"report": _report(str(key)), "days": days} if days else _report(str(key))
    )
