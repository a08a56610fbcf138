"""Lodging and handling a complaint."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from complaints.models import Complaint, new_secret
from services.audit import trail
from services.audit.actors import Actor
from services.guestbook.models import VisitService
from services.live.publish import COMPLAINTS, publish
from services.offices.models import Office
from services.workflow import add_step, move

# Without look-alikes: the number is copied by hand from a screen.
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


@transaction.atomic
def lodge(
    *,
    office: Office,
    text: str,
    channel: str,
    by: Actor,
    received: VisitService | None = None,
    contact_name: str = "",
    contact: str = "",
    at: datetime | None = None,
) -> tuple[Complaint, str]:
    """Store it; returns the complaint and its secret, which is told once and kept only as a hash."""
    at = at or timezone.now()
    secret = new_secret()
    complaint = Complaint.objects.create(
        office=office,
        received=received,
        number=f"P{office.code}-{''.join(secrets.choice(ALPHABET) for _i in range(6))}",
        secret_hash=hash_secret(secret),
        text=text,
        contact_name=contact_name,
        contact=contact,
        channel=channel,
        created_at=at,
    )
    add_step(complaint, by=by, at=at)
    trail.record("complaint.lodged", complaint, by=by, office_id=office.pk, at=at, channel=channel)
    publish(office.code, COMPLAINTS)
    return complaint, secret


def hash_secret(secret: str) -> str:
    """72 random bits need no slow hash, which strangers could make the server compute all day."""
    return hashlib.sha256(secret.encode()).hexdigest()


def find(number: str, secret: str) -> Complaint | None:
    """The complaint for someone who knows both. Takes as long for a wrong number as for a wrong secret."""
    complaint = Complaint.objects.select_related("office").filter(number=number.strip().upper()).first()
    stored = complaint.secret_hash if complaint else hash_secret("")
    return complaint if constant_time_compare(hash_secret(secret.strip()), stored) else None


@transaction.atomic
def answer(complaint: Complaint, *, reply: str, by: Actor) -> Complaint:
    return move(complaint, "answered", by=by, topics=(COMPLAINTS,), reply=reply)


@transaction.atomic
def take_up(complaint: Complaint, *, by: Actor) -> Complaint:
    return move(complaint, "handled", by=by, topics=(COMPLAINTS,))


@transaction.atomic
def close(complaint: Complaint, *, by: Actor) -> Complaint:
    return move(complaint, "closed", by=by, topics=(COMPLAINTS,))
