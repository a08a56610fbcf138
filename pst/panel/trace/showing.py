"""A line of the trace as the supervisor reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pst.panel.trace import values, words
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
        f"{values.LABELS.get(k, k)}: {_short(values.said(entry.target_type, k, v))}"
        for k, v in entry.detail.items()
        if k != "changed" and v not in ("", None, [])
    ]
    changed = entry.detail.get("changed")
    if isinstance(changed, dict):
        parts += [
            f"{values.field_words(entry.target_type, name)}: "
            f"{_short(values.said(entry.target_type, name, was))} → {_short(values.said(entry.target_type, name, now))}"
            for name, (was, now) in changed.items()
        ]
    elif changed:
        parts.append(_("isian: %s") % _short(values.said(entry.target_type, "changed", changed)))
    return "; ".join(parts)


def _short(value: Any) -> str:
    if value is None or value == "":
        return _("kosong")
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    if isinstance(value, (list, tuple)):
        value = ", ".join(map(str, value))
    elif isinstance(value, dict):
        value = ", ".join(f"{k}: {_short(v)}" for k, v in value.items())
    text = str(value)
    return text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"
