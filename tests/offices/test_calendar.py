"""Working days, deadlines and service hours: the worked example of domain.md §4 and its neighbours."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.offices.calendar import OfficeCalendar, seed_national_days
from services.offices.models import CalendarDay, HoursException

WITA = ZoneInfo("Asia/Makassar")


@pytest.fixture
def calendar_2026(office):
    CalendarDay.objects.all().delete()
    seed_national_days([2026])
    office.hours.filter(weekday__lt=5).update(opens=time(8), closes=time(15, 30))
    return OfficeCalendar(office)


def test_worked_example_three_working_days_over_nyepi_and_idul_fitri(calendar_2026):
    received = datetime(2026, 3, 13, 16, 30, tzinfo=WITA)
    due = calendar_2026.deadline(received, 3)
    assert due == datetime(2026, 3, 25, 15, 30, tzinfo=WITA)
    assert due.astimezone(UTC) == datetime(2026, 3, 25, 7, 30, tzinfo=UTC)


def test_without_collective_leave_the_same_deadline_would_be_a_week_early(office, calendar_2026):
    CalendarDay.objects.filter(kind=CalendarDay.Kind.COLLECTIVE_LEAVE).delete()
    due = OfficeCalendar(office).deadline(datetime(2026, 3, 13, 16, 30, tzinfo=WITA), 3)
    assert due.date() == date(2026, 3, 18)


@pytest.mark.parametrize("day", ["2026-03-18", "2026-03-19", "2026-03-20", "2026-03-23", "2026-03-24"])
def test_holidays_and_collective_leave_are_not_working_days(calendar_2026, day):
    assert not calendar_2026.is_working_day(date.fromisoformat(day))


def test_an_offices_own_row_beats_the_national_one(office, calendar_2026):
    CalendarDay.objects.create(office=office, date=date(2026, 3, 18), kind="working", name="Masuk kerja")
    CalendarDay.objects.create(office=office, date=date(2026, 3, 16), kind="local", name="HUT kabupaten")
    own = OfficeCalendar(office)
    assert own.is_working_day(date(2026, 3, 18))
    assert not own.is_working_day(date(2026, 3, 16))


def test_another_offices_local_holiday_is_not_ours(offices, calendar_2026):
    CalendarDay.objects.create(office=offices["1906"], date=date(2026, 3, 16), kind="local", name="HUT")
    assert calendar_2026.is_working_day(date(2026, 3, 16))


def test_the_day_of_receipt_is_the_offices_own_day(offices, calendar_2026):
    """23:30 UTC on Sunday is Monday morning in all of Indonesia; 16:30 UTC is Monday only in the east."""
    sunday_late = datetime(2026, 3, 1, 16, 30, tzinfo=UTC)  # 23:30 WIB, 00:30 WITA on Monday
    assert OfficeCalendar(offices["1373"]).deadline(sunday_late, 1).date() == date(2026, 3, 2)
    assert OfficeCalendar(offices["7411"]).deadline(sunday_late, 1).date() == date(2026, 3, 3)


def at(hour: int, minute: int = 0, day: int = 2) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=WITA)


@pytest.mark.parametrize(
    ("when", "state"),
    [
        (at(7, 59), "closed"),
        (at(8), "open"),
        (at(11, 59), "open"),
        (at(12), "break"),
        (at(13), "open"),
        (at(15, 29), "open"),
        (at(15, 30), "closed"),
        (at(10, day=1), "closed"),  # Sunday
        (at(10, day=19), "closed"),  # Nyepi
    ],
)
def test_the_door(calendar_2026, when, state):
    assert calendar_2026.state(when).state == state


def test_the_door_says_when_it_opens_next_and_why_it_is_closed(calendar_2026):
    nyepi = calendar_2026.state(at(10, day=19))
    assert "Nyepi" in nyepi.reason
    assert nyepi.next_open == at(8, day=25)
    assert calendar_2026.state(at(9)).until == at(12)
    assert calendar_2026.state(at(14)).until == at(15, 30)


def test_friday_has_the_longer_break(calendar_2026):
    assert calendar_2026.state(at(11, 30, day=6)).state == "break"


def test_a_dated_exception_beats_the_weekday_and_the_holiday(office, calendar_2026):
    HoursException.objects.create(
        office=office, date=date(2026, 3, 1), opens=time(9), closes=time(11), reason="Sensus"
    )
    HoursException.objects.create(office=office, date=date(2026, 3, 2), reason="Listrik padam")
    own = OfficeCalendar(office)
    assert own.state(at(10, day=1)).is_open
    assert own.state(at(10)).reason == "Listrik padam"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(start=st.dates(date(2026, 1, 1), date(2026, 11, 1)), n=st.integers(1, 60), extra=st.integers(1, 80))
def test_adding_a_holiday_never_moves_a_deadline_earlier(calendar_2026, start, n, extra):
    received = datetime.combine(start, time(10), tzinfo=WITA)
    before = calendar_2026.deadline(received, n)
    day = start + timedelta(days=extra)
    kept = dict(calendar_2026._days)
    calendar_2026._days[day] = CalendarDay(date=day, kind="holiday", name="baru")
    try:
        assert calendar_2026.deadline(received, n).date() >= before.date()
    finally:
        calendar_2026._days = kept


def test_a_calendar_without_any_working_day_says_so_instead_of_hanging(office, calendar_2026):
    for ahead in range(1, 420):
        day = date(2026, 1, 1) + timedelta(days=ahead)
        calendar_2026._days[day] = CalendarDay(date=day, kind="holiday", name="x")
    with pytest.raises(ValueError, match="no working day"):
        calendar_2026.working_day_after(date(2026, 1, 1), 1)


def test_estimated_days_of_future_years_are_provisional(db):
    CalendarDay.objects.all().delete()
    seed_national_days([2026, 2031])
    assert not CalendarDay.objects.get(date=date(2026, 3, 18)).provisional
    assert CalendarDay.objects.filter(date__year=2031, provisional=True).exists()
