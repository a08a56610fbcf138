"""The survey of public satisfaction (SKM): index, grade and the nine elements (PermenPANRB 14/2017, domain.md §5)."""

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
from services.few import FEWEST
from services.surveys import figures, results, withheld
from services.surveys.charts import chart_of
from services.surveys.figures import GRADE_WORDS, name_of
from services.surveys.models import Instrument
from services.surveys.results import Selection
from services.surveys.showing import show
from services.surveys.side_by_side import side_by_side

KIND = Instrument.Kind.SKM.value


def build(scope: Scope) -> Iterator[Table]:
    selection = selection_of(scope, KIND)
    if scope.several:
        yield _offices(selection)
        return
    found = figures.of(selection)
    yield _index(scope, selection, found)
    yield _elements(found)
    yield months(selection)
    yield from profile(show(found, selection.since, selection.until))


def _columns(first: str) -> list[Column]:
    return [
        Column(first), Column(_("Responden"), "count"), Column(_("Orang dilayani"), "count"), Column(_("Sampel paling sedikit"), "count"),
        Column("IKM", "index"), Column(_("Mutu")),
    ]  # fmt: skip


def _graded(grade: str) -> str:
    return f"{grade} ({GRADE_WORDS[grade]})" if grade else ""


def _index(scope: Scope, selection: Selection, found: dict[str, Any]) -> Table:
    """Of the period and of the one before it."""
    last = selection_of(scope.before(), KIND)
    then = results.summary(last)
    index = then.result if then.respondents >= FEWEST and withheld.may_be_shown(last) else None
    rows: list[Row] = [
        [periods.label(selection.since, selection.until), found["respondents"], found["served"], found["wanted"], number(found["ikm"]), _graded(found["grade"])],
        [periods.label(last.since, last.until), then.respondents, then.served, then.wanted, float(index.ikm) if index else None, _graded(index.grade) if index else ""],
    ]  # fmt: skip
    said = _(
        "Indeks Kepuasan Masyarakat, skala 25–100: rata-rata tiap unsur dikali bobot 1/9 yang tepat, dijumlahkan, dikali 25. Sampel menurut Krejcie–Morgan dari orang yang dilayani."
    )
    return Table(
        "index", _("Indeks Kepuasan Masyarakat (IKM)"), " ".join(filter(None, [said, months_meant(selection), why_not(found)])),
        _columns(_("Periode")), rows, draw=(),
    )  # fmt: skip


def _elements(found: dict[str, Any]) -> Table:
    rows: list[Row] = [
        [f"{e['code']} {name_of(e['code'])}", number(e["nrr"]), number(e["index"]), e["grade"]] for e in found["elements"] if "nrr" in e  # with an element nobody answered there is no index
    ]  # fmt: skip
    lowest = "; ".join(f"{code} {name_of(code)}" for code in found["lowest"])
    said = _("Nilai rata-rata tiap unsur pada skala 1–4; indeks: dikali 25, dengan mutunya sendiri.")
    return Table(
        "elements", _("Sembilan unsur"), f"{said} {_('Terendah: %s.') % lowest}" if lowest else said,
        [Column(_("Unsur")), Column(_("Nilai rata-rata"), "mean"), Column(_("Indeks"), "index"), Column(_("Mutu"))], rows,
        total=["IKM", None, number(found["ikm"]), found["grade"]] if rows else None, chart=chart_of(found) if rows else None,
    )  # fmt: skip


def _offices(selection: Selection) -> Table:
    rows: list[Row] = [
        [each.office.name, each.respondents, each.served, each.wanted, float(each.result.ikm) if each.result else None, each.result.grade if each.result else ""]
        for each in side_by_side(selection)
    ]  # fmt: skip
    said = _(
        "Hasil setiap kantor, seperti pada panelnya sendiri. Tidak dijumlahkan: dari jumlahnya dapat dihitung hasil kantor yang tidak disebut karena respondennya terlalu sedikit."
    )
    return Table(
        "offices", _("IKM menurut kantor"), f"{said} {months_meant(selection)}", _columns(_("Kantor")), rows, draw=(4,),
    )  # fmt: skip


REPORT = Report(
    "skm", gettext_lazy("Survei Kepuasan Masyarakat (SKM)"), gettext_lazy("Indeks, mutu, dan sembilan unsur menurut responden."), build, by_service=True,
)  # fmt: skip
