"""What visitors do with their own number, from their phone."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from queueing.models import OfficeQueue, Ticket
from queueing.models.rules import of_office
from queueing.workflows.clocks import at_the_front, first_and_next, lock_queue, start_next
from queueing.workflows.desk.common import TOPICS, lock_visit
from services.audit.actors import Actor
from services.guestbook import clocks
from services.workflow import IllegalMove, move


def may_ask_for_more(ticket: Ticket, rules: OfficeQueue) -> bool:
    """Whether "I need more time" is offered."""
    return bool(
        ticket.state == Ticket.State.WAITING and rules.more_minutes and ticket.more_time < rules.more_times
    )


@transaction.atomic
def more_time(ticket: Ticket, *, by: Actor, at: datetime | None = None) -> Ticket:
    """ "I need more time": others are called first until then, the number keeps its place after that.

    The promise counts from then on, because the visitor wished it so. Raises IllegalMove when it is too late
    (called meanwhile) or was asked too often.
    """
    at = at or timezone.now()
    lock_visit(ticket.received.visit_id)
    ticket = Ticket.objects.select_for_update(of=("self",)).select_related("office").get(pk=ticket.pk)
    rules = of_office(ticket.office)
    if ticket.state != Ticket.State.WAITING:
        raise IllegalMove(_("Nomor Anda sudah dipanggil."))
    if not may_ask_for_more(ticket, rules):
        raise IllegalMove(_("Waktu tambahan sudah dipakai. Bila perlu, beri tahu petugas."))
    lock_queue(ticket.day, ticket.service_id)
    front = at_the_front(ticket) or first_and_next(ticket, at)
    until = at + timedelta(minutes=rules.more_minutes)
    ticket = move(
        ticket, "waiting", by=by, at=at, topics=TOPICS, why="more time",
        not_before=until, more_time=ticket.more_time + 1,
    )  # fmt: skip
    clocks.not_before(clocks.locked(ticket.received_id), until, at)
    if front:
        start_next(ticket, at)
    return ticket


@transaction.atomic
def ready_after_all(ticket: Ticket, *, by: Actor, at: datetime | None = None) -> Ticket:
    """The visitor needs no more time: called again in their turn; the promise counts from now on.

    An appointment's own time stays. Raises IllegalMove when nothing was asked for, or it is over.
    """
    at = at or timezone.now()
    lock_visit(ticket.received.visit_id)
    ticket = Ticket.objects.select_for_update(of=("self",)).select_related("office").get(pk=ticket.pk)
    if ticket.state != Ticket.State.WAITING or not ticket.not_before or ticket.not_before <= at:
        raise IllegalMove(_("Nomor ini sudah dapat dipanggil."))
    lock_queue(ticket.day, ticket.service_id)
    earliest = ticket.appointment_at if ticket.appointment_at and ticket.appointment_at > at else None
    ticket = move(ticket, "waiting", by=by, at=at, topics=TOPICS, why="ready", not_before=earliest)
    clocks.ready(clocks.locked(ticket.received_id), earliest or at, at)
    return ticket
