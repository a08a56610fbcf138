"""What goes out by mail about a consultation: to the visitor, who waits for it, and to the officers, who answer.

Everything is put into the outbox in the transaction that makes it true. Whom we write to is the address we know the
visitor by, not the one the last mail came from: who got hold of a forwarded mail is not sent the answers.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone, translation

from consultation import telling
from consultation.models import Channel, Consultation, Message
from consultation.workflows import rating
from consultation.workflows.changing import topics
from services import channels
from services.accounts.models import Role, User
from services.live.publish import publish
from services.mail import outbox
from services.mail.models import Outgoing

Delivery = Message.Delivery
ASKED_ON_LINE = (Channel.PORTAL, Channel.EMAIL)  # WhatsApp answers for itself
MOST_NAMED = 20  # ids of earlier mails in References


# ---- where things are ----


def thread_address(consultation: Consultation) -> str:
    """The visitor's own way in, without an account."""
    return settings.SITE + reverse("consultation:thread", args=[consultation.token])


def desk_address(consultation: Consultation) -> str:
    return settings.SITE + reverse("consultation:thread_desk", args=[consultation.number])


def address_of(consultation: Consultation) -> str:
    """Where the visitor reads mail; empty: nowhere we know of. A closed account has no mailbox any more, the record may."""
    account = consultation.account if consultation.account and consultation.account.is_active else None
    for person in (account, consultation.visitor):
        if person and person.email:
            return str(person.email)
    mails = consultation.messages.filter(kind=Message.Kind.VISITOR, channel=Channel.EMAIL)
    first = mails.exclude(address="").order_by("at", "pk").first()
    return first.address if first else ""


# ---- to the visitor ----


def came_in(consultation: Consultation, *, at: datetime, receipt: bool = True) -> None:
    """A receipt for who asked, a word to the office."""
    if receipt and consultation.channel in ASKED_ON_LINE:
        give_receipt(consultation, at=at)
    _new_to_office(consultation, at)


def give_receipt(
    consultation: Consultation, *, at: datetime, kind: str = "consultation_receipt"
) -> Outgoing | None:
    return _to_visitor(kind, consultation, at=at)


def remind(consultation: Consultation, *, at: datetime) -> Outgoing | None:
    """Tomorrow their silence closes it. None: there is no address."""
    return _to_visitor("consultation_reminder", consultation, at=at)


def closed_by_silence(consultation: Consultation, *, at: datetime) -> Outgoing | None:
    return _to_visitor("consultation_closed", consultation, at=at)


def closed(consultation: Consultation, *, at: datetime) -> None:
    """By an officer. Who asked by telephone or in the office was told there."""
    if consultation.channel in ASKED_ON_LINE:
        _to_visitor("consultation_done", consultation, at=at)


def handed_over(consultation: Consultation, *, there: str, at: datetime) -> None:
    """Who has it now, and until when; also to those who asked in the office or by telephone, and are gone by now."""
    _to_visitor("consultation_handed_over", consultation, at=at, more={"there": there})


def carry(message: Message) -> None:
    """The carrier of answers by e-mail and on the portal: an answer, or what the officer asks back."""
    consultation = message.consultation
    asks = consultation.state == Consultation.State.WAITING
    row = _to_visitor(
        "consultation_asked_back" if asks else "consultation_answered", consultation, at=message.at, message=message
    )  # fmt: skip
    if row is None:
        return
    failed = row.state == Outgoing.State.DEAD
    message.delivery = Delivery.FAILED if failed else Delivery.WAITING
    message.delivery_at, message.delivery_problem = message.at, row.problem
    message.outside_id = row.message_id
    message.save(update_fields=["delivery", "delivery_at", "delivery_problem", "outside_id"])


def delivered(row: Outgoing) -> None:
    """The outbox knows what became of an answer."""
    sent = row.state == Outgoing.State.SENT
    Message.objects.filter(pk=row.about_id or 0).update(
        delivery=Delivery.SENT if sent else Delivery.FAILED,
        delivery_at=row.sent_at if sent else timezone.now(),
        delivery_problem=row.problem,
    )
    found = Consultation.objects.filter(messages=row.about_id).select_related("office").first()
    if found:
        publish(found.office.code, *topics(found))


def visitor_context(consultation: Consultation, message: Message | None = None) -> dict[str, Any]:
    """In the language that is active: what any mail to the visitor may say."""
    return {
        "number": consultation.number,
        "link": thread_address(consultation),
        "rate": rating.address(consultation) if rating.may_rate(consultation) else "",
        "due": telling.due(consultation),
        "closing": telling.closing(consultation),
        "rule": telling.told(consultation).clock,
        "register": settings.SITE + reverse("account_signup"),
        "text": message.body if message else "",
        "files": files_of(message) if message else [],
    }


def files_of(message: Message) -> list[tuple[str, str]]:
    """Names and addresses. A file is fetched from the thread, where it was checked; a publication has a page of its own."""
    thread = thread_address(message.consultation)
    return [
        (
            file.name,
            (settings.SITE + file.address if file.address.startswith("/") else file.address) or thread,
        )
        for file in message.attachments.all()
    ]


def _to_visitor(
    kind: str,
    consultation: Consultation,
    *,
    at: datetime,
    message: Message | None = None,
    more: dict[str, Any] | None = None,
) -> Outgoing | None:
    to = address_of(consultation)
    if not to:
        return None
    mails = consultation.messages.filter(channel=Channel.EMAIL).exclude(outside_id="").order_by("at", "pk")
    names = list(mails.values_list("kind", "outside_id"))
    theirs = [name for who, name in names if who == Message.Kind.VISITOR]
    return _put(
        kind, to, consultation, lambda: visitor_context(consultation, message) | (more or {}), at=at,
        language=consultation.language, about=message or consultation, thread=consultation.number,
        in_reply_to=theirs[-1] if theirs else "", references=[name for _who, name in names][-MOST_NAMED:],
        # A person's own words by mail are no automatic mail; a word that there is something to read is.
        auto=not (message and message.channel == Channel.EMAIL),
    )  # fmt: skip


# ---- to the officers ----


def _new_to_office(consultation: Consultation, at: datetime) -> None:
    """To the address the office publishes; where that is the mailbox PST itself reads, to who answers for the office."""
    office = consultation.office
    box = channels.mailbox(office)
    read_by_us = bool(box and box.imap and box.address.casefold() == office.email.casefold())
    for to in _supervisors(consultation) if read_by_us or not office.email else [office.email]:
        _to_officer("consultation_new", to, consultation, at)


def assigned(consultation: Consultation, officer: User, *, at: datetime) -> None:
    """A colleague gave it to them."""
    _to_officer("consultation_assigned", officer.email, consultation, at)


def overdue(consultation: Consultation, *, at: datetime) -> None:
    """Up to the supervisors (requirement row 39)."""
    for to in _supervisors(consultation):
        _to_officer("consultation_overdue", to, consultation, at)


def _supervisors(consultation: Consultation) -> list[str]:
    members = consultation.office.memberships.filter(role=Role.SUPERVISOR, user__is_active=True)
    return sorted(set(members.exclude(user__email="").values_list("user__email", flat=True)))


def officer_context(consultation: Consultation) -> dict[str, Any]:
    """Nothing of the visitor or the question: the desk is where that is read."""
    return {
        "number": consultation.number,
        "channel": consultation.get_channel_display(),
        "due": telling.moment(consultation, consultation.due_at) if consultation.due_at else "",
        "link": desk_address(consultation),
    }


def _to_officer(kind: str, to: str, consultation: Consultation, at: datetime) -> None:
    _put(
        kind, to, consultation, lambda: officer_context(consultation), at=at, language=settings.LANGUAGE_CODE,
        about=consultation,
    )  # fmt: skip


def _put(
    kind: str,
    to: str,
    consultation: Consultation,
    context: Callable[[], dict[str, Any]],
    *,
    language: str,
    about: models.Model,
    **more: Any,
) -> Outgoing | None:
    with translation.override(language):
        words = context()
    return outbox.put(
        kind=kind, to=to, office=consultation.office, language=language, context=words, about=about, **more
    )
