"""What WhatsApp tells of our messages: sent, delivered, read, failed. Kept once each, and reckoned from all of them.

They come twice, in any order, and before the answer to our own call. So nothing is decided by the one that has just come:
read beats delivered beats sent, and what arrived did not fail.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from procrastinate.contrib.django import app

from services.offices.models import Office
from services.whatsapp import contacts, errors, outbox
from services.whatsapp.models import OutgoingWhatsApp, StatusSeen
from services.whatsapp.reading import Told

TASK = "whatsapp.statuses"
State, Status = OutgoingWhatsApp.State, OutgoingWhatsApp.Status
ORDER = (Status.READ, Status.DELIVERED, Status.FAILED, Status.SENT)


def keep(office: Office, told: Told) -> bool:
    """In the caller's transaction; whether it is new. What it means for the message is the worker's work."""
    seen, new = StatusSeen.objects.get_or_create(
        wamid=told.wamid, status=told.status,
        defaults={"office": office, "key": told.key, "at": told.at, "code": told.code},
    )  # fmt: skip
    if new:
        app.configure_task(TASK).defer(pk=seen.pk)
    return new


@transaction.atomic
def apply(pk: int, *, at: datetime | None = None) -> None:
    """The worker's part; done twice it does no harm. Waits while the message is just being sent."""
    seen = StatusSeen.objects.filter(pk=pk).first()
    if seen is None:
        return
    named = Q(wamid=seen.wamid) | (Q(key=seen.key) if seen.key else Q(pk__in=[]))
    rows = OutgoingWhatsApp.objects.select_for_update(of=("self",)).select_related("office", "contact")
    for row in rows.filter(named, office=seen.office_id):
        settle(row, at or timezone.now())


def settle(row: OutgoingWhatsApp, at: datetime) -> bool:
    """`row` is locked. Whether anything is known."""
    named = Q(key=row.key) | (Q(wamid=row.wamid) if row.wamid else Q(pk__in=[]))
    told = {seen.status: seen for seen in StatusSeen.objects.filter(named, office=row.office_id)}
    furthest = next((told[status] for status in ORDER if status in told), None)
    if furthest is None or row.state in (State.DIVERTED, State.DROPPED):
        return False
    changed = row.status != furthest.status
    row.status, row.status_at = furthest.status, furthest.at
    row.wamid = row.wamid or furthest.wamid
    if furthest.status == Status.FAILED:
        if changed:
            _failed(row, furthest, at)
        return True
    if furthest.status in (Status.DELIVERED, Status.READ):
        row.text = ""
    if row.state != State.SENT:
        row.problem = ""
        outbox.become(row, State.SENT, next_try_at=None, sent_at=row.sent_at or furthest.at)
    elif changed:
        row.save()
        outbox.tell(row)
    return True


def _failed(row: OutgoingWhatsApp, seen: StatusSeen, at: datetime) -> None:
    """Taken, and then not delivered."""
    if row.state == State.DEAD:
        row.save()
    elif seen.code in errors.WINDOW:
        contacts.shut(row.contact, at=seen.at)
        outbox.once_more(row, at)
    else:
        outbox.fail(row, errors.words(seen.code, 0), at)
