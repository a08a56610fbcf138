"""A number's window of 24 hours, and whether its owner allowed messages. Changes happen in the caller's transaction."""

from __future__ import annotations

from datetime import datetime, timedelta

import phonenumbers
from django.utils import timezone

from services.audit import trail
from services.audit.actors import Actor
from services.offices.models import Office
from services.whatsapp.models import Contact, OptIn

WINDOW = timedelta(hours=24)
MARGIN = timedelta(minutes=1)  # our call takes a moment, and two clocks differ


def number_of(wa_id: str) -> str:
    """ "6281234567890" as WhatsApp writes it → "+6281234567890" as the guest book does; "" for what is no number."""
    digits = wa_id.strip().removeprefix("+")
    if not (digits.isascii() and digits.isdecimal() and 7 <= len(digits) <= 15):
        return ""
    try:
        return phonenumbers.format_number(
            phonenumbers.parse(f"+{digits}"), phonenumbers.PhoneNumberFormat.E164
        )
    except phonenumbers.NumberParseException:
        return ""


def locked(office: Office, phone: str, *, at: datetime) -> Contact:
    """This number at this office, made when it is new, locked."""
    Contact.objects.get_or_create(office=office, phone=phone, defaults={"touched_at": at})
    return Contact.objects.select_for_update(of=("self",)).get(office=office, phone=phone)


def wrote(contact: Contact, *, at: datetime, name: str = "") -> None:
    """They wrote at `at`: the window is open from then. Messages may come in any order: the latest counts, by a clock of
    whole seconds."""
    if contact.last_wrote_at is None or at >= contact.last_wrote_at:
        contact.last_wrote_at, contact.shut_at = at, None
    contact.phone_name = name[:120] or contact.phone_name
    contact.touched_at = max(contact.touched_at, at)
    contact.save(update_fields=["last_wrote_at", "shut_at", "phone_name", "touched_at"])


def open_until(contact: Contact | None) -> datetime | None:
    """Until when words of our own may go out; None: they never wrote, or WhatsApp has said that it is closed."""
    if contact is None or contact.last_wrote_at is None:
        return None
    if contact.shut_at:
        return None
    return contact.last_wrote_at + WINDOW


def is_open(contact: Contact | None, at: datetime | None = None) -> bool:
    until = open_until(contact)
    return until is not None and (at or timezone.now()) < until - MARGIN


def shut(contact: Contact, *, at: datetime) -> None:
    """WhatsApp says so, whatever we reckon; their next message opens it again."""
    Contact.objects.filter(pk=contact.pk).update(shut_at=at)
    contact.shut_at = at


def allows(contact: Contact | None) -> bool:
    return contact is not None and contact.opt_ins.filter(withdrawn_at=None).exists()


def allow(contact: Contact, *, how: str, by: Actor, at: datetime) -> bool:
    """Whether this is new. `contact` is locked. Whoever has said stop says it is over by writing again: a tick in a form may
    be somebody else's, who knows the number."""
    if allows(contact) or (how == OptIn.How.ASKED and contact.opt_ins.exists()):
        return False
    OptIn.objects.create(contact=contact, how=how, at=at)
    trail.record("whatsapp.allowed", contact, by=by, office_id=contact.office_id, at=at, how=how)
    return True


def withdraw(contact: Contact, *, by: Actor, at: datetime) -> bool:
    """Nothing is sent from now on. Whether there was something to withdraw."""
    if not contact.opt_ins.filter(withdrawn_at=None).update(withdrawn_at=at):
        return False
    trail.record("whatsapp.withdrawn", contact, by=by, office_id=contact.office_id, at=at)
    return True
