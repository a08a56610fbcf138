"""A number from the tablet, whose answers may get lost on the way: asked for again, changed, or given up."""

from __future__ import annotations

from typing import Any

from queueing.models import Ticket
from queueing.workflows.desk import cancel
from queueing.workflows.issue import issue
from services.audit.actors import Actor
from services.offices.models import Office, Service
from services.workflow import IllegalMove

MOST_CHANGES = 5  # of mind, on one page


def take(*, office: Office, service: Service, submission: str, by: Actor, **more: Any) -> Ticket:
    """`issue`, for a page that may have asked for something else before and never heard of it.

    One page, one number: another service chosen on the same page takes the place of the first, whose number nobody
    saw. A number given up is not brought back. Raises what `issue` raises.
    """
    key = submission
    for change in range(1, MOST_CHANGES + 1):
        ticket = issue(office=office, service=service, submission=key, by=by, **more)
        if ticket.state == Ticket.State.WAITING and ticket.service_id != service.pk:
            ticket = give_up(ticket, by=by)
        if ticket.state != Ticket.State.CANCELLED:
            return ticket
        key = f"{submission}-{change}"
    return ticket


def give_up(ticket: Ticket, *, by: Actor) -> Ticket:
    """Chosen and called off before the number was seen; one who is being called by now stays in the queue."""
    try:
        return cancel(ticket, by=by)
    except IllegalMove:
        ticket.refresh_from_db()
        return ticket


def withdraw(*, office: Office, submission: str, by: Actor) -> None:
    """ "Cancel" on the tablet while the network was away: a number that was given all the same goes back."""
    keys = [submission, *(f"{submission}-{n}" for n in range(1, MOST_CHANGES + 1))]
    for ticket in Ticket.objects.waiting().filter(office=office, submission__in=keys):
        give_up(ticket, by=by)
