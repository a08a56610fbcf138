"""The MIME parts of a mail: which are its words, which are files.

Nothing here raises on anything a mail may hold; what cannot be taken apart stays as a file.
"""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from io import BytesIO

from services.mail.reading import headers, tnef
from services.mail.reading.charsets import cleaned, text_of
from services.mail.reading.html_text import html_to_text
from services.mail.reading.incoming import File

MOST_FILES = 50
MOST_PARTS = 500
DEEPEST = 30  # multiparts within multiparts
LONGEST_TEXT = 500_000  # characters
LONGEST_NAME = 150
PARAMETERS = 4_000  # characters of a header that are read for them
TNEF_TYPES = {"application/ms-tnef", "application/vnd.ms-tnef"}
EXTENSIONS = {"text/calendar": ".ics", "message/rfc822": ".eml", "text/plain": ".txt", "text/html": ".html"}
SAID_BY_A_REPORT = {"message/delivery-status", "message/disposition-notification", "text/rfc822-headers"}
UNNAMED = "lampiran"


@dataclass
class Content:
    """What the parts say. `plain` and `html` are the words, in their order."""

    words: list[str] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n\n".join(word for word in self.words if word.strip())[:LONGEST_TEXT]

    def problem(self, code: str) -> None:
        if code not in self.problems:
            self.problems.append(code)


def content_of(message: Message) -> Content:
    found = Content()
    _walk(message, found, 0)
    return found


def type_of(part: Message) -> tuple[str, dict[str, str]]:
    """Of a part, without believing that it says anything sensible."""
    said = headers.parameters(headers.first(part, "Content-Type")[:PARAMETERS])
    name = said.pop("").strip()
    if not re.fullmatch(r"[\w.+-]{1,60}/[\w.+-]{1,80}", name):
        name = "multipart/mixed" if part.is_multipart() else "text/plain"
    if name.startswith("multipart/") and not part.is_multipart():
        name = "text/plain"  # it says so, and has no parts
    return name, said


def _walk(part: Message, found: Content, depth: int) -> None:
    kind, _said = type_of(part)
    found.types.append(kind)
    if len(found.types) > MOST_PARTS or depth > DEEPEST:
        found.problem("parts")
        return
    if not part.is_multipart():
        _leaf(part, kind, found)
    elif kind.startswith("message/"):
        _nested(part, kind, found)
    elif kind == "multipart/alternative":
        _alternative(list(_children(part)), found, depth)
    else:
        for child in _children(part):
            _walk(child, found, depth + 1)


def _children(part: Message) -> Iterator[Message]:
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from (child for child in payload if isinstance(child, Message))


def _alternative(children: list[Message], found: Content, depth: int) -> None:
    """The plain words, unless they are empty; then those of the HTML. Files within are files all the same."""
    before = len(found.words)
    for plain_first in sorted(children, key=lambda child: type_of(child)[0] != "text/plain"):
        said = len(found.words) > before
        if said and type_of(plain_first)[0] == "text/html" and not _is_file(plain_first):
            found.types.append("text/html")
            continue
        words = list(found.words)
        _walk(plain_first, found, depth + 1)
        if said:  # another version of the same
            found.words = words
        found.words[before:] = [word for word in found.words[before:] if word.strip()]


def _leaf(part: Message, kind: str, found: Content) -> None:
    raw = _bytes(part)
    if kind in TNEF_TYPES or tnef.is_tnef(raw):
        _tnef(raw, found)
    elif kind in SAID_BY_A_REPORT:
        pass  # speakers.py reads them
    elif kind in ("text/plain", "text/html", "text/enriched") and not _is_file(part):
        words = text_of(raw, type_of(part)[1].get("charset", ""))[: 2 * LONGEST_TEXT]
        found.words.append(html_to_text(words) if kind == "text/html" else _plain(words, part))
    elif raw:
        disposition = headers.first(part, "Content-Disposition").lower()
        inline = bool(headers.first(part, "Content-ID")) and not disposition.startswith("attachment")
        _add(found, _name(part), kind, raw, inline=inline and kind.startswith("image/"))


def _plain(words: str, part: Message) -> str:
    """Lines that were broken to be sent only (RFC 3676) are put together again."""
    said = type_of(part)[1]
    if said.get("format", "").lower() != "flowed":
        return words
    glue = "" if said.get("delsp", "").lower() == "yes" else " "
    lines: list[str] = []
    flows = False
    for line in words.split("\n"):
        quote = line.startswith(">")
        line = line if quote else line.removeprefix(" ")
        if flows and not quote and lines and not lines[-1].startswith(">") and line != "-- ":
            lines[-1] = f"{lines[-1].rstrip(' ')}{glue}{line}"
        else:
            lines.append(line)
        flows = line.endswith(" ") and line != "-- " and len(lines[-1]) < LONGEST_TEXT
    return "\n".join(lines)


def _nested(part: Message, kind: str, found: Content) -> None:
    """A mail within the mail is kept as a file, not taken apart."""
    if kind in SAID_BY_A_REPORT:
        return
    inner = next(_children(part), None)
    if inner is None:
        return
    raw = _as_bytes(inner)
    name = _name(part) or headers.text(inner, "Subject")[:80]
    _add(found, name if name.lower().endswith(".eml") else f"{name or 'surat'}.eml", "message/rfc822", raw)


def _as_bytes(message: Message) -> bytes:
    from email.generator import BytesGenerator

    out = BytesIO()
    try:
        BytesGenerator(out, mangle_from_=False, maxheaderlen=0).flatten(message)
        return out.getvalue()
    except Exception:  # what it was parsed from cannot always be written again
        lines = [f"{name}: {value}" for name, value in message.raw_items()]
        payload = message.get_payload()
        text = "\n".join([*lines, "", payload if isinstance(payload, str) else ""])
        return text.encode("utf-8", "surrogateescape")


def _tnef(raw: bytes, found: Content) -> None:
    unpacked = tnef.unpack(raw)
    if unpacked.text and not found.text.strip():
        found.words.append(unpacked.text)
    for file in unpacked.files:
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        _add(found, file.name, kind, file.content)
    if not unpacked.files and not unpacked.text:
        _add(found, "winmail.dat", "application/ms-tnef", raw)


def _bytes(part: Message) -> bytes:
    try:
        raw = part.get_payload(decode=True)
    except Exception:
        raw = None
    if isinstance(raw, bytes):
        return raw
    payload = part.get_payload()
    return payload.encode("utf-8", "surrogateescape") if isinstance(payload, str) else b""


def _is_file(part: Message) -> bool:
    disposition = headers.first(part, "Content-Disposition").lower()
    return disposition.startswith("attachment") or (disposition.startswith("inline") and bool(_name(part)))


def _name(part: Message) -> str:
    disposition = headers.parameters(headers.first(part, "Content-Disposition")[:PARAMETERS])
    return disposition.get("filename") or type_of(part)[1].get("name", "")


def _add(found: Content, name: str, kind: str, raw: bytes, *, inline: bool = False) -> None:
    if len(found.files) >= MOST_FILES:
        found.problem("files")
        return
    safe = safe_name(name, kind, len(found.files) + 1)
    found.files.append(File(safe, kind[:100], raw, inline))


def safe_name(name: str, kind: str, number: int) -> str:
    """As the sender called it, without a path, controls or marks that turn letters around; never empty, never long."""
    name = cleaned(name).replace("\n", " ").replace("\t", " ")
    name = re.sub(r'[<>:"|?*]', "_", re.split(r"[/\\]", name)[-1]).strip(" .")
    if not name:
        return f"{UNNAMED}-{number}{EXTENSIONS.get(kind) or mimetypes.guess_extension(kind) or '.bin'}"
    stem, dot, extension = name.rpartition(".")
    if len(name) > LONGEST_NAME and dot and len(extension) <= 10:
        return f"{stem[: LONGEST_NAME - len(extension) - 1]}.{extension}"
    return name[:LONGEST_NAME]
