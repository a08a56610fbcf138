"""What the complainant does on the page of their own complaint: reply, say how it was handled, take it back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import clocks, notices
from complaints import files as keeping
from complaints.models import Channel, Complaint, Message
from complaints.workflows.changing import change, locked, save
from complaints.workflows.hands import AGAIN, who_goes_on
from services.audit.actors import VISITOR, Actor
from services.workflow import IllegalMove

State = Complaint.State


def _who_and_when(found: Complaint, by: Actor, at: datetime | None) -> tuple[Actor, datetime]:
    """As it may be written down: of somebody without a name, nobody and the day."""
    at = at or timezone.now()
    return (VISITOR, clocks.shown_of(found.place, at)) if found.is_nobodys else (by, at)


@transaction.atomic
def reply(
    complaint: Complaint, body: str, *, by: Actor, seen: int = 0, channel: str = Channel.ONLINE, at: datetime | None = None,
    files: Iterable[File] = (), **message: Any,
) -> Message:  # fmt: skip
    """Completes what was incomplete; opens again what was answered or over. `seen`: the last message they saw; the same words
    after the same message are the same reply. Raises FileRefused, and IllegalMove when it was withdrawn."""
    found = locked(complaint)
    by, at = _who_and_when(found, by, at)
    mine = found.messages.filter(who=Message.Who.COMPLAINANT, pk__gt=seen, body=body).first()
    if mine:
        return mine
    if found.state == State.WITHDRAWN:
        raise IllegalMove(_("Pengaduan ini sudah dicabut. Ajukan yang baru bila perlu."))
    written = Message.objects.create(
        complaint=found, who=Message.Who.COMPLAINANT, channel=channel, body=body, at=at, **message
    )
    for file in files:
        keeping.take(found, written, file, name=str(file.name), by=by, at=at)
    if found.state == State.INCOMPLETE:
        to, hand = who_goes_on(found)
        found = change(found, to, by=by, at=at, handler_id=hand, complete_at=found.complete_at or at)
    elif found.state == State.SET_ASIDE:  # somebody stands behind it
        found = change(
            found, State.RECEIVED, by=by, at=at, why="complainant wrote", complete_at=at, ended_at=None
        )
    elif found.is_ours:
        save(found, [], action="complainant_wrote", by=by, at=at)
    else:  # the decision will not do: it is decided anew, from now on
        to, hand = who_goes_on(found)
        found = change(found, to, by=by, at=at, why="reopened", handler_id=hand, complete_at=at, **AGAIN)
    notices.wrote(found, at=at)
    return written


@transaction.atomic
def withdraw(complaint: Complaint, *, by: Actor, at: datetime | None = None) -> Complaint:
    """Raises IllegalMove once it is answered or over."""
    found = locked(complaint)
    by, at = _who_and_when(found, by, at)
    return change(found, State.WITHDRAWN, by=by, at=at, ended_at=at)


@transaction.atomic
def judge(
    complaint: Complaint, *, stars: int, word: str = "", by: Actor, at: datetime | None = None
) -> Complaint:
    """How it was handled, 1–5, once for each decision; an answered one is over with it. Raises IllegalMove."""
    found = locked(complaint)
    by, at = _who_and_when(found, by, at)
    if found.satisfied is not None:
        raise IllegalMove(_("Penanganan pengaduan ini sudah Anda nilai."))
    if found.decided_at is None or found.state == State.WITHDRAWN:
        raise IllegalMove(_("Penanganan pengaduan ini belum dapat dinilai."))
    if found.state == State.ANSWERED:
        return change(found, State.CLOSED, by=by, at=at, ended_at=at, satisfied=stars, satisfied_word=word)
    found.satisfied, found.satisfied_word = stars, word
    save(found, ["satisfied", "satisfied_word"], action="judged", by=by, at=at)
    return found
