"""Changing the state of a ticket, loan, consultation, complaint: written once.

A model that moves between states declares

    MOVES = {"waiting": {"called", "cancelled"}, "called": {...}, ...}

and a step model with a foreign key named `subject`. Named functions in each app's `workflows` call `move()`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from services.audit import trail
from services.audit.actors import Actor
from services.live.publish import publish
from services.recording import about_to_change


class IllegalMove(Exception):
    """The thing is no longer in a state that allows this; `str()` is a sentence for the officer."""


class Step(models.Model):
    """An immutable row for each change of state: what it became, when, by whom, why."""

    state = models.CharField(max_length=20)
    at = models.DateTimeField()
    by_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by_device = models.ForeignKey("accounts.Device", models.SET_NULL, null=True, related_name="+")
    actor = models.CharField(max_length=20)
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True
        ordering = ["id"]


M = TypeVar("M", bound=models.Model)


def can_move(subject: Any, to: str) -> bool:
    """Whether a button for this move may be offered; `move()` checks again under the lock."""
    return to in subject.MOVES.get(subject.state, set())


def add_step(subject: Any, *, by: Actor, at: datetime, why: str = "", **more: Any) -> None:
    """Append the row for the state the subject has just got."""
    subject.steps.create(
        state=subject.state,
        at=at,
        by_user_id=by.user_id,
        by_device_id=by.device_id,
        actor=by.kind,
        why=why,
        **more,
    )


@transaction.atomic
def move(
    subject: M,
    to: str,
    *,
    by: Actor,
    topics: tuple[str, ...],
    at: datetime | None = None,
    why: str = "",
    step: dict[str, Any] | None = None,
    **changes: Any,
) -> M:
    """Lock the row, check the move, save, append the step, write the audit line, wake the screens.

    `changes` are further fields to set with the state, `step` further fields of the step row. Returns the locked, saved instance.
    Raises IllegalMove when somebody else was faster or the move is not in the model's dict.
    """
    at = at or timezone.now()
    locked: Any = type(subject)._default_manager.select_for_update(of=("self",)).get(pk=subject.pk)
    if not can_move(locked, to):
        raise IllegalMove(
            _("%(thing)s sudah berstatus “%(state)s”; tindakan ini tidak dapat dilakukan lagi.")
            % {"thing": locked, "state": locked.get_state_display()}
        )
    about_to_change(locked, "state", *changes)
    before, locked.state = locked.state, to
    for field, value in changes.items():
        setattr(locked, field, value)
    locked.save(update_fields=["state", *changes])
    add_step(locked, by=by, at=at, why=why, **(step or {}))
    trail.record(
        f"{locked._meta.model_name}.{to}", locked, by=by, office_id=locked.office_id, at=at, was=before
    )
    if topics:
        publish(locked.office.code, *topics)
    return locked
