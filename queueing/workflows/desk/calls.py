"""Calling people to a counter, and what becomes of those who do not come."""

from __future__ import annotations

import time
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from queueing.models import Counter, Ticket
from queueing.models.rules import of_office
from queueing.order import in_calling_order
from queueing.workflows.clocks import (
    ATTEMPTS,
    MOMENT_SECONDS,
    at_the_front,
    lock_queue,
    start_again,
    start_next,
)
from queueing.workflows.desk.common import TOPICS, as_seen, lock_visit, not_anothers, only, seat_of
from queueing.workflows.desk.serving import end
from queueing.workflows.undo import undoable
from services.audit import trail
from services.audit.actors import Actor
from services.guestbook import clocks
from services.guestbook import workflows as visits
from services.guestbook.models import Visit, VisitService
from services.workflow import IllegalMove, move


@undoable("call")
@transaction.atomic
def call_next(
    counter: Counter, *, by: Actor, seen: int | None = None, seated: bool = False, at: datetime | None = None
) -> Ticket | None:
    """Finish whoever is at the counter, then call the next person of its services; None when nobody waits.

    `seen` is the ticket the officer saw at the counter when pressing the button (0: nobody). If it is somebody
    else by now, a second press or a second browser was faster, and nobody is skipped by mistake: IllegalMove.
    `seated`: the officer sat at this counter when pressing, and must still.
    Rows that another desk is just calling are passed over (SKIP LOCKED): never two desks on one person.
    """
    at = at or timezone.now()
    _make_room(counter, seen=seen, seated=seated, by=by, at=at)
    for ticket in _callable(counter, at):
        if (locked := _claim(ticket, counter, at)) is not None:
            return _call(locked, counter, by=by, at=at)
    return None


def _claim(ticket: Ticket, counter: Counter, at: datetime) -> Ticket | None:
    """Lock this person's rows; None when another desk was faster, or they asked for more time just now.

    A row may be held for a moment by something harmless (the guest book is being signed): nobody is passed over
    for that, so it is tried again for half a second. Waiting for the lock itself could deadlock.
    """
    for _attempt in range(ATTEMPTS):
        if (locked := _free_to_call(counter, at).filter(pk=ticket.pk).first()) is not None:
            same = ("not_before", "service_id", "for_counter_id")
            return locked if all(getattr(locked, f) == getattr(ticket, f) for f in same) else None
        if not Ticket.objects.waiting().filter(pk=ticket.pk).exists():
            return None
        time.sleep(MOMENT_SECONDS)
    return None


def _callable(counter: Counter, at: datetime) -> list[Ticket]:
    """Who may be called to this counter now, in order; whoever asked for more time is passed over until then."""
    order = in_calling_order(
        counter.office, counter.services.values_list("pk", flat=True), counter=counter, now=at
    )
    return [t for t in order if t.not_before is None or t.not_before <= at]


@undoable("call")
@transaction.atomic
def call_chosen(
    counter: Counter,
    ticket: Ticket,
    *,
    by: Actor,
    seen: int | None = None,
    seated: bool = False,
    at: datetime | None = None,
) -> Ticket:
    """As `call_next`, but this person, out of turn. Raises IllegalMove when another desk was faster."""
    at = at or timezone.now()
    _make_room(counter, seen=seen, seated=seated, by=by, at=at)
    chosen = _free_to_call(counter, at).filter(pk=ticket.pk).first()
    if chosen is None:
        raise IllegalMove(_("%s baru saja dipanggil atau pergi. Periksa daftar, lalu pilih lagi.") % ticket)
    in_turn = next(iter(_callable(counter, at)), None) == chosen
    called = _call(chosen, counter, by=by, at=at, why="chosen")
    if not in_turn:
        trail.record("ticket.out_of_turn", called, by=by, office_id=called.office_id, at=at)
    return called


def _make_room(counter: Counter, *, seen: int | None, seated: bool, by: Actor, at: datetime) -> None:
    """Lock the counter and free it for a call. Raises IllegalMove when it is not as the officer saw it."""
    seat_of(counter, by, seated=seated)
    current = counter.tickets.at_counter().first()
    if seen is not None and seen != (current.pk if current else 0):
        raise IllegalMove(_("Loket ini baru saja berubah. Periksa siapa yang di loket, lalu panggil lagi."))
    leave_counter(counter, by=by, at=at)


def _free_to_call(counter: Counter, at: datetime):
    """Who waits today and is not just being called, or leaving, elsewhere."""
    return (
        Ticket.objects.waiting()
        .of_day(counter.office.today(at))
        .filter(office=counter.office)
        .select_related("received__visit")
        .select_for_update(skip_locked=True, of=("self", "received__visit"))
    )


def _call(ticket: Ticket, counter: Counter, *, by: Actor, at: datetime, why: str = "") -> Ticket:
    ticket = move(
        ticket,
        "called",
        by=by,
        at=at,
        why=why,
        topics=TOPICS,
        counter=counter,
        called_at=at,
        first_called_at=ticket.first_called_at or at,
        calls=ticket.calls + 1,
        step={"counter": counter},  # which counter the TV names
    )
    visits.record_step(ticket.received.visit, "ticket", by=by, at=ticket.issued_at)
    return ticket


@transaction.atomic
def recall(ticket: Ticket, *, by: Actor, seen: int | None = None, at: datetime | None = None) -> Ticket:
    """The same call once more, to the same counter. `seen`: the calls the officer had seen; a second press of the
    same button raises IllegalMove."""
    lock_visit(ticket.received.visit_id)
    tickets = Ticket.objects.select_for_update(of=("self",)).select_related("counter", "office")
    ticket = tickets.get(pk=ticket.pk)
    if ticket.state != Ticket.State.CALLED or ticket.counter is None:
        raise IllegalMove(_("Hanya nomor yang sedang dipanggil dapat dipanggil ulang."))
    not_anothers(ticket, by)
    if seen is not None and seen != ticket.calls:
        raise IllegalMove(_("%s baru saja dipanggil ulang.") % ticket)
    most = of_office(ticket.office).most_calls
    if ticket.calls >= most:
        raise IllegalMove(
            _("%(number)s sudah dipanggil %(n)d kali. Lewati, atau catat tidak hadir.")
            % {"number": ticket, "n": ticket.calls}
        )
    return _call(ticket, ticket.counter, by=by, at=at or timezone.now(), why="recall")


@undoable("arrived")
@transaction.atomic
def arrived(ticket: Ticket, *, by: Actor, at: datetime | None = None) -> Ticket:
    """The person called stands at the counter; one whose service had begun at another counter goes on there."""
    lock_visit(ticket.received.visit_id)
    only(ticket, "called")
    not_anothers(ticket, by)
    begun = VisitService.objects.filter(pk=ticket.received_id, state=VisitService.State.SERVING).exists()
    return move(ticket, "serving" if begun else "arrived", by=by, at=at, topics=TOPICS)


@undoable("put_back")
@transaction.atomic
def put_back(ticket: Ticket, *, by: Actor, at: datetime | None = None) -> Ticket:
    """Called by mistake: back to the same place in the queue; the call costs the person nothing."""
    lock_visit(ticket.received.visit_id)
    only(ticket, "called", "arrived")
    not_anothers(ticket, by)
    return move(ticket, "waiting", by=by, at=at, topics=TOPICS, why="put back", counter=None)


@undoable("skip")
@transaction.atomic
def skip(ticket: Ticket, *, by: Actor, at: datetime | None = None) -> Ticket:
    """Called, did not come: the counter is free, the next person's clock starts (domain.md §8.8).

    Who has come back once already does not get a third chance: that is a no-show.
    """
    at = at or timezone.now()
    lock_visit(ticket.received.visit_id)
    ticket.refresh_from_db(fields=["state", "rejoined", "counter"])
    not_anothers(ticket, by)
    if ticket.rejoined:
        return _give_up(ticket, "no_show", Visit.EndReason.NO_SHOW, by=by, at=at)
    ticket = move(ticket, "skipped", by=by, at=at, topics=TOPICS, counter=None)
    first_call = ticket.steps.filter(state="called", at__gte=ticket.queued_at).exclude(why="undo").first()
    called_at = first_call.at if first_call else ticket.called_at
    clocks.withdraw(VisitService.objects.select_for_update().get(pk=ticket.received_id), called_at)
    start_next(ticket, at)
    return ticket


@undoable("rejoin")
@transaction.atomic
def rejoin(ticket: Ticket, *, by: Actor, at: datetime | None = None) -> Ticket:
    """A skipped person is back: may rejoin the end of the queue once, with the same number and a new clock."""
    at = at or timezone.now()
    lock_visit(ticket.received.visit_id)
    ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket.pk)
    only(ticket, "skipped")
    if ticket.rejoined:
        raise IllegalMove(_("Nomor ini sudah pernah kembali ke antrian satu kali."))
    ticket = move(
        ticket, "waiting", by=by, at=at, topics=TOPICS, why="rejoin", rejoined=True, queued_at=at, calls=0
    )
    start_again(ticket, at)
    return ticket


@undoable("no_show")
@transaction.atomic
def no_show(ticket: Ticket, *, by: Actor, at: datetime | None = None) -> Ticket:
    """Given up on: the ticket and its visit end."""
    return _give_up(ticket, "no_show", Visit.EndReason.NO_SHOW, by=by, at=at)


@undoable("cancel")
@transaction.atomic
def cancel(ticket: Ticket, *, by: Actor, at: datetime | None = None) -> Ticket:
    """The visitor leaves before being served. Raises IllegalMove when the person stands at a counter by now."""
    return _give_up(ticket, "cancelled", Visit.EndReason.LEFT, by=by, at=at)


def _give_up(ticket: Ticket, state: str, reason: str, *, by: Actor, at: datetime | None) -> Ticket:
    at = at or timezone.now()
    lock_visit(ticket.received.visit_id)
    seen, ticket = ticket.state, Ticket.objects.select_related("office", "received").get(pk=ticket.pk)
    as_seen(ticket, seen)
    not_anothers(ticket, by)
    lock_queue(ticket.day, ticket.service_id)
    front = at_the_front(ticket)
    ticket = move(ticket, state, by=by, at=at, topics=TOPICS, counter=None, ended_at=at)
    received = ticket.received
    if received.state == VisitService.State.WAITING:
        visits.cancel_service(received, why=reason, by=by, at=at)
    elif received.state == VisitService.State.SERVING:  # begun at another counter
        visits.end_service(received, by=by, at=at)
    visit = received.visit
    # Whoever is gone does not wait for what has no number either.
    for also in visit.services.filter(state=VisitService.State.WAITING, ticket=None).exclude(pk=received.pk):
        visits.cancel_service(also, why=reason, by=by, at=at)
    if not visit.services.filter(state__in=("waiting", "serving")).exists() and not visit.held_items:
        visits.close(visit, by=by, reason=reason, at=at)
    if front:
        start_next(ticket, at)
    return ticket


def leave_counter(counter: Counter, *, by: Actor, at: datetime) -> None:
    """Free the counter for the next call: the person being served is done; one who never came is skipped."""
    for ticket in counter.tickets.at_counter().select_related("received"):
        if ticket.state == Ticket.State.CALLED:
            skip(ticket, by=by, at=at)
        elif ticket.received.state == VisitService.State.SERVING:
            end(ticket.received, by=by, at=at)
        else:
            raise IllegalMove(
                _(
                    "%s masih di loket dan layanannya belum dimulai. Mulai layanan, atau akhiri kunjungannya pada Tindakan lain."
                )
                % ticket
            )
