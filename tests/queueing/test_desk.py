"""The desk: never two desks on one person, every way a ticket can go, and the queue's clock."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.db import connections, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from queueing import board as tv
from queueing import selectors
from queueing.models import Counter, NumberSequence, ServiceQueue, Ticket
from queueing.workflows import counters, desk
from queueing.workflows import desk as queue
from queueing.workflows.issue import issue
from services.audit.actors import Actor
from services.audit.models import AuditEntry
from services.guestbook import workflows as visits
from services.guestbook.models import ConsentWording, Visit
from services.workflow import IllegalMove
from tests.together import at_once

KIOSK = Actor("device")
NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # 09:00 in Kolaka Timur (WITA), a Monday


def minutes(n: float) -> datetime:
    return NINE + timedelta(minutes=n)


def take(service, at, **more) -> Ticket:
    key = f"{service.pk}-{Ticket.objects.count()}"
    return issue(office=service.office, service=service, submission=key, by=KIOSK, at=at, **more)


def sign(visit, by, at):
    return visits.sign(
        visit=visit, person={"name": "Tamu"}, answers={"party_size": 1}, consent=True,
        wording=ConsentWording.objects.first(), channel="desk", by=by, at=at,
    )  # fmt: skip


def fresh(thing):
    return type(thing).objects.get(pk=thing.pk)


def test_call_next_takes_the_first_and_then_nobody(counter, library, by):
    first, second = take(library, minutes(0)), take(library, minutes(1))
    assert desk.call_next(counter, by=by, at=minutes(2)) == first
    desk.arrived(fresh(first), by=by, at=minutes(2))
    desk.start(first.received, by=by, at=minutes(3))
    assert desk.call_next(counter, by=by, at=minutes(4)) == second
    desk.skip(fresh(second), by=by, at=minutes(5))
    assert desk.call_next(counter, by=by, at=minutes(6)) is None


def test_priority_is_called_before_the_others(counter, library, by):
    take(library, minutes(0))
    urgent = take(library, minutes(1), priority=True)
    assert desk.call_next(counter, by=by, at=minutes(2)) == urgent


def test_calling_the_next_skips_one_who_never_came_and_ends_one_who_was_served(counter, consultation, by):
    absent, served, third = (take(consultation, minutes(n)) for n in range(3))
    desk.call_next(counter, by=by, at=minutes(3))
    assert desk.call_next(counter, by=by, at=minutes(4)) == served
    assert fresh(absent).state == "skipped"
    desk.start(fresh(served).received, by=by, at=minutes(5))
    assert desk.call_next(counter, by=by, at=minutes(9)) == third
    assert fresh(served).state == "finished"
    assert fresh(served.received).state == "done"


def test_one_who_stands_at_the_counter_unserved_is_not_sent_away_by_a_call(counter, library, by):
    ticket = take(library, minutes(0))
    take(library, minutes(1))
    desk.call_next(counter, by=by, at=minutes(2))
    desk.arrived(fresh(ticket), by=by, at=minutes(3))
    with pytest.raises(IllegalMove, match="A001"):
        desk.call_next(counter, by=by, at=minutes(4))


def test_a_skipped_person_may_rejoin_once_with_the_same_number(counter, library, by):
    ticket = take(library, minutes(0))
    other = take(library, minutes(1))
    desk.call_next(counter, by=by, at=minutes(2))
    desk.skip(fresh(ticket), by=by, at=minutes(3))
    back = desk.rejoin(fresh(ticket), by=by, at=minutes(4))
    assert back.label == "A001"
    assert desk.call_next(counter, by=by, at=minutes(5)) == other
    desk.call_next(counter, by=by, at=minutes(6))
    desk.skip(fresh(ticket), by=by, at=minutes(7))
    assert fresh(ticket).state == Ticket.State.NO_SHOW
    with pytest.raises(IllegalMove):
        desk.rejoin(fresh(ticket), by=by, at=minutes(8))
    assert fresh(ticket.received.visit).end_reason == Visit.EndReason.NO_SHOW


def test_recall_calls_again_and_counts(counter, library, by):
    ticket = take(library, minutes(0))
    desk.call_next(counter, by=by, at=minutes(1))
    desk.recall(fresh(ticket), by=by, at=minutes(2))
    assert fresh(ticket).calls == 2
    assert [c.number for c in tv.board(library.office, minutes(2)).now] == ["A001"]
    assert ticket.steps.filter(state="called").count() == 2


def test_a_waiting_ticket_cannot_be_served_without_a_call(library, by):
    ticket = take(library, minutes(0))
    with pytest.raises(IllegalMove, match="belum dipanggil"):
        desk.start(ticket.received, by=by, at=minutes(1))
    assert fresh(ticket.received).state == "waiting"


class TestClockAfterGuestBook:
    """KL, TR, SW: within 5 minutes after the guest book (requirement row 36)."""

    def serve(self, counter, library, by, *, signed, started):
        ticket = take(library, minutes(0))
        desk.call_next(counter, by=by, at=minutes(20))
        sign(ticket.received.visit, by, minutes(signed))
        desk.start(fresh(ticket.received), by=by, at=minutes(started))
        return fresh(ticket.received)

    def test_kept_at_exactly_five_minutes(self, counter, library, by):
        received = self.serve(counter, library, by, signed=22, started=27)
        assert (received.clock_result, received.clock_started_at) == ("kept", minutes(22))

    def test_missed_a_second_later(self, counter, library, by):
        assert self.serve(counter, library, by, signed=22, started=27 + 1 / 60).clock_result == "missed"


class TestClockAfterPreviousFinished:
    """KK: within 10 minutes after the previous person finished; first in line from the ticket (row 37)."""

    def clock(self, ticket):
        return fresh(ticket.received).clock_started_at

    def test_first_in_line_runs_from_the_ticket_and_the_second_waits_for_the_first_to_finish(
        self, counter, consultation, by
    ):
        first, second = take(consultation, minutes(0)), take(consultation, minutes(2))
        assert self.clock(first) == minutes(0)
        assert self.clock(second) is None
        desk.call_next(counter, by=by, at=minutes(3))
        desk.start(fresh(first.received), by=by, at=minutes(4))
        desk.end(fresh(first.received), by=by, at=minutes(30))
        assert self.clock(second) == minutes(30)
        desk.call_next(counter, by=by, at=minutes(31))
        desk.start(fresh(second.received), by=by, at=minutes(41))
        assert fresh(second.received).clock_result == "missed"
        assert fresh(first.received).clock_result == "kept"

    def test_the_next_persons_clock_starts_at_the_skip(self, counter, consultation, by):
        first, second = take(consultation, minutes(0)), take(consultation, minutes(1))
        desk.call_next(counter, by=by, at=minutes(5))
        desk.skip(fresh(first), by=by, at=minutes(8))
        assert self.clock(second) == minutes(8)

    def test_one_who_comes_to_an_empty_queue_runs_from_the_ticket(self, counter, consultation, by):
        first = take(consultation, minutes(0))
        desk.call_next(counter, by=by, at=minutes(1))
        desk.start(fresh(first.received), by=by, at=minutes(2))
        desk.end(fresh(first.received), by=by, at=minutes(9))
        late = take(consultation, minutes(15))
        assert self.clock(late) == minutes(15)

    def test_served_by_a_free_second_counter_before_the_clock_started_is_kept(
        self, office, consultation, by, make_user
    ):
        first, second = take(consultation, minutes(0)), take(consultation, minutes(1))
        one, two = office.counters.all()
        other = Actor("officer", user_id=make_user(office).pk)
        desk.call_next(one, by=by, at=minutes(2))
        desk.start(fresh(first.received), by=by, at=minutes(2))
        desk.call_next(two, by=other, at=minutes(3))
        desk.start(fresh(second.received), by=other, at=minutes(4))
        assert fresh(second.received).clock_result == "kept"

    def test_one_who_was_not_there_waits_anew_when_back(self, counter, library, by):
        """Called within the time and absent: the office kept its word; the time runs again from the return."""
        ticket = take(library, minutes(0))
        sign(ticket.received.visit, by, minutes(0))
        desk.call_next(counter, by=by, at=minutes(2))
        desk.skip(fresh(ticket), by=by, at=minutes(3))
        received = fresh(ticket.received)
        assert (received.clock_started_at, received.clock_result) == (None, "")
        desk.rejoin(fresh(ticket), by=by, at=minutes(30))
        assert self.clock(ticket) == minutes(30)
        desk.call_next(counter, by=by, at=minutes(31))
        desk.start(fresh(ticket.received), by=by, at=minutes(32))
        assert fresh(ticket.received).clock_result == "kept"

    def test_one_who_was_called_too_late_keeps_the_broken_promise(self, counter, library, by):
        ticket = take(library, minutes(0))
        sign(ticket.received.visit, by, minutes(0))
        desk.call_next(counter, by=by, at=minutes(6))
        desk.skip(fresh(ticket), by=by, at=minutes(7))
        desk.rejoin(fresh(ticket), by=by, at=minutes(8))
        desk.call_next(counter, by=by, at=minutes(8))
        desk.start(fresh(ticket.received), by=by, at=minutes(8))
        assert fresh(ticket.received).clock_result == "missed"

    def test_one_who_is_back_waits_for_the_one_before(self, counter, consultation, by):
        back, other = take(consultation, minutes(0)), take(consultation, minutes(1))
        desk.call_next(counter, by=by, at=minutes(2))
        desk.skip(fresh(back), by=by, at=minutes(3))
        desk.rejoin(fresh(back), by=by, at=minutes(4))
        assert self.clock(back) is None
        desk.call_next(counter, by=by, at=minutes(5))
        desk.start(fresh(other.received), by=by, at=minutes(6))
        desk.end(fresh(other.received), by=by, at=minutes(20))
        assert self.clock(back) == minutes(20)

    def test_a_guest_book_signed_during_the_service_starts_nothing(self, counter, library, by):
        ticket = take(library, minutes(0))
        desk.call_next(counter, by=by, at=minutes(1))
        desk.start(fresh(ticket.received), by=by, at=minutes(2))
        sign(ticket.received.visit, by, minutes(9))
        received = fresh(ticket.received)
        assert received.clock_started_at is None
        assert (received.clock_result, received.clock_reason) == ("excluded", "before_book")

    def test_one_who_leaves_unserved_is_excluded_with_the_reason(self, consultation, by):
        ticket = take(consultation, minutes(0))
        desk.cancel(ticket, by=by, at=minutes(3))
        received = fresh(ticket.received)
        assert (received.clock_result, received.clock_reason) == ("excluded", "left")


@pytest.mark.django_db(transaction=True)
def test_a_ticket_taken_while_the_one_before_finishes_gets_its_clock(offices, make_user):
    """Neither transaction sees the other's rows; the row of the number sequence makes one wait for the other."""
    office = offices["7411"]
    consultation = office.services.get(slug="consultation")
    officer = Actor("officer", user_id=make_user(office).pk)
    first = take(consultation, minutes(0))
    desk.call_next(office.counters.get(number=1), by=officer, at=minutes(1))
    desk.start(fresh(first.received), by=officer, at=minutes(2))
    taken, second = threading.Event(), []

    def somebody_comes():
        with transaction.atomic():
            second.append(take(consultation, minutes(3)))
            taken.set()
            time.sleep(0.5)  # the commit is slow
        connections.close_all()

    thread = threading.Thread(target=somebody_comes)
    thread.start()
    assert taken.wait(30)
    desk.end(fresh(first.received), by=officer, at=minutes(4))
    thread.join(30)
    assert fresh(second[0].received).clock_started_at == minutes(4)


@pytest.mark.django_db(transaction=True)
def test_two_desks_calling_at_once_never_get_the_same_person(offices, make_user):
    office = offices["7411"]
    library = office.services.get(slug="library")
    for n in range(20):
        take(library, minutes(n / 10))
    one, two = office.counters.all()

    def officer(counter, actor) -> list[str]:
        called = []
        while ticket := desk.call_next(counter, by=actor, at=minutes(5)):
            called.append(ticket.label)
        return called

    actors = [Actor("officer", user_id=make_user(office).pk) for _n in range(2)]
    ours, theirs = at_once(partial(officer, one, actors[0]), partial(officer, two, actors[1]))
    assert sorted(ours + theirs) == [f"A{n:03d}" for n in range(1, 21)]


def test_a_second_press_of_call_next_does_not_skip_the_one_just_called(counter, library, by):
    first, second = take(library, minutes(0)), take(library, minutes(1))
    desk.call_next(counter, by=by, seen=0, at=minutes(2))
    with pytest.raises(IllegalMove, match="baru saja berubah"):
        desk.call_next(counter, by=by, seen=0, at=minutes(2))
    assert (fresh(first).state, fresh(second).state) == ("called", "waiting")
    assert desk.call_next(counter, by=by, seen=first.pk, at=minutes(3)) == second


def test_one_who_leaves_from_the_middle_starts_nobodys_clock(counter, consultation, by):
    served, first, middle = (take(consultation, minutes(n)) for n in range(3))
    desk.call_next(counter, by=by, at=minutes(3))
    desk.start(fresh(served.received), by=by, at=minutes(4))
    desk.cancel(fresh(middle), by=by, at=minutes(5))
    assert fresh(first.received).clock_started_at is None
    desk.end(fresh(served.received), by=by, at=minutes(6))
    assert fresh(first.received).clock_started_at == minutes(6)


@pytest.mark.django_db(transaction=True)
def test_recall_and_call_next_at_once_wait_for_each_other(offices, make_user):
    office = offices["7411"]
    library = office.services.get(slug="library")
    for n in range(12):
        take(library, minutes(n / 10))
    counter = office.counters.get(number=1)
    by = Actor("officer", user_id=make_user(office).pk)

    def press(action) -> None:
        for _n in range(10):
            with suppress(IllegalMove):
                action()

    def call() -> None:
        desk.call_next(counter, by=by, at=minutes(5))

    def recall() -> None:
        ticket = counter.tickets.at_counter().first()
        if ticket:
            desk.recall(ticket, by=by, at=minutes(5))

    assert at_once(*(partial(press, action) for action in (call, recall, recall))) == [None] * 3


@pytest.mark.django_db(transaction=True)
def test_one_officer_in_two_browsers_sits_at_one_counter(offices, make_user):
    office = offices["7411"]
    by = Actor("officer", user_id=make_user(office).pk)

    def sit(counter) -> None:
        for _n in range(5):
            counters.open_counter(counter, by=by)

    assert at_once(*(partial(sit, c) for c in office.counters.all())) == [None] * 2
    assert office.counters.filter(officer_id=by.user_id).count() == 1


def test_a_list_older_than_what_happened_cancels_nobody(desk, library, counter, by):
    """A colleague called the person meanwhile; the list in the open dialog still says "waiting"."""
    ticket = take(library, timezone.now())
    queue.call_next(counter, by=by)
    queue.arrived(fresh(ticket), by=by)
    page = desk.post(
        reverse("queueing:ticket_action", args=[ticket.pk, "cancel"]), {"was": "waiting"}, follow=True
    )
    assert fresh(ticket).state == "arrived"
    assert "Di loket" in page.content.decode()


def test_the_called_ones_stand_first_on_the_tablets_list_and_nobody_twice(library, consultation, counter, by):
    take(consultation, minutes(0))
    take(library, minutes(1))
    queue.call_next(counter, by=by, at=minutes(2))
    called = Ticket.objects.get(state="called")
    visits.add_service(visit=called.received.visit, service=library, by=by, at=minutes(3))
    listed = list(selectors.waiting_for_guest_book(library.office, minutes(4)))
    assert listed[0].pk == called.received.visit_id
    assert len(listed) == 2


def test_every_busy_counter_is_on_the_tv(office, library, make_user):
    for number in (3, 4):
        office.counters.create(number=number).services.add(library)
    for counter in office.counters.all():
        take(library, minutes(counter.number))
        officer = Actor("officer", user_id=make_user(office).pk)
        queue.call_next(counter, by=officer, at=minutes(5))
    board = tv.board(office, minutes(6))
    assert {(c.number, c.counter) for c in board.now} == {("A001", 1), ("A002", 2), ("A003", 3), ("A004", 4)}
    assert [p.number for p in board.places] == [1, 2, 3, 4]


def test_number_one_thousand_is_the_same_everywhere(office, library):
    ServiceQueue.objects.create(service=library, last=1000)
    library.refresh_from_db()
    take(library, minutes(0))
    NumberSequence.objects.update(last=999)
    ticket = take(library, minutes(1))
    assert ticket.label == fresh(ticket.received).number == ticket.received.visit.public_label == "A1000"


def test_leaving_twice_stays_on_ones_own_page(library):
    ticket = take(library, timezone.now())
    leave = reverse("queueing:visit_leave", args=[ticket.received.visit.token])
    for _n in range(2):
        answer = Client().post(leave)
        assert answer.headers["Location"] == reverse("queueing:visit", args=[ticket.received.visit.token])


class TestChosen:
    def test_a_person_is_called_out_of_turn_and_that_is_noted(self, counter, library, by):
        _first, second = take(library, minutes(0)), take(library, minutes(1))
        assert queue.call_chosen(counter, second, by=by, at=minutes(2)) == second
        assert AuditEntry.objects.filter(action="ticket.out_of_turn", target_id=second.pk).count() == 1

    def test_the_first_in_line_is_in_turn_also_when_chosen_by_hand(self, counter, library, by):
        first, _second = take(library, minutes(0)), take(library, minutes(1))
        queue.call_chosen(counter, first, by=by, at=minutes(2))
        assert not AuditEntry.objects.filter(action="ticket.out_of_turn").exists()

    def test_who_is_not_waiting_any_more_is_not_called(self, office, library, make_user):
        ticket = take(library, minutes(0))
        one, two = office.counters.all()
        ours, theirs = (Actor("officer", user_id=make_user(office).pk) for _n in range(2))
        queue.call_chosen(one, ticket, by=ours, at=minutes(1))
        with pytest.raises(IllegalMove, match="baru saja dipanggil"):
            queue.call_chosen(two, fresh(ticket), by=theirs, at=minutes(1))

    def test_the_one_at_the_counter_stays_when_the_chosen_one_is_gone(self, counter, consultation, by):
        """Everything or nothing: no one is finished for a call that could not be made."""
        served, gone = take(consultation, minutes(0)), take(consultation, minutes(1))
        queue.call_next(counter, by=by, at=minutes(2))
        queue.start(fresh(served.received), by=by, at=minutes(3))
        queue.cancel(fresh(gone), by=by, at=minutes(4))
        with pytest.raises(IllegalMove):
            queue.call_chosen(counter, fresh(gone), by=by, at=minutes(5))
        assert fresh(served).state == "serving"

    def test_another_offices_ticket_is_not_found(self, desk, offices, counter, frontliner):
        Counter.objects.filter(pk=counter.pk).update(officer=frontliner)
        theirs = take(offices["6571"].services.first(), timezone.now())
        assert desk.post(reverse("queueing:call_chosen", args=[theirs.pk])).status_code == 404


class TestPutBack:
    def test_it_costs_the_person_neither_place_nor_return(self, counter, library, by):
        first, second = take(library, minutes(0)), take(library, minutes(1))
        queue.call_next(counter, by=by, at=minutes(2))
        queue.put_back(fresh(first), by=by, at=minutes(3))
        again = fresh(first)
        assert (again.state, again.counter, again.rejoined, again.queued_at) == (
            "waiting",
            None,
            False,
            first.queued_at,
        )
        assert queue.call_next(counter, by=by, at=minutes(4)) == first
        assert fresh(second).state == "waiting"

    def test_the_tv_takes_the_mistaken_call_away(self, office, counter, library, by):
        ticket = take(library, minutes(0))
        queue.call_next(counter, by=by, at=minutes(2))
        queue.put_back(fresh(ticket), by=by, at=minutes(2))
        board = tv.board(office, minutes(2))
        assert (board.now, board.earlier) == ([], [])

    def test_who_is_being_served_is_not_put_back(self, counter, consultation, by):
        ticket = take(consultation, minutes(0))
        queue.call_next(counter, by=by, at=minutes(1))
        queue.start(fresh(ticket.received), by=by, at=minutes(2))
        with pytest.raises(IllegalMove):
            queue.put_back(fresh(ticket), by=by, at=minutes(3))


def test_a_walk_in_gets_priority_when_the_officer_says_so(desk, library):
    desk.post(reverse("queueing:new_visit"), {"service": "library", "key": "1", "priority": "1"})
    assert Ticket.objects.get().priority
