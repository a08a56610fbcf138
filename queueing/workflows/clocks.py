"""The queue's part of the standard's clock.

"… maksimal 10 menit sejak pengguna layanan pada antrian sebelumnya selesai" (KK): the clock of the next
person starts when the one before has finished, was skipped or gave up; first in line: from the ticket
(requirement row 37, and domain.md §8.8).
"""

from __future__ import annotations

from datetime import datetime

from queueing.models import Ticket
from services.guestbook import clocks
from services.guestbook.models import VisitService


def start_if_first(ticket: Ticket, at: datetime) -> None:
    """At the moment of issue: nobody of this service waits or is being served, so nobody is before."""
    clocks.start(ticket.received, "ticket", at)
    if ticket.received.clock_start_event != "previous_finished":
        return
    before = Ticket.objects.filter(
        service_id=ticket.service_id, day=ticket.day, state__in=("waiting", *Ticket.AT_COUNTER)
    ).exclude(pk=ticket.pk)
    if not before.exists():
        clocks.start(ticket.received, "previous_finished", at)


def start_next(ticket: Ticket, at: datetime) -> None:
    """`ticket` has just left the front of its queue: the clock of whoever is next starts now.

    Not on a later day: what the closing of the day still finds in yesterday's queue nobody waits for.
    """
    if ticket.office.today(at) != ticket.day:
        return
    waiting = (
        Ticket.objects.filter(service_id=ticket.service_id, day=ticket.day).waiting().exclude(pk=ticket.pk)
    )
    following = waiting.in_order().first()
    if following is None:
        return
    # Somebody else's row: whoever holds it is just being called or leaving, and we never wait for them.
    received = (
        VisitService.objects.select_for_update(skip_locked=True).filter(pk=following.received_id).first()
    )
    if received:
        clocks.start(received, "previous_finished", at)


def at_the_front(ticket: Ticket) -> bool:
    """Whether others wait for this person: called, at the counter, or waiting with the clock already running.

    Somebody who leaves from the middle of the queue, or after having been skipped, starts nobody's clock.
    """
    received = VisitService.objects.get(pk=ticket.received_id)
    waiting_first = ticket.state == Ticket.State.WAITING and received.clock_started_at is not None
    return ticket.state in Ticket.AT_COUNTER or waiting_first
