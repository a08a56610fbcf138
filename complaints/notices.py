"""What goes out about a complaint: to the complainant by the way `reaching` finds, and by mail to those who handle it.

Put into the outbox in the transaction that makes it true. Nothing of a complaint's words, and nobody's name, is in a subject
or in a mail to officers; the number alone opens nothing: the complainant's secret is told once and never mailed. Whoever was
not there when it was written down gets an address that tells the secret once (workflows.claiming, docs/decisions/038).
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

from complaints import claims, reaching, visibility, whatsapp_out
from complaints.models import Channel, Complaint, Identity, Message
from services.accounts.models import User
from services.mail import outbox
from services.mail.models import Outgoing
from services.offices.models import Office
from services.whatsapp.models import OutgoingWhatsApp

Reach = Message.Reach


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

# Who lodges by these has read the secret on the screen.
READ_IT = (Channel.TABLET, Channel.PHONE, Channel.ONLINE, Channel.PORTAL)


def receipt(complaint: Complaint, *, at: datetime) -> Outgoing | OutgoingWhatsApp | None:
    return _to_complainant("complaint_receipt", complaint, at=at)


def said(message: Message, *, at: datetime) -> None:
    _to_complainant("complaint_said", message.complaint, message, at=at)


def incomplete(complaint: Complaint, message: Message, *, at: datetime) -> None:
    _to_complainant("complaint_incomplete", complaint, message, at=at)


def answered(complaint: Complaint, message: Message, *, at: datetime) -> None:
    _to_complainant("complaint_answered", complaint, message, at=at)


def closed(complaint: Complaint, message: Message | None, *, at: datetime) -> None:
    _to_complainant("complaint_closed", complaint, message, at=at)


def kept(complaint: Complaint, *, at: datetime) -> Outgoing | None:
    """Their data at the office were erased, the complaint was not; by mail, for nothing is asked of them."""
    way = reaching.way(complaint, at)
    return _mail("complaint_kept", complaint, None, way.email, at) if way.email else None


def follow_address(complaint: Complaint, identity: Identity | None) -> str:
    """Where they follow it: in their account, or with number and secret."""
    if identity and identity.account_id:
        return settings.SITE + reverse("complaints:mine", args=[complaint.number])
    return status_address(complaint)


def claim_address(complaint: Complaint, identity: Identity | None) -> str:
    """Where the secret is told once, to somebody who has not read it and has no account; else nothing."""
    if complaint.channel in READ_IT or (identity and identity.account_id):
        return ""
    return settings.SITE + reverse("complaints:claim", args=[complaint.office.code, claims.token(complaint)])


def complainant_context(
    complaint: Complaint, message: Message | None = None, identity: Identity | None = None
) -> dict[str, Any]:
    return {
        "number": complaint.number,
        "link": follow_address(complaint, identity),
        "account": bool(identity and identity.account_id),
        "due": moment(complaint, complaint.due_at),
        "until": moment(complaint, complaint.awaited_until),
        "text": message.body if message else "",
    }


def _to_complainant(
    kind: str, complaint: Complaint, message: Message | None = None, *, at: datetime
) -> Outgoing | OutgoingWhatsApp | None:
    """None: nothing goes out by itself; what an officer has to say stands with the message."""
    way = reaching.way(complaint, at)
    sent: Outgoing | OutgoingWhatsApp | None = None
    if way.how == Reach.WHATSAPP and way.contact:
        identity = reaching.identity_of(complaint)
        link = follow_address(complaint, identity)
        if kind == "complaint_receipt":
            link = claim_address(complaint, identity) or link
        sent = whatsapp_out.put(complaint, message, way.contact, link=link, at=at)
    elif way.email:
        sent = _mail(kind, complaint, message, way.email, at)
    if message:
        by_mail = way.how == Reach.EMAIL and (sent is None or sent.state == Outgoing.State.DEAD)
        message.reach = Reach.HAND if by_mail else way.how
        message.save(update_fields=["reach"])
    return sent


def _mail(kind: str, complaint: Complaint, message: Message | None, to: str, at: datetime) -> Outgoing | None:
    identity = reaching.identity_of(complaint)
    with translation.override(complaint.language):
        context = complainant_context(complaint, message, identity)
    if kind == "complaint_receipt":
        context["claim"] = claim_address(complaint, identity)
    reply_to = outbox.reply_address(complaint.place, complaint.number)
    return _put(kind, to, complaint, context, complaint.language, message or complaint, at, reply_to)


def mailed(row: Outgoing) -> None:
    """What became of the mail of a message: where it did not arrive, an officer tells them."""
    rows = Message.objects.exclude(complaint__channel=Channel.LAPOR).filter(
        pk=row.about_id or 0, told_at=None
    )
    if row.state == Outgoing.State.DEAD:
        rows.filter(reach=Reach.EMAIL).update(reach=Reach.HAND)
    elif row.state == Outgoing.State.SENT:
        rows.filter(reach=Reach.HAND).update(reach=Reach.EMAIL)


def by_mail_instead(message: Message, *, at: datetime) -> Outgoing | None:
    """What could not go by WhatsApp after all."""
    complaint = message.complaint
    way = reaching.way(complaint, at)
    kind = {"incomplete": "complaint_incomplete", "answered": "complaint_answered"}.get(
        complaint.state, "complaint_said"
    )
    kind = "complaint_closed" if complaint.is_over else kind
    return _mail(kind, complaint, message, way.email, at) if way.email else None


def receipt_by_mail(complaint: Complaint, *, at: datetime) -> Outgoing | None:
    way = reaching.way(complaint, at)
    return _mail("complaint_receipt", complaint, None, way.email, at) if way.email else None


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


def flood(office: Office, *, at: datetime) -> None:
    """Once an hour, however many were held back."""
    place = visibility.who_handles(office)
    with translation.override(settings.LANGUAGE_CODE):
        context = flood_context(office)
    for email in sorted({user.email for user in visibility.supervisors(place) if user.email}):
        outbox.put(
            kind="complaint_flood", to=email, office=place, language=settings.LANGUAGE_CODE, context=context, about=office, at=at
        )  # fmt: skip


def flood_context(office: Office) -> dict[str, Any]:
    return {"place": office.name, "link": settings.SITE + reverse("complaints:list")}


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
    reply_to: str = "",
) -> Outgoing | None:
    """`reply_to`: the complainant's answer finds its complaint by it (complaints/mail_in.py)."""
    return outbox.put(
        kind=kind, to=to, office=complaint.place, language=language, context=context, about=about, reply_to=reply_to, at=at
    )  # fmt: skip
