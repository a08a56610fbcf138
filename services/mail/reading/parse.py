"""The bytes of a mail, whoever wrote them, as an `Incoming`. Never raises, and takes bounded time and memory.

What is larger, deeper or in more pieces than any real mail is not taken apart: its header is read, and the whole of it is kept as
a file that an officer may open.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import compat32
from itertools import islice

from services.mail.reading import headers
from services.mail.reading.incoming import File, Incoming, Kind
from services.mail.reading.parts import Content, content_of
from services.mail.reading.quoted import cut
from services.mail.reading.speakers import kind_of, report_of, wants_no_answer

MOST_BYTES = 40_000_000
MOST_LINES = 1_000_000
MOST_HEADER_BYTES = 256_000
MOST_MULTIPARTS = 60
LONGEST_ID = 200
MOST_REFERENCES = 50
MULTIPART = re.compile(rb"^content-type\s*:\s*(?:multipart/|message/)", re.IGNORECASE | re.MULTILINE)
END_OF_HEADER = re.compile(rb"\r?\n\r?\n|\r\r")
WHOLE = "surat-utuh.eml"
NO_ID = "tanpa-message-id"


def read(raw: bytes, *, own: Collection[str] = ()) -> Incoming:
    """`own`: the addresses of PST's mailboxes, by which its own mail is recognised when it comes back."""
    problem = _too_much(raw)
    if not problem:
        try:
            message = message_from_bytes(raw, policy=compat32)
            return _incoming(message, content_of(message), raw, own)
        except (RecursionError, MemoryError, ValueError, TypeError, LookupError, AttributeError):
            problem = "broken"
    return _whole(raw, problem, own)


@dataclass(frozen=True)
class Glance:
    """What the header alone says: enough to keep a mail, whatever its body does to whoever reads it. `content_id`: made of
    what it says, to tell two mails apart that bear one Message-ID."""

    message_id: str
    content_id: str
    sender: headers.Address
    subject: str


def glance(raw: bytes) -> Glance:
    message = _header_of(raw)
    sender = _sender(message)[0]
    made = _made_id(message, raw)
    return Glance(_message_id(message) or made, made, sender, _subject(message))


def _too_much(raw: bytes) -> str:
    if len(raw) > MOST_BYTES:
        return "bytes"
    if raw.count(b"\n") + raw.count(b"\r") > 2 * MOST_LINES:
        return "lines"
    if _header_length(raw) > MOST_HEADER_BYTES:
        return "header"
    nested = next(islice(MULTIPART.finditer(raw), MOST_MULTIPARTS, None), None)
    return "parts" if nested else ""


def _header_length(raw: bytes) -> int:
    end = END_OF_HEADER.search(raw, 0, MOST_HEADER_BYTES + 4)
    return end.start() if end else min(len(raw), MOST_HEADER_BYTES + 1)


def _whole(raw: bytes, problem: str, own: Collection[str]) -> Incoming:
    """The header, as much of it as is reasonable, and the mail as it came."""
    message = _header_of(raw)
    files = [File(WHOLE, "message/rfc822", raw)] if len(raw) <= MOST_BYTES else []
    return _incoming(message, Content(files=files, types=[], problems=[problem]), raw, own)


def _header_of(raw: bytes) -> Message:
    head = raw[: min(_header_length(raw), MOST_HEADER_BYTES)] + b"\n\n"
    message = message_from_bytes(head, policy=compat32)
    message.set_payload("")
    return message


def _incoming(message: Message, content: Content, raw: bytes, own: Collection[str]) -> Incoming:
    sender, doubtful = _sender(message)
    kind, why = kind_of(message, content.types, sender.email, own)
    text = content.text
    found = cut(text)
    message_id = _message_id(message)
    return Incoming(
        message_id=message_id or _made_id(message, raw),
        own_id=bool(message_id),
        in_reply_to=headers.ids(message, "In-Reply-To")[:10],
        references=headers.ids(message, "References")[-MOST_REFERENCES:],
        sender=sender,
        doubtful=doubtful,
        to=headers.addresses(message, "To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")[:200],
        subject=_subject(message),
        sent_at=headers.date(message),
        text=found.own,
        quoted=found.quoted,
        files=content.files,
        kind=kind,
        why=why,
        report=report_of(message, text) if kind == Kind.BOUNCE else None,
        problems=content.problems,
        wants_no_answer=wants_no_answer(message, sender.email),
    )


def _sender(message: Message) -> tuple[headers.Address, bool]:
    """Who it says it is from; and whether that is anything but one address in one From."""
    found = headers.addresses(message, "From") or headers.addresses(message, "Sender", "Reply-To")
    sender = next((a for a in found if a.email), found[0] if found else headers.Address("", ""))
    return sender, len({a.email for a in found}) != 1 or len(headers.raw(message, "From")) != 1


def _subject(message: Message) -> str:
    return headers.text(message, "Subject")[:500]


def _message_id(message: Message) -> str:
    """Of several the first; very long ones by their digest, because the database holds only so much."""
    said = headers.first(message, "Message-ID")
    found = headers.MESSAGE_ID.search(said)
    name = found[1] if found else said.strip("<> \t")
    if not name or " " in name:
        return ""
    return name if len(name) <= LONGEST_ID else f"{hashlib.sha256(name.encode()).hexdigest()}@{NO_ID}"


def _made_id(message: Message, raw: bytes) -> str:
    """Of a mail without one: the same for the same mail, also where another server's lines were put on top of it."""
    said = "\0".join(headers.first(message, name) for name in ("From", "To", "Date", "Subject"))
    body = raw[_header_length(raw) :]
    return f"{hashlib.sha256(said.encode() + body.strip()).hexdigest()[:40]}@{NO_ID}"
