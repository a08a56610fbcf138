"""Slots: within service hours, out of the break, on working days, to come, and with places left."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from queueing import slots
from queueing.models import ServiceQueue
from queueing.workflows import appointments
from services.audit.actors import VISITOR
from services.offices.calendar import DayHours
from services.offices.models import CalendarDay, HoursException, Service
from tests.queueing.ahead import MONDAY_NINE, book, later, slots_of

MONDAY = date(2026, 3, 2)


@pytest.fixture
def bookable(library) -> Service:
    return slots_of(library)


def starts(service: Service, day: date, now: datetime = MONDAY_NINE) -> list[str]:
    """The beginnings of a day's slots on the office's clock."""
    found = slots.slots_on(service, day, now)
    return [service.office.local(s.starts_at).strftime("%H:%M") for s in found]


MORNING = ["08:00", "08:30", "09:00", "09:30", "10:00", "10:30", "11:00", "11:30"]
AFTERNOON = ["13:00", "13:30", "14:00", "14:30", "15:00"]


def test_a_day_has_slots_within_hours_and_none_in_the_break(bookable):
    assert starts(bookable, MONDAY + timedelta(days=1)) == MORNING + AFTERNOON


def test_what_does_not_fit_before_break_and_closing_is_not_offered(bookable):
    ServiceQueue.objects.update(slot_minutes=50)
    service = Service.objects.get(pk=bookable.pk)
    assert starts(service, MONDAY + timedelta(days=1)) == [
        "08:00",
        "08:50",
        "09:40",
        "10:30",
        "13:00",
        "13:50",
        "14:40",
    ]


def test_today_only_what_is_still_to_come(bookable):
    assert starts(bookable, MONDAY) == MORNING[3:] + AFTERNOON
    assert starts(bookable, MONDAY, MONDAY_NINE - timedelta(seconds=1))[0] == "09:00"
    assert starts(bookable, MONDAY, later(8)) == []


def test_not_in_the_past_and_not_too_far_ahead(bookable):
    assert starts(bookable, MONDAY - timedelta(days=3)) == []
    assert starts(bookable, MONDAY + timedelta(days=14)) == MORNING + AFTERNOON
    assert starts(bookable, MONDAY + timedelta(days=15)) == []


def test_weekend_holiday_and_exception(bookable):
    office = bookable.office
    CalendarDay.objects.create(date=date(2026, 3, 3), kind=CalendarDay.Kind.HOLIDAY, name="Libur uji")
    HoursException.objects.create(office=office, date=date(2026, 3, 4), reason="Rapat")
    HoursException.objects.create(
        office=office, date=date(2026, 3, 5), reason="Ramadan", opens=time(8), closes=time(9)
    )
    days = [d.day for d in slots.days_with_places(bookable, MONDAY_NINE)]
    assert days[:3] == [MONDAY, date(2026, 3, 5), date(2026, 3, 6)]
    assert starts(bookable, date(2026, 3, 3)) == starts(bookable, date(2026, 3, 4)) == []
    assert starts(bookable, date(2026, 3, 5)) == ["08:00", "08:30"]
    assert starts(bookable, date(2026, 3, 7)) == []  # Saturday


@pytest.mark.parametrize(
    ("zone", "first"),
    [("Asia/Jakarta", 1), ("Asia/Makassar", 0), ("Asia/Jayapura", -1)],
)
def test_eight_o_clock_is_the_offices_own(bookable, zone, first):
    bookable.office.time_zone = zone
    tuesday = datetime(2026, 3, 3, tzinfo=UTC) + timedelta(hours=first)
    assert slots.slots_on(bookable, date(2026, 3, 3), MONDAY_NINE)[0].starts_at == tuesday


@pytest.mark.parametrize(("hour", "first"), [(14, date(2026, 3, 2)), (15, date(2026, 3, 3))])
def test_today_ends_at_the_offices_own_midnight(bookable, hour, first):
    """In Jayapura (WIT) it is Tuesday from 15:00 UTC on."""
    bookable.office.time_zone = "Asia/Jayapura"
    now = datetime(2026, 3, 2, hour, 59 if hour == 14 else 0, tzinfo=UTC)
    assert slots.days(bookable.office, bookable.queue_rules, now)[0] == first


def test_places_are_counted_and_a_cancelled_one_is_free_again(bookable):
    one, _two = (book(bookable, later(1)) for _n in range(2))
    free = {s.starts_at: s.free for s in slots.slots_on(bookable, MONDAY, MONDAY_NINE)}
    assert (free[later(1)], free[later(1.5)]) == (0, 2)
    appointments.cancel(one, by=VISITOR)
    assert slots.slots_on(bookable, MONDAY, MONDAY_NINE)[1].free == 1


def test_a_booking_made_under_another_length_takes_its_place(bookable):
    book(bookable, later(1.5))  # 10:30
    ServiceQueue.objects.update(slot_minutes=60)
    service = Service.objects.get(pk=bookable.pk)
    free = {s.starts_at: s.free for s in slots.slots_on(service, MONDAY, MONDAY_NINE)}
    assert (free[later(1)], free[later(2)]) == (1, 2)


def test_the_next_free_times_pass_over_the_full_ones(bookable):
    for _n in range(2):
        book(bookable, later(1.5))
    found = slots.next_free(bookable, later(1), MONDAY_NINE)
    assert [s.starts_at for s in found] == [later(1), later(2), later(2.5)]


def test_a_service_is_bookable_with_slots_and_a_queue_only(offices):
    office, quiet = offices["7411"], offices["1906"]
    assert slots.bookable(office) == []
    slots_of(office.services.get(slug="library"))
    slots_of(quiet.services.first())
    assert [s.slug for s in slots.bookable(office)] == ["library"]
    assert slots.bookable(quiet) == []


class TestOutside:
    def test_what_fits_is_not_listed(self, bookable):
        book(bookable, later(1))
        assert slots.outside(bookable.office, MONDAY_NINE) == []

    def test_hours_changed(self, bookable):
        kept, late = book(bookable, later(1)), book(bookable, later(6))
        bookable.office.hours.update(closes=time(14), break_start=None, break_end=None)
        assert slots.outside(bookable.office, MONDAY_NINE) == [late]
        HoursException.objects.create(office=bookable.office, date=MONDAY, reason="Tutup")
        assert slots.outside(bookable.office, MONDAY_NINE) == [kept, late]

    def test_a_break_moved_onto_it(self, bookable):
        appointment = book(bookable, later(2))
        bookable.office.hours.update(break_start=time(11, 15), break_end=time(12, 15))
        assert slots.outside(bookable.office, MONDAY_NINE) == [appointment]

    def test_fewer_places_keep_those_who_booked_first(self, bookable):
        _first, second = book(bookable, later(1)), book(bookable, later(1))
        ServiceQueue.objects.update(slot_people=1)
        assert slots.outside(bookable.office, MONDAY_NINE) == [second]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    opens=st.integers(0, 12 * 60), length=st.integers(1, 11 * 60), minutes=st.integers(5, 240),
    pause=st.none() | st.tuples(st.integers(0, 300), st.integers(1, 120)),
)  # fmt: skip
def test_slots_never_overlap_each_other_the_break_or_the_doors(opens, length, minutes, pause):
    begin = MONDAY_NINE + timedelta(minutes=opens)
    end = begin + timedelta(minutes=length)
    off = (
        [begin + timedelta(minutes=pause[0]), begin + timedelta(minutes=sum(pause))]
        if pause
        else [None, None]
    )
    found = slots.grid(DayHours(begin, end, *off), minutes)
    edges = [begin, *(edge for slot in found for edge in slot), end]
    assert edges == sorted(edges)
    for start, stop in found:
        assert stop - start == timedelta(minutes=minutes)
        assert not pause or stop <= off[0] or start >= off[1]
