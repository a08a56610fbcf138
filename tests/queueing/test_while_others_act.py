"""Two people act on the same queue: nobody loses a place, a promise or a step by it.

Each is a fault that an attack on the queue once found.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from queueing.models import DeskAction, ServiceQueue, Ticket
from queueing.order import in_calling_order
from queueing.workflows import appointments, counters, desk, slips, undo, visitor
from queueing.workflows.desk import calls
from services.audit.actors import VISITOR, Actor
from services.guestbook import interruptions
from services.guestbook import workflows as visits
from services.guestbook.models import ConsentWording, Visit, VisitService
from services.offices.models import Service
from services.ratings.workflows import rate
from services.workflow import IllegalMove
from tests.queueing.ahead import book, later, slots_of
from tests.queueing.support import KIOSK, fresh, minutes, take
from tests.together import Beside, Held


@pytest.fixture
def other(office, make_user):
    """The second counter, with an officer of its own."""
    counter = office.counters.get(number=2)
    counter.services.set(office.services.all())
    counter.officer = make_user(office)
    counter.save()
    return counter


def sitting(counter, by) -> Actor:
    """Whoever sits there; `by` where nobody does."""
    return Actor("officer", user_id=counter.officer_id) if counter.officer_id else by


def at_counter(counter, service, by, *, begun=True, t=0.0) -> Ticket:
    ticket, by = take(service, minutes(t)), sitting(counter, by)
    desk.call_next(counter, by=by, at=minutes(t + 1))
    desk.arrived(fresh(ticket), by=by, at=minutes(t + 2))
    if begun:
        desk.start(fresh(ticket).received, by=by, at=minutes(t + 3))
    return fresh(ticket)


def power_cut(office, by, since: float, until: float) -> None:
    interruptions.record(
        office=office, kind="power_cut", started_at=minutes(since), ended_at=minutes(until), by=by
    )


def take_back(by, at):
    return undo.undo(DeskAction.objects.filter(officer=by.user_id).latest("pk"), by=by, at=at)


class TestWhoIsFirst:
    """The ten minutes of the standard count from when the person before is done (domain.md §8.8)."""

    def test_who_was_sent_on_to_a_colleague_is_before_nobody_here(self, counter, other, consultation, by):
        sent = at_counter(counter, consultation, by)
        second, third = take(consultation, minutes(4)), take(consultation, minutes(5))
        desk.transfer(sent, counter=other, by=by, at=minutes(6))
        assert fresh(second.received).clock_started_at == minutes(6)
        assert desk.call_next(counter, by=by, at=minutes(7)) == second
        desk.arrived(fresh(second), by=by, at=minutes(8))
        desk.start(fresh(second).received, by=by, at=minutes(8))
        desk.end(fresh(second).received, by=by, at=minutes(20))
        assert fresh(third.received).clock_started_at == minutes(20)

    def test_a_newcomer_is_promised_something_when_the_one_before_is_put_aside_again(
        self, counter, consultation, by
    ):
        held = at_counter(counter, consultation, by)
        desk.hold(held, by=by, at=minutes(4))
        desk.resume(fresh(held), counter, by=by, at=minutes(5))
        newcomer = take(consultation, minutes(5.1))
        take_back(by, minutes(5.2))
        assert fresh(held).state == Ticket.State.HELD
        assert fresh(newcomer.received).clock_started_at is not None

    def test_a_newcomer_waits_behind_who_is_back_at_the_counter(self, counter, consultation, by):
        counters.open_counter(counter, by=by, at=minutes(0))
        served = at_counter(counter, consultation, by)
        desk.end(served.received, by=by, at=minutes(4))
        newcomer = take(consultation, minutes(4.1))
        assert fresh(newcomer.received).clock_started_at == minutes(4.1)
        take_back(by, minutes(4.2))
        assert fresh(newcomer.received).clock_started_at is None
        desk.end(fresh(served.received), by=by, at=minutes(9))
        assert fresh(newcomer.received).clock_started_at == minutes(9)

    def test_priority_that_goes_first_is_promised_something(self, office, consultation):
        take(consultation, minutes(0))
        first = take(consultation, minutes(1), priority=True)
        assert in_calling_order(office, [consultation.pk], now=minutes(30))[0] == first
        assert fresh(first.received).clock_started_at is not None

    def test_who_left_while_at_the_front_makes_room(self, counter, other, consultation, by):
        at_counter(other, consultation, by)
        done = at_counter(counter, consultation, by, t=4)
        first, second = take(consultation, minutes(8)), take(consultation, minutes(9))
        desk.end(done.received, by=by, at=minutes(10))
        desk.close_visit(first.received.visit, by=by, reason="left", at=minutes(11))
        assert fresh(second.received).clock_started_at == minutes(11)

    @pytest.mark.parametrize("leaves", ["goes home", "asks for more time"])
    def test_who_was_first_over_a_power_cut_makes_room_too(
        self, office, counter, other, consultation, by, leaves
    ):
        at_counter(other, consultation, by)
        done = at_counter(counter, consultation, by, t=4)
        first, second = take(consultation, minutes(8)), take(consultation, minutes(9))
        desk.end(done.received, by=by, at=minutes(10))
        power_cut(office, by, 10.2, 10.4)
        assert fresh(first.received).clock_reason == "power_cut"
        if leaves == "goes home":
            desk.cancel(fresh(first), by=by, at=minutes(11))
        else:
            visitor.more_time(fresh(first), by=VISITOR, at=minutes(11))
        assert fresh(second.received).clock_started_at == minutes(11)

    def test_a_newcomer_waits_behind_who_is_back_also_after_a_power_cut(
        self, office, counter, consultation, by
    ):
        counters.open_counter(counter, by=by, at=minutes(0))
        served = at_counter(counter, consultation, by)
        desk.end(served.received, by=by, at=minutes(4))
        newcomer = take(consultation, minutes(4.1))
        power_cut(office, by, 4.12, 4.15)
        assert fresh(newcomer.received).clock_reason == "power_cut"
        take_back(by, minutes(4.2))
        desk.end(fresh(served.received), by=by, at=minutes(9))
        received = fresh(newcomer.received)
        assert (received.clock_started_at, received.clock_result) == (minutes(9), "running")

    def test_who_asked_for_more_time_is_promised_something_from_then(self, counter, consultation, by):
        served = at_counter(counter, consultation, by)
        patient, second = take(consultation, minutes(4)), take(consultation, minutes(5))
        visitor.more_time(fresh(patient), by=VISITOR, at=minutes(6))  # until 16
        desk.end(served.received, by=by, at=minutes(8))
        assert fresh(second.received).clock_started_at == minutes(8)
        assert fresh(patient.received).clock_started_at == minutes(16)
        assert desk.call_next(counter, by=by, at=minutes(40)) == patient

    def test_who_asked_for_more_time_and_is_not_next_then_is_promised_nothing_yet(
        self, counter, consultation, by
    ):
        served = at_counter(counter, consultation, by)
        ordinary, later = take(consultation, minutes(4)), take(consultation, minutes(5))
        visitor.more_time(fresh(later), by=VISITOR, at=minutes(6))  # until 16
        first = take(consultation, minutes(7), priority=True)
        desk.end(served.received, by=by, at=minutes(8))
        started = [fresh(t.received).clock_started_at for t in (first, ordinary, later)]
        assert started == [minutes(8), None, None]

    def test_an_undo_takes_nobody_elses_promise_back(self, counter, consultation, by):
        """Who asked for more time while first in line has a promise that begins later."""
        counters.open_counter(counter, by=by, at=minutes(0))
        patient, second = take(consultation, minutes(0)), take(consultation, minutes(1))
        visitor.more_time(fresh(patient), by=VISITOR, at=minutes(1))  # until 11
        desk.call_next(counter, by=by, at=minutes(2))
        desk.arrived(fresh(second), by=by, at=minutes(3))
        desk.start(fresh(second).received, by=by, at=minutes(3))
        desk.end(fresh(second).received, by=by, at=minutes(6))
        take_back(by, minutes(6.2))
        assert fresh(patient.received).clock_started_at == minutes(11)

    def test_who_was_sent_to_a_free_counter_is_promised_something_when_the_last_one_leaves(
        self, counter, other, library, consultation, by
    ):
        sent = at_counter(other, consultation, by, begun=False)
        last = at_counter(counter, consultation, by, begun=False, t=4)
        theirs = sitting(other, by)
        desk.transfer(
            sent, counter=counter, by=theirs, at=minutes(8)
        )  # waits for a counter that is not free yet
        VisitService.objects.filter(pk=sent.received_id).update(
            clock_started_at=None, clock_due_at=None, clock_result=""
        )
        Ticket.objects.filter(pk=last.pk).update(counter=other)
        desk.transfer(fresh(last), service=library, by=theirs, at=minutes(9))
        assert fresh(sent.received).clock_started_at == minutes(9)

    def test_more_time_does_not_bring_an_appointment_forward(self, counter, consultation, by):
        slots = slots_of(consultation)
        served = at_counter(counter, consultation, by)
        booked = book(slots, later(1))
        ticket = appointments.check_in(booked, office=booked.office, by=KIOSK, at=minutes(31))
        visitor.more_time(fresh(ticket), by=VISITOR, at=minutes(32))
        desk.end(served.received, by=by, at=minutes(45))
        started = fresh(ticket.received).clock_started_at
        assert started is None or started >= later(1)


class TestAClockThatIsNotTheOffices:
    def test_the_time_somebody_was_put_aside_is_not_waiting(self, counter, consultation, by):
        held = at_counter(counter, consultation, by, begun=False)
        due = held.received.clock_due_at
        desk.hold(held, by=by, at=minutes(4))
        desk.resume(fresh(held), counter, by=by, at=minutes(30))
        assert fresh(held.received).clock_due_at == due + timedelta(minutes=26)
        desk.start(fresh(held.received), by=by, at=minutes(30))
        assert fresh(held.received).clock_result == "kept"

    def test_only_what_the_clock_ran_while_aside(self, counter, library, by):
        """Put aside to sign the guest book: the five minutes begin with the signature."""
        held = at_counter(counter, library, by, begun=False)
        desk.hold(held, by=by, at=minutes(2.5))
        visits.sign(
            visit=held.received.visit, person={"name": "Tamu"}, answers={}, consent=True,
            wording=ConsentWording.objects.first(), channel="desk", by=by, at=minutes(20),
        )  # fmt: skip
        due = fresh(held.received).clock_due_at
        desk.resume(fresh(held), counter, by=by, at=minutes(22))
        assert fresh(held.received).clock_due_at == due + timedelta(minutes=2)

    def test_resumed_by_mistake_and_resumed_again(self, counter, consultation, by):
        counters.open_counter(counter, by=by, at=minutes(0))
        held = at_counter(counter, consultation, by, begun=False)
        due = held.received.clock_due_at
        desk.hold(held, by=by, at=minutes(4))
        desk.resume(fresh(held), counter, by=by, at=minutes(14))
        take_back(by, minutes(14.2))
        desk.resume(fresh(held), counter, by=by, at=minutes(15))
        assert fresh(held.received).clock_due_at == due + timedelta(minutes=11)

    def test_who_was_late_before_stays_late(self, counter, consultation, by):
        held = take(consultation, minutes(0))
        desk.call_next(counter, by=by, at=minutes(12))
        desk.arrived(fresh(held), by=by, at=minutes(12))
        desk.hold(fresh(held), by=by, at=minutes(13))
        desk.resume(fresh(held), counter, by=by, at=minutes(14))
        desk.start(fresh(held.received), by=by, at=minutes(14))
        assert fresh(held.received).clock_result == "missed"

    def test_undone_the_clock_is_as_it_was(self, counter, consultation, by):
        counters.open_counter(counter, by=by, at=minutes(0))
        held = at_counter(counter, consultation, by, begun=False)
        desk.hold(held, by=by, at=minutes(4))
        due = fresh(held.received).clock_due_at
        desk.resume(fresh(held), counter, by=by, at=minutes(6))
        take_back(by, minutes(6.2))
        assert (fresh(held).state, fresh(held.received).clock_due_at) == ("held", due)

    def test_called_in_time_and_called_again_is_not_a_broken_promise(self, counter, consultation, by):
        absent = take(consultation, minutes(0))  # due at 10
        desk.call_next(counter, by=by, at=minutes(8))
        desk.recall(fresh(absent), by=by, at=minutes(11))
        desk.skip(fresh(absent), by=by, at=minutes(12))
        assert fresh(absent.received).clock_result != "running"


class TestOnlyFromWhereItWas:
    """Between the look at the screen and the press somebody else has acted: said so, and nothing is changed."""

    def test_back_in_the_queue_only_who_is_skipped_by_now(self, counter, consultation, by):
        ticket = take(consultation, minutes(0))
        desk.call_next(counter, by=by, at=minutes(1))
        desk.skip(fresh(ticket), by=by, at=minutes(1.1))
        seen = fresh(ticket)
        counters.open_counter(counter, by=by, at=minutes(1.1))
        take_back(by, minutes(1.2))
        with pytest.raises(IllegalMove):
            desk.rejoin(seen, by=VISITOR, at=minutes(1.3))
        assert fresh(ticket).state == Ticket.State.CALLED

    def test_put_back_only_who_was_called(self, counter, consultation, by):
        ticket = take(consultation, minutes(0))
        desk.call_next(counter, by=by, at=minutes(1))
        seen = fresh(ticket)
        desk.skip(fresh(ticket), by=by, at=minutes(2))
        with pytest.raises(IllegalMove):
            desk.put_back(seen, by=by, at=minutes(3))

    def test_resumed_only_who_is_put_aside(self, counter, other, consultation, by):
        ticket = take(consultation, minutes(0))
        desk.call_next(counter, by=by, at=minutes(1))
        with pytest.raises(IllegalMove):
            desk.resume(fresh(ticket), other, by=by, at=minutes(2))

    def test_not_started_while_put_aside(self, counter, consultation, by):
        ticket = at_counter(counter, consultation, by, begun=False)
        desk.hold(ticket, by=by, at=minutes(4))
        with pytest.raises(IllegalMove, match="ditunda"):
            desk.start(fresh(ticket.received), by=by, at=minutes(5))

    def test_not_passed_on_to_a_service_without_a_queue(self, counter, office, consultation, by):
        plain = Service.objects.create(
            office=office, slug="tanpa", name="Tanpa antrian", kind="library", prefix="Z"
        )
        ticket = at_counter(counter, consultation, by, begun=False)
        with pytest.raises(IllegalMove, match="tanpa antrian"):
            desk.transfer(ticket, service=plain, by=by, at=minutes(4))

    @pytest.mark.parametrize("seat", ["paused", "a colleague's"])
    def test_nobody_is_brought_back_to_a_counter_that_is_not_ones_own(
        self, counter, office, consultation, by, make_user, seat
    ):
        counters.open_counter(counter, by=by, at=minutes(0))
        ticket = at_counter(counter, consultation, by)
        desk.end(ticket.received, by=by, at=minutes(4))
        if seat == "paused":
            counters.pause(fresh(counter), reason="rest", by=by, at=minutes(4.1))
        else:
            counters.leave_seat(fresh(counter), by=by, at=minutes(4.1))
            colleague = Actor("officer", user_id=make_user(office).pk)
            counters.open_counter(fresh(counter), by=colleague, at=minutes(4.2))
        with pytest.raises(IllegalMove, match="bukan lagi loket Anda"):
            take_back(by, minutes(4.3))
        assert fresh(ticket).state == Ticket.State.FINISHED

    def test_what_was_rated_stays_done(self, counter, consultation, by):
        counters.open_counter(counter, by=by, at=minutes(0))
        ticket = at_counter(counter, consultation, by)
        desk.end(ticket.received, by=by, at=minutes(4))
        rate(fresh(ticket.received), stars=1, channel="phone", by=VISITOR, at=minutes(4.1))
        with pytest.raises(IllegalMove, match="dinilai"):
            take_back(by, minutes(4.2))

    @pytest.mark.parametrize("how", ["leaves", "is given up on"])
    def test_a_service_begun_and_passed_on_ends_with_the_ticket(self, counter, other, consultation, by, how):
        ticket = at_counter(counter, consultation, by)
        desk.transfer(ticket, counter=other, by=by, at=minutes(5))
        if how == "leaves":
            desk.cancel(fresh(ticket), by=VISITOR, at=minutes(6))
        else:
            desk.call_next(other, by=by, at=minutes(6))
            desk.no_show(fresh(ticket), by=sitting(other, by), at=minutes(7))
        visit = Visit.objects.get(pk=ticket.received.visit_id)
        assert visit.ended_at is not None
        assert fresh(ticket.received).state == "done"

    def test_more_time_asked_for_between_the_look_and_the_lock(self, counter, consultation, by, monkeypatch):
        first, second = take(consultation, minutes(0)), take(consultation, minutes(1))
        look = calls._callable

        def look_then_wish(counter, at):
            order = look(counter, at)
            visitor.more_time(fresh(first), by=VISITOR, at=at)
            return order

        monkeypatch.setattr(calls, "_callable", look_then_wish)
        assert desk.call_next(counter, by=by, at=minutes(2)) == second


def test_numbers_used_on_paper_do_not_stop_the_tablet(office, library, by):
    """Slips were printed from the reserve; then the supervisor made the range of the tablet longer."""
    rules = ServiceQueue.objects.create(service=library, first=1, last=2)
    library = Service.objects.get(pk=library.pk)
    slips.print_block(library, count=8, seen=3, by=by)
    for number in (3, 4):
        slip = slips.Slip(
            service=library, day=office.today(minutes(0)), number=number, arrived=minutes(0), outcome="served",
            began=minutes(1), ended=minutes(2),
        )  # fmt: skip
        slips.enter(slip, submission=f"slip-{number}", by=by)
    assert [take(library, minutes(3)).number for _n in range(2)] == [1, 2]
    rules.last = 50
    rules.save()
    library = Service.objects.get(pk=library.pk)
    assert [take(library, minutes(4)).number for _n in range(2)] == [5, 6]


@pytest.mark.django_db(transaction=True)
class TestTogether:
    """One transaction is still open while another one acts; each on its own database connection."""

    @pytest.fixture
    def place(self, offices, make_user):
        office = offices["7411"]
        self.by = Actor("officer", user_id=make_user(office).pk)
        self.consultation = office.services.get(slug="consultation")
        self.library = office.services.get(slug="library")
        self.one, self.two = office.counters.get(number=1), office.counters.get(number=2)
        for counter in (self.one, self.two):
            counter.services.set([self.consultation, self.library])
        return self

    def test_back_in_the_queue_while_the_one_before_ends(self, place):
        back = take(place.consultation, minutes(0))
        desk.call_next(place.two, by=place.by, at=minutes(0))
        desk.skip(fresh(back), by=place.by, at=minutes(0))
        served = at_counter(place.one, place.consultation, place.by, t=1)
        with Held(lambda: desk.rejoin(fresh(back), by=VISITOR, at=minutes(9))) as rejoining:
            ending = Beside(lambda: desk.end(served.received, by=place.by, at=minutes(9)))
            rejoining.let_go()
            ending.finish()
        assert fresh(back).state == Ticket.State.WAITING
        assert fresh(back.received).clock_started_at is not None

    def test_a_newcomer_while_one_passed_on_from_another_service_ends(self, place):
        ticket = at_counter(place.one, place.library, place.by, begun=False)
        desk.transfer(ticket, service=place.consultation, by=place.by, at=minutes(4))
        desk.call_next(place.one, by=place.by, at=minutes(5))
        desk.arrived(fresh(ticket), by=place.by, at=minutes(5))
        desk.start(fresh(ticket).received, by=place.by, at=minutes(5))
        newcomer = []
        with Held(lambda: desk.end(fresh(ticket).received, by=place.by, at=minutes(9))) as ending:
            taking = Beside(lambda: newcomer.append(take(place.consultation, minutes(9))))
            ending.let_go()
            taking.finish()
        assert fresh(newcomer[0].received).clock_started_at is not None

    def test_more_time_while_the_one_before_ends(self, place):
        served = at_counter(place.one, place.consultation, place.by)
        patient, following = take(place.consultation, minutes(4)), take(place.consultation, minutes(5))
        with Held(lambda: visitor.more_time(fresh(patient), by=VISITOR, at=minutes(9))) as asking:
            ending = Beside(lambda: desk.end(served.received, by=place.by, at=minutes(9)))
            asking.let_go()
            ending.finish()
        assert fresh(following.received).clock_started_at is not None

    def test_a_guest_book_being_signed_costs_nobody_the_turn(self, place):
        first, _second = take(place.consultation, minutes(0)), take(place.consultation, minutes(1))
        wording = ConsentWording.objects.first()
        called = []

        def sign():
            visits.sign(
                visit=fresh(first.received.visit), person={"name": "Tamu"}, answers={}, consent=True,
                wording=wording, channel="phone", by=VISITOR, at=minutes(2),
            )  # fmt: skip

        with Held(sign) as signing:
            calling = Beside(lambda: called.append(desk.call_next(place.one, by=place.by, at=minutes(2))))
            signing.let_go()
            calling.finish()
        assert called == [first]

    def test_two_calls_that_become_visible_in_the_other_order_have_both_their_place(self, place):
        """The TV tells calls apart by their id and says each once, whichever it sees first."""
        first, second = take(place.consultation, minutes(0)), take(place.consultation, minutes(1))
        with Held(lambda: desk.call_next(place.one, by=place.by, at=minutes(2))) as slow:
            assert desk.call_next(place.two, by=place.by, at=minutes(2)) == second
            slow.let_go()
        steps = {t: t.steps.get(state="called").pk for t in (first, second)}
        assert steps[first] < steps[second]  # though it was seen later
