"""What goes out by mail about a complaint: to the complainant by the address they gave, and to those who handle it.

Put into the outbox in the transaction that makes it true. Nothing of a complaint's words, and nobody's name, is in a subject
or in a mail to officers; the number alone opens nothing: the complainant's secret is told once and never mailed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format

from complaints import visibility
from complaints.models import Complaint, Message, Privacy
from services.accounts.models import User
from services.mail import outbox
from services.mail.models import Outgoing


def status_address(complaint: Complaint) -> str:
    return settings.SITE + reverse("complaints:status", args=[complaint.office.code])


def desk_address(complaint: Complaint) -> str:
    return settings.SITE + reverse("complaints:detail", args=[complaint.pk])


def moment(complaint: Complaint, at: datetime | None) -> str:
    """In the handling office's zone, in the language that is active; nothing for no instant."""
    if at is None:
        return ""
    place = complaint.place
    return (
        f"{date_format(place.local(at), 'l, j F Y')} {date_format(place.local(at), 'H.i')} {place.zone_name}"
    )


# ---- to the complainant ----


def receipt(complaint: Complaint, *, at: datetime) -> Outgoing | None:
    return _to_complainant("complaint_receipt", complaint, at=at)


def said(message: Message, *, at: datetime) -> Outgoing | None:
    return _to_complainant("complaint_said", message.complaint, message, at=at)


def incomplete(complaint: Complaint, message: Message, *, at: datetime) -> Outgoing | None:
    return _to_complainant("complaint_incomplete", complaint, message, at=at)


def answered(complaint: Complaint, message: Message, *, at: datetime) -> Outgoing | None:
    return _to_complainant("complaint_answered", complaint, message, at=at)


def closed(complaint: Complaint, message: Message | None, *, at: datetime) -> Outgoing | None:
    return _to_complainant("complaint_closed", complaint, message, at=at)


def kept(complaint: Complaint, *, at: datetime) -> Outgoing | None:
    """Their data at the office were erased, the complaint was not."""
    return _to_complainant("complaint_kept", complaint, at=at)


def complainant_context(complaint: Complaint, message: Message | None = None) -> dict[str, Any]:
    return {
        "number": complaint.number,
        "link": status_address(complaint),
        "due": moment(complaint, complaint.due_at),
        "until": moment(complaint, complaint.awaited_until),
        "text": message.body if message else "",
    }


def _to_complainant(
    kind: str, complaint: Complaint, message: Message | None = None, *, at: datetime
) -> Outgoing | None:
    """None: they gave no address, or are nobody by choice."""
    if complaint.privacy == Privacy.ANONYMOUS:
        return None
    identity = getattr(complaint, "identity", None)
    to = identity and (identity.email or (identity.account.email if identity.account else ""))
    if not to:
        return None
    with translation.override(complaint.language):
        context = complainant_context(complaint, message)
    return _put(kind, to, complaint, context, complaint.language, message or complaint, at)


# ---- to those who handle it ----


def new(complaint: Complaint, *, at: datetime) -> None:
    _to_officers("complaint_new", visibility.supervisors(complaint.place, complaint), complaint, at)


def wrote(complaint: Complaint, *, at: datetime) -> None:
    """The complainant said something: to who handles it, else to those who give it to somebody."""
    handler = complaint.handler
    reads = handler is not None and visibility.may_handle(handler, complaint)
    to = [handler] if handler and reads else visibility.supervisors(complaint.place, complaint)
    _to_officers("complaint_wrote", to, complaint, at)


def assigned(complaint: Complaint, officer: User, *, at: datetime) -> None:
    _to_officers("complaint_assigned", [officer], complaint, at)


def late(complaint: Complaint, *, at: datetime) -> None:
    people = {user.pk: user for user in visibility.supervisors(complaint.place, complaint)}
    if complaint.escalated_to:
        people |= {user.pk: user for user in visibility.supervisors(complaint.escalated_to, complaint)}
    if complaint.handler and visibility.may_handle(complaint.handler, complaint):
        people[complaint.handler.pk] = complaint.handler
    _to_officers("complaint_late", people.values(), complaint, at)


def officer_context(complaint: Complaint) -> dict[str, Any]:
    """Nothing of what was complained of, or by whom: the desk is where that is read."""
    return {
        "number": complaint.number,
        "kind": complaint.get_kind_display(),
        "place": complaint.office.name,
        "due": moment(complaint, complaint.due_at),
        "link": desk_address(complaint),
    }


def _to_officers(kind: str, people: Iterable[User], complaint: Complaint, at: datetime) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        context = officer_context(complaint)
    for email in sorted({user.email for user in people if user.email}):
        _put(kind, email, complaint, context, settings.LANGUAGE_CODE, complaint, at)


def _put(
    kind: str,
    to: str,
    complaint: Complaint,
    context: dict[str, Any],
    language: str,
    about: Model,
    at: datetime,
) -> Outgoing | None:
    return outbox.put(
        kind=kind, to=to, office=complaint.place, language=language, context=context, about=about, at=at
    )
