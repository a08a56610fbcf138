"""An action at the desk taken back while, or after, the guest book is signed."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from queueing.models import DeskAction
from queueing.workflows import counters
from queueing.workflows import desk as work
from queueing.workflows.undo import undo
from services.audit.actors import Actor
from services.guestbook import correcting
from services.guestbook.models import Visit
from services.workflow import IllegalMove
from tests.accounts.world import sign
from tests.guestbook.support import arrive
from tests.queueing.support import NINE, fresh, take
from tests.together import Beside, Held


@pytest.mark.parametrize("how", ["signed", "handed over"])
def test_a_service_begun_too_early_and_taken_back_runs_from_the_guest_book(office, by, how):
    """Signed between the start and its undoing: the promise counts from the signature."""
    visit = arrive(office)
    start = timezone.now()
    work.start(visit.services.get(), by=by, at=start)
    assert visit.services.get().clock_reason == "before_book"
    if how == "signed":
        sign(visit, by)
    else:
        correcting.hand_over(sign(arrive(office), by), visit, by=by, at=start)
    undo(DeskAction.objects.latest("id"), by=by, at=start + timedelta(seconds=20))
    received = visit.services.get()
    assert (received.clock_result, received.clock_reason) == ("running", "")
    work.start(received, by=by, at=start + timedelta(hours=3))
    assert visit.services.get().clock_result == "missed"


@pytest.mark.parametrize("how", ["transferred", "cancelled"])
def test_signed_while_it_was_gone_it_runs_from_the_guest_book(
    office, by, library, consultation, counter, how
):
    _by_guest_book(library)
    with time_machine.travel(NINE, tick=False) as clock:
        ticket = take(library, NINE)
        counters.open_counter(counter, by=by)
        work.arrived(work.call_chosen(counter, ticket, by=by), by=by)
        if how == "transferred":
            work.transfer(fresh(ticket), service=consultation, by=by)
        else:
            work.put_back(fresh(ticket), by=by)
            # Something of theirs is with us: the visit stays open.
            Visit.objects.filter(pk=ticket.received.visit_id).update(held_items=1)
            work.cancel(fresh(ticket), by=by)
        clock.shift(5)
        sign(fresh(ticket.received.visit), by)
        clock.shift(15)
        undo(DeskAction.objects.latest("id"), by=by)
        clock.shift(3 * 3600)
        if how == "cancelled":
            work.call_chosen(counter, fresh(ticket), by=by)
        work.start(fresh(ticket.received), by=by)
    received = fresh(ticket.received)
    assert (received.clock_result, received.clock_reason) == ("missed", "")


def test_a_return_taken_back_promises_nothing_until_they_are_back(office, by, library, counter):
    _by_guest_book(library)
    with time_machine.travel(NINE, tick=False) as clock:
        ticket = _skipped(library, counter, by, clock)
        clock.shift(600)
        work.rejoin(fresh(ticket), by=by)
        undo(DeskAction.objects.latest("id"), by=by)
    assert fresh(ticket.received).clock_started_at is None


def test_a_book_handed_over_to_somebody_away_promises_nothing_until_they_are_back(
    office, by, library, counter, desk
):
    """Two numbers were confused, and one of the two was called and is not there."""
    _by_guest_book(library)
    with time_machine.travel(NINE, tick=False) as clock:
        other = take(library, NINE)
        sign(fresh(other.received.visit), by)
        ticket = _skipped(library, counter, by, clock)
        clock.shift(30)
        url = reverse("queueing:hand_over_book", args=[ticket.received.visit_id])
        assert desk.post(url, {"to": other.received.visit_id}).status_code == 302
        assert fresh(ticket.received).clock_started_at is None
        clock.shift(1800)
        work.rejoin(fresh(ticket), by=by)
        work.call_chosen(counter, fresh(ticket), by=by)
        clock.shift(60)
        work.start(fresh(ticket.received), by=by)
    assert fresh(ticket.received).clock_result == "kept"


def _by_guest_book(library) -> None:
    library.standard.rule_set.filter(key="clock_onsite").update(value={"start": "guest_book", "minutes": 10})


def _skipped(library, counter, by, clock):
    ticket = take(library, timezone.now())
    sign(fresh(ticket.received.visit), by, name="Lain")
    counters.open_counter(counter, by=by)
    clock.shift(60)
    work.call_chosen(counter, fresh(ticket), by=by)
    clock.shift(30)
    work.skip(fresh(ticket), by=by)
    assert fresh(ticket.received).clock_started_at is None
    return ticket


@pytest.mark.django_db(transaction=True)
def test_taking_back_an_end_beside_a_signature(offices, make_user):
    """A visit without a number: its row is locked before what hangs on it, as the signature does."""
    office = offices["7411"]
    by = Actor("officer", user_id=make_user(office).pk)
    visit = arrive(office)
    work.start(visit.services.get(), by=by)
    work.end(visit.services.get(), by=by)
    with Held(partial(sign, visit, by)) as held:
        undone = Beside(partial(undo, DeskAction.objects.latest("id"), by=by))
        held.let_go()
        with suppress(IllegalMove):
            undone.finish()
    assert visit.services.get().state in ("serving", "done")
