"""Appointment slots: which times a service offers, how many places each still has, and what no longer fits.

A slot lies wholly within service hours and outside the break, on a day the office's calendar has open. All
instants are aware; days and times are the office's own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Exists
from django.utils import timezone

from queueing.models import Appointment
from queueing.models.rules import ServiceQueue, of_service
from queueing.selectors import takes_numbers
from services.offices.calendar import DayHours, OfficeCalendar
from services.offices.models import Office, Service

LIVE = (Appointment.State.BOOKED, Appointment.State.CHECKED_IN)


@dataclass(frozen=True)
class Slot:
    starts_at: datetime
    ends_at: datetime
    free: int


def bookable(office: Office) -> list[Service]:
    """The services one may book: those with slots, where one queues at all."""
    services = office.services.filter(active=True, queue_rules__slot_people__gt=0)
    return [s for s in services.select_related("queue_rules").with_standard() if takes_numbers(s)]


def offered_today(office: Office, now: datetime | None = None) -> bool:
    """Whether the tablet asks for appointments: somebody has one today, or might."""
    open_for_booking = office.services.filter(active=True, queue_rules__slot_people__gt=0)
    today = of_day(office, office.today(now))
    return Office.objects.filter(Exists(open_for_booking) | Exists(today), pk=office.pk).exists()


def day_bounds(office: Office, day: date) -> tuple[datetime, datetime]:
    """Midnight to midnight of the office."""
    begin = datetime.combine(day, time(), tzinfo=office.zone)
    return begin, datetime.combine(day + timedelta(days=1), time(), tzinfo=office.zone)


def of_day(office: Office, day: date):
    begin, end = day_bounds(office, day)
    return office.appointments.filter(starts_at__gte=begin, starts_at__lt=end)


def grid(hours: DayHours | None, minutes: int) -> list[tuple[datetime, datetime]]:
    """The slots of a day: from opening to the break, and anew from the end of the break to closing."""
    if hours is None:
        return []
    pieces = [(hours.opens, hours.closes)]
    if hours.break_start and hours.break_end:
        # Nothing keeps a break from lying partly outside the hours of an exceptional day.
        pieces = [
            (hours.opens, min(hours.break_start, hours.closes)),
            (max(hours.break_end, hours.opens), hours.closes),
        ]
    step, slots = timedelta(minutes=minutes), []
    for begin, end in pieces:
        while begin + step <= end:
            slots.append((begin, begin + step))
            begin += step
    return slots


def days(office: Office, rules: ServiceQueue, now: datetime) -> list[date]:
    """Today and as many days after it as one may book ahead."""
    today = office.today(now)
    return [today + timedelta(days=n) for n in range(rules.days_ahead + 1)]


def slots_on(
    service: Service, day: date, now: datetime | None = None, calendar: OfficeCalendar | None = None
) -> list[Slot]:
    """The slots of a day that are still to come, also the full ones. Empty beyond the days one may book."""
    now, rules, office = now or timezone.now(), of_service(service), service.office
    if not rules.slot_people or day not in days(office, rules, now):
        return []
    calendar = calendar or OfficeCalendar(office)
    return _with_places(service, rules, grid(calendar.hours_on(day), rules.slot_minutes), now)


def _with_places(
    service: Service, rules: ServiceQueue, times: Iterable[tuple[datetime, datetime]], now: datetime
) -> list[Slot]:
    times = [t for t in times if t[0] > now]
    if not times:
        return []
    rows = service.appointments.filter(
        state__in=LIVE, starts_at__gte=times[0][0], starts_at__lt=times[-1][1]
    ).values_list("starts_at", flat=True)
    booked = list(rows)
    # An appointment made when slots had another length takes its place in the slot it now begins in.
    return [
        Slot(begin, end, max(0, rules.slot_people - sum(begin <= at < end for at in booked)))
        for begin, end in times
    ]


@dataclass(frozen=True)
class BookingDay:
    day: date
    free: int


def days_with_places(service: Service, now: datetime | None = None) -> list[BookingDay]:
    """The days that have slots at all, with the places left on each (0: full). Four queries."""
    now, rules, office = now or timezone.now(), of_service(service), service.office
    calendar = OfficeCalendar(office)
    times = [t for d in days(office, rules, now) for t in grid(calendar.hours_on(d), rules.slot_minutes)]
    free: dict[date, int] = {}
    for slot in _with_places(service, rules, times, now):
        day = office.today(slot.starts_at)
        free[day] = free.get(day, 0) + slot.free
    return [BookingDay(day, places) for day, places in free.items()]


def next_free(service: Service, after: datetime, now: datetime | None = None, most: int = 3) -> list[Slot]:
    """The free slots from `after` on: what to offer whoever was too late for a place."""
    now, rules, office = now or timezone.now(), of_service(service), service.office
    calendar = OfficeCalendar(office)
    times = [t for d in days(office, rules, now) for t in grid(calendar.hours_on(d), rules.slot_minutes)]
    found = [s for s in _with_places(service, rules, times, now) if s.free and s.starts_at >= after]
    return found[:most]


def outside(office: Office, now: datetime | None = None) -> list[Appointment]:
    """Bookings to come that the rules of today would no longer give: hours or the number of places have changed.

    They stay; the office decides what to do about them.
    """
    now = now or timezone.now()
    calendar = OfficeCalendar(office)
    coming = list(
        office.appointments.filter(state=Appointment.State.BOOKED, starts_at__gt=now).select_related(
            "service__queue_rules", "service__office"
        )
    )
    taken: Counter[tuple[int, datetime]] = Counter()
    found = []
    for appointment in coming:  # in the order of their times, then as they were made
        rules = of_service(appointment.service)
        taken[appointment.service_id, appointment.starts_at] += 1
        hours = calendar.hours_on(office.today(appointment.starts_at))
        fits = _within(appointment.starts_at, rules, hours)
        if not fits or taken[appointment.service_id, appointment.starts_at] > rules.slot_people:
            found.append(appointment)
    return found


def fits(appointment: Appointment, hours: DayHours | None) -> bool:
    """Whether it lies within these hours of its day."""
    return _within(appointment.starts_at, of_service(appointment.service), hours)


def _within(starts_at: datetime, rules: ServiceQueue, hours: DayHours | None) -> bool:
    if hours is None:
        return False
    ends_at = starts_at + timedelta(minutes=rules.slot_minutes)
    if hours.break_start and hours.break_end and starts_at < hours.break_end and ends_at > hours.break_start:
        return False
    return hours.opens <= starts_at and ends_at <= hours.closes
