"""Who is called next: priority, appointments and more time, and nobody starves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queueing import selectors
from queueing.models import OfficeQueue, Ticket
from queueing.order import calling_order, goes_first
from queueing.workflows import desk
from services.workflow import IllegalMove
from tests.queueing.support import NINE, fresh, minutes, take


def waiting(priorities, **more):
    return [
        Ticket(pk=n + 1, priority=p, issued_at=minutes(n), queued_at=minutes(n), **more)
        for n, p in enumerate(priorities)
    ]


def test_two_with_priority_then_one_without():
    line = waiting([False, False, True, True, True, True])
    order = calling_order(line, run=2, streak=0, now=minutes(30))
    assert [t.pk for t in order] == [3, 4, 1, 5, 6, 2]
    order = calling_order(line, run=2, streak=2, now=minutes(30))
    assert [t.pk for t in order] == [1, 3, 4, 2, 5, 6]


def test_zero_means_priority_always_first():
    order = calling_order(waiting([False, True, True, True]), run=0, streak=9, now=minutes(30))
    assert [t.pk for t in order] == [2, 3, 4, 1]


@given(st.lists(st.booleans(), max_size=40), st.integers(1, 5), st.integers(0, 5))
def test_nobody_starves(priorities, run, streak):
    """Never more than `run` with priority in a row while somebody without waits; each kind in its own order."""
    order = calling_order(waiting(priorities), run=run, streak=streak, now=minutes(99))
    assert sorted(t.pk for t in order) == list(range(1, len(priorities) + 1))
    for kind in (True, False):
        mine = [t.pk for t in order if t.priority is kind]
        assert mine == sorted(mine)
    row = streak
    for place, ticket in enumerate(order):
        row = row + 1 if ticket.priority else 0
        if row > run:
            assert all(t.priority for t in order[place:])


def test_an_appointment_goes_first_from_its_time_on():
    line = waiting([False, False])
    booked = Ticket(pk=9, issued_at=minutes(5), queued_at=minutes(5), appointment_at=minutes(20))
    assert [t.pk for t in calling_order([*line, booked], run=2, streak=0, now=minutes(19))] == [1, 2, 9]
    assert [t.pk for t in calling_order([*line, booked], run=2, streak=0, now=minutes(20))] == [9, 1, 2]
    assert goes_first(booked, minutes(20))


def test_who_asked_for_more_time_is_passed_over_until_then():
    line = waiting([False, False])
    line[0].not_before = minutes(15)
    assert [t.pk for t in calling_order(line, run=2, streak=0, now=minutes(14))] == [2, 1]
    assert [t.pk for t in calling_order(line, run=2, streak=0, now=minutes(15))] == [1, 2]


def test_the_desk_calls_by_the_offices_own_ratio(counter, library, by):
    OfficeQueue.objects.create(office=library.office, priority_run=1)
    for n in range(2):
        take(library, minutes(n))
    for n in range(2, 5):
        take(library, minutes(n), priority=True)
    called = []
    for n in range(5):
        called.append(desk.call_next(counter, by=by, at=minutes(10 + n)).label)
    assert called == ["A003", "A001", "A004", "A002", "A005"]


def test_the_list_and_the_place_in_the_queue_say_the_same(counter, library, by):
    tickets = [take(library, minutes(n), priority=n > 2) for n in range(6)]
    now = minutes(10)
    shown = [row.ticket.pk for row in selectors.queue(library.office, counter, now).waiting]
    for ticket in tickets:
        assert selectors.people_before(fresh(ticket), now) == shown.index(ticket.pk)


def test_sent_to_one_counter_only_that_one_calls(counter, office, consultation, by, make_user):
    other = office.counters.get(number=2)
    other.officer = make_user(office)
    other.save()
    ticket, following = take(consultation, NINE), take(consultation, minutes(1))
    desk.call_next(counter, by=by, at=minutes(2))
    desk.transfer(fresh(ticket), counter=other, by=by, at=minutes(3))
    assert desk.call_next(counter, by=by, at=minutes(4)) == following
    assert desk.call_next(other, by=by, at=minutes(5)) == ticket


def test_sent_to_a_counter_that_was_left_anybody_calls(counter, office, consultation, by):
    empty = office.counters.get(number=2)
    ticket = take(consultation, NINE)
    desk.call_next(counter, by=by, at=minutes(2))
    desk.transfer(fresh(ticket), counter=empty, by=by, at=minutes(3))
    assert desk.call_next(counter, by=by, at=minutes(4)) == ticket


def test_nobody_is_called_before_the_time_they_asked_for(counter, library, by):
    ticket = take(library, NINE)
    Ticket.objects.filter(pk=ticket.pk).update(not_before=NINE + timedelta(minutes=10))
    assert desk.call_next(counter, by=by, at=minutes(5)) is None
    with pytest.raises(IllegalMove):
        desk.skip(fresh(ticket), by=by, at=minutes(6))
    assert desk.call_next(counter, by=by, at=minutes(10)) == ticket
