"""The survey of data needs (SKD): importance beside satisfaction of each item, and the gap between them (domain.md §5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pst.reports.catalogue import Report
from pst.reports.kinds.survey_parts import months, months_meant, number, profile, selection_of, why_not
from pst.reports.scope import Scope
from pst.reports.tables import Column, Row, Table
from services import periods
from services.surveys import figures
from services.surveys.charts import chart_of
from services.surveys.figures import name_of
from services.surveys.models import Instrument
from services.surveys.results import Selection
from services.surveys.showing import show
from services.surveys.side_by_side import side_by_side

KIND = Instrument.Kind.SKD.value


def build(scope: Scope) -> Iterator[Table]:
    selection = selection_of(scope, KIND)
    if scope.several:
        yield _offices(selection)
        return
    found = figures.of(selection)
    yield _respondents(selection, found)
    yield _items(found)
    yield months(selection)
    yield from profile(show(found, selection.since, selection.until))


def _respondents(selection: Selection, found: dict[str, Any]) -> Table:
    row: Row = [
        periods.label(selection.since, selection.until),
        found["respondents"],
        found["served"],
        found["wanted"],
    ]
    said = _("Siapa mengisi, dibanding orang yang dilayani; sampel menurut Krejcie–Morgan.")
    return Table(
        "respondents", _("Responden"), " ".join(filter(None, [said, months_meant(selection), why_not(found)])),
        [Column(_("Periode")), Column(_("Responden"), "count"), Column(_("Orang dilayani"), "count"), Column(_("Sampel paling sedikit"), "count")],
        [row], draw=(),
    )  # fmt: skip


def _items(found: dict[str, Any]) -> Table:
    items = found["elements"]
    rows: list[Row] = [
        [f"{e['code']} {name_of(e['code'], e['texts'])}", number(e["importance"]), number(e["satisfaction"]), number(e["gap"])] for e in items
    ]  # fmt: skip
    texts = {e["code"]: e["texts"] for e in items}
    widest = "; ".join(f"{code} {name_of(code, texts[code]).rstrip('.')}" for code in found["lowest"])
    said = _(
        "Rata-rata pada skala 1–10, tidak diubah menjadi indeks; kesenjangan: kepentingan dikurangi kepuasan, positif berarti kurang dari yang diharapkan."
    )
    chart = chart_of(found)
    legend = [{"series": 1, "name": _("Kepentingan")}, {"series": 3, "name": _("Kepuasan")}]
    return Table(
        "items", _("Kepentingan dan kepuasan"), f"{said} {_('Kesenjangan terbesar: %s.') % widest}" if widest else said,
        [Column(_("Butir")), Column(_("Kepentingan"), "index"), Column(_("Kepuasan"), "index"), Column(_("Kesenjangan"), "index")], rows,
        chart={**chart, "legend": legend} if chart else None,
    )  # fmt: skip


def _offices(selection: Selection) -> Table:
    rows: list[Row] = []
    for each in side_by_side(selection):
        widest = each.widest
        gap = number(figures.two(widest.gap)) if widest and widest.gap is not None else None
        rows.append(
            [each.office.name, each.respondents, each.served, each.wanted, widest.code if widest else "", gap]
        )
    said = _(
        "Hasil setiap kantor, seperti pada panelnya sendiri; tidak dijumlahkan. Kosong: terlalu sedikit responden, atau tidak ada kesenjangan."
    )
    return Table(
        "offices", _("SKD menurut kantor"), f"{said} {months_meant(selection)}",
        [Column(_("Kantor")), Column(_("Responden"), "count"), Column(_("Orang dilayani"), "count"), Column(_("Sampel paling sedikit"), "count"),
         Column(_("Butir dengan kesenjangan terbesar")), Column(_("Kesenjangan"), "index")], rows, draw=(),
    )  # fmt: skip


REPORT = Report(
    "skd", gettext_lazy("Survei Kebutuhan Data (SKD)"), gettext_lazy("Kepentingan, kepuasan, dan kesenjangan menurut responden."), build, by_service=True,
)  # fmt: skip
