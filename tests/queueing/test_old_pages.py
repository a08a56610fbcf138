"""An older page, a second tab, a seat given up meanwhile: what is pressed there harms nobody."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from queueing.board import board
from queueing.models import Ticket, WithdrawnChoice
from queueing.workflows import counters, desk, tablet, undo, visitor
from queueing.workflows.issue import issue
from services.accounts.models import User
from services.audit.actors import VISITOR, Actor
from services.guestbook import workflows as visits
from services.ratings.workflows import rate
from services.workflow import IllegalMove
from tests.accounts.world import sign
from tests.queueing.support import KIOSK, fresh, minutes, take


@pytest.fixture
def colleague(office, make_user) -> Actor:
    return Actor("officer", user_id=make_user(office).pk)


@pytest.fixture
def mine(counter, by):
    return counters.open_counter(counter, by=by, at=minutes(0))


@pytest.fixture
def theirs(office, consultation, library, colleague):
    counter = office.counters.get(number=2)
    counter.services.set([consultation, library])
    return counters.open_counter(counter, by=colleague, at=minutes(0))


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(
        User.objects.get(pk=actor.user_id), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


class TestSomebodyElsesVisitor:
    @pytest.mark.parametrize("action", ["arrived", "skip", "put_back", "no_show", "recall"])
    def test_a_call_of_a_colleague_is_theirs(self, mine, theirs, library, by, colleague, action):
        ticket = take(library, minutes(0))
        desk.call_next(mine, by=by, at=minutes(1))
        desk.put_back(fresh(ticket), by=by, at=minutes(2))
        desk.call_next(theirs, by=colleague, at=minutes(3))
        with pytest.raises(IllegalMove, match="petugas lain"):
            getattr(desk, action)(fresh(ticket), by=by, at=minutes(4))
        assert fresh(ticket).state == "called"
        assert fresh(ticket).counter == theirs

    @pytest.mark.parametrize("action", ["start", "end", "hold"])
    def test_who_was_replaced_goes_on_with_nobody(self, mine, library, by, colleague, action):
        ticket = take(library, minutes(0))
        desk.call_next(mine, by=by, at=minutes(1))
        desk.arrived(fresh(ticket), by=by, at=minutes(2))
        counters.open_counter(mine, by=colleague, at=minutes(3))
        subject = fresh(ticket) if action == "hold" else fresh(ticket).received
        with pytest.raises(IllegalMove):
            getattr(desk, action)(subject, by=by, at=minutes(4))
        assert fresh(ticket).state == "arrived"

    def test_after_a_colleague_left_anybody_goes_on(self, mine, library, by, colleague):
        ticket = take(library, minutes(0))
        desk.call_next(mine, by=by, at=minutes(1))
        counters.log_out(by=by, at=minutes(2))
        assert desk.arrived(fresh(ticket), by=colleague, at=minutes(3)).state == "arrived"


class TestSeats:
    def test_nobody_is_left_behind_at_a_counter_one_leaves_for_another(self, mine, office, library, by):
        take(library, minutes(0))
        desk.call_next(mine, by=by, at=minutes(1))
        with pytest.raises(IllegalMove, match="masih di loket"):
            counters.open_counter(office.counters.get(number=2), by=by, at=minutes(2))
        assert fresh(mine).officer_id == by.user_id

    @pytest.mark.parametrize("how", ["left it", "was replaced"])
    def test_nobody_is_called_to_a_counter_one_sat_at(self, mine, library, by, colleague, how):
        take(library, minutes(0))
        if how == "left it":
            counters.leave_seat(mine, by=by, at=minutes(1))
        else:
            counters.open_counter(mine, by=colleague, at=minutes(1))
        with pytest.raises(IllegalMove, match="tidak lagi"):
            desk.call_next(mine, by=by, seated=True, at=minutes(2))
        assert not Ticket.objects.exclude(state="waiting").exists()

    def test_nor_does_somebody_put_aside_go_on_there(self, mine, library, by):
        ticket = take(library, minutes(0))
        desk.call_next(mine, by=by, at=minutes(1))
        desk.arrived(fresh(ticket), by=by, at=minutes(2))
        desk.hold(fresh(ticket), by=by, at=minutes(3))
        counters.leave_seat(mine, by=by, at=minutes(4))
        with pytest.raises(IllegalMove, match="tidak lagi"):
            desk.resume(fresh(ticket), mine, by=by, seated=True, at=minutes(5))

    def test_the_desk_of_who_was_replaced_says_so(self, mine, by, colleague):
        page = client_of(by)
        counters.open_counter(mine, by=colleague, at=minutes(1))
        answer = page.get("/meja/antrian/?loket=1", headers={"HX-Request": "true"})
        assert answer.headers["HX-Refresh"] == "true"
        assert "petugas lain duduk di sana" in page.get("/meja/").content.decode()

    def test_taking_a_colleagues_counter_is_asked_about(self, mine, colleague):
        page = client_of(colleague).get("/meja/").content.decode()
        button = re.search(r'<button[^>]*name="counter" value="1"[^>]*>', page)
        assert button
        assert "data-confirm" in button[0]


def test_put_aside_one_is_not_let_in_by_an_old_page(mine, library, by):
    ticket = take(library, minutes(0))
    desk.call_next(mine, by=by, at=minutes(1))
    desk.arrived(fresh(ticket), by=by, at=minutes(2))
    desk.hold(fresh(ticket), by=by, at=minutes(3))
    with pytest.raises(IllegalMove):
        desk.arrived(fresh(ticket), by=by, at=minutes(4))
    assert fresh(ticket).state == "held"


def test_who_was_skipped_is_not_passed_on_to_the_queue_again(mine, consultation, library, by):
    ticket = take(library, minutes(0))
    desk.call_next(mine, by=by, at=minutes(1))
    desk.skip(fresh(ticket), by=by, at=minutes(2))
    with pytest.raises(IllegalMove):
        desk.transfer(fresh(ticket), service=consultation, by=by, at=minutes(3))


def test_the_same_button_calls_once_more_only_once(mine, library, by):
    ticket = take(library, minutes(0))
    desk.call_next(mine, by=by, at=minutes(1))
    desk.recall(fresh(ticket), by=by, seen=1, at=minutes(2))
    with pytest.raises(IllegalMove, match="baru saja"):
        desk.recall(fresh(ticket), by=by, seen=1, at=minutes(2))
    assert fresh(ticket).calls == 2


def test_a_walk_in_is_not_followed_by_taking_back_what_was_before(desk_client, mine, library, office, by):
    ticket = issue(office=office, service=library, submission="p", by=KIOSK)
    desk.call_next(mine, by=by)
    assert undo.last_action(office, by.user_id)
    desk_client.post(reverse("queueing:new_visit"), {"service": "library"})
    assert undo.last_action(office, by.user_id) is None
    assert fresh(ticket).state == "called"


@pytest.fixture
def desk_client(by):
    return client_of(by)


class TestChoiceCalledOff:
    def test_between_the_look_and_the_number(self, library, office):
        """The tap has found no withdrawal and not yet stored its number, the withdrawal finds no number."""
        tablet.withdraw(office=office, submission="tap", by=KIOSK)
        ticket = issue(office=office, service=library, submission="tap", by=KIOSK)
        assert tablet.called_off_meanwhile(ticket, "tap", by=KIOSK)
        assert fresh(ticket).state == "cancelled"

    def test_what_nobody_called_off_stays(self, library, office):
        WithdrawnChoice.objects.create(submission="other", at=minutes(0))
        ticket = issue(office=office, service=library, submission="tap", by=KIOSK)
        assert not tablet.called_off_meanwhile(ticket, "tap", by=KIOSK)
        assert fresh(ticket).state == "waiting"


class TestReadyAfterAll:
    def test_called_in_turn_again_and_promised_from_then(self, mine, library, by):
        first, _second = take(library, minutes(0)), take(library, minutes(1))
        visitor.more_time(fresh(first), by=VISITOR, at=minutes(2))
        visitor.ready_after_all(fresh(first), by=VISITOR, at=minutes(4))
        assert fresh(first).not_before is None
        assert desk.call_next(mine, by=by, at=minutes(5)) == first

    def test_not_when_the_time_is_over(self, library):
        first = take(library, minutes(0))
        visitor.more_time(fresh(first), by=VISITOR, at=minutes(2))
        with pytest.raises(IllegalMove):
            visitor.ready_after_all(fresh(first), by=VISITOR, at=minutes(30))

    def test_the_clock_of_who_is_first_runs_from_now(self, mine, consultation, by):
        first = take(consultation, minutes(0))
        visitor.more_time(fresh(first), by=VISITOR, at=minutes(2))
        visitor.ready_after_all(fresh(first), by=VISITOR, at=minutes(4))
        assert fresh(first.received).clock_started_at == minutes(4)
        assert fresh(first.received).clock_due_at == minutes(14)

    def test_on_the_phone(self, client, library):
        ticket = issue(office=library.office, service=library, submission="p", by=KIOSK)
        page = reverse("queueing:visit", args=[ticket.received.visit.token])
        later = reverse("queueing:visit_more_time", args=[ticket.received.visit.token])
        client.post(later)
        assert "Saya sudah siap dipanggil" in client.get(page).content.decode()
        client.post(later, {"ready": "1"})
        assert fresh(ticket).not_before is None
        assert "Saya sudah siap dipanggil" not in client.get(page).content.decode()


def test_the_tv_names_the_counter_somebody_put_aside_goes_on_at(mine, theirs, office, library, by, colleague):
    at_mine = take(library, minutes(0))
    desk.call_next(mine, by=by, at=minutes(1))
    before = take(library, minutes(0.5))
    desk.call_next(theirs, by=colleague, at=minutes(1))
    for ticket, who in ((at_mine, by), (before, colleague)):
        desk.arrived(fresh(ticket), by=who, at=minutes(1.5))
    desk.start(fresh(before).received, by=colleague, at=minutes(1.6))
    desk.hold(fresh(at_mine), by=by, at=minutes(2))
    if fresh(before).state != "finished":
        desk.end(fresh(before).received, by=colleague, at=minutes(2.2))
    desk.resume(fresh(at_mine), theirs, by=colleague, at=minutes(2.5))
    shown = board(office, minutes(3))
    assert [(c.number, c.counter) for c in shown.now] == [(at_mine.label, 2)]
    assert [p.call.number if p.call else "" for p in shown.places] == ["", at_mine.label]


def test_a_rating_waits_for_an_undo_of_the_end(mine, consultation, by):
    ticket = take(consultation, minutes(0))
    desk.call_next(mine, by=by, at=minutes(1))
    desk.arrived(fresh(ticket), by=by, at=minutes(2))
    desk.start(fresh(ticket).received, by=by, at=minutes(3))
    desk.end(fresh(ticket).received, by=by, at=minutes(4))
    read_before = fresh(ticket).received
    undo.undo(undo.last_action(ticket.office, by.user_id, minutes(4.1)), by=by, at=minutes(4.1))
    with pytest.raises(IllegalMove, match="belum selesai"):
        rate(read_before, stars=4, channel="phone", by=VISITOR, at=minutes(4.2))


def test_served_before_the_promised_time_nobody_waited(mine, consultation, by):
    ticket = take(consultation, minutes(0))
    visitor.more_time(fresh(ticket), by=VISITOR, at=minutes(1))
    desk.call_chosen(mine, fresh(ticket), by=by, at=minutes(2))
    desk.arrived(fresh(ticket), by=by, at=minutes(3))
    desk.start(fresh(ticket).received, by=by, at=minutes(4))
    received = fresh(ticket.received)
    assert received.clock_result == "kept"
    assert received.clock_started_at == received.clock_stopped_at == minutes(4)


def test_the_tablets_page_of_a_number_given_up_promises_no_call(kiosk, library, by):
    ticket = issue(office=library.office, service=library, submission="k", by=KIOSK)
    page = reverse("queueing:kiosk_ticket", args=[ticket.received.visit.token])
    assert "dipanggil di layar" in kiosk.get(page).content.decode()
    desk.cancel(fresh(ticket), by=by)
    shown = kiosk.get(page).content.decode()
    assert "dipanggil di layar" not in shown
    assert "Isi buku tamu sekarang" not in shown
    assert "ambil nomor baru" in shown


class TestFurtherServices:
    def test_its_promise_counts_from_when_it_was_wanted(self, offices, by):
        """After the guest book is signed, "5 minutes after the guest book" of another service begins at once."""
        office = offices["7411"]
        first, other = office.services.get(slug="consultation"), office.services.get(slug="library")
        assert other.standard.rules.clock_onsite.start == "guest_book"
        visit = visits.arrive(office=office, service=first, by=by, at=minutes(0))
        sign(visit, by)
        added = visits.add_service(visit=visit, service=other, by=by, at=minutes(7))
        assert added.clock_started_at == minutes(7)
        assert added.clock_result == "running"

    def test_who_leaves_waits_for_nothing_more(self, consultation, library, by):
        ticket = take(library, minutes(0))
        visits.add_service(visit=ticket.received.visit, service=consultation, by=by, at=minutes(1))
        desk.cancel(fresh(ticket), by=by, at=minutes(2))
        visit = fresh(ticket.received.visit)
        assert visit.end_reason == "left"
        assert {r.state for r in visit.services.all()} == {"cancelled"}
