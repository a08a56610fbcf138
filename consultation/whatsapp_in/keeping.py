"""A WhatsApp message is kept first and understood later: Meta hears "200" as soon as it is stored, and a failure of
anything after that loses nothing and doubles nothing.

Processing counts its tries before it begins: a message that kills its worker is not tried for ever.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, Q
from django.utils import timezone
from procrastinate.contrib.django import app

from consultation.models import IncomingWhatsApp
from consultation.whatsapp_in import placing
from services.audit import trail
from services.audit.actors import Actor
from services.offices.models import Office
from services.whatsapp import contacts
from services.whatsapp.models import Contact
from services.whatsapp.reading import Came
from services.workflow import IllegalMove

log = logging.getLogger(__name__)
TASK = "consultation.whatsapp_in"
State = IncomingWhatsApp.State
WAITS = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120))
MOST_TRIES = len(WAITS) + 1
JOB_LOST = timedelta(minutes=2)  # its own job would have come by now
SILENT = ("reaction", "system")  # nobody wrote anything


@transaction.atomic
def keep(office: Office, came: Came) -> bool:
    """Whether it is new. The window of this number is open from the moment they wrote."""
    now = timezone.now()
    if IncomingWhatsApp.objects.filter(wamid=came.wamid).exists():
        return False
    contact = contacts.locked(office, came.sender, at=now)  # one at a time for each number
    _row, new = IncomingWhatsApp.objects.get_or_create(
        wamid=came.wamid,
        defaults={
            "office": office, "contact": contact, "quoted": came.quoted, "kind": came.kind, "said": came.said,
            "written_at": came.at, "stored_at": now,
        },
    )  # fmt: skip
    if not new:
        return False
    if came.kind not in SILENT:
        contacts.wrote(contact, at=came.at, name=came.name)
    app.configure_task(TASK, lock=f"whatsapp_in.{contact.pk}").defer(contact=contact.pk)
    return True


def process(contact: int | None = None, *, at: datetime | None = None) -> int:
    """What waits (of one number), in the order in which it was written; how many are done."""
    at = at or timezone.now()
    return sum(process_one(row, at) for row in waiting(at, contact))


def waiting(at: datetime, contact: int | None = None) -> list[IncomingWhatsApp]:
    """What is to be tried now; of all numbers only what its own job has left. Those whose last try ended with the worker itself are given up here."""
    new = IncomingWhatsApp.objects.filter(state=State.NEW)
    new = new.filter(contact=contact) if contact else new
    new.filter(tries__gte=MOST_TRIES, next_try_at__lte=at).update(
        state=State.FAILED, next_try_at=None, problem="WorkerEnded"
    )
    fresh = Q(next_try_at=None) if contact else Q(next_try_at=None, stored_at__lt=at - JOB_LOST)
    due = new.filter(fresh | Q(next_try_at__lte=at))
    return list(due.order_by("written_at", "pk")[:500])


def process_one(row: IncomingWhatsApp, at: datetime) -> bool:
    """Whether it was done now. Raises nothing but that the database is away: then it waits as it is."""
    due = Q(next_try_at=None) | Q(next_try_at__lte=at)
    begun = IncomingWhatsApp.objects.filter(due, pk=row.pk, state=State.NEW, tries__lt=MOST_TRIES).update(
        tries=F("tries") + 1, next_try_at=at + WAITS[0]
    )
    if not begun:
        return False
    try:
        with transaction.atomic():
            return _placed(row.pk, at)
    except (OperationalError, InterfaceError):
        raise
    except Exception as problem:
        log.exception("WhatsApp message %s could not be processed", row.pk)
        _failed(row.pk, type(problem).__name__, at)
        return False


def _placed(pk: int, at: datetime) -> bool:
    # One at a time for each number: the first of two opens the consultation that the second goes to.
    found = Contact.objects.select_for_update(of=("self",)).filter(incoming=pk).first()
    rows = IncomingWhatsApp.objects.select_for_update(of=("self",)).select_related(
        "office", "contact__office"
    )
    row = rows.filter(pk=pk, state=State.NEW).first()
    if row is None or found is None:
        return False
    done = placing.place(row, at)
    row.state, row.outcome, row.message = State.DONE, done.outcome, done.message
    row.done_at, row.next_try_at, row.problem = at, None, ""
    row.save(update_fields=["state", "outcome", "message", "done_at", "next_try_at", "problem"])
    return True


def _failed(pk: int, problem: str, at: datetime) -> None:
    with transaction.atomic():
        row = IncomingWhatsApp.objects.select_for_update(of=("self",)).get(pk=pk)
        if row.state != State.NEW:
            return
        row.problem = problem[:100]
        row.next_try_at = at + WAITS[min(row.tries, len(WAITS)) - 1]
        if row.tries >= MOST_TRIES:
            row.state, row.next_try_at = State.FAILED, None
        row.save(update_fields=["problem", "next_try_at", "state"])


@transaction.atomic
def again(row: IncomingWhatsApp, *, by: Actor, at: datetime | None = None) -> IncomingWhatsApp:
    """A supervisor lets a failed message be tried once more. Raises IllegalMove."""
    found = IncomingWhatsApp.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if found.state != State.FAILED:
        raise IllegalMove(str(found.get_state_display()))
    found.state, found.tries, found.next_try_at = State.NEW, 0, None
    found.save(update_fields=["state", "tries", "next_try_at"])
    trail.record("whatsapp_in.again", found, by=by, office_id=found.office_id, at=at)
    app.configure_task(TASK, lock=f"whatsapp_in.{found.contact_id}").defer(contact=found.contact_id)
    return found
