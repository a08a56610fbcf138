"""A line of the trace as the supervisor reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pst.panel.trace import words
from services.audit.models import AuditEntry

ACTORS: dict[str, Any] = {
    "officer": gettext_lazy("petugas"),
    "system": gettext_lazy("sistem"),
    "device": gettext_lazy("perangkat"),
    "visitor": gettext_lazy("pengunjung"),
}
# Where the record itself is opened; there the reading is written down once more.
PAGES = {
    "guestbook.visit": "queueing:desk_visit",
    "complaints.complaint": "complaints:detail",
    "library.copy": "library:copy",
    "privacy.privacyrequest": "privacy:answer",
    "offices.standard": "panel:standard",
}
SAID = {
    "why": gettext_lazy("sebab"), "reason": gettext_lazy("alasan"), "was": gettext_lazy("sebelumnya"), "kind": gettext_lazy("jenis"),
    "rows": gettext_lazy("baris"), "form": gettext_lazy("bentuk"), "fields": gettext_lazy("isian"), "columns": gettext_lazy("isian"),
    "state": gettext_lazy("status"), "pages": gettext_lazy("halaman"), "service": gettext_lazy("layanan"), "what": gettext_lazy("apa"),
    "count": gettext_lazy("jumlah"), "found": gettext_lazy("ditemukan"), "channel": gettext_lazy("saluran"), "since": gettext_lazy("dari"),
    "until": gettext_lazy("sampai"), "undoes": gettext_lazy("mengembalikan baris"), "added": gettext_lazy("baru"),
    "deleted": gettext_lazy("dihapus"), "report": gettext_lazy("laporan"),
}  # fmt: skip
SHORT = 80


@dataclass(frozen=True)
class Line:
    entry: AuditEntry
    who: str
    what: str
    reads: bool
    target: str
    url: str
    detail: str

    @property
    def about(self) -> str:
        """For the link to all lines about the same record."""
        return f"{self.entry.target_type}:{self.entry.target_id}" if self.entry.target_id else ""


def line(entry: AuditEntry, *, own: bool = True) -> Line:
    """`own`: of the office one is in; records of others have no link."""
    page = PAGES.get(entry.target_type)
    return Line(
        entry, who(entry), words.words(entry.action), words.group_of(entry.action) == "baca",
        words.target_words(entry.target_type, entry.target_id),
        reverse(page, args=[entry.target_id]) if own and page and entry.target_id else "", detail(entry),
    )  # fmt: skip


def who(entry: AuditEntry) -> str:
    if entry.user:
        return str(entry.user) if entry.actor == "officer" else _("%s (akun)") % _("pengunjung")
    kind = str(ACTORS.get(entry.actor, entry.actor))
    return f"{kind}: {entry.device}" if entry.device else kind


def detail(entry: AuditEntry) -> str:
    parts = [
        f"{SAID.get(k, k)}: {_short(_state(entry, k, v))}"
        for k, v in entry.detail.items()
        if k != "changed" and v not in ("", None, [])
    ]
    changed = entry.detail.get("changed")
    if isinstance(changed, dict):
        parts += [
            f"{field_words(entry.target_type, name)}: {_short(was)} → {_short(now)}"
            for name, (was, now) in changed.items()
        ]
    elif changed:
        parts.append(_("isian: %s") % _short(changed))
    return "; ".join(parts)


def _state(entry: AuditEntry, key: str, value: Any) -> Any:
    """A state as its machine says it."""
    if key not in ("was", "state") or not isinstance(value, str):
        return value
    return words.state_words(entry.target_type, value) or value


def _short(value: Any) -> str:
    if value is None or value == "":
        return _("kosong")
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    if isinstance(value, (list, tuple)):
        value = ", ".join(map(str, value))
    elif isinstance(value, dict):
        value = ", ".join(f"{k}: {v}" for k, v in value.items())
    text = str(value)
    return text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"


def field_words(target: str, name: str) -> str:
    """A field's own name where there is such a field."""
    try:
        return str(apps.get_model(target)._meta.get_field(name).verbose_name)
    except (LookupError, ValueError, AttributeError, FieldDoesNotExist):
        return name
