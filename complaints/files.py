"""The files of complaints: the shelf of `services.files`, and whose a file is."""

from __future__ import annotations

from datetime import datetime

from django.core.files.base import File

from complaints.models import Attachment, Complaint, Message, Privacy
from complaints.workflows.changing import topics
from services.audit.actors import VISITOR, Actor
from services.files.shelf import Shelf
from services.offices.models import Office

TASK = "complaints.attachment"


def _wakes(file: Attachment) -> tuple[Office, tuple[str, ...]]:
    return file.complaint.place, topics(file.complaint)


SHELF: Shelf[Attachment] = Shelf(Attachment, "complaints", TASK, "complaint.file", _wakes)


def take(
    complaint: Complaint,
    message: Message | None,
    file: File,
    *,
    name: str,
    by: Actor,
    at: datetime | None = None,
) -> Attachment:
    """Of a message, or (None) of what was lodged or the proof of an action. Raises FileRefused."""
    if complaint.privacy == Privacy.ANONYMOUS and by.kind != "officer":
        by = VISITOR
    return SHELF.take(file, name=name, by=by, at=at, complaint=complaint, message=message)
