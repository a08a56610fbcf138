"""To which consultation a WhatsApp message belongs, and which person of the guest book the number is.

The message it quotes decides; else the newest consultation that is open with this number; else one that was closed so
lately that its standard would still have waited for a reply.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from consultation.clocks import rules_of
from consultation.models import Consultation, IncomingWhatsApp, Message
from consultation.workflows.changing import standing_for
from services.guestbook.models import Visitor
from services.guestbook.one_person import everyone, plain_name
from services.offices.calendar import OfficeCalendar
from services.whatsapp.models import Contact, OutgoingWhatsApp

MOST = 20
REOPENS_DAYS = 3  # working days, where the standard says nothing


def find(came: IncomingWhatsApp) -> Consultation | None:
    if came.quoted and (quoted := _ours(_quoted(came), came)):
        return quoted
    newest = list(_theirs(came.contact).order_by("-submitted_at", "-pk")[:MOST])
    kept = [found for one in newest if (found := _ours(one, came))]
    for found in kept:
        if not found.is_over:
            return found
    return next((found for found in kept if _lately(found, came.written_at)), None)


def open_one(came: IncomingWhatsApp) -> Consultation | None:
    """Where something is noted that asks for nothing: never in one that is over, unless that is what was quoted."""
    found = find(came)
    return found if found and (came.quoted or not found.is_over) else None


def _quoted(came: IncomingWhatsApp) -> Consultation | None:
    """Only messages that went to or came from this very number."""
    row = IncomingWhatsApp.objects.filter(wamid=came.quoted, contact=came.contact).exclude(message=None)
    if theirs := row.select_related("message__consultation").first():
        return theirs.message.consultation if theirs.message else None
    ours = OutgoingWhatsApp.objects.filter(wamid=came.quoted, contact=came.contact).first()
    return _about(ours) if ours else None


def _about(row: OutgoingWhatsApp) -> Consultation | None:
    if row.about_type == Consultation._meta.label_lower:
        return Consultation.objects.filter(pk=row.about_id or 0).first()
    if row.about_type == Message._meta.label_lower:
        return Consultation.objects.filter(messages=row.about_id).first()
    return None  # of another app: its numbers are not ours


def _theirs(contact: Contact):
    """Every consultation that a WhatsApp message went to or came from with this number."""
    came = IncomingWhatsApp.objects.filter(contact=contact).exclude(message=None)
    sent = OutgoingWhatsApp.objects.filter(contact=contact)
    about = {label: sent.filter(about_type=label).values("about_id") for label in _LABELS}
    answers = Message.objects.filter(pk__in=about[Message._meta.label_lower])
    return Consultation.objects.filter(
        Q(pk__in=came.values("message__consultation"))
        | Q(pk__in=answers.values("consultation"))
        | Q(pk__in=about[Consultation._meta.label_lower])
    )


_LABELS = (Consultation._meta.label_lower, Message._meta.label_lower)


def _ours(found: Consultation | None, came: IncomingWhatsApp) -> Consultation | None:
    """Where two were made one, the one that is left; of this office, or handed over by it."""
    if found is None:
        return None
    found = standing_for(found)
    given = found.office_id != came.office_id
    return None if given and not found.hand_overs.filter(from_office=came.office_id).exists() else found


def _lately(found: Consultation, at: datetime) -> bool:
    if found.ended_at is None:
        return False
    days = rules_of(found).auto_close_working_days or REOPENS_DAYS
    return at <= OfficeCalendar(found.office).deadline(found.ended_at, days)


def visitor_of(contact: Contact) -> Visitor | None:
    """The one person of this office with that number and the name of the profile. By the number alone nobody: a family
    shares a phone, and what is theirs would be shown and mailed to another of them (docs/decisions/022). Nor anybody with a
    mailbox or an account: a number is typed into a form by whoever knows it, and the answers would go to that mailbox."""
    if not contact.phone_name:
        return None
    same = contact.office.visitors.filter(phone=contact.phone, merged_into=None).exclude(name="")
    rows = list(same.order_by("-pk")[:MOST])
    named = [row for row in rows if plain_name(row.name) == plain_name(contact.phone_name)]
    if not named or any(row.email or row.account_id for row in named):
        return None
    together = {person.pk for person in everyone(named[0])}
    return named[0] if {row.pk for row in named} <= together else None
