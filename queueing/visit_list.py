"""The office's visits of some days, counted and page by page; the same number of questions however many there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Sum

from services.guestbook import clocks
from services.guestbook.models import Visit, VisitService
from services.lockers.models import Deposit
from services.offices.models import Office

PER_PAGE = 50
OPEN = "open"
# Of open visits those with a service somebody waits for, or has.
WAITING, SERVING = "waiting", "serving"


WAITS = Q(ticket__state="waiting") | Q(ticket=None, state=VisitService.State.WAITING)
HAS_TURN = Q(ticket__state__in=("called", "arrived")) | Q(state=VisitService.State.SERVING)


@dataclass(frozen=True)
class Asked:
    """Which visits. `service`: its slug; `outcome`: OPEN, WAITING, SERVING or a code of Visit.EndReason; empty: all."""

    since: date
    until: date
    service: str = ""
    outcome: str = ""
    number: str = ""


@dataclass(frozen=True)
class Share:
    """A piece of components/share_bar.svg; place and width in percent."""

    series: int
    label: str
    number: int
    x: float
    width: float


@dataclass(frozen=True)
class Totals:
    """Counts of all pages together. Promises are counted per service received, of the service asked for."""

    visits: int
    people: int
    unsigned: int
    day_end: int
    kept: int
    missed: int
    excluded: int

    @property
    def promises(self) -> list[Share]:
        """The pieces of the bar, side by side over its whole width; none where nothing was promised."""
        result = VisitService.Result
        parts = (
            (2, result.KEPT, self.kept),
            (3, result.MISSED, self.missed),
            (1, result.EXCLUDED, self.excluded),
        )
        percent = 100 / (sum(number for _series, _code, number in parts) or 1)
        pieces, before = [], 0
        for series, code, number in parts:
            pieces.append(Share(series, str(code.label), number, before * percent, number * percent))
            before += number
        return pieces if before else []


@dataclass(frozen=True)
class Row:
    """One line of the list: never a name, the screen faces the room."""

    visit: Visit
    services: list[tuple[VisitService, clocks.Reading]]
    held: list[Deposit]


def find(office: Office, asked: Asked) -> QuerySet[Visit]:
    """The visits asked for."""
    visits = office.visits.filter(day__gte=asked.since, day__lte=asked.until)
    if asked.outcome in (OPEN, WAITING, SERVING):
        visits = visits.open()
        visits = visits.filter(_at_moment(asked.outcome)) if asked.outcome != OPEN else visits
    elif asked.outcome:
        visits = visits.filter(end_reason=asked.outcome)
    wanted = {"service__slug": asked.service, "number": asked.number}
    wanted = {column: value for column, value in wanted.items() if value}
    if wanted:  # one and the same service of the visit
        visits = visits.filter(Exists(VisitService.objects.filter(visit=OuterRef("pk"), **wanted).order_by()))
    return visits


def _at_moment(which: str) -> Exists:
    """As the supervisor's page of today counts them (pst/panel/today/figures.py)."""
    services = VisitService.objects.filter(visit=OuterRef("pk")).order_by()
    return Exists(services.filter(WAITS if which == WAITING else HAS_TURN & ~WAITS))


def count(visits: QuerySet[Visit], service: str = "") -> Totals:
    """All counts in one question: promises are gathered per visit first, so that no visit counts twice."""
    of_service = Q(services__service__slug=service) if service else Q()
    result = VisitService.Result
    promises = {
        name: Count("services", filter=of_service & Q(services__clock_result=code))
        for name, code in (("kept", result.KEPT), ("missed", result.MISSED), ("excluded", result.EXCLUDED))
    }
    counts = (
        visits.order_by()
        .annotate(**{f"{name}_here": promise for name, promise in promises.items()})
        .aggregate(
            visits=Count("pk"),
            people=Sum("party_size", default=0),
            unsigned=Count("pk", filter=Q(guest_book_at=None)),
            day_end=Count("pk", filter=Q(end_reason=Visit.EndReason.DAY_END)),
            **{name: Sum(F(f"{name}_here"), default=0) for name in promises},
        )
    )
    return Totals(**counts)


def page_of(visits: QuerySet[Visit], number: str, total: int) -> Page:
    """The page, newest first; `total` is known already, so it is not counted again."""
    services = Prefetch("services", VisitService.objects.select_related("service").order_by("id"))
    held = Prefetch("deposits", Deposit.objects.open().select_related("locker"), to_attr="held")
    shown = _Counted(visits.order_by("-arrived_at", "-pk").prefetch_related(services, held), PER_PAGE)
    shown.total = total
    page = shown.get_page(number)
    page.object_list = [
        Row(v, [(r, clocks.read(r)) for r in v.services.all()], v.held) for v in page.object_list
    ]
    return page


class _Counted(Paginator):
    total = 0

    @property
    def count(self) -> int:
        return self.total
