"""The end of a complaint: by an officer, or by the complainant's silence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import files as keeping
from complaints import notices
from complaints.models import Complaint, Message
from complaints.workflows.changing import change, locked
from complaints.workflows.hands import AGAIN, who_goes_on
from services.audit.actors import SYSTEM, Actor
from services.workflow import IllegalMove

State = Complaint.State


@transaction.atomic
def close(
    complaint: Complaint, body: str, *, by: Actor, files: Iterable[File] = (), at: datetime | None = None
) -> Complaint:
    """By an officer, with the reason, which the complainant reads. Raises IllegalMove and FileRefused."""
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
    """By an officer, what was answered or is over: in the hands that had it, or in the officer's own. Raises IllegalMove."""
    at = at or timezone.now()
    found = locked(complaint)
    if found.state not in Complaint.REOPENABLE:
        raise IllegalMove(_("Hanya pengaduan yang sudah dijawab atau ditutup yang dapat dibuka lagi."))
    if not found.text:
        raise IllegalMove(_("Isi pengaduan ini sudah dihapus."))
    to, hand = who_goes_on(found, by.user_id)
    return change(found, to, by=by, at=at, why=why, handler_id=hand, complete_at=at, **AGAIN)


@transaction.atomic
def erased(complaint: Complaint, *, by: Actor, at: datetime | None = None) -> Complaint:
    """Whoever complained wants it gone: what is still open ends with it, so that no clock runs for nothing. Its words are
    emptied by the caller (pst/privacy/of_complaints.py)."""
    at = at or timezone.now()
    found = locked(complaint)
    if not found.is_over:
        found = change(found, State.CLOSED, by=by, at=at, why="erasure", ended_at=at)
    return found


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
