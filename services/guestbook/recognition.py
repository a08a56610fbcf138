"""Somebody at the tablet who was here before: known by a personal code, or by a code from their own mailbox.

Nobody is ever listed; nothing of the record is shown but the masked name (domain.md §7).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from services import codes
from services.accounts.models import Device
from services.audit import trail
from services.audit.actors import Actor
from services.guestbook.models import Recognition, Visitor
from services.offices.models import Office

LASTS = timedelta(minutes=10)
LENGTH = 12  # of 31 letters and digits: 59 bits


def personal_code(visitor: Visitor) -> str:
    """The visitor's own code, made at the first need. As it is shown: four by four."""
    while not visitor.personal_code and visitor.name:
        code = codes.readable(LENGTH)
        try:
            with transaction.atomic():
                Visitor.objects.filter(pk=visitor.pk, personal_code=None).exclude(name="").update(
                    personal_code=code
                )
        except IntegrityError:
            continue
        visitor.refresh_from_db(fields=["personal_code", "name"])
    code = visitor.personal_code or ""
    return "-".join(code[n : n + 4] for n in range(0, LENGTH, 4))


def forget_code(visitor: Visitor) -> None:
    """The code opens nothing any more; the next one is another."""
    Visitor.objects.filter(pk=visitor.pk).update(personal_code=None)
    visitor.personal_code = None


def of_personal_code(office: Office, typed: str) -> Visitor | None:
    """Whose code this is at this office; typed with or without marks, in any case."""
    code = codes.as_readable(typed)
    if len(code) != LENGTH:
        return None
    visitor = office.visitors.filter(personal_code=code).select_related("merged_into").first()
    while visitor and visitor.merged_into:
        visitor = visitor.merged_into
    return visitor if visitor and visitor.name else None


@transaction.atomic
def remember(device: Device, visitor: Visitor, book: str, *, how: str, by: Actor) -> None:
    """This person is at this tablet, for this guest book."""
    Recognition.objects.update_or_create(
        device=device, defaults={"visitor": visitor, "book": book, "at": timezone.now()}
    )
    trail.record("visitor.recognised", visitor, by=by, office_id=visitor.office_id, how=how)


def at_tablet(device: Device, book: str, at: datetime | None = None) -> Visitor | None:
    """Who was recognised for this guest book, a moment ago."""
    since = (at or timezone.now()) - LASTS
    found = (
        Recognition.objects.filter(device=device, book=book, at__gt=since).select_related("visitor").first()
    )
    return found.visitor if found and found.visitor.name else None


def forget(device: Device) -> None:
    """The tablet is back at its first screen: whoever stood there is gone."""
    Recognition.objects.filter(device=device).delete()
