"""What is said in a consultation, and what that does to its state and its clocks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from consultation import clocks, delivery
from consultation.models import Consultation, Message
from consultation.workflows.changing import calendar_of, change, locked, locked_standing_for, topics
from services.audit import trail
from services.audit.actors import Actor
from services.live.publish import publish

State = Consultation.State
Attach = Callable[[Message], object]


class WrittenMeanwhile(Exception):
    """Something was said after the officer last saw the thread; `new` are those messages."""

    def __init__(self, new: list[Message]):
        super().__init__(len(new))
        self.new = new


@transaction.atomic
def visitor_wrote(
    consultation: Consultation,
    body: str,
    *,
    channel: str,
    by: Actor,
    at: datetime | None = None,
    **message: Any,
) -> Message:
    """The visitor says something: a clock that stood still goes on, an answered or closed consultation opens again. What was
    merged goes on in the kept one: the message says in which it stands."""
    at = at or timezone.now()
    found = locked_standing_for(consultation)
    written = _add(found, Message.Kind.VISITOR, body, channel=channel, at=at, **message)
    calendar = calendar_of(found)
    if found.state == State.WAITING:
        to = State.ASSIGNED if found.officer_id else State.SUBMITTED
        change(found, to, by=by, at=at, clock=lambda c: clocks.resume(c, at, calendar))
    elif not found.is_ours:
        change(
            found, State.REOPENED, by=by, at=at, ended_at=None, clock=lambda c: clocks.begin(c, at, calendar)
        )
    else:
        _touch(found, at)
    trail.record(
        "consultation.visitor_wrote", found, by=by, office_id=found.office_id, at=at, channel=channel
    )
    return written


@transaction.atomic
def answer(
    consultation: Consultation,
    body: str,
    *,
    by: Actor,
    seen: int,
    ask_back: bool = False,
    channel: str = "",
    at: datetime | None = None,
    attach: Attach | None = None,
    carried: bool = True,
) -> Message:
    """The officer's answer, or (`ask_back`) a question to the visitor, which makes the clock stand still.

    `seen`: the key of the last message the officer saw, of notes too. Raises WrittenMeanwhile when there are newer ones by
    others; nothing is stored then. `attach` puts files to the message before it is sent; `carried`: no when it was said
    already, on the telephone for instance. Also an answered consultation may be answered once more: the visitor's time to reply
    begins anew.
    """
    at = at or timezone.now()
    found = locked(consultation)
    newer = list(found.messages.filter(pk__gt=seen).exclude(by_user_id=by.user_id or 0))
    if newer:
        raise WrittenMeanwhile(newer)
    written = _add(
        found, Message.Kind.OFFICER, body, channel=channel or found.channel, at=at, by_user_id=by.user_id
    )
    if attach:
        attach(written)
    calendar = calendar_of(found)
    whose: dict[str, Any] = {} if found.officer_id else {"officer_id": by.user_id}
    if ask_back:
        done = change(
            found, State.WAITING, by=by, at=at, clock=lambda c: clocks.pause(c, at, calendar), **whose
        )
    else:
        first: dict[str, Any] = {} if found.first_answered_at else {"first_answered_at": at}
        done = change(
            found, State.ANSWERED, by=by, at=at, clock=lambda c: clocks.answered(c, at, calendar), **whose, **first
        )  # fmt: skip
    written.consultation = done  # as it stands now, with the visitor's own clock
    if carried:
        delivery.send(written)
    return written


@transaction.atomic
def note(
    consultation: Consultation,
    body: str,
    *,
    by: Actor,
    at: datetime | None = None,
    attach: Attach | None = None,
) -> Message:
    """For officers only: never sent, never shown to the visitor."""
    at = at or timezone.now()
    found = locked(consultation)
    written = _add(found, Message.Kind.NOTE, body, channel=found.channel, at=at, by_user_id=by.user_id)
    if attach:
        attach(written)
    _touch(found, at)
    trail.record("consultation.note", found, by=by, office_id=found.office_id, at=at)
    return written


def _add(found: Consultation, kind: str, body: str, *, channel: str, at: datetime, **fields: Any) -> Message:
    return Message.objects.create(consultation=found, kind=kind, body=body, channel=channel, at=at, **fields)


def _touch(found: Consultation, at: datetime) -> None:
    Consultation.objects.filter(pk=found.pk).update(updated_at=at)
    publish(found.office.code, *topics(found))
