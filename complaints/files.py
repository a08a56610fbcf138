"""The files of complaints: the shelf of `services.files`, and whose a file is."""

from __future__ import annotations

from datetime import datetime
from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _

from complaints.models import Attachment, Complaint, Message
from complaints.workflows.changing import topics
from services import pictures
from services.audit.actors import VISITOR, Actor
from services.files import kinds
from services.files.shelf import FileRefused, Shelf, look
from services.offices.models import Office

TASK = "complaints.attachment"


def _wakes(file: Attachment) -> tuple[Office, tuple[str, ...]]:
    return file.complaint.place, topics(file.complaint)


def _when(file: Attachment) -> datetime | None:
    """A minute after it was sent leads to when it was sent."""
    return file.at if file.complaint.is_nobodys and file.by_user_id is None else None


SHELF: Shelf[Attachment] = Shelf(Attachment, "complaints", TASK, "complaint.file", _wakes, _when)


def take(
    complaint: Complaint,
    message: Message | None,
    file: File,
    *,
    name: str,
    by: Actor,
    at: datetime | None = None,
    **more: Any,
) -> Attachment:
    """Of a message, or (None) of what was lodged or the proof of an action (`proves`). Raises FileRefused."""
    if complaint.is_nobodys and by.kind != "officer":
        by, (file, name) = VISITOR, _of_nobody(file, name)
    return SHELF.take(file, name=name, by=by, at=at, complaint=complaint, message=message, **more)


def _of_nobody(file: File, name: str) -> tuple[File, str]:
    """Nothing of the sender's own name for it; a picture is drawn anew, without what the camera wrote into it."""
    kind = look(file, name)
    plain = f"{_('lampiran')}{PurePath(name).suffix[:5]}"
    if kind.content_type not in kinds.INLINE:
        return file, plain
    try:
        drawn = pictures.stripped(file)
    except ValidationError:
        raise FileRefused("damaged") from None
    return drawn, f"{_('foto')}{PurePath(str(drawn.name)).suffix}"
