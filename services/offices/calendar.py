"""Service hours, working days and deadlines: the one place that knows them.

All instants are aware and in UTC inside; every day, weekday and opening time is the office's own.
Source: domain.md §4 (UU 25/2009 in spirit; Perpres 21/2023 for the civil-service week).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, prefetch_related_objects
from django.utils import timezone

from services.offices.models import CalendarDay, HoursException, Office, ServiceHours

# A year of consecutive days off means the calendar is wrong; stop rather than loop for ever.
MAX_DAYS_AHEAD = 400
DEFAULT_CLOSE = time(15, 30)
# The joint decrees (SKB) of the ministers of religion, of manpower and of administrative reform, by the year they are about.
DECREES = {
    2025: "SKB 1017/2024, 2/2024, 2/2024",
    2026: "SKB 1497/2025, 2/2025, 5/2025",
}


@dataclass(frozen=True)
class DayHours:
    """Service hours of one day, as aware instants in the office's zone."""

    opens: datetime
    closes: datetime
    break_start: datetime | None = None
    break_end: datetime | None = None


@dataclass(frozen=True)
class OpenState:
    """What the front door would say at an instant. `until` ends the state, `next_open` is when to come."""

    state: str  # "open", "break", "closed"
    until: datetime | None = None
    next_open: datetime | None = None
    reason: str = ""

    @property
    def is_open(self) -> bool:
        return self.state == "open"


class OfficeCalendar:
    """The calendar of one office, with its rows read once. Make a new one for each request or job. `rows`: the days of the country
    and of this office, where they were read already (`calendars`)."""

    def __init__(self, office: Office, rows: Iterable[CalendarDay] | None = None):
        self.office = office
        self._week = {h.weekday: h for h in office.hours.all()}
        self._exceptions = {e.date: e for e in office.hours_exceptions.all()}
        if rows is None:
            rows = CalendarDay.objects.filter(office=office) | CalendarDay.objects.filter(office=None)
        # National rows first, so that the office's own row of the same date wins.
        self._days = {d.date: d for d in sorted(rows, key=lambda d: d.office_id is not None)}

    def suppose(self, row: HoursException | CalendarDay) -> OfficeCalendar:
        """As if this row stood in its table, to see what would come of it."""
        if isinstance(row, CalendarDay):
            self._days[row.date] = row
        else:
            self._exceptions[row.date] = row
        return self

    def special(self, day: date) -> HoursException | CalendarDay | None:
        """What makes this date another than its weekday."""
        return self._exceptions.get(day) or self._days.get(day)

    @property
    def days(self) -> list[CalendarDay]:
        """What counts, in the order of its dates: the country's days, and the office's own in their place."""
        return sorted(self._days.values(), key=lambda row: row.date)

    @property
    def week(self) -> list[ServiceHours]:
        return list(self._week.values())

    def serves_on_weekday(self, weekday: int) -> bool:
        return weekday in self._week

    def is_working_day(self, day: date) -> bool:
        """Neither Saturday, Sunday, public holiday nor collective leave, unless a row says it is worked."""
        row = self._days.get(day)
        if row:
            return row.kind == CalendarDay.Kind.WORKING
        return day.weekday() < 5

    def working_day_after(self, day: date, n: int) -> date:
        """The n-th working day after `day`, which itself is day zero. Raises ValueError when none is in sight."""
        if n < 0:
            raise ValueError("n must not be negative")
        current, found = day, 0
        for _step in range(MAX_DAYS_AHEAD):
            if found == n:
                return current
            current += timedelta(days=1)
            found += self.is_working_day(current)
        raise ValueError(f"no working day within {MAX_DAYS_AHEAD} days after {day}: check the calendar")

    def hours_on(self, day: date) -> DayHours | None:
        """Opening, closing and break of a date, or None when the office is closed that day."""
        exception: HoursException | None = self._exceptions.get(day)
        row = exception or self._week.get(day.weekday())
        if row is None or row.opens is None or row.closes is None:
            return None
        if exception is None and self._closed_by_calendar(day):
            return None

        def at(clock: time | None) -> datetime | None:
            return datetime.combine(day, clock, tzinfo=self.office.zone) if clock else None

        opens, closes = at(row.opens), at(row.closes)
        assert opens is not None
        assert closes is not None
        return DayHours(opens, closes, at(row.break_start), at(row.break_end))

    def _closed_by_calendar(self, day: date) -> bool:
        row = self._days.get(day)
        return row is not None and row.kind != CalendarDay.Kind.WORKING

    def closing_time(self, day: date) -> datetime:
        """When service ends on a date; for a working day without hours the civil service's usual time."""
        hours = self.hours_on(day) or self._usual_hours(day)
        return hours.closes if hours else datetime.combine(day, DEFAULT_CLOSE, tzinfo=self.office.zone)

    def _usual_hours(self, day: date) -> DayHours | None:
        """The nearest earlier weekday's hours, for a day worked although its weekday has none."""
        for back in range(1, 8):
            if hours := self.hours_on(day - timedelta(days=back)):
                return DayHours(
                    hours.opens, datetime.combine(day, hours.closes.timetz(), tzinfo=self.office.zone)
                )
        return None

    def deadline(
        self, received: datetime, working_days: int, pauses: Iterable[tuple[datetime, datetime]] = ()
    ) -> datetime:
        """Due at the end of service hours of the n-th working day after the day of receipt (office time).

        Worked example in domain.md §4: received Fri 2026-03-13 16:30 WITA, 3 working days, service to 15:30
        → Wed 2026-03-25 15:30 WITA. While the clock stood still (`pauses`: from, until) no day passes: a working day
        whose service ends within a pause is not counted.
        """
        spans = list(pauses)
        day, counted = self.office.today(received), 0
        while counted < working_days:
            day = self.working_day_after(day, 1)
            closing = self.closing_time(day)
            counted += not any(since <= closing < until for since, until in spans)
        return self.closing_time(day)

    def state(self, at: datetime | None = None) -> OpenState:
        """Open, at break or closed at this instant, until when, and when next open."""
        at = self.office.local(at or timezone.now())
        hours = self.hours_on(at.date())
        if hours and hours.opens <= at < hours.closes:
            if hours.break_start and hours.break_end and hours.break_start <= at < hours.break_end:
                return OpenState("break", until=hours.break_end, next_open=hours.break_end)
            pause = hours.break_start if hours.break_start and at < hours.break_start else None
            return OpenState("open", until=pause or hours.closes)
        special = self._exceptions.get(at.date()) or self._days.get(at.date())
        reason = getattr(special, "reason", "") or getattr(special, "name", "")
        return OpenState("closed", next_open=self.next_opening(at), reason=reason)

    def next_opening(self, at: datetime) -> datetime | None:
        """When the door opens next, looking at most two months ahead."""
        for ahead in range(62):
            hours = self.hours_on(at.date() + timedelta(days=ahead))
            if hours and hours.opens > at:
                return hours.opens
        return None


def held(was: datetime | None, now: datetime | None, at: datetime) -> datetime | None:
    """A deadline that another calendar would move from `was` to `now`, as it is stored `at` that moment. One that is over has
    been judged, and stays; and none is moved to where it would be over already."""
    if was is None or now is None or (was >= at and now >= at):
        return now
    return was


def calendars(offices: Sequence[Office]) -> dict[int, OfficeCalendar]:
    """Of many offices by their keys, in three questions for all of them."""
    prefetch_related_objects(list(offices), "hours", "hours_exceptions")
    keys = [office.pk for office in offices]
    days: dict[int | None, list[CalendarDay]] = {}
    for row in CalendarDay.objects.filter(Q(office=None) | Q(office__in=keys)):
        days.setdefault(row.office_id, []).append(row)
    national = days.get(None, [])
    return {office.pk: OfficeCalendar(office, [*national, *days.get(office.pk, [])]) for office in offices}


def roster_break(office: Office, at: datetime) -> tuple[datetime, datetime] | None:
    """The break of that day, when by the roster nobody serves in it (domain.md §8.9). An office whose officers serve
    through it in turns has none, and nothing is read for it."""
    if not office.break_pauses_promise:
        return None
    hours = OfficeCalendar(office).hours_on(office.today(at))
    return (hours.break_start, hours.break_end) if hours and hours.break_start and hours.break_end else None


def seed_national_days(years: Iterable[int]) -> int:
    """Fill the national calendar from the `holidays` package; existing rows are left alone.

    Future years are estimates without collective leave, so rows of a year for which the package knows no
    collective leave, and dates it calls estimated, are marked provisional. Returns the number of rows added.
    """
    import holidays

    found: list[CalendarDay] = []
    for year in years:
        public = holidays.country_holidays("ID", years=year, language="id")
        every = holidays.country_holidays(
            "ID", years=year, language="id", categories=("public", "government")
        )
        leave_known = len(every) > len(public)
        for day, name in sorted(every.items()):
            kind = CalendarDay.Kind.HOLIDAY if day in public else CalendarDay.Kind.COLLECTIVE_LEAVE
            provisional = not leave_known or "perkiraan" in name
            decree = "" if provisional else DECREES.get(year, "")
            found.append(CalendarDay(date=day, kind=kind, name=name, decree=decree, provisional=provisional))
    there = set(
        CalendarDay.objects.filter(office=None, date__in=[d.date for d in found]).values_list(
            "date", flat=True
        )
    )
    missing = [d for d in found if d.date not in there]
    CalendarDay.objects.bulk_create(missing, ignore_conflicts=True)
    return len(missing)
