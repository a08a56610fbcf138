"""What visitors tapped: stars by month, service, kind of service received and promise; as the panel's "Wawasan" says them."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import F, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.models import Element
from pst.reports.catalogue import Report
from pst.reports.scope import Scope
from pst.reports.tables import FEW, Column, Row, Table
from services import periods
from services.few import FEWEST
from services.ratings import insight
from services.ratings.counting import Asked
from services.ratings.insight import KEPT_OR_MISSED, Said


def asked_of(scope: Scope) -> Asked:
    """Whole months, whatever days the period has, as the panel's: periods of days could be subtracted from each other."""
    since, until = scope.period.since, scope.period.until
    last = until.replace(day=monthrange(until.year, until.month)[1])
    return Asked(scope.offices, since.replace(day=1), last, scope.service)


def build(scope: Scope) -> Iterator[Table]:
    asked = asked_of(scope)
    about = _definition(asked)
    named = Coalesce(F("service__name"), Value(""))  # a row for what has no service
    yield _stars(asked, about)
    months = insight.trend(asked, lambda at: f"{at:%Y-%m}")
    services = insight.by(asked, lambda name: _(name) if name else _("Tanpa layanan"), named)
    things = insight.by(asked, insight.thing, F("about"))
    promise = insight.by(asked, insight.promised, F("received__clock_result"), among=KEPT_OR_MISSED)
    yield _means("months", _("Menurut bulan"), Column(_("Bulan"), "month"), months, about, asked)
    yield _means("services", _("Menurut layanan"), Column(_("Layanan")), services, about, asked)
    yield _means("things", _("Menurut yang dinilai"), Column(_("Yang dinilai")), things, about, asked)
    yield _means("promise", _("Janji waktu dan penilaian"), Column(_("Janji waktu")), promise, about)
    yield _praised("reasons", _("Alasan"), insight.reasons_said(asked))
    names = dict(Element.choices)
    elements = [(str(names[code]), *more) for code, *more in insight.elements_said(asked)]
    yield _praised("elements", _("Unsur pelayanan"), elements)


def _definition(asked: Asked) -> str:
    told = _(
        "Penilaian 1–5 bintang, paling banyak satu untuk tiap orang yang dilayani. Rata-rata dari kurang dari %d penilaian, dan yang dapat dihitung darinya, juga dari selisih dengan bulan lain, tidak disebut."
    ) % FEWEST  # fmt: skip
    months = _("Bulan penuh: %s.") % periods.label(asked.since, asked.until)
    return f"{told} {months}"


def _stars(asked: Asked, about: str) -> Table:
    found: list[Row] = [
        [_("%d bintang") % value, FEW if n is None else n, FEW if n is None else n / asked.count]
        for value, n in insight.stars(asked)
        if asked.count
    ]
    return Table(
        "stars", _("Menurut nilai"), about,
        [Column(_("Nilai")), Column(_("Penilaian"), "count"), Column(_("Bagian"), "share")],
        found, total=[_("Jumlah"), asked.count, None],
    )  # fmt: skip


def _means(
    key: str, title: str, first: Column, found: Iterable[insight.Row], about: str, asked: Asked | None = None
) -> Table:
    """`asked`: all of them, where the rows are its parts."""
    rows: list[Row] = [[row.label, row.count, FEW if row.mean is None else row.mean] for row in found]
    total: Row | None = None
    if asked:
        whole = insight.mean(asked)
        total = [_("Semua"), asked.count, FEW if whole is None else whole]
    return Table(
        key, title, about, [first, Column(_("Penilaian"), "count"), Column(_("Rata-rata"), "index")], rows, total=total, draw=(2,), top=5,
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
