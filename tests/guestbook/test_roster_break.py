"""The promise passes over a break in which, by the roster, nobody serves (docs/decisions/017)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from queueing.workflows import counters
from queueing.workflows import desk as work
from queueing.workflows import visitor as phone
from services.guestbook import clocks
from services.guestbook.models import VisitService
from services.offices.calendar import roster_break
from services.offices.models import CalendarDay, Office
from tests.accounts.world import sign
from tests.queueing.support import fresh, take

WITA = ZoneInfo("Asia/Makassar")
MONDAY = date(2026, 3, 2)


def at(clock: str, day: date = MONDAY) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=WITA)


@pytest.fixture
def paused(office) -> Office:
    """Nobody serves from 12 to 13, Friday from 11.30."""
    CalendarDay.objects.filter(date__year=2026).delete()
    office.hours.update(opens=time(8), closes=time(15, 30), break_start=time(12), break_end=time(13))
    office.hours.filter(weekday=4).update(break_start=time(11, 30))
    Office.objects.filter(pk=office.pk).update(break_pauses_promise=True)
    office.refresh_from_db()
    return office


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


@pytest.mark.parametrize(
    ("start", "length", "end"),
    [
        ("11:58", 5, "13:03"),
        ("11:50", 5, "11:55"),
        ("11:55", 5, "12:00"),  # over with the last instant before the break
        ("11:56", 5, "13:01"),
        ("12:00", 5, "13:05"),
        ("12:30", 5, "13:05"),  # from the end of the break
        ("12:59:59", 5, "13:05"),
        ("13:00", 5, "13:05"),
        ("14:00", 10, "14:10"),
        ("10:00", 180, "14:00"),
    ],
)
def test_worked_numbers(paused, start, length, end):
    assert clocks.due(paused, at(start), minutes(length)) == at(end)


def test_the_days_own_hours_decide(paused):
    friday, closed = date(2026, 3, 6), date(2026, 3, 3)
    assert clocks.due(paused, at("11:28", friday), minutes(5)) == at("13:03", friday)
    paused.hours_exceptions.create(date=closed, reason="Upacara")  # closed: no break either
    assert clocks.due(paused, at("11:58", closed), minutes(5)) == at("12:03", closed)
    paused.hours_exceptions.create(
        date=date(2026, 3, 4), reason="Puasa", opens=time(8), closes=time(15), break_start=time(12),
        break_end=time(12, 30),
    )  # fmt: skip
    assert clocks.due(paused, at("11:58", date(2026, 3, 4)), minutes(5)) == at("12:33", date(2026, 3, 4))
    paused.hours.update(break_start=None, break_end=None)
    assert roster_break(paused, at("12:00")) is None


def test_an_office_that_serves_in_turns_reads_nothing(office):
    with CaptureQueriesContext(connection) as queries:
        assert clocks.due(office, at("11:58"), minutes(5)) == at("12:03")
    assert len(queries) == 0


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.integers(0, 24 * 60 * 60 - 1),
    length=st.integers(1, 240),
    pause=st.tuples(st.integers(8 * 60, 15 * 60), st.integers(1, 120)),
)
def test_the_promise_is_as_long_as_the_standard_says(paused, start, length, pause):
    since, until = (at("00:00") + minutes(n) for n in (pause[0], sum(pause)))
    paused.hours.update(break_start=since.time(), break_end=until.time())
    begins, limit = at("00:00") + timedelta(seconds=start), minutes(length)
    due = clocks.due(paused, begins, limit)
    overlap = max(min(due, until) - max(begins, since), timedelta())
    assert due - begins - overlap == limit
    assert clocks.counted(paused, begins, due) == limit
    assert not since < due <= until


def signed(service, by, clock: str) -> VisitService:
    """Took a number a minute before, and signs the guest book at that time: the library's promise is five minutes."""
    ticket = take(service, at(clock) - minutes(1))
    with time_machine.travel(at(clock), tick=False):
        sign(ticket.received.visit, by)
    return fresh(ticket.received)


def reading(received, clock: str):
    return clocks.read(fresh(received), at(clock))


def test_kept_after_the_break_and_the_desk_says_why(paused, library, by):
    received = signed(library, by, "11:58")
    assert (received.clock_started_at, received.clock_due_at) == (at("11:58"), at("13:03"))
    assert (reading(received, "12:30").level, reading(received, "12:30").seconds) == ("ok", 33 * 60)
    assert reading(received, "13:02:30").level == "soon"
    stored = clocks.stopped(received, at("13:03"))
    assert stored["clock_result"] == "kept"
    assert clocks.stopped(received, at("13:03:01"))["clock_result"] == "missed"
    VisitService.objects.filter(pk=received.pk).update(**stored)
    assert (reading(received, "14:00").level, reading(received, "14:00").reason) == (
        "kept", "jeda istirahat tidak dihitung",
    )  # fmt: skip


def test_a_clock_that_never_met_the_break_says_nothing_about_it(paused, library, by):
    received = signed(library, by, "10:00")
    assert (received.clock_due_at, received.clock_over_break) == (at("10:05"), False)
    assert reading(received, "10:01").reason == ""


def test_a_paused_counter_alone_stops_no_clock(office, library, counter, by):
    """Domain.md §8.9: only the roster does."""
    counters.open_counter(counter, by=by)
    counters.pause(counter, reason="rest", by=by)
    received = signed(library, by, "11:58")
    assert received.clock_due_at == at("12:03")
    assert reading(received, "12:04").level == "late"


def test_taken_at_the_front_of_the_queue_just_before_the_break(paused, consultation, by):
    """Counts from the person before; first in line: from the ticket (ten minutes)."""
    received = fresh(take(consultation, at("11:55")).received)
    assert (received.clock_due_at, received.clock_over_break) == (at("13:05"), True)


def test_a_promise_from_the_ticket_is_stored_with_the_number(paused, consultation):
    """The one statement that gives a number out writes the clock too (docs/decisions/014)."""
    rules = consultation.standard.rule_set.filter(key="clock_onsite")
    rules.update(value={"start": "ticket", "minutes": 10})
    received = fresh(take(consultation, at("12:20")).received)
    assert (received.clock_start_event, received.clock_result) == ("ticket", "running")
    assert (received.clock_due_at, received.clock_over_break) == (at("13:10"), True)


def test_more_time_on_the_phone_into_the_break(paused, consultation, by):
    ticket = take(consultation, at("11:45"))
    phone.more_time(ticket, by=by, at=at("11:50"))
    assert fresh(ticket.received).clock_due_at == at("13:10")  # from 12.00
    phone.ready_after_all(fresh(ticket), by=by, at=at("11:51"))
    received = fresh(ticket.received)
    assert (received.clock_started_at, received.clock_due_at) == (at("11:51"), at("13:01"))


@pytest.mark.parametrize(
    ("held", "back", "end"),
    [
        ("11:57", "11:59", "13:08"),  # begun 11.56 with ten minutes: nine left, one of them before noon
        ("11:57", "13:20", "13:29"),
        ("12:30", "13:20", "13:26"),  # six left when the break began
        ("11:57", "12:30", "13:09"),
    ],
)
def test_put_aside_around_the_break(paused, consultation, counter, by, held, back, end):
    ticket = take(consultation, at("11:56"))
    counters.open_counter(counter, by=by)
    called = work.call_next(counter, by=by, at=at("11:56"))
    work.arrived(called, by=by, at=at("11:56"))
    work.hold(fresh(ticket), by=by, at=at(held))
    work.resume(fresh(ticket), counter, by=by, at=at(back))
    assert fresh(ticket.received).clock_due_at == at(end)


def test_taken_back_it_is_as_if_it_had_never_run(paused, consultation, by):
    received = fresh(take(consultation, at("11:55")).received)
    clocks.take_back(received)
    assert (fresh(received).clock_due_at, fresh(received).clock_over_break) == (None, False)
