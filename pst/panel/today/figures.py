"""How offices stand at this moment, counted: the same code for one office and for five hundred, in nine questions.

Days are each office's own. A complaint is counted only for somebody who may read it (complaints/visibility.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, Func, IntegerField, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from complaints.models.record import ComplaintQuerySet
from complaints.visibility import told
from consultation.models import Consultation
from queueing.devices import PRINTER_IN_TROUBLE, device_in_trouble
from queueing.models import Appointment, Counter, Printer
from queueing.visit_list import HAS_TURN as SERVED
from queueing.visit_list import WAITS as WAITING
from services.accounts.models import Device
from services.few import settled
from services.guestbook.models import VisitService
from services.lockers.models import Deposit, Locker
from services.mail.models import Outgoing
from services.offices.models import Office
from services.offices.models.office import TimeZone
from services.ratings.insight import FEW
from services.ratings.models import Rating
from services.whatsapp.models import OutgoingWhatsApp

Result = VisitService.Result
Rows = Iterable[Any]  # of dicts, with the key of the office among the counts
OPEN = Q(visit__ended_at=None)


@dataclass
class Figures:
    """Of one office. `mean` is that of the first `rated` ratings of the day, whole fives (services/few.py), or None; `oldest_start` and
    `next_due` are instants."""

    waiting: int = 0
    serving: int = 0
    late: int = 0  # waiting, beyond the promise
    oldest_start: datetime | None = None
    next_due: datetime | None = None
    visits: int = 0
    kept: int = 0
    missed: int = 0
    excluded: int = 0
    counters: int = 0
    counters_open: int = 0
    counters_paused: int = 0
    lockers: int = 0
    lockers_used: int = 0
    left_behind: int = 0
    consultations: int = 0
    consultations_today: int = 0
    consultations_late: int = 0
    complaints: int = 0
    complaints_late: int = 0
    devices: int = 0  # in trouble
    ratings: int = 0
    rated: int = 0
    mean: float | None = None
    appointments: int = 0
    appointments_ahead: int = 0
    mails: int = 0  # that failed
    messages: int = 0  # WhatsApp that failed

    @property
    def share(self) -> float | None:
        """Of the promises of today that can be told, how many per cent were kept; None below FEW."""
        told = self.kept + self.missed
        return 100 * self.kept / told if told >= FEW else None


def of_offices(offices: Iterable[Office], complaints: ComplaintQuerySet, now: datetime) -> dict[int, Figures]:
    """By the office's key. `complaints`: those that whoever looks may read."""
    here = [office.pk for office in offices]
    found: dict[int, Figures] = defaultdict(Figures)
    for rows in (
        _things(here, complaints, now),
        _visits(here, now),
        _deposits(here),
        _consultations(here, now),
        _complaints(here, complaints, now),
        _ratings(here, now),
        _appointments(here, now),
    ):
        for row in rows:
            _put(found[row.pop("office")], row)
    return {pk: found[pk] for pk in here}


NAMES = {field.name for field in fields(Figures)}


def _put(figures: Figures, row: dict[str, Any]) -> None:
    for name, value in row.items():
        if name in NAMES and value is not None:
            setattr(figures, name, value)


def _count(rows: QuerySet) -> Subquery:
    """How many of them an office has, as a column: `rows` are filtered by the outer office."""
    one = Func(F("pk"), function="count", output_field=IntegerField())
    return Subquery(rows.filter(office=OuterRef("pk")).order_by().annotate(n=one).values("n"))


def _things(here: list[int], visible: ComplaintQuerySet, now: datetime) -> Rows:
    """What stands in the office, and what waits in its outboxes: no more than is in the lists of whoever looks."""
    mails = told(Outgoing.objects.filter(state=Outgoing.State.DEAD), visible)
    messages = told(OutgoingWhatsApp.objects.filter(state=OutgoingWhatsApp.State.DEAD), visible)
    counters = Counter.objects.all()
    counts = {
        "counters": _count(counters),
        "counters_open": _count(counters.filter(officer__isnull=False, paused_at=None)),
        "counters_paused": _count(counters.filter(officer__isnull=False, paused_at__isnull=False)),
        "lockers": _count(Locker.objects.filter(out_of_service="")),
        "devices": _count(Device.objects.active().filter(device_in_trouble(now)))
        + _count(Printer.objects.filter(PRINTER_IN_TROUBLE)),
        "mails": _count(mails),
        "messages": _count(messages),
    }
    rows = Office.objects.filter(pk__in=here).order_by().annotate(**{f"n_{k}": v for k, v in counts.items()})
    names = ["pk", *(f"n_{name}" for name in counts)]
    return [dict(zip(["office", *counts], row, strict=True)) for row in rows.values_list(*names)]


def _visits(here: list[int], now: datetime) -> Rows:
    """Who waits and who is served, and the promises of the day; people, of a party all."""
    people = F("visit__party_size")
    running = OPEN & WAITING & Q(clock_result=Result.RUNNING)
    rows = VisitService.objects.filter(_own_day("visit__day", now), office__in=here).order_by()
    return rows.values("office").annotate(
        waiting=Coalesce(Sum(people, filter=OPEN & WAITING), 0),
        serving=Coalesce(Sum(people, filter=OPEN & SERVED & ~WAITING), 0),
        late=Count("pk", filter=running & Q(clock_due_at__lt=now)),
        oldest_start=Min("clock_started_at", filter=running),
        next_due=Min("clock_due_at", filter=running & Q(clock_due_at__gte=now)),
        visits=Count("visit", distinct=True),
        kept=Count("pk", filter=Q(clock_result=Result.KEPT)),
        missed=Count("pk", filter=Q(clock_result=Result.MISSED)),
        excluded=Count("pk", filter=Q(clock_result=Result.EXCLUDED)),
    )


def _deposits(here: list[int]) -> Rows:
    rows = Deposit.objects.open().filter(office__in=here).order_by()
    return rows.values("office").annotate(
        lockers_used=Count("locker", distinct=True),
        left_behind=Count("pk", filter=Q(visit__ended_at__isnull=False)),
    )


def _consultations(here: list[int], now: datetime) -> Rows:
    rows = Consultation.objects.filter(office__in=here, state__in=Consultation.OURS).order_by()
    return rows.values("office").annotate(
        consultations=Count("pk"),
        consultations_today=Count("pk", filter=_until_tonight("due_at", now)),
        consultations_late=Count("pk", filter=Q(due_at__lt=now)),
    )


def _complaints(here: list[int], visible: ComplaintQuerySet, now: datetime) -> Rows:
    """By the office the service was at: those that went up are still its own trouble."""
    rows = visible.filter(office__in=here).to_do().order_by()
    return rows.values("office").annotate(
        complaints=Count("pk", distinct=True),
        complaints_late=Count("pk", filter=Q(due_at__lt=now), distinct=True),
    )


def _ratings(here: list[int], now: datetime) -> Rows:
    """This page is looked at all day: a mean of all of them would tell each new one by its difference."""
    rows = Rating.objects.filter(_today("at", now), office__in=here).order_by()
    for office, stars in rows.values_list("office").annotate(stars=ArrayAgg("stars", order_by="pk")):
        rated = settled(len(stars))
        mean = sum(stars[:rated]) / rated if rated else None
        yield {"office": office, "ratings": len(stars), "rated": rated, "mean": mean}


def _appointments(here: list[int], now: datetime) -> Rows:
    booked, came = Appointment.State.BOOKED, Appointment.State.CHECKED_IN
    rows = Appointment.objects.filter(_today("starts_at", now), office__in=here, state__in=(booked, came))
    return (
        rows.order_by()
        .values("office")
        .annotate(appointments=Count("pk"), appointments_ahead=Count("pk", filter=Q(state=booked)))
    )


def _zones(now: datetime) -> Iterable[tuple[str, date, datetime, datetime]]:
    """Of each of the three zones: its name, today, and when that began and ends."""
    for name in TimeZone.values:
        zone = ZoneInfo(name)
        today = now.astimezone(zone).date()
        start = datetime.combine(today, time.min, tzinfo=zone)
        yield name, today, start.astimezone(UTC), (start + timedelta(days=1)).astimezone(UTC)


def _own_day(column: str, now: datetime) -> Q:
    """On the day it is at the office."""
    found = Q()
    for zone, today, _start, _end in _zones(now):
        found |= Q(**{"office__time_zone": zone, column: today})
    return found


def _today(column: str, now: datetime) -> Q:
    found = Q()
    for zone, _day, start, end in _zones(now):
        found |= Q(**{"office__time_zone": zone, f"{column}__gte": start, f"{column}__lt": end})
    return found


def _until_tonight(column: str, now: datetime) -> Q:
    """Still to come, before the office's midnight."""
    found = Q()
    for zone, _day, _start, end in _zones(now):
        found |= Q(**{"office__time_zone": zone, f"{column}__gte": now, f"{column}__lt": end})
    return found
