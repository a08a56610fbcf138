"""What becomes of a WhatsApp message: a new consultation, a message of one, a note in one, the end of our writing to them.

Everything happens in the caller's transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext as _

from consultation import files
from consultation.mail_in.placing import language_of
from consultation.models import Channel, Consultation, IncomingWhatsApp, Message
from consultation.whatsapp_in import media, receipts, threads, words
from consultation.workflows import opening, thread
from services.audit.actors import SYSTEM, VISITOR
from services.whatsapp import contacts
from services.whatsapp.models import OptIn
from services.whatsapp.reading import media_of

Outcome = IncomingWhatsApp.Outcome


@dataclass(frozen=True)
class Placed:
    outcome: str
    message: Message | None = None


def place(came: IncomingWhatsApp, at: datetime) -> Placed:
    """Decide and do it. `came` is locked and new."""
    if came.kind == "reaction":
        sign = words.reaction(came.said)
        if not sign:
            return Placed(Outcome.NOTHING)
        return _noted(came, _("Pengguna menanggapi pesan di WhatsApp: %s") % sign, at)
    if came.kind == "system":
        return _noted(came, words.body(came.kind, came.said), at)
    if words.wants_to_stop(came.kind, came.said):
        contacts.withdraw(came.contact, by=VISITOR, at=at)
        _noted(came, _("Pengguna meminta tidak dikirimi pesan WhatsApp lagi."), at)
        return Placed(Outcome.STOPPED)
    contacts.allow(came.contact, how=OptIn.How.WROTE, by=VISITOR, at=at)
    where = threads.find(came)
    placed = _added(came, where, at) if where else _opened(came, at)
    if placed.message:
        _expect_file(came, placed.message, at)
    return placed


def _noted(came: IncomingWhatsApp, text: str, at: datetime) -> Placed:
    where = threads.open_one(came)
    if where is None:
        return Placed(Outcome.NOTHING)
    note = thread.note(where, text, by=SYSTEM, at=_not_before(where, came))
    note.channel = Channel.WHATSAPP
    note.save(update_fields=["channel"])
    return Placed(Outcome.NOTED, note)


def _added(came: IncomingWhatsApp, where: Consultation, at: datetime) -> Placed:
    theirs = where.visitor_id is not None and where.visitor_id == came.contact.visitor_id
    written = thread.visitor_wrote(
        where, words.body(came.kind, came.said), channel=Channel.WHATSAPP, by=VISITOR, at=_not_before(where, came),
        outside_id=came.wamid, address="" if theirs else came.contact.phone,
    )  # fmt: skip
    return Placed(Outcome.ADDED, written)


def _opened(came: IncomingWhatsApp, at: datetime) -> Placed:
    contact = came.contact
    visitor = threads.visitor_of(contact)
    if contact.visitor_id != (visitor.pk if visitor else None):
        contact.visitor = visitor
        contact.save(update_fields=["visitor"])
    said = words.body(came.kind, came.said)
    asked = opening.submit(
        office=came.office, channel=Channel.WHATSAPP, subject="", question=said, by=VISITOR, at=came.written_at,
        visitor=visitor, language=language_of(said), receipt=False,
        message={"outside_id": came.wamid, "address": "" if visitor else contact.phone},
    )  # fmt: skip
    receipts.send(asked, contact, quotes=came.wamid, at=at)
    return Placed(Outcome.OPENED, asked.messages.get())


def _expect_file(came: IncomingWhatsApp, message: Message, at: datetime) -> None:
    file = media_of(came.said, came.kind)
    if not file:
        return
    name = words.file_name(came.kind, file)
    came.attachment = files.expect(message.consultation, message, name=name, by=VISITOR, at=at)
    came.media, came.media_id, came.media_next_at = IncomingWhatsApp.Media.WAITING, file["id"][:100], at
    came.save(update_fields=["attachment", "media", "media_id", "media_next_at"])
    media.defer(came)


def _not_before(consultation: Consultation, came: IncomingWhatsApp) -> datetime:
    """When it was written; but a thread is read downwards, and its clocks only go forward."""
    last = consultation.messages.aggregate(last=Max("at"))["last"] or came.written_at
    return max(came.written_at, consultation.updated_at, last)
