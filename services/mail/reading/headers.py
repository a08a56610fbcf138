"""Header lines of a mail, however broken: texts, addresses, message ids, parameters, dates.

Python's own parsers for structured headers raise on some malformed ones and take long on others, so values are taken
raw (`email.policy.compat32`) and read here, each cut to a length first. Nothing here raises.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from urllib.parse import unquote_to_bytes

from services.mail.reading.charsets import cleaned, text_of

LONGEST = 20_000  # characters of a header that are looked at
WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
BETWEEN = re.compile(r"(\?=)\s+(=\?)")
MESSAGE_ID = re.compile(r"<([^<>\s]{1,500})>")
MAILBOX = re.compile(r"[^@\s<>\"(),:;\[\]\\]{1,64}@[^@\s<>\"(),:;\[\]\\]{1,190}\Z")


@dataclass(frozen=True)
class Address:
    name: str
    email: str  # in small letters; empty where it is none


def raw(message: Message, name: str) -> list[str]:
    """All values of a header as they stand in the mail, unfolded; bytes beyond ASCII as text."""
    wanted = name.lower()
    values = [str(value) for key, value in message.raw_items() if key.lower() == wanted]
    return [_unfolded(value[:LONGEST]) for value in values[:100]]


def first(message: Message, name: str) -> str:
    return next(iter(raw(message, name)), "")


def text(message: Message, name: str) -> str:
    """The first such header, decoded, on one line."""
    return decoded(first(message, name))


def _unfolded(value: str) -> str:
    as_bytes = value.encode("ascii", "surrogateescape") if not value.isascii() else value.encode()
    return " ".join(text_of(as_bytes).split("\n")).strip()


def decoded(value: str) -> str:
    """With its encoded words (RFC 2047) read, also those that split a character, or stand within a word."""
    pieces: list[str] = []
    pending, charset, end = b"", "", 0
    value = BETWEEN.sub(r"\1\2", value)
    for found in WORD.finditer(value):
        between = value[end : found.start()]
        if pending and (between or found[1].lower() != charset):
            pieces.append(text_of(pending, charset))
            pending = b""
        pieces.append(between)
        charset, end = found[1].lower(), found.end()
        pending += _word(found[2], found[3])
    if pending:
        pieces.append(text_of(pending, charset))
    return " ".join(cleaned("".join([*pieces, value[end:]])).split())


def _word(encoding: str, content: str) -> bytes:
    raw_content = content.encode("utf-8", "replace")
    if encoding in "qQ":
        return binascii.a2b_qp(raw_content.replace(b"_", b" "), header=True)
    return b64(raw_content)


def b64(content: bytes) -> bytes:
    """Base64 with whatever is missing or too much; what cannot be read at all stays as it is."""
    plain = re.sub(rb"[^A-Za-z0-9+/]", b"", content)
    plain = plain[:-1] if len(plain) % 4 == 1 else plain
    try:
        return base64.b64decode(plain + b"=" * (-len(plain) % 4))
    except (binascii.Error, ValueError):
        return content


def addresses(message: Message, *names: str) -> list[Address]:
    """All of these headers. A display name is decoded after the structure was read: it may hold anything."""
    found: list[Address] = []
    for value in [value for name in names for value in raw(message, name)]:
        try:
            pairs = getaddresses([value])
        except Exception:
            pairs = []
        if not any(email for _name, email in pairs):  # what a strict reading refuses
            pairs = [("", hit) for hit in re.findall(r"[^\s<>\"(),:;]{1,64}@[^\s<>\"(),:;]{1,190}", value)][
                :20
            ]
        found += [_address(name, email) for name, email in pairs[:200]]
    return [a for a in found if a.email or a.name]


def _address(name: str, email: str) -> Address:
    email = decoded(email).strip().strip("<>").lower()
    return Address(decoded(name).strip("\"' ")[:120], email if MAILBOX.match(email) else "")


def ids(message: Message, name: str) -> list[str]:
    """Message ids without their angle brackets, in their order."""
    return [hit for value in raw(message, name) for hit in MESSAGE_ID.findall(value)]


def date(message: Message) -> datetime | None:
    """When the sender's clock says it was sent, in UTC; None where it says nothing that is a date."""
    try:
        at = parsedate_to_datetime(first(message, "Date"))
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except Exception:
        return None


def parameters(value: str) -> dict[str, str]:
    """Of a Content-Type or Content-Disposition: RFC 2231 with continuations and character sets, RFC 2047 against the
    standard, quoted or bare. The value itself stands under the empty name."""
    head, *rest = _split(value)
    plain: dict[str, str] = {"": head.strip().lower()}
    extended: dict[str, list[tuple[int, bool, str]]] = {}
    for piece in rest[:200]:
        name, equals, content = piece.partition("=")
        name, content = name.strip().lower(), _unquoted(content.strip())
        if not equals or not name:
            continue
        parts = re.fullmatch(r"([^*]+)(?:\*(\d{1,3}))?(\*?)", name)
        if parts and (parts[2] or parts[3]):
            extended.setdefault(parts[1], []).append((int(parts[2] or 0), bool(parts[3]), content))
        else:
            plain.setdefault(name, decoded(content))
    for name, pieces in extended.items():
        if joined := _joined(pieces):
            plain[name] = joined
    return plain


def _split(value: str) -> list[str]:
    """At each semicolon that stands in no quotation marks."""
    return re.findall(r'(?:[^";]|"(?:[^"\\]|\\.)*"|")+', value) or [""]


def _unquoted(content: str) -> str:
    if len(content) >= 2 and content[0] == content[-1] == '"':
        return re.sub(r"\\(.)", r"\1", content[1:-1])
    return content.strip('"')


def _joined(pieces: list[tuple[int, bool, str]]) -> str:
    charset, whole = "", b""
    for position, (_number, encoded, content) in enumerate(sorted(pieces, key=lambda piece: piece[0])):
        if encoded and position == 0 and content.count("'") >= 2:
            charset, _language, content = content.split("'", 2)
        whole += unquote_to_bytes(content) if encoded else content.encode("utf-8", "replace")
    return " ".join(decoded(text_of(whole, charset)).split())
