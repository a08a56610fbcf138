"""The files of consultations: the shelf of `services.files`, and whose a file is (docs/decisions/030). Every channel brings
its files here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.core.files.base import File

from consultation.models import Attachment, Consultation, Message
from consultation.workflows.changing import topics
from services.audit.actors import Actor
from services.files.shelf import MOST, FileRefused, Shelf, clean_name, look, most_megabytes
from services.offices.models import Office

TASK = "consultation.attachment"


def _wakes(file: Attachment) -> tuple[Office, tuple[str, ...]]:
    return file.consultation.office, topics(file.consultation)


SHELF: Shelf[Attachment] = Shelf(Attachment, "consultation", TASK, "consultation.file", _wakes)
check, take_up, forget_orphans, response = SHELF.check, SHELF.take_up, SHELF.forget_orphans, SHELF.response
arrived = SHELF.arrived


def take(
    consultation: Consultation, message: Message | None, file: File, *, name: str, by: Actor,
    at: datetime | None = None,
) -> Attachment:  # fmt: skip
    """`message` None: of a draft. Raises FileRefused."""
    return SHELF.take(file, name=name, by=by, at=at, consultation=consultation, message=message)


def expect(consultation: Consultation, message: Message, *, name: str, by: Actor, at: datetime) -> Attachment:
    return SHELF.expect(name=name, by=by, at=at, consultation=consultation, message=message)


def take_what_came(
    consultation: Consultation, message: Message, files: Iterable[tuple[str, File]], *, by: Actor,
    at: datetime | None = None,
) -> list[Attachment]:  # fmt: skip
    return SHELF.take_what_came(files, by=by, at=at, consultation=consultation, message=message)


__all__ = ["MOST", "SHELF", "TASK", "FileRefused", "arrived", "check", "clean_name", "expect", "forget_orphans", "look",
           "most_megabytes", "response", "take", "take_up", "take_what_came"]  # fmt: skip
