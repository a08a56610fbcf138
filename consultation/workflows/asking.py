"""Somebody asks on the portal: with an account, or with a name and a contact (docs/decisions/030)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from consultation import files as keeping
from consultation import whatsapp_out, wording
from consultation.models import Agreement, Attachment, Channel, Consultation
from consultation.workflows import opening
from services.accounts.models import User
from services.audit.actors import Actor
from services.guestbook.models import Visitor
from services.offices.models import Office


def ask(
    *,
    office: Office,
    question: str,
    submission: str,
    by: Actor,
    visitor: Visitor | None = None,
    account: User | None = None,
    person: Mapping[str, str] | None = None,
    files: Iterable[File] = (),
    publication: tuple[int, str] | None = None,
    at: datetime | None = None,
    **more: Any,
) -> Consultation:
    """The question with everything that came with it. `visitor` and `account`: of somebody signed in; else `person`
    (name, email, phone), who has agreed to the words in force. `publication`: the catalogue's key and the title of what
    the question is about; `whatsapp` (in `more`): they may be answered there. Sent twice, or twice at once, it is one. Raises FileRefused."""
    for _attempt in range(2):
        if there := opening.already(submission, question):
            return there
        try:
            return _ask(
                office, question, submission, by, visitor, account, person, files, publication,
                at or timezone.now(), more,
            )  # fmt: skip
        except IntegrityError:  # the double tap's first request was faster
            if not submission:
                raise
    return Consultation.objects.get(submission=opening.key_of(submission, question))


@transaction.atomic
def _ask(
    office: Office, question: str, submission: str, by: Actor, visitor: Visitor | None,
    account: User | None, person: Mapping[str, str] | None, files: Iterable[File],
    publication: tuple[int, str] | None, at: datetime, more: dict[str, Any],
) -> Consultation:  # fmt: skip
    if visitor is None and person:
        visitor = Visitor.objects.create(office=office, created_at=at, **person)
    if more.pop("whatsapp", False) and visitor:
        whatsapp_out.allow_by_form(visitor, by=by, at=at)
    asked = opening.submit(
        office=office, channel=Channel.PORTAL, question=question, submission=submission, by=by, at=at,
        visitor=visitor, account=account, **more,
    )  # fmt: skip
    first = asked.messages.get()
    if account is None:
        Agreement.objects.create(consultation=asked, version=wording.VERSION, at=at)
    if publication:
        _about(asked, publication, at)
    for file in files:
        keeping.take(asked, first, file, name=str(file.name), by=by, at=at)
    return asked


def _about(asked: Consultation, publication: tuple[int, str], at: datetime) -> None:
    key, title = publication
    Attachment.objects.create(
        consultation=asked, message=asked.messages.get(), name=title[:200], publication=key,
        address=reverse("library:publication", args=[key, "-"]), state=Attachment.State.READY, at=at,
    )  # fmt: skip
