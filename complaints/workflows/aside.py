"""What came of a flood is set aside together, and taken back: nothing is deleted, and nobody gets a mail for it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from complaints.models import Complaint
from complaints.workflows.changing import change, locked
from services.audit.actors import Actor

State = Complaint.State


@transaction.atomic
def set_aside(complaints: Iterable[Complaint], *, by: Actor, at: datetime | None = None) -> int:
    """Those of a flood that nobody has begun to handle; the others are left alone. Returns how many."""
    at = at or timezone.now()
    return sum(_aside(complaint, by, at) for complaint in complaints)


def _aside(complaint: Complaint, by: Actor, at: datetime) -> bool:
    found = locked(complaint)
    if found.flood_id is None or found.state != State.RECEIVED or found.handler_id:
        return False
    change(found, State.SET_ASIDE, by=by, at=at, why="flood", ended_at=at)
    return True


@transaction.atomic
def take_back(complaints: Iterable[Complaint], *, by: Actor, at: datetime | None = None) -> int:
    """As they were, with the time that has run since they came. Returns how many."""
    at = at or timezone.now()
    return sum(_back(complaint, by, at) for complaint in complaints)


def _back(complaint: Complaint, by: Actor, at: datetime) -> bool:
    found = locked(complaint)
    if found.state != State.SET_ASIDE or not found.text:  # emptied meanwhile: nobody waits for it
        return False
    change(found, State.RECEIVED, by=by, at=at, why="flood", ended_at=None)
    return True
