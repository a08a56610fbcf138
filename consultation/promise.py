"""The rule a clock follows, in words, with the published item it rests on: no deadline is shown without it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from services.offices.models import StandardItem, StandardRule

ANSWER, CLOSE = "clock_online", "auto_close_working_days"


@dataclass(frozen=True)
class Rule:
    """ "3 hari kerja", and "Konsultasi Statistik: Waktu Penyelesaian butir 2"."""

    days: int
    source: str

    @property
    def answer(self) -> str:
        return f"{_in_days(self.days)} {_('sejak diajukan')}"

    @property
    def close(self) -> str:
        return f"{_in_days(self.days)} {_('tanpa tanggapan pengguna')}"


@dataclass(frozen=True)
class Promised:
    """What one version of a standard promises; None: nothing."""

    answer: Rule | None = None
    close: Rule | None = None


def of(standards: Iterable[int | None]) -> dict[int | None, Promised]:
    """By the standard's key, in one question for all of them."""
    keys = {key for key in standards if key}
    found: dict[int | None, dict[str, Rule]] = {key: {} for key in keys}
    if not keys:
        return {None: Promised()}
    rows = StandardRule.objects.filter(standard__in=keys, key__in=(ANSWER, CLOSE))
    for row in rows.select_related("standard__service").defer("standard__source_text"):
        days = row.value.get("working_days") if isinstance(row.value, dict) else row.value
        if days:
            name = "answer" if row.key == ANSWER else "close"
            found[row.standard_id][name] = Rule(days, f"{row.standard.service}: {_items(row.evidence)}")
    return {None: Promised()} | {key: Promised(**rules) for key, rules in found.items()}


def _items(evidence: list) -> str:
    """ "Waktu Penyelesaian butir 2"."""
    parts = [
        _("%(section)s butir %(number)s")
        % {"section": StandardItem.Section(section).label, "number": position}
        for section, position in evidence
        if section in StandardItem.Section.values
    ]
    return "; ".join(parts) or _("ditetapkan atasan")


def _in_days(days: int) -> str:
    return ngettext("%d hari kerja", "%d hari kerja", days) % days
