"""What the visitor does on the page of their consultation: reply with files, say that it is answered (rating.py: rate)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from consultation import files as keeping
from consultation.models import Channel, Consultation, Message
from consultation.workflows import ending, thread
from consultation.workflows.changing import locked_standing_for
from services.audit.actors import Actor


@transaction.atomic
def reply(
    consultation: Consultation, body: str, *, by: Actor, seen: int, files: Iterable[File] = (),
    at: datetime | None = None,
) -> Message:  # fmt: skip
    """`seen`: the last message the visitor saw; the same words sent again after the same message are the same reply. A
    consultation that is over opens again. Raises FileRefused."""
    found = locked_standing_for(consultation)
    mine = found.messages.filter(kind=Message.Kind.VISITOR, pk__gt=seen, body=body).first()
    if mine:
        return mine
    at = at or timezone.now()
    written = thread.visitor_wrote(found, body, channel=Channel.PORTAL, by=by, at=at)
    for file in files:
        keeping.take(found, written, file, name=str(file.name), by=by, at=at)
    return written


def close(consultation: Consultation, *, by: Actor) -> Consultation:
    """The visitor says that it is answered. Raises IllegalMove when it is over already."""
    return ending.close(consultation, by=by, why="visitor", tell=False)
