"""What the reports of both surveys have in common. Every figure comes from services/surveys, which also decides what is not told
(docs/decisions/039): the panel, the survey's own A4 report and these tables show the same numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from pst.reports.scope import Scope
from pst.reports.tables import FEW, Column, Row, Table
from services import periods
from services.few import FEWEST
from services.surveys.results import Selection

HIDDEN = "–"  # as services/surveys/showing.py writes a group that is not told


def selection_of(scope: Scope, kind: str) -> Selection:
    """Whole months, whatever days the period has."""
    return Selection(scope.offices, kind, scope.period.since, scope.period.until, scope.service)


def months_meant(selection: Selection) -> str:
    """Survey results are of whole months: which ones stands under the table."""
    return _("Bulan penuh: %s.") % periods.label(selection.since, selection.until)


def why_not(found: dict[str, Any]) -> str:
    """Why there are no results, or nothing."""
    if found["shown"] or not found["respondents"]:
        return ""
    if found.get("withheld"):
        return _("Hasil tidak ditampilkan: selisihnya dengan hasil lain kurang dari %d responden.") % FEWEST
    return _("Hasil ditampilkan mulai %d responden.") % FEWEST


def number(text: str) -> float | None:
    """ "78.24" as a cell."""
    return float(text) if text else None


def months(selection: Selection) -> Table:
    rows = selection.responses().order_by().annotate(month=TruncMonth("day")).values_list("month")
    found: list[Row] = [[f"{month:%Y-%m}", n] for month, n in rows.annotate(n=Count("pk")).order_by("month")]
    return Table(
        "months", _("Responden menurut bulan"), f"{_('Kuesioner yang diisi, menurut bulan layanannya.')} {months_meant(selection)}",
        [Column(_("Bulan"), "month"), Column(_("Responden"), "count")], found, total=[_("Jumlah"), sum(int(row[1] or 0) for row in found)],
    )  # fmt: skip


def profile(shown: dict[str, Any]) -> Iterator[Table]:
    """Of the respondents, as they said; few are hidden by the survey's own figures."""
    every = shown["respondents"]
    for place, group in enumerate(shown["profile"]):
        rows: list[Row] = [
            [row["text"], FEW, FEW] if row["count"] == HIDDEN else [row["text"], row["count"], row["count"] / every]
            for row in group["rows"]
        ]  # fmt: skip
        yield Table(
            f"profile-{place}", _("Responden menurut %s") % group["name"].lower(),
            _("Menurut yang ditulis responden dalam kuesioner."),
            [Column(group["name"]), Column(_("Responden"), "count"), Column(_("Bagian"), "share")], rows, total=[_("Jumlah"), every, None],
        )  # fmt: skip
