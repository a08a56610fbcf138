"""A choice on the tablet, whose answer may get lost on the way: called off before its number was seen."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from queueing.models import Ticket, WithdrawnChoice
from queueing.workflows.desk import cancel
from services import prepared
from services.audit.actors import Actor
from services.offices.models import Office
from services.workflow import IllegalMove

CALLED_OFF = "SELECT 1 FROM queueing_withdrawnchoice WHERE submission = %s"
KEEP = timedelta(days=1)  # longer than any page's token is good for
MOST_ATTEMPTS = 99


def key_of(page: str, attempt: str) -> str:
    """The submission key of one choice on a page: its first without the script, or the script's count."""
    number = int(attempt) if attempt.isdecimal() and len(attempt) < 3 else 0
    return f"{page}-{number}" if number else page


def withdraw(*, office: Office, submission: str, by: Actor) -> None:
    """A number given all the same goes back; a request for it that arrives later gets none (queueing.issuing).

    Who is being called by now stays in the queue: an officer has seen the number.
    """
    with transaction.atomic():
        WithdrawnChoice.objects.get_or_create(submission=submission, defaults={"at": timezone.now()})
    for ticket in Ticket.objects.waiting().filter(office=office, submission=submission):
        with suppress(IllegalMove):
            cancel(ticket, by=by)


def called_off_meanwhile(ticket: Ticket, submission: str, *, by: Actor) -> bool:
    """Asked once the number is stored: `withdraw` may have looked for it a moment before. Each looks after its own
    row is there, so one of the two sees the other."""
    if prepared.fetchone(CALLED_OFF, [submission]) is None:
        return False
    with suppress(IllegalMove):
        cancel(ticket, by=by)
    return True


def forget_withdrawn(now: datetime | None = None) -> int:
    return WithdrawnChoice.objects.filter(at__lt=(now or timezone.now()) - KEEP).delete()[0]
