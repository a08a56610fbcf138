"""Taking back the last action: everything as it was, and never over the head of somebody else."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from queueing.models import DeskAction, Ticket, TicketStep
from queueing.workflows import counters, desk, undo
from queueing.workflows import desk as desk_work
from services.audit.actors import Actor
from services.audit.models import AuditEntry
from services.guestbook.models import Visit, VisitService
from services.workflow import IllegalMove
from tests.queueing.support import fresh, minutes, take

FIELDS = ("state", "counter_id", "called_at", "first_called_at", "ended_at", "calls", "rejoined", "queued_at",
          "service_id", "received_id", "for_counter_id", "not_before")  # fmt: skip
CLOCK = ("state", "officer_id", "started_at", "ended_at", "clock_started_at", "clock_due_at", "clock_result",
         "clock_reason", "clock_stopped_at")  # fmt: skip


@pytest.fixture(autouse=True)
def seated(counter, by):
    counters.open_counter(counter, by=by, at=minutes(0))


def picture(*tickets):
    """Everything about these people that an action may change."""
    rows = []
    for ticket in tickets:
        ticket = fresh(ticket)
        received = VisitService.objects.filter(visit=ticket.received.visit).exclude(clock_reason="undo")
        visit = Visit.objects.get(pk=ticket.received.visit_id)
        rows.append((
            tuple(getattr(ticket, f) for f in FIELDS),
            tuple(tuple(getattr(r, f) for f in CLOCK) for r in received if r.state != "cancelled" or not r.steps.filter(why="undo").exists()),
            visit.ended_at, visit.end_reason,
        ))  # fmt: skip
    return rows


def last(by):
    return DeskAction.objects.filter(officer=by.user_id).latest("pk")


def calls_on_tv(office):
    return TicketStep.objects.filter(subject__office=office, state="called").exclude(why="undo").count()


def test_a_call_is_taken_back_with_the_service_it_ended(counter, consultation, by):
    first, second, third = (take(consultation, minutes(n)) for n in range(3))
    desk.call_next(counter, by=by, at=minutes(4))
    desk.arrived(fresh(first), by=by, at=minutes(5))
    desk.start(fresh(first).received, by=by, at=minutes(5))
    before = picture(first, second, third)
    desk.call_next(counter, by=by, at=minutes(10))
    assert fresh(first).state == Ticket.State.FINISHED
    assert fresh(second).state == Ticket.State.CALLED
    spoken = calls_on_tv(counter.office)
    undo.undo(last(by), by=by, at=minutes(10.4))
    assert picture(first, second, third) == before
    assert calls_on_tv(counter.office) == spoken  # nothing is spoken again
    assert fresh(first).steps.last().why == "undo"
    assert AuditEntry.objects.filter(action="undo.call", user=by.user_id).count() == 1


@pytest.mark.parametrize("action", ["skip", "no_show", "cancel", "put_back", "arrived"])
def test_what_became_of_a_called_person_is_taken_back(counter, consultation, by, action):
    ticket, following = take(consultation, minutes(0)), take(consultation, minutes(1))
    desk.call_next(counter, by=by, at=minutes(2))
    before = picture(ticket, following)
    if action == "no_show":
        desk.skip(fresh(ticket), by=by, at=minutes(3))
        before = picture(ticket, following)
    getattr(desk, action)(fresh(ticket), by=by, at=minutes(3.1))
    assert picture(ticket, following) != before
    undo.undo(last(by), by=by, at=minutes(3.5))
    assert picture(ticket, following) == before


def test_a_visit_that_was_ended_too_early_goes_on(counter, library, by):
    ticket = take(library, minutes(0))
    desk.call_next(counter, by=by, at=minutes(1))
    desk.arrived(fresh(ticket), by=by, at=minutes(2))
    desk.start(fresh(ticket).received, by=by, at=minutes(3))
    before, visit = picture(ticket), ticket.received.visit
    steps = [s.kind for s in visit.steps.all()]
    desk.close_visit(visit, by=by, at=minutes(4))
    undo.undo(last(by), by=by, at=minutes(4.2))
    assert picture(ticket) == before
    assert {s.kind for s in visit.steps.filter(outcome="undone")} == {
        s.kind for s in visit.steps.all()[len(steps) :]
    }
    desk.close_visit(fresh(visit), by=by, at=minutes(5))
    assert fresh(visit).ended_at == minutes(5)
    assert visit.steps.filter(kind="finish").last().outcome == "done"


def test_after_thirty_seconds_it_stays(counter, library, by):
    take(library, minutes(0))
    desk.call_next(counter, by=by, at=minutes(1))
    assert undo.last_action(counter.office, by.user_id, minutes(1.5)) == last(by)
    assert undo.last_action(counter.office, by.user_id, minutes(1.52)) is None
    with pytest.raises(IllegalMove, match="tidak dapat diurungkan"):
        undo.undo(last(by), by=by, at=minutes(1.52))


def test_only_the_last_action_and_only_once(counter, library, by):
    take(library, minutes(0)), take(library, minutes(0))
    desk.call_next(counter, by=by, at=minutes(1))
    call = last(by)
    desk.skip(counter.tickets.get(), by=by, at=minutes(1.1))
    with pytest.raises(IllegalMove):
        undo.undo(call, by=by, at=minutes(1.2))
    undo.undo(last(by), by=by, at=minutes(1.2))
    with pytest.raises(IllegalMove):
        undo.undo(last(by), by=by, at=minutes(1.3))


def test_not_over_the_head_of_a_colleague(counter, office, library, by, make_user):
    """Skipped here, called back and called by a colleague meanwhile: that stands."""
    ticket = take(library, minutes(0))
    desk.call_next(counter, by=by, at=minutes(1))
    desk.skip(fresh(ticket), by=by, at=minutes(1.1))
    colleague = Actor("officer", user_id=make_user(office).pk)
    desk.rejoin(fresh(ticket), by=colleague, at=minutes(1.2))
    with pytest.raises(IllegalMove, match="tindakan lain"):
        undo.undo(last(by), by=by, at=minutes(1.3))
    assert fresh(ticket).state == Ticket.State.WAITING


def test_not_onto_a_counter_where_somebody_stands_now(counter, office, library, by, make_user):
    first, second = take(library, minutes(0)), take(library, minutes(0))
    desk.call_next(counter, by=by, at=minutes(1))
    desk.skip(fresh(first), by=by, at=minutes(1.1))
    skip = last(by)
    colleague = Actor("officer", user_id=make_user(office).pk)
    desk.call_chosen(counter, second, by=colleague, at=minutes(1.2))
    with pytest.raises(IllegalMove, match="A002"):
        undo.undo(skip, by=by, at=minutes(1.3))


def test_the_desk_offers_it_and_forgets_it(desk, counter, library, frontliner):
    """Over HTTP, with the clock of the machine: the button is there at once, and works."""
    take(library, timezone.now())
    desk.post(reverse("queueing:call_next"), {"seen": "0"})
    url = reverse("queueing:desk_undo")
    page = desk.get(url).content.decode()
    assert "A001" in page
    assert 'data-undo="call"' in page
    pk = DeskAction.objects.get().pk
    assert desk.post(url, {"action": pk}, HTTP_HX_REQUEST="true").status_code == 204
    assert Ticket.objects.get().state == Ticket.State.WAITING
    assert "data-undo" not in desk.get(url).content.decode()
    assert desk.post(url, {"action": "abc"}).status_code in (302, 409)


def test_old_actions_are_forgotten(counter, library, by):
    take(library, minutes(0))
    desk.call_next(counter, by=by, at=minutes(1))
    assert undo.forget_old_actions(minutes(60)) == 0
    assert undo.forget_old_actions(minutes(26 * 60)) == 1


def test_what_cannot_be_taken_back_is_not_offered_again(desk, counter, consultation, frontliner, by):
    ticket = take(consultation, timezone.now())
    desk_work.call_next(counter, by=by)
    action = last(by)
    Ticket.objects.filter(pk=ticket.pk).update(calls=2)  # somebody has gone on meanwhile
    answer = desk.post(reverse("queueing:desk_undo"), {"action": action.pk}, follow=True)
    assert "Sudah ada tindakan lain" in answer.content.decode()
    assert "do-undo" not in desk.get(reverse("queueing:desk_undo")).content.decode()


def test_what_the_officer_can_mend_stays_offered(desk, counter, consultation, frontliner, by):
    take(consultation, timezone.now())
    ticket = desk_work.call_next(counter, by=by)
    desk_work.skip(fresh(ticket), by=by)
    counters.pause(fresh(counter), reason="rest", by=by)
    form = {"action": last(by).pk}
    assert "jeda" in desk.post(reverse("queueing:desk_undo"), form, follow=True).content.decode()
    counters.resume(fresh(counter), by=by)
    desk.post(reverse("queueing:desk_undo"), form)
    assert fresh(ticket).state == Ticket.State.CALLED
