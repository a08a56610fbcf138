"""The end of a consultation: by the visitor, the officer, or the visitor's silence."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from consultation import clocks, notices, whatsapp_out
from consultation.models import Consultation
from consultation.workflows.changing import change, locked
from services.audit.actors import SYSTEM, Actor

State = Consultation.State


@transaction.atomic
def close(
    consultation: Consultation, *, by: Actor, why: str = "", tell: bool = True, at: datetime | None = None
) -> Consultation:
    """`tell`: the visitor, who did not do it themselves and may want to rate it. Raises IllegalMove when it is over
    already."""
    at = at or timezone.now()
    done = change(
        locked(consultation),
        State.CLOSED,
        by=by,
        at=at,
        why=why,
        ended_at=at,
        clock=lambda c: clocks.end(c, at),
    )
    if tell:
        notices.closed(done, at=at)
    return done


@transaction.atomic
def auto_close(consultation: Consultation, *, at: datetime | None = None) -> bool:
    """The visitor did not answer for as long as the standard says (KK, requirement row 39). Asks again under the lock."""
    at = at or timezone.now()
    found = locked(consultation)
    if found.closes_at is None or found.closes_at > at:
        return False
    done = change(found, State.AUTO_CLOSED, by=SYSTEM, at=at, ended_at=at, clock=lambda c: clocks.end(c, at))
    if notices.closed_by_silence(done, at=at) is None:
        whatsapp_out.remind(done, whatsapp_out.CLOSED, at=at)
    return True
