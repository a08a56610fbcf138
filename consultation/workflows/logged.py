"""A call, a WhatsApp message or a mail that did not come through PST: the officer notes it, and it is the same record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from consultation.models import Channel, Consultation
from consultation.workflows import assigning, ending, opening, thread
from services.accounts.models import User
from services.audit.actors import Actor
from services.guestbook.models import Visitor
from services.offices.models import Office

CHANNELS = (Channel.PHONE, Channel.WHATSAPP, Channel.EMAIL)


@dataclass(frozen=True)
class Person:
    """Who asked, when they are not known yet."""

    name: str
    email: str = ""
    phone: str = ""


@transaction.atomic
def log(
    *,
    office: Office,
    channel: str,
    question: str,
    officer: User,
    by: Actor,
    who: Visitor | Person | None = None,
    subject: str = "",
    answer: str = "",
    promised: bool = True,
    finished: bool = False,
    submission: str = "",
    at: datetime | None = None,
) -> Consultation:
    """`at`: when it was asked. `promised`: whether the standard's deadline runs from then; `finished`: answered in that
    very talk, so nobody waits for a reply. The answer was given already and is sent nowhere."""
    now = timezone.now()
    at = min(at or now, now)
    if isinstance(who, Person):
        who = Visitor.objects.create(
            office=office, name=who.name, email=who.email, phone=who.phone, created_at=now
        )
    logged = opening.submit(
        office=office, channel=channel, subject=subject, question=question, by=by, at=at, visitor=who,
        submission=submission, promised=promised,
    )  # fmt: skip
    if logged.steps.count() > 1:
        return logged  # the same form, sent twice
    assigning.assign(logged, officer, by=by, at=at)
    if answer:
        last = logged.messages.order_by("-pk").first()
        thread.answer(logged, answer, by=by, seen=last.pk if last else 0, at=at, carried=False)
        if finished:
            ending.close(logged, by=by, tell=False, at=at)
    return logged
