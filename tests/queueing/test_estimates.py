"""Estimates: a range from recent times and open counters, told once, measured against what happened."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from queueing import estimates
from queueing.estimates import Accuracy, Forecast, Wait
from queueing.models import ServiceQueue, Ticket
from queueing.workflows import counters, desk
from services.audit.actors import Actor
from tests.queueing.support import NINE, fresh, minutes, take


@pytest.fixture(autouse=True)
def nothing_remembered():
    cache.clear()


@pytest.fixture
def seated(counter, by):
    return counters.open_counter(counter, by=by, at=NINE)


def past(service, counter, lengths, days_ago=1):
    """People of an earlier day who each kept the counter busy for so many minutes."""
    for n, length in enumerate(lengths):
        ticket = take(service, NINE - timedelta(days=days_ago) + timedelta(minutes=n))
        called = NINE - timedelta(days=days_ago) + timedelta(minutes=20 * n)
        Ticket.objects.filter(pk=ticket.pk).update(
            state="finished", counter=counter, first_called_at=called, called_at=called,
            ended_at=called + timedelta(minutes=length),
        )  # fmt: skip


def test_nobody_before_and_a_free_counter_is_soon(seated, library):
    assert Forecast(library.office, NINE).of_newcomer(library) == Wait(0, 0)
    assert Wait(0, 0).soon


def test_without_an_open_counter_nothing_is_said(library):
    assert Forecast(library.office, NINE).of_newcomer(library) is None


def test_the_services_usual_time_counts_until_enough_people_were_served(seated, library):
    ServiceQueue.objects.create(service=library, usual_minutes=12)
    for n in range(3):
        take(library, minutes(-n))
    wait = Forecast(library.office, NINE).of_newcomer(library)
    assert wait.low < 3 * 12 * 60 < wait.high


def test_recent_times_replace_it(seated, library):
    past(library, seated, [4] * 10)
    ticket = [take(library, minutes(-n)) for n in range(3, 0, -1)][-1]
    wait = Forecast(library.office, NINE).of_ticket(ticket)
    assert (wait.low, wait.high) == (480, 480)  # two people before, four minutes each, no spread at all


@pytest.mark.parametrize("how", ["put aside", "passed on", "came back"])
def test_an_hour_that_was_not_one_persons_service_says_nothing(
    seated, office, library, consultation, by, make_user, how
):
    past(library, seated, [4] * 10)
    colleague = office.counters.get(number=2)
    colleague.services.add(library)
    colleagues = Actor("officer", user_id=make_user(office).pk)
    counters.open_counter(colleague, by=colleagues, at=NINE)
    for n in range(10):
        start = n * 60 - 3 * 24 * 60
        ticket = take(library, minutes(start))
        desk.call_next(seated, by=by, at=minutes(start))
        at_counter, there = seated, by
        if how == "came back":
            desk.skip(fresh(ticket), by=by, at=minutes(start + 1))
            desk.rejoin(fresh(ticket), by=by, at=minutes(start + 45))
        else:
            desk.arrived(fresh(ticket), by=by, at=minutes(start))
        if how == "put aside":
            desk.hold(fresh(ticket), by=by, at=minutes(start + 1))
            desk.resume(fresh(ticket), seated, by=by, at=minutes(start + 45))
        elif how == "passed on":
            at_counter, there = colleague, colleagues
            desk.transfer(fresh(ticket), counter=colleague, by=by, at=minutes(start + 1))
        if how != "put aside":
            desk.call_next(at_counter, by=there, at=minutes(start + 46))
            desk.arrived(fresh(ticket), by=there, at=minutes(start + 46))
        desk.start(fresh(ticket).received, by=there, at=minutes(start + 46))
        desk.end(fresh(ticket).received, by=there, at=minutes(start + 50))
        assert fresh(ticket).state == "finished"
    assert estimates.paces(office, [library], NINE)[library.pk].mean == 240


def test_two_open_counters_halve_it(seated, office, library, make_user):
    past(library, seated, [6] * 10)
    other = office.counters.get(number=2)
    other.officer = make_user(office)
    other.save()
    for n in range(4):
        take(library, minutes(-n))
    assert Forecast(office, NINE).of_newcomer(library).low == 720


def test_a_paused_counter_does_not_count(seated, library, by):
    counters.pause(seated, reason="rest", by=by, at=NINE)
    assert Forecast(library.office, NINE).of_newcomer(library) is None


def test_whoever_is_at_the_counter_has_used_some_of_their_time(seated, library, by):
    past(library, seated, [10] * 10)
    take(library, minutes(0))
    desk.call_next(seated, by=by, at=minutes(0))
    assert Forecast(library.office, minutes(6)).of_newcomer(library).low == 240
    assert Forecast(library.office, minutes(30)).of_newcomer(library).low == 150  # never less than a quarter


def test_the_break_is_added(seated, library):
    """Kolaka Timur rests at noon: who would be called then waits until it is over."""
    past(library, seated, [10] * 10)
    noon = minutes(180)  # 12:00 WITA
    hours = library.office.hours.get(weekday=0)
    assert (hours.break_start.hour, hours.break_end.hour) == (12, 13)
    for n in range(2):
        take(library, minutes(170 + n))
    wait = Forecast(library.office, noon - timedelta(minutes=5)).of_newcomer(library)
    assert wait.low == (20 + 60) * 60


@given(st.integers(0, 20_000), st.integers(0, 20_000))
def test_what_is_shown_always_contains_what_was_computed(low, more):
    shown_low, shown_high = Wait(low, low + more).minutes
    assert shown_low * 60 <= low
    assert low + more <= shown_high * 60
    assert shown_low < shown_high


def test_more_people_before_wait_longer_and_less_certainly(seated, library):
    past(library, seated, [2, 4, 6, 8, 10, 12, 3, 5, 7])
    line = [take(library, minutes(-9 + n)) for n in range(8)]
    forecast = Forecast(library.office, NINE)
    waits = [forecast.of_ticket(t) for t in line]
    assert all(a.high < b.high for a, b in itertools.pairwise(waits))
    assert all(a.high - a.low < b.high - b.low for a, b in itertools.pairwise(waits))


def test_told_once_on_the_tablet_and_measured(seated, kiosk, library, by):
    ticket = take(library, minutes(0))
    Ticket.objects.filter(pk=ticket.pk).update(day=library.office.today())
    ticket.received.visit.day = library.office.today()
    ticket.received.visit.save()
    kiosk.get(reverse("queueing:kiosk_ticket", args=[ticket.received.visit.token]))
    told = fresh(ticket)
    assert (told.estimate_low, told.estimate_high) == (0, 0)
    estimates.told(told, Wait(99, 999))
    assert fresh(ticket).estimate_high == 0


def test_the_report_says_how_far_off_they_were(seated, library):
    waits = [(0, 600, 5), (0, 600, 12), (300, 900, 10)]
    for n, (low, high, waited) in enumerate(waits):
        ticket = take(library, minutes(n))
        Ticket.objects.filter(pk=ticket.pk).update(
            estimate_low=low, estimate_high=high, first_called_at=minutes(n + waited)
        )
    day = date(2026, 3, 2)
    found = estimates.accuracy(library.office, day, day)
    assert found == {library.pk: Accuracy(3, 0, pytest.approx(2 / 3))}
    assert estimates.accuracy(library.office, day + timedelta(days=1), day + timedelta(days=1)) == {}
