"""Appointments and priority go first, but nobody starves: whatever mixture waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import groupby

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from queueing.models import Ticket
from queueing.order import calling_order, goes_first

TEN = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)

# A busy machine is slow, not wrong.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
people = st.lists(
    st.tuples(
        st.integers(0, 120),  # came so many minutes before eleven
        st.none() | st.integers(-60, 60),  # appointment, minutes from ten
        st.booleans(),  # priority
    ),
    max_size=25,
)


def waiting(rows) -> list[Ticket]:
    return [
        Ticket(
            pk=n, queued_at=TEN + timedelta(minutes=60 - came), priority=priority,
            appointment_at=None if slot is None else TEN + timedelta(minutes=slot),
        )
        for n, (came, slot, priority) in enumerate(rows, start=1)
    ]  # fmt: skip


@patient
@given(rows=people, run=st.integers(1, 5), streak=st.integers(0, 6))
def test_at_most_so_many_who_go_first_in_a_row_while_others_wait(rows, run, streak):
    tickets = waiting(rows)
    order = calling_order(tickets, run=run, streak=streak, now=TEN)
    assert sorted(t.pk for t in order) == sorted(t.pk for t in tickets)  # everybody once
    others = [t for t in order if not goes_first(t, TEN)]
    if not others:
        return
    until = order[: order.index(others[-1])]
    for first, group in groupby(until, key=lambda t: goes_first(t, TEN)):
        if first:
            assert len(list(group)) <= run
    ahead = order.index(others[0])
    assert ahead <= max(0, run - streak)


@patient
@given(rows=people, run=st.integers(0, 5))
def test_before_the_time_an_appointment_waits_by_arrival(rows, run):
    tickets = waiting([(came, abs(slot or 0) + 1, False) for came, slot, _priority in rows])
    order = calling_order(tickets, run=run, streak=0, now=TEN)
    assert order == sorted(tickets, key=lambda t: (t.queued_at, t.pk))


@patient
@given(rows=people, run=st.integers(0, 5))
def test_from_then_on_by_the_appointed_time(rows, run):
    tickets = waiting([(came, -abs(slot or 0), False) for came, slot, _priority in rows])
    order = calling_order(tickets, run=run, streak=0, now=TEN)
    assert order == sorted(tickets, key=lambda t: (t.appointment_at, t.pk))
