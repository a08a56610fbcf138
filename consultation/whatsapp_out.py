"""What goes to a visitor by WhatsApp about a consultation, and what the officer is told of it beforehand.

Within 24 hours of the visitor's last message an answer goes as it was written; later as a template with the thread's
address; and where there is none, by e-mail. What it will be is shown before sending and decided when it is sent.
Files never go as such: their names and the thread's address do, where they are marked and checked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlencode

import phonenumbers
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from consultation import notices
from consultation.models import Channel, Consultation, IncomingWhatsApp, Message
from consultation.workflows import thread
from consultation.workflows.changing import topics
from services import channels
from services.audit.actors import SYSTEM, Actor
from services.guestbook.models import Visitor
from services.live.publish import publish
from services.offices.models import Office
from services.whatsapp import contacts, outbox
from services.whatsapp.models import Contact, OptIn, OutgoingWhatsApp

ANSWERED, ASKED_BACK, REMINDER, CLOSED = "answered", "asked_back", "reminder", "closed"
LONGEST_PREPARED = 1_500  # characters in the address of a prepared chat
Delivery, State = Message.Delivery, OutgoingWhatsApp.State


@dataclass(frozen=True)
class Reach:
    """How an answer would go now. `how`: "text", "template", "email" or "call"; `until`: when the window closes; `why`: it
    does not go as text."""

    how: str
    until: datetime | None = None
    why: str = ""
    email: str = ""
    template: str = ""


def serves(consultation: Consultation) -> bool:
    """Whether the office has a number, and knows one of the visitor's. Without, officers use the telephone by hand."""
    return channels.whatsapp(consultation.office) is not None and contact_of(consultation) is not None


def contact_of(consultation: Consultation) -> Contact | None:
    """The number that wrote in this consultation; else the person's own, where it is known to WhatsApp here. Found once for
    an instance: a page asks several times."""
    if not hasattr(consultation, "_whatsapp_contact"):
        consultation._whatsapp_contact = _contact_of(consultation)  # type: ignore[attr-defined]
    return consultation._whatsapp_contact  # type: ignore[attr-defined]


def _contact_of(consultation: Consultation) -> Contact | None:
    came = IncomingWhatsApp.objects.filter(
        message__consultation=consultation, contact__office=consultation.office_id
    )
    row = came.select_related("contact__office").order_by("-written_at").first()
    if row:
        return row.contact
    person = _person(consultation)
    if person is None or not person.phone or not _theirs(person, consultation):
        return None
    rows = Contact.objects.filter(office=consultation.office_id, phone=person.phone)
    return rows.select_related("office").first()


def _theirs(person: Visitor, consultation: Consultation) -> bool:
    """Whether the number on the person's record is the asker's, as far as anybody can know: typed with this very question, or of
    somebody who is known by it alone. A record with a mailbox is the mailbox's owner's; the number on it may be anybody's
    who once filled in a form in their name."""
    if not person.email and person.account_id is None:
        return True
    return consultation.account_id is None and person.created_at == consultation.submitted_at


def _person(consultation: Consultation) -> Visitor | None:
    if consultation.visitor:
        return consultation.visitor
    return consultation.received.visit.visitor if consultation.received else None


def reach(consultation: Consultation, at: datetime | None = None) -> Reach | None:
    """For the officer, before sending. None: this office has no WhatsApp, or knows no number."""
    number = channels.whatsapp(consultation.office)
    contact = contact_of(consultation) if number else None
    if number is None or contact is None:
        return None
    planned = outbox.plan(contact, ANSWERED, number, at)
    until = contacts.open_until(contact)
    if planned.form:
        return Reach(planned.form, until, template=planned.template)
    email = notices.address_of(consultation)
    return Reach("email" if email else "call", until, why=planned.why, email=email)


def carry(message: Message) -> None:
    """The carrier of answers: an answer, or what the officer asks back."""
    consultation = message.consultation
    contact = contact_of(consultation)
    if contact is None:
        return
    asks = consultation.state == Consultation.State.WAITING
    row = outbox.put(
        kind=ASKED_BACK if asks else ANSWERED, contact=contact, language=consultation.language, about=message,
        text=words(message), places=_places(consultation), quotes=_last_of(consultation, contact), at=message.at,
    )  # fmt: skip
    Message.objects.filter(pk=message.pk).update(
        delivery=Delivery.WAITING, delivery_at=message.at, address=_elsewhere(consultation, contact)
    )
    message.delivery, message.delivery_at = Delivery.WAITING, row.created_at


def words(message: Message) -> str:
    """The answer with its consultation's number, the names of its files, and where more is to be read. In the language of
    the consultation."""
    consultation = message.consultation
    with translation.override(consultation.language):
        link = notices.thread_address(consultation)
        files = [name for name, _address in notices.files_of(message)]
        ending = [f"{_('Berkas')}: {', '.join(files)}"] if files else []
        ending.append(f"{consultation.number} · {link}")
        tail = "\n".join(ending)
        most = outbox.LONGEST - len(tail) - 60
        body = message.body
        if len(body) > most:
            body = f"{body[:most].rstrip()}…\n({_('Selengkapnya di tautan di bawah.')})"
    return f"{body}\n\n{tail[: outbox.LONGEST // 2]}"


def remind(consultation: Consultation, kind: str, *, at: datetime) -> bool:
    """Word of the clock to somebody whom no mail reaches; only where there is a template for it, or the window is open."""
    number = channels.whatsapp(consultation.office)
    contact = contact_of(consultation) if number else None
    if contact is None or not outbox.plan(contact, kind, number, at).form:
        return False
    with translation.override(consultation.language):
        said = {
            REMINDER: _("Konsultasi %s akan ditutup bila tidak ada balasan."),
            CLOSED: _("Konsultasi %s ditutup karena tidak ada balasan. Balas untuk membukanya lagi."),
        }[kind] % consultation.number
    outbox.put(
        kind=kind, contact=contact, language=consultation.language, about=consultation, places=_places(consultation),
        text=f"{said}\n{notices.thread_address(consultation)}", at=at,
    )  # fmt: skip
    return True


def allow_by_form(visitor: Visitor, *, by: Actor, at: datetime) -> bool:
    """They ticked, when asking, that they may be answered by WhatsApp. Whether that is new."""
    if not visitor.phone or channels.whatsapp(visitor.office) is None:
        return False
    contact = contacts.locked(visitor.office, visitor.phone, at=at)
    if contact.visitor_id is None:
        contact.visitor = visitor
        contact.save(update_fields=["visitor"])
    return contacts.allow(contact, how=OptIn.How.ASKED, by=by, at=at)


def _places(consultation: Consultation) -> list[str]:
    """Of every template: {{1}} the number, {{2}} where to read. Nothing of the person or the question."""
    return [consultation.number, notices.thread_address(consultation)]


def _last_of(consultation: Consultation, contact: Contact) -> str:
    """What the answer quotes: their last message in this consultation."""
    came = IncomingWhatsApp.objects.filter(contact=contact, message__consultation=consultation)
    row = came.order_by("-written_at", "-pk").first()
    return row.wamid if row else ""


def _elsewhere(consultation: Consultation, contact: Contact) -> str:
    person = _person(consultation)
    return "" if person and person.phone == contact.phone else contact.phone


# ---- what becomes of it ----


class Answers:
    """Answers of officers: their message shows how far they came."""

    def told(self, row: OutgoingWhatsApp) -> None:
        message = Message.objects.select_related("consultation__office").filter(pk=row.about_id or 0).first()
        if message is None or message.channel != Channel.WHATSAPP:
            return
        message.delivery, message.delivery_at = _delivery(row), row.status_at or row.sent_at or timezone.now()
        message.delivery_problem = row.problem if message.delivery == Delivery.FAILED else ""
        message.outside_id = row.wamid or message.outside_id
        message.save(update_fields=["delivery", "delivery_at", "delivery_problem", "outside_id"])
        publish(message.consultation.office.code, *topics(message.consultation))
        if row.state == State.SENT and row.form == OutgoingWhatsApp.Form.TEMPLATE and not row.status:
            _say(
                message.consultation,
                _(
                    "Jendela 24 jam WhatsApp sudah tertutup ketika jawaban dikirim; pengguna mendapat templat dengan tautan."
                ),
            )

    def instead(self, row: OutgoingWhatsApp, why: str) -> bool:
        """By e-mail, where there is an address; the thread says so."""
        message = Message.objects.select_related("consultation__office").filter(pk=row.about_id or 0).first()
        if message is None:
            return True  # erased meanwhile; nobody waits for it
        consultation = message.consultation
        if notices.address_of(consultation):
            message.channel, message.outside_id = Channel.EMAIL, ""
            message.delivery, message.delivery_problem, message.address = Delivery.NONE, "", ""
            message.save(update_fields=["channel", "outside_id", "delivery", "delivery_problem", "address"])
            notices.carry(message)
            if message.delivery == Delivery.WAITING:
                _say(
                    consultation,
                    _("Jawaban tidak dapat dikirim lewat WhatsApp, jadi dikirim lewat e-mail. %s") % why,
                )
                return True
            Message.objects.filter(pk=message.pk).update(channel=Channel.WHATSAPP)
        _say(
            consultation,
            _(
                "Jawaban tidak sampai lewat WhatsApp dan tidak ada alamat e-mail. Hubungi pengguna lewat telepon. %s"
            )
            % why,
        )
        return False


class Words:
    """Receipts and reminders: nobody waits for them, so what cannot go is let go."""

    def told(self, row: OutgoingWhatsApp) -> None:
        return

    def instead(self, row: OutgoingWhatsApp, why: str) -> bool:
        return False


def _delivery(row: OutgoingWhatsApp) -> str:
    if row.state != State.SENT:
        return Delivery.FAILED
    return {"delivered": Delivery.DELIVERED, "read": Delivery.READ}.get(row.status, Delivery.SENT)


def _say(consultation: Consultation, words: str) -> None:
    """Where the officers read it."""
    note = thread.note(consultation, words.strip(), by=SYSTEM)
    Message.objects.filter(pk=note.pk).update(channel=Channel.WHATSAPP)


# ---- by hand ----


def number_of(office: Office) -> str:
    """The office's own for WhatsApp, +62…: as set up, or the mobile number it publishes; "" without one."""
    if number := channels.whatsapp(office):
        return number.number
    try:
        found = phonenumbers.parse(office.phone, "ID")
    except phonenumbers.NumberParseException:
        return ""
    mobile = phonenumbers.number_type(found) == phonenumbers.PhoneNumberType.MOBILE
    return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164) if mobile else ""


def phone_of(consultation: Consultation) -> str:
    """Where officers reach the visitor by hand: the person's telephone, else the number that wrote here, to whichever office."""
    person = _person(consultation)
    if (person and person.phone) or consultation.channel != Channel.WHATSAPP:
        return person.phone if person else ""
    wrote = consultation.messages.filter(kind=Message.Kind.VISITOR, channel=Channel.WHATSAPP)
    first = wrote.exclude(address="").order_by("at", "pk").first()
    return first.address if first else ""


def prepared_chat(phone: str, text: str = "") -> str:
    """The address that opens a chat with this number in the officer's or visitor's own WhatsApp, with a text that they still
    send themselves. "" for what is no number."""
    digits = "".join(c for c in phone if c.isdigit())
    if not phone.startswith("+") or not digits:
        return ""
    asked = urlencode({"text": text[:LONGEST_PREPARED]}, quote_via=quote) if text else ""
    return f"https://wa.me/{digits}?{asked}" if asked else f"https://wa.me/{digits}"
