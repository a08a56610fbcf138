"""Putting somebody aside, passing them on, and giving up after the last call."""

from __future__ import annotations

import pytest

from queueing import selectors
from queueing.models import OfficeQueue, Ticket
from queueing.workflows import counters, desk
from services.audit.actors import Actor
from services.guestbook import workflows as visits
from services.guestbook.models import ConsentWording
from services.workflow import IllegalMove
from tests.queueing.support import fresh, minutes, take


def at_the_counter(counter, service, by, begun=True) -> Ticket:
    ticket = take(service, minutes(0))
    desk.call_next(counter, by=by, at=minutes(1))
    desk.arrived(fresh(ticket), by=by, at=minutes(2))
    if begun:
        desk.start(fresh(ticket).received, by=by, at=minutes(3))
    return fresh(ticket)


class TestHold:
    def test_the_counter_is_free_and_the_service_goes_on_later(self, counter, consultation, by):
        held = at_the_counter(counter, consultation, by)
        following = take(consultation, minutes(4))
        desk.hold(held, by=by, at=minutes(5))
        assert counter.tickets.at_counter().count() == 0
        assert fresh(following.received).clock_started_at == minutes(5)  # nobody is before them any more
        assert desk.call_next(counter, by=by, at=minutes(6)) == following
        with pytest.raises(IllegalMove, match=str(following)):
            desk.resume(fresh(held), counter, by=by, at=minutes(7))
        desk.arrived(fresh(following), by=by, at=minutes(7))
        desk.start(fresh(following).received, by=by, at=minutes(7))
        desk.end(fresh(following).received, by=by, at=minutes(8))
        assert desk.resume(fresh(held), counter, by=by, at=minutes(9)).state == Ticket.State.SERVING
        desk.end(fresh(held).received, by=by, at=minutes(10))
        assert fresh(held).state == Ticket.State.FINISHED

    def test_who_was_not_served_yet_stands_at_the_counter_again(self, counter, consultation, by):
        held = at_the_counter(counter, consultation, by, begun=False)
        desk.hold(held, by=by, at=minutes(5))
        assert desk.resume(fresh(held), counter, by=by, at=minutes(6)).state == Ticket.State.ARRIVED

    def test_nobody_is_called_to_a_paused_counter(self, counter, consultation, by):
        held = at_the_counter(counter, consultation, by)
        desk.hold(held, by=by, at=minutes(5))
        counters.open_counter(counter, by=by, at=minutes(5))
        counters.pause(fresh(counter), reason="rest", by=by, at=minutes(5))
        with pytest.raises(IllegalMove, match="jeda"):
            desk.resume(fresh(held), counter, by=by, at=minutes(6))

    def test_ending_the_visit_ends_the_ticket(self, counter, consultation, by):
        held = at_the_counter(counter, consultation, by)
        desk.hold(held, by=by, at=minutes(5))
        desk.close_visit(held.received.visit, by=by, at=minutes(6))
        assert fresh(held).state == Ticket.State.FINISHED
        assert fresh(held.received).state == "done"

    def test_the_desk_lists_who_was_put_aside(self, counter, consultation, by):
        held = at_the_counter(counter, consultation, by)
        desk.hold(held, by=by, at=minutes(5))
        assert selectors.queue(counter.office, counter, minutes(6)).held == [held]


class TestTransfer:
    def test_the_number_stays_and_the_new_service_has_its_own_clock(self, counter, library, consultation, by):
        ticket = at_the_counter(counter, library, by, begun=False)
        visits.sign(
            visit=ticket.received.visit, person={"name": "Tamu"}, answers={}, consent=True,
            wording=ConsentWording.objects.first(), channel="desk", by=by, at=minutes(3),
        )  # fmt: skip
        old = fresh(ticket.received)
        moved = desk.transfer(ticket, service=consultation, by=by, at=minutes(4))
        assert moved.label == ticket.label
        assert (moved.state, moved.service, moved.counter) == ("waiting", consultation, None)
        assert (fresh(old).state, fresh(old).clock_reason) == ("cancelled", "moved")
        received = fresh(moved.received)
        assert (received.service, received.number) == (consultation, ticket.label)
        assert received.clock_start_event == "previous_finished"
        assert received.clock_started_at == minutes(4)  # first in that line
        assert fresh(ticket.received.visit).public_label == ticket.label
        assert desk.call_next(counter, by=by, at=minutes(5)) == ticket

    def test_what_was_begun_is_ended(self, counter, library, consultation, by):
        ticket = at_the_counter(counter, consultation, by)
        desk.transfer(ticket, service=library, by=by, at=minutes(9))
        assert [r.state for r in ticket.received.visit.services.all()] == ["done", "waiting"]

    def test_who_came_first_is_called_first_there_too(self, counter, library, consultation, by):
        ticket = at_the_counter(counter, library, by, begun=False)
        take(consultation, minutes(1))
        desk.transfer(ticket, service=consultation, by=by, at=minutes(4))
        assert desk.call_next(counter, by=by, at=minutes(5)) == ticket

    def test_in_the_middle_of_a_service_a_colleague_takes_over(
        self, counter, office, consultation, by, make_user
    ):
        other = office.counters.get(number=2)
        other.officer = make_user(office)
        other.save()
        ticket = at_the_counter(counter, consultation, by)
        desk.transfer(ticket, counter=other, by=by, at=minutes(5))
        assert desk.call_next(other, by=by, at=minutes(6)) == ticket
        colleague = Actor("officer", user_id=other.officer_id)
        assert desk.arrived(fresh(ticket), by=colleague, at=minutes(7)).state == Ticket.State.SERVING
        assert fresh(ticket.received).started_at == minutes(3)

    def test_a_counter_must_serve_it(self, counter, office, consultation, library, by):
        other = office.counters.get(number=2)
        other.services.set([library])
        ticket = at_the_counter(counter, consultation, by)
        with pytest.raises(IllegalMove, match="tidak melayani"):
            desk.transfer(ticket, counter=other, by=by, at=minutes(5))

    def test_to_where_they_are_already_is_no_transfer(self, counter, consultation, by):
        ticket = at_the_counter(counter, consultation, by)
        with pytest.raises(IllegalMove, match="yang lain"):
            desk.transfer(ticket, service=consultation, by=by, at=minutes(5))


class TestCalledInVain:
    def test_after_the_last_call_there_is_no_further(self, counter, library, by):
        OfficeQueue.objects.create(office=library.office, most_calls=2)
        ticket = take(library, minutes(0))
        desk.call_next(counter, by=by, at=minutes(1))
        desk.recall(fresh(ticket), by=by, at=minutes(2))
        with pytest.raises(IllegalMove, match="2 kali"):
            desk.recall(fresh(ticket), by=by, at=minutes(3))
        desk.no_show(fresh(ticket), by=by, at=minutes(4))
        assert fresh(ticket.received.visit).end_reason == "no_show"

    def test_who_comes_back_is_called_as_often_again(self, counter, library, by):
        ticket = take(library, minutes(0))
        desk.call_next(counter, by=by, at=minutes(1))
        desk.skip(fresh(ticket), by=by, at=minutes(2))
        desk.rejoin(fresh(ticket), by=by, at=minutes(3))
        assert desk.call_next(counter, by=by, at=minutes(4)).calls == 1
