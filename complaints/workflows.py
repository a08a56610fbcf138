"""Lodging and handling a complaint."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from complaints.models import Complaint
from services.audit import trail
from services.audit.actors import Actor
from services.codes import READABLE, new_key, readable
from services.guestbook.models import VisitService
from services.live.publish import COMPLAINTS, publish
from services.offices.models import Office
from services.workflow import add_step, move


def lodge(
    *,
    office: Office,
    text: str,
    channel: str,
    by: Actor,
    received: VisitService | None = None,
    contact_name: str = "",
    contact: str = "",
    key: str = "",
    at: datetime | None = None,
) -> tuple[Complaint, str]:
    """Store it; returns the complaint and its secret, which is kept only as a hash.

    The same words sent again under the same `key` (a double tap, a reloaded page) give the same complaint, and
    the same secret: it is made from them with the server's own secret.
    """
    words = "\x1f".join([office.code, key or new_key(), text, contact_name, contact])
    submission = hashlib.sha256(words.encode()).hexdigest()
    digest = salted_hmac("complaints.lodge", words, algorithm="sha256").digest()
    secret = "-".join("".join(READABLE[b % len(READABLE)] for b in digest[i : i + 4]) for i in (0, 4, 8))
    if existing := Complaint.objects.filter(submission=submission).first():
        return existing, secret
    fields = {"text": text, "contact_name": contact_name, "contact": contact, "received": received}
    try:
        with transaction.atomic():
            complaint = Complaint.objects.create(
                office=office,
                number=f"P{office.code}-{readable(6)}",
                secret_hash=hash_secret(secret),
                submission=submission,
                channel=channel,
                created_at=at or timezone.now(),
                **fields,
            )
            add_step(complaint, by=by, at=complaint.created_at)
            trail.record(
                "complaint.lodged",
                complaint,
                by=by,
                office_id=office.pk,
                at=complaint.created_at,
                channel=channel,
            )
            publish(office.code, COMPLAINTS)
    except IntegrityError:  # the double tap's first request was faster
        complaint = Complaint.objects.get(submission=submission)
    return complaint, secret


def hash_secret(secret: str) -> str:
    """59 random bits, and so many tries an hour, need no slow hash that strangers could make us compute all day.

    Copied by hand: capitals or not, with the dashes or without, it is the same secret.
    """
    plain = "".join(c for c in secret.upper() if c.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


def find(number: str, secret: str) -> Complaint | None:
    """The complaint for someone who knows both. Takes as long for a wrong number as for a wrong secret."""
    complaint = Complaint.objects.select_related("office").filter(number=number.strip().upper()).first()
    stored = complaint.secret_hash if complaint else hash_secret("")
    return complaint if constant_time_compare(hash_secret(secret.strip()), stored) else None


@transaction.atomic
def answer(complaint: Complaint, *, reply: str, by: Actor) -> Complaint:
    return move(complaint, "answered", by=by, topics=(COMPLAINTS,), reply=reply, step={"reply": reply})


@transaction.atomic
def take_up(complaint: Complaint, *, by: Actor) -> Complaint:
    return move(complaint, "handled", by=by, topics=(COMPLAINTS,))


@transaction.atomic
def close(complaint: Complaint, *, by: Actor) -> Complaint:
    return move(complaint, "closed", by=by, topics=(COMPLAINTS,))
