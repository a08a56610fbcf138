"""How long somebody will probably wait: a range, from the office's own recent times, never a promise.

The people ahead are dealt out to the counters that are open now, each taking as long as people of that service
took lately. The more people are ahead, the wider the range. What was told is kept with the ticket and compared
with what then happened (`accuracy`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import fmean, median, pstdev
from typing import Any

from django.core.cache import cache
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.functional import cached_property

from queueing.models import Ticket, TicketStep
from queueing.models.rules import of_service
from queueing.order import in_calling_order
from services.offices.calendar import DayHours, OfficeCalendar
from services.offices.models import Office, Service

RECENT = timedelta(days=60)
MOST_CASES = 400  # of all services together
ENOUGH_CASES = 8  # of one service; with fewer its usual time is used, with a wide spread
LONGEST_SECONDS = 2 * 3600  # somebody forgotten at a counter says nothing about the others
KEEP_SECONDS = 120


@dataclass(frozen=True)
class Pace:
    """How long one person of a service keeps a counter busy: mean and spread, in seconds."""

    mean: float
    spread: float


@dataclass(frozen=True)
class Wait:
    """The seconds somebody will probably wait, from `low` to `high`."""

    low: int
    high: int

    @property
    def minutes(self) -> tuple[int, int]:
        """Rounded outwards, coarser the longer it takes: nobody is told minutes that nobody can know."""
        step = 1 if self.high <= 600 else 5
        low = math.floor(self.low / 60 / step) * step
        return low, max(math.ceil(self.high / 60 / step) * step, low + 1)

    @property
    def soon(self) -> bool:
        return self.high < 60


def paces(office: Office, services: Iterable[Service], now: datetime) -> dict[int, Pace]:
    """By service; recent times are read every two minutes at most."""
    key = f"queue-times-{office.pk}"
    cases: dict[int, list[float]] | None = cache.get(key)
    if cases is None:
        cases = _recent_times(office, now)
        cache.set(key, cases, KEEP_SECONDS)
    return {s.pk: _pace(cases.get(s.pk, []), of_service(s).usual_minutes) for s in services}


def _recent_times(office: Office, now: datetime) -> dict[int, list[float]]:
    rows: Any = (
        office.tickets.filter(
            state=Ticket.State.FINISHED,
            manual=False,
            first_called_at__isnull=False,
            ended_at__gte=now - RECENT,
        )
        .exclude(_not_at_one_counter())
        .order_by("-ended_at")
        .values_list("service", "first_called_at", "ended_at")[:MOST_CASES]
    )
    cases: dict[int, list[float]] = {}
    for service, called, ended in rows:
        cases.setdefault(service, []).append(min((ended - called).total_seconds(), LONGEST_SECONDS))
    return cases


def _not_at_one_counter() -> Any:
    """Put aside, passed on or come back: the time from the first call to the end is not what one person takes."""
    steps = TicketStep.objects.filter(subject=OuterRef("pk"))
    return Exists(steps.filter(Q(state=Ticket.State.HELD) | Q(why__in=("transfer", "rejoin"))))


def _pace(times: list[float], usual_minutes: int) -> Pace:
    if len(times) < ENOUGH_CASES:
        return Pace(usual_minutes * 60, usual_minutes * 30)
    return Pace(fmean(times), pstdev(times))


@dataclass
class _Place:
    """A counter on the way through the queue: when it is free, and how uncertain that is."""

    services: set[int]
    pk: int
    free: float = 0.0
    variance: float = 0.0

    def take(self, pace: Pace) -> None:
        self.free += pace.mean
        self.variance += pace.spread**2

    @property
    def wait(self) -> Wait:
        doubt = math.sqrt(self.variance)
        return Wait(max(0, round(self.free - doubt)), round(self.free + 1.3 * doubt))


class Forecast:
    """The queue of an office at one moment, played through once."""

    def __init__(
        self, office: Office, now: datetime | None = None, *, calendar: OfficeCalendar | None = None
    ):
        self.office, self.now = office, now or timezone.now()
        self._calendar = calendar
        self._services = list(office.services.filter(active=True).select_related("queue_rules"))
        self._paces = paces(office, self._services, self.now)
        self._places = self._open_counters()
        self._waits: dict[int, Wait | None] = {}
        order = in_calling_order(office, [s.pk for s in self._services], now=self.now)
        for ticket in order:
            self._waits[ticket.pk] = self._seat(ticket)

    def _open_counters(self) -> list[_Place]:
        places = []
        counters = self.office.counters.filter(officer__isnull=False, paused_at=None)
        busy = {t.counter_id: t for t in self.office.tickets.at_counter().of_day(self.office.today(self.now))}
        for counter in counters.prefetch_related("services"):
            place = _Place({s.pk for s in counter.services.all()}, counter.pk)
            if ticket := busy.get(counter.pk):
                self._still_busy(place, ticket)
            places.append(place)
        return places

    def sharing(self, service: Service) -> set[int]:
        """The services whose visitors are called to the counters that serve this one now; itself included."""
        return {service.pk}.union(*(p.services for p in self._places if service.pk in p.services))

    def _still_busy(self, place: _Place, ticket: Ticket) -> None:
        """Whoever is there has taken some of the usual time; the longer already, the less can be said."""
        pace = self._pace(ticket.service_id)
        taken = (self.now - (ticket.first_called_at or self.now)).total_seconds()
        place.free = max(pace.mean - taken, pace.mean * 0.25)
        place.variance = pace.spread**2

    def _pace(self, service: int) -> Pace:
        return self._paces.get(service) or Pace(300, 150)

    def _next_free(self, service: int, counter: int | None = None) -> _Place | None:
        places = [p for p in self._places if (p.pk == counter if counter else service in p.services)]
        return min(places, key=lambda p: p.free, default=None)

    def _seat(self, ticket: Ticket) -> Wait | None:
        sent = ticket.for_counter_id if ticket.for_counter and ticket.for_counter.officer_id else None
        place = self._next_free(ticket.service_id, sent) or self._next_free(ticket.service_id)
        if place is None:
            return None
        wait = place.wait
        place.take(self._pace(ticket.service_id))
        return self._over_the_break(wait)

    def _over_the_break(self, wait: Wait) -> Wait:
        """Nobody is called while the office rests."""
        hours = self._hours
        if (
            hours is None
            or hours.break_start is None
            or hours.break_end is None
            or self.now >= hours.break_end
        ):
            return wait
        begins = max(0.0, (hours.break_start - self.now).total_seconds())
        rest = (hours.break_end - max(hours.break_start, self.now)).total_seconds()
        low = wait.low + (rest if wait.low >= begins else 0)
        high = wait.high + (rest if wait.high >= begins else 0)
        return Wait(round(low), round(high))

    @cached_property
    def _hours(self) -> DayHours | None:
        calendar = self._calendar or OfficeCalendar(self.office)
        return calendar.hours_on(self.office.today(self.now))

    def of_ticket(self, ticket: Ticket) -> Wait | None:
        """None when no counter is open for it, or it does not wait."""
        return self._waits.get(ticket.pk)

    def of_newcomer(self, service: Service) -> Wait | None:
        """For somebody who would take a number now; None when no counter is open for this service."""
        place = self._next_free(service.pk)
        return self._over_the_break(place.wait) if place else None


def told(ticket: Ticket, wait: Wait | None) -> None:
    """Keep what the visitor was told first, to be measured later."""
    if wait and ticket.estimate_high is None and ticket.state == Ticket.State.WAITING:
        Ticket.objects.filter(pk=ticket.pk, estimate_high=None).update(
            estimate_low=wait.low, estimate_high=wait.high
        )


@dataclass(frozen=True)
class Accuracy:
    """How right the estimates were: number of cases, median error in seconds, share that fell into the range."""

    cases: int
    median_error: int | None = None
    within: float | None = None

    @property
    def minutes_off(self) -> float:
        return (self.median_error or 0) / 60

    @property
    def percent_within(self) -> int:
        return round(100 * (self.within or 0))


def accuracy(office: Office, since: date, until: date) -> dict[int, Accuracy]:
    """By service, over the service days from `since` to `until`. The error is the distance of the real wait from the
    middle of what was told; people called at their own wish later, or from a paper slip, are left out."""
    rows: Any = (
        office.tickets.filter(
            day__gte=since, day__lte=until, estimate_high__isnull=False, first_called_at__isnull=False,
            manual=False, more_time=0, appointment_at=None,
        )
        .annotate(waited=F("first_called_at") - F("issued_at"))
        .values_list("service", "estimate_low", "estimate_high", "waited")
    )  # fmt: skip
    errors: dict[int, list[tuple[float, bool]]] = {}
    for service, low, high, waited in rows:
        seconds = waited.total_seconds()
        low_shown, high_shown = (m * 60 for m in Wait(low, high).minutes)
        inside = low_shown <= seconds <= high_shown
        errors.setdefault(service, []).append((abs(seconds - (low + high) / 2), inside))
    return {
        service: Accuracy(len(found), round(median(e for e, _in in found)), fmean(i for _e, i in found))
        for service, found in errors.items()
    }
