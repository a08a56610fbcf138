"""What visitors tapped: stars by month, service, kind of service received and promise; as the panel's "Wawasan" says them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Avg, Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.models import Element
from pst.reports.aggregates import Month
from pst.reports.catalogue import Report
from pst.reports.scope import Scope
from pst.reports.tables import FEW, Column, Row, Table
from services.few import FEWEST
from services.ratings import insight
from services.ratings.insight import KEPT_OR_MISSED, Said
from services.ratings.models import Rating


def rated(scope: Scope) -> QuerySet[Rating]:
    rows = Rating.objects.filter(scope.within("at")).order_by()
    return rows.filter(service=scope.service) if scope.service else rows


def build(scope: Scope) -> Iterator[Table]:
    rows = rated(scope)
    whole = rows.aggregate(n=Count("pk"), mean=Avg("stars"))
    yield _stars(rows, whole["n"])
    yield _means(
        "months",
        _("Menurut bulan"),
        Column(_("Bulan"), "month"),
        insight.by(rows.annotate(key=Month("at")), str),
        whole,
    )
    yield _means(
        "services", _("Menurut layanan"), Column(_("Layanan")),
        insight.by(rows, lambda name: _(name) if name else _("Tanpa layanan"), "service__name", none=True), whole,
    )  # fmt: skip
    yield _means(
        "things", _("Menurut yang dinilai"), Column(_("Yang dinilai")), insight.by(rows, lambda about: str(Rating.About(about).label), "about"), whole,
    )  # fmt: skip
    promise = insight.by(rows, insight.promised, "received__clock_result", among=KEPT_OR_MISSED)
    yield _means("promise", _("Janji waktu dan penilaian"), Column(_("Janji waktu")), promise, None)
    yield _praised("reasons", _("Alasan"), insight.reasons_said(rows))
    names = dict(Element.choices)
    yield _praised(
        "elements",
        _("Unsur pelayanan"),
        [(str(names[code]), *more) for code, *more in insight.elements_said(rows)],
    )


def _definition() -> str:
    return _(
        "Penilaian 1–5 bintang yang diberikan pada periode ini, paling banyak satu untuk tiap orang yang dilayani. Rata-rata dari kurang dari %d penilaian, dan yang dapat dihitung darinya, tidak disebut."
    ) % FEWEST  # fmt: skip


def _stars(rows: QuerySet[Rating], every: int) -> Table:
    found: list[Row] = [
        [_("%d bintang") % value, FEW if n is None else n, FEW if n is None else n / every if every else None]
        for value, n in insight.stars(rows)
    ]
    return Table(
        "stars", _("Menurut nilai"), _definition(),
        [Column(_("Nilai")), Column(_("Penilaian"), "count"), Column(_("Bagian"), "share")],
        found if every else [], total=[_("Jumlah"), every, None],
    )  # fmt: skip


def _means(
    key: str, title: str, first: Column, found: Iterable[insight.Row], whole: dict[str, Any] | None
) -> Table:
    """`whole`: of all rows, where they are parts of it."""
    rows: list[Row] = [[row.label, row.count, FEW if row.mean is None else row.mean] for row in found]
    total: Row | None = None
    if whole:
        total = [_("Semua"), whole["n"], whole["mean"] if whole["n"] >= FEWEST else FEW]
    return Table(
        key, title, _definition(), [first, Column(_("Penilaian"), "count"), Column(_("Rata-rata"), "index")], rows, total=total, draw=(2,),
    )  # fmt: skip


def _praised(key: str, title: str, said: Iterable[Said | tuple[Any, ...]]) -> Table:
    rows: list[Row] = [
        [name, FEW if good is None else good, FEW if bad is None else bad] for name, good, bad in said
    ]
    return Table(
        key, title, _("Alasan yang disentuh bersama bintang: 4–5 dipuji, 1–3 dikeluhkan. Yang dipuji atau dikeluhkan kurang dari %d orang tidak disebut.") % FEWEST,
        [Column(title), Column(_("Dipuji"), "count"), Column(_("Dikeluhkan"), "count")], rows, draw=(),
    )  # fmt: skip


REPORT = Report(
    "ratings", gettext_lazy("Penilaian bintang"), gettext_lazy("Berapa bintang, menurut bulan, layanan, dan alasannya."), build, by_service=True,
)  # fmt: skip
