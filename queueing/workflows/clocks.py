"""The queue's part of the standard's clock.

"… maksimal 10 menit sejak pengguna layanan pada antrian sebelumnya selesai" (KK): the clock of the next
person starts when the one before has finished, was skipped or gave up; first in line: from the ticket
(requirement row 37, and domain.md §8.8).
"""

from __future__ import annotations

from datetime import datetime

from queueing.models import NumberSequence, Ticket
from queueing.order import in_calling_order
from services.guestbook import clocks
from services.guestbook.models import VisitService


def start_if_first(ticket: Ticket, at: datetime) -> None:
    """At the moment of issue: nobody of this service waits or is being served, so nobody is before."""
    if ticket.received.clock_start_event != "previous_finished":
        return
    before = (
        Ticket.objects.filter(
            service_id=ticket.service_id, day=ticket.day, state__in=("waiting", *Ticket.AT_COUNTER)
        )
        .exclude(pk=ticket.pk)
        .exclude(not_before__gt=at)  # they asked to be called later
    )
    if not before.exists():
        clocks.start(ticket.received, "previous_finished", at)


def start_again(ticket: Ticket, at: datetime) -> None:
    """A person who was skipped waits anew (docs/decisions/008): from now, or behind those who are before."""
    received = ticket.received
    received.refresh_from_db()
    start_if_first(ticket, at)
    if received.clock_start_event in ("arrival", "ticket") or (
        received.clock_start_event == "guest_book" and received.visit.guest_book_at
    ):
        clocks.start(received, received.clock_start_event, at)


def start_next(ticket: Ticket, at: datetime) -> None:
    """`ticket` has just left the front of its queue: the clock of whoever is next starts now.

    Not on a later day: what the closing of the day still finds in yesterday's queue nobody waits for.
    """
    if ticket.office.today(at) != ticket.day:
        return
    # Whoever takes a number holds this row until commit: either they see that nobody is before them any more,
    # or we see them.
    sequence = NumberSequence.objects.filter(office=ticket.office_id, day=ticket.day, prefix=ticket.prefix)
    sequence.select_for_update().first()
    waiting = Ticket.objects.filter(service_id=ticket.service_id).exclude(pk=ticket.pk)
    order = in_calling_order(ticket.office, [ticket.service_id], tickets=waiting, now=at)
    if not order:
        return
    # Somebody else's row: whoever holds it is just being called or leaving, and we never wait for them.
    received = (
        VisitService.objects.select_for_update(skip_locked=True).filter(pk=order[0].received_id).first()
    )
    if received:
        clocks.start(received, "previous_finished", at)


def at_the_front(ticket: Ticket) -> bool:
    """Whether others wait for this person: called, at the counter, or waiting with the clock already running.

    Somebody who leaves from the middle of the queue, or after having been skipped, starts nobody's clock.
    """
    received = VisitService.objects.get(pk=ticket.received_id)
    if received.clock_result == VisitService.Result.EXCLUDED:  # a paper slip: no clock tells who is first
        return ticket.state in Ticket.AT_COUNTER or _first_and_next(ticket)
    waiting_first = ticket.state == Ticket.State.WAITING and received.clock_started_at is not None
    return ticket.state in Ticket.AT_COUNTER or waiting_first


def _first_and_next(ticket: Ticket) -> bool:
    """Nobody of this service is at a counter, and this person would be called now."""
    of_service = Ticket.objects.filter(service_id=ticket.service_id)
    if of_service.of_day(ticket.day).at_counter().exists():
        return False
    return in_calling_order(ticket.office, [ticket.service_id], tickets=of_service)[:1] == [ticket]
