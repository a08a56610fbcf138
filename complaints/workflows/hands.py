"""In whose hands a complaint and its corrective actions are, when those who had them may not or need not any more."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from complaints import visibility
from complaints.models import Complaint, Message
from complaints.workflows.changing import change, save
from services.accounts.models import User
from services.audit.actors import Actor

State = Complaint.State
# What a decision that is taken back leaves behind: the next one is judged anew.
AGAIN: dict[str, Any] = {"decided_at": None, "ended_at": None, "satisfied": None, "satisfied_word": ""}


def who_goes_on(found: Complaint, *more: int | None) -> tuple[str, int | None]:
    """Opened again: the state and the hand, that of who had it or the first of `more` who may; else nobody's yet."""
    for pk in (found.handler_id, *more):
        user = User.objects.filter(pk=pk).first() if pk else None
        if user and visibility.may_handle(user, found):
            return State.HANDLED, user.pk
    return State.RECEIVED, None


def release(found: Complaint, *, why: str, by: Actor, at: datetime) -> Complaint:
    """Out of the hand that has a locked one; nobody's until somebody takes it."""
    if found.state == State.HANDLED:
        return change(found, State.RECEIVED, by=by, at=at, why=why, handler_id=None)
    found.handler = None
    save(found, ["handler"], action="released", by=by, at=at)
    return found


def take_off(found: Complaint, *, at: datetime) -> int:
    """Open actions of those who do not read it any more are nobody's; a note tells those who do. Returns how many."""
    readers = visibility.readers(found)
    left = list(found.actions.filter(done_at=None).exclude(owner=None).exclude(owner__in=readers))
    if left:
        found.actions.filter(pk__in=[action.pk for action in left]).update(owner=None)
        body = _("Tanpa penanggung jawab sekarang: %s. Rencanakan dengan petugas lain.")
        Message.objects.create(
            complaint=found, who=Message.Who.NOTE, channel=found.channel, at=at,
            body=body % "; ".join(action.what for action in left),
        )  # fmt: skip
    return len(left)
