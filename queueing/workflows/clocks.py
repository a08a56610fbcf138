"""The queue's part of the standard's clock.

"… maksimal 10 menit sejak pengguna layanan pada antrian sebelumnya selesai" (KK): the clock of the next
person starts when the one before has finished, was skipped or gave up; first in line: from the ticket
(requirement row 37, and domain.md §8.8).
"""

from __future__ import annotations

from datetime import datetime

from queueing.models import Ticket
from services.guestbook import clocks


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
    following = waiting.in_order().select_related("received").first()
    if following:
        clocks.start(following.received, "previous_finished", at)
