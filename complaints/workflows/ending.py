"""The end of a complaint: by an officer, or by the complainant's silence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from complaints import files as keeping
from complaints import notices
from complaints.models import Complaint, Message
from complaints.workflows.changing import change, locked
from services.audit.actors import SYSTEM, Actor

State = Complaint.State


@transaction.atomic
def close(
    complaint: Complaint, body: str, *, by: Actor, files: Iterable[File] = (), at: datetime | None = None
) -> Complaint:
    """By an officer, with the reason, which the complainant reads. Raises IllegalMove."""
    at = at or timezone.now()
    found = locked(complaint)
    written = Message.objects.create(
        complaint=found,
        who=Message.Who.OFFICE,
        channel=found.channel,
        body=body,
        at=at,
        by_user_id=by.user_id,
    )
    for file in files:
        keeping.take(found, written, file, name=str(file.name), by=by, at=at)
    done = change(
        found, State.CLOSED, by=by, at=at, ended_at=at, first_answered_at=found.first_answered_at or at
    )
    notices.closed(done, written, at=at)
    return done


@transaction.atomic
def reopen(complaint: Complaint, *, why: str, by: Actor, at: datetime | None = None) -> Complaint:
    """By an officer. Raises IllegalMove."""
    at = at or timezone.now()
    return change(
        locked(complaint),
        State.HANDLED,
        by=by,
        at=at,
        why=why,
        complete_at=at,
        decided_at=None,
        ended_at=None,
    )


@transaction.atomic
def auto_close(complaint: Complaint, *, at: datetime | None = None) -> bool:
    """The complainant's time is over. Asks again under the lock."""
    at = at or timezone.now()
    found = locked(complaint)
    if found.awaited_until is None or found.awaited_until > at:
        return False
    why = "not completed" if found.state == State.INCOMPLETE else "silence"
    done = change(found, State.AUTO_CLOSED, by=SYSTEM, at=at, why=why, ended_at=at)
    notices.closed(done, None, at=at)
    return True
