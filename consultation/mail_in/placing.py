"""What becomes of a mail: a new consultation, a message of one, a note in one, a failed delivery, or nothing yet.

Only a person's mail moves a consultation. What a machine sent is noted in the thread it belongs to, for the officers, and
neither opens it again nor lets its clock go on; outside of a thread it is set aside. Nothing here answers anything but a
person (receipts.py). Everything happens in the caller's transaction.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max
from django.utils.translation import gettext as _

from consultation import files
from consultation.mail_in import contents, of_another, receipts, threads
from consultation.models import Channel, Consultation, IncomingMail, Message
from consultation.workflows import opening, thread
from services import channels
from services.audit import trail
from services.audit.actors import SYSTEM, VISITOR, Actor
from services.mail import outbox, replies
from services.mail.models import Outgoing
from services.mail.reading.incoming import Incoming, Kind
from services.mail.reading.parse import read

log = logging.getLogger(__name__)
State, Outcome = IncomingMail.State, IncomingMail.Outcome
MOST_A_DAY = 10  # consultations that one unknown address may open
SAME_WITHIN = timedelta(hours=1)
REPLY_MARKS = re.compile(r"^(?:(?:re|fwd?|tr|bls|trs|balasan|terusan)\s*(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE)
ENGLISH = {
    "the",
    "and",
    "of",
    "for",
    "is",
    "are",
    "to",
    "in",
    "please",
    "you",
    "i",
    "we",
    "would",
    "could",
    "from",
    "thank",
}
INDONESIAN = {
    "yang",
    "dan",
    "di",
    "untuk",
    "saya",
    "kami",
    "dari",
    "mohon",
    "apakah",
    "berapa",
    "dengan",
    "ini",
    "terima",
}
TOKEN = re.compile(r"\s*\[[A-Za-z]\d{4}-\d{2}-\d{5,9}-[A-Za-z2-7]+\]")


@dataclass(frozen=True)
class Placed:
    state: str
    outcome: str
    message: Message | None = None


def place(mail: IncomingMail, at: datetime) -> Placed:
    """Decide and do it. `mail` is locked and new."""
    found = read(bytes(mail.raw), own=own_addresses())
    if Message.objects.filter(
        channel=Channel.EMAIL, outside_id=threads.outside_id(mail.office, mail.mail_id)
    ).exists():
        return Placed(State.DONE, Outcome.KNOWN)
    if found.kind == Kind.LOOP or Outgoing.objects.filter(message_id=found.message_id).exists():
        return Placed(State.DONE, Outcome.LOOP)
    if found.kind == Kind.BOUNCE:
        return _bounced(mail, found, at)
    if mail.is_of_another:
        how = of_another.take(mail, found, at)
        return Placed(State.ASIDE if how == replies.UNSURE else State.DONE, how)
    where = threads.find(mail.office, found)
    if where.forged:
        log.warning("Mail %s bears a forged token", mail.pk)
        trail.record("mail_in.forged", mail, by=SYSTEM, office_id=mail.office_id, at=at)
    if found.kind != Kind.PERSON:
        return _machine(mail, found, where.consultation, at)
    if where.consultation:
        return _added(mail, found, where.consultation, at)
    return _opened(mail, found, at, forged=where.forged)


def own_addresses() -> set[str]:
    """The mailboxes that PST alone writes from."""
    return {box.address.lower() for box in channels.configured().mailboxes.values()}


def open_new(mail: IncomingMail, at: datetime, *, by: Actor) -> Placed:
    """A consultation from a mail that was set aside; nobody is sent a receipt."""
    found = read(bytes(mail.raw), own=own_addresses())
    return _open(mail, found, at, forged=False, by=by)


def _bounced(mail: IncomingMail, found: Incoming, at: datetime) -> Placed:
    """The mail it is about reached nobody: whoever wrote it sees that, with the server's reason."""
    report = found.report
    if report is None or not report.about or not report.final:
        return Placed(State.DONE, Outcome.BOUNCED)
    why = " ".join(part for part in (report.status, report.why) if part) or _(
        "Server surat penerima menolak."
    )
    row = outbox.bounced(report.about, why, at=at)
    if row is None or row.about_type != Message._meta.label_lower or row.about_id is None:
        return Placed(State.DONE, Outcome.BOUNCED)
    # What hangs on the mail (`outbox.watch`) has marked the message by now.
    return Placed(State.DONE, Outcome.BOUNCED, Message.objects.filter(pk=row.about_id).first())


def _machine(mail: IncomingMail, found: Incoming, where: Consultation | None, at: datetime) -> Placed:
    """Noted where it belongs. A list's mail elsewhere waits for somebody to look; an automatic reply to nothing does not."""
    if where:
        return Placed(State.DONE, Outcome.NOTED, _note(mail, found, where, at))
    if found.kind == Kind.LIST:
        return Placed(State.ASIDE, Outcome.LIST)
    return Placed(State.DONE, Outcome.AUTO)


def _note(mail: IncomingMail, found: Incoming, where: Consultation, at: datetime) -> Message:
    said = {Kind.LIST: _("Surat lewat milis")}.get(found.kind, _("Balasan otomatis"))
    body = f"{said} ({found.sender.email or _('tanpa alamat')}):\n\n{contents.body(mail, found)}"
    note = thread.note(where, body[: contents.LONGEST_BODY], by=SYSTEM, at=_not_before(where, mail))
    note.outside_id, note.channel = threads.outside_id(mail.office, mail.mail_id), Channel.EMAIL
    note.address = found.sender.email[:254]
    note.save(update_fields=["outside_id", "channel", "address"])
    return note


def _added(mail: IncomingMail, found: Incoming, where: Consultation, at: datetime) -> Placed:
    if _said_by_a_machine(where, found, at):
        return Placed(State.DONE, Outcome.NOTED, _note(mail, found, where, at))
    written = thread.visitor_wrote(
        where, contents.body(mail, found), channel=Channel.EMAIL, by=VISITOR, at=_not_before(where, mail),
        quoted=found.quoted, outside_id=threads.outside_id(mail.office, mail.mail_id),
        address="" if threads.is_theirs(where, found) and where.visitor_id else found.sender.email[:254],
    )  # fmt: skip
    _files(written.consultation, written, found, at)
    return Placed(State.DONE, Outcome.ADDED, written)


def _opened(mail: IncomingMail, found: Incoming, at: datetime, *, forged: bool) -> Placed:
    if same := _asked_already(mail, found):
        return _added(mail, found, same, at)
    if _is_flood(mail, found):
        return Placed(State.ASIDE, Outcome.FLOOD)
    placed = _open(mail, found, at, forged=forged, by=VISITOR)
    if placed.message:
        receipts.send(placed.message.consultation, found, at)
    return placed


def _open(mail: IncomingMail, found: Incoming, at: datetime, *, forged: bool, by: Actor) -> Placed:
    visitor = None if forged else threads.visitor_of(mail.office, found)
    subject = TOKEN.sub("", REPLY_MARKS.sub("", found.subject)).strip()
    asked = opening.submit(
        office=mail.office, channel=Channel.EMAIL, subject=subject, question=contents.body(mail, found), by=by,
        at=mail.received_at, visitor=visitor, language=language_of(found.text), receipt=False,
        message={
            "outside_id": threads.outside_id(mail.office, mail.mail_id),
            "address": "" if visitor else found.sender.email[:254],
            "quoted": found.quoted,
        },
    )  # fmt: skip
    first = asked.messages.get()
    _files(asked, first, found, at)
    return Placed(State.DONE, Outcome.OPENED, first)


def language_of(text: str) -> str:
    """In which of our two languages a receipt is understood."""
    words = re.findall(r"[a-z]+", text.lower())[:500]
    english = sum(word in ENGLISH for word in words)
    return "en" if english > sum(word in INDONESIAN for word in words) else "id"


def _files(consultation: Consultation, message: Message, found: Incoming, at: datetime) -> None:
    files.take_what_came(consultation, message, contents.files(found), by=VISITOR, at=at)


def _not_before(consultation: Consultation, mail: IncomingMail) -> datetime:
    """When it reached the mail server; but a thread is read downwards, and its clocks only go forward."""
    last = consultation.messages.aggregate(last=Max("at"))["last"] or mail.received_at
    return max(mail.received_at, consultation.updated_at, last)


def _said_by_a_machine(consultation: Consultation, found: Incoming, at: datetime) -> bool:
    """An autoresponder without any of the marks says the same each time: the third time, or at once after our mail, it is
    taken for one."""
    said = consultation.messages.filter(channel=Channel.EMAIL, body=found.text.strip())
    before = said.exclude(kind=Message.Kind.OFFICER).count()
    ours = Outgoing.objects.filter(to__iexact=found.sender.email or "-", sent_at__gt=at - SAME_WITHIN)
    return before >= 2 or (before == 1 and ours.exists())


def _asked_already(mail: IncomingMail, found: Incoming) -> Consultation | None:
    """The consultation that the very same words from the same address opened in the last week."""
    if not found.sender.email or not found.text.strip():
        return None
    earlier = IncomingMail.objects.filter(
        office=mail.office, sender=mail.sender, outcome=Outcome.OPENED, message__body=found.text.strip(),
        received_at__gt=mail.received_at - timedelta(days=7),
    ).exclude(pk=mail.pk)  # fmt: skip
    row = earlier.select_related("message__consultation").first()
    return row.message.consultation if row and row.message else None


def _is_flood(mail: IncomingMail, found: Incoming) -> bool:
    day = mail.received_at - timedelta(days=1)
    opened = IncomingMail.objects.filter(
        office=mail.office, sender=mail.sender, outcome=Outcome.OPENED, received_at__gt=day
    )
    return opened.count() >= MOST_A_DAY
