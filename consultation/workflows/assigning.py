"""Whose consultation it is: taken, given to a colleague, let go."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from consultation import notices
from consultation.models import Consultation
from consultation.workflows.changing import change, locked
from services.accounts.models import Membership, User
from services.audit.actors import Actor

State = Consultation.State


class NotOfThisOffice(Exception):
    """Only who works in the office can be given its consultations."""


@transaction.atomic
def assign(
    consultation: Consultation, officer: User, *, by: Actor, at: datetime | None = None
) -> Consultation:
    """To oneself (taking over) or to a colleague. Raises NotOfThisOffice and IllegalMove."""
    at = at or timezone.now()
    found = locked(consultation)
    if not Membership.objects.filter(office=found.office_id, user=officer, user__is_active=True).exists():
        raise NotOfThisOffice
    if not found.is_ours:  # answered already, or the visitor's turn: only the name changes
        Consultation.objects.filter(pk=found.pk).update(officer=officer, updated_at=at)
        done = locked(found)
    else:
        done = change(found, State.ASSIGNED, by=by, at=at, officer_id=officer.pk)
    if officer.pk != by.user_id:
        notices.assigned(done, officer, at=at)
    return done


@transaction.atomic
def release(consultation: Consultation, *, by: Actor, at: datetime | None = None) -> Consultation:
    """Back to those nobody has taken. Raises IllegalMove."""
    return change(locked(consultation), State.SUBMITTED, by=by, at=at or timezone.now(), officer_id=None)
