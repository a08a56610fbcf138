"""winmail.dat (TNEF): the files that Outlook packs into one. Damaged ones give what could be read before the damage.

Only the flat parts are read: titles, contents, the body as text. What is packed within is not unpacked a second time.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from services.mail.reading.charsets import cleaned, text_of

SIGNATURE = 0x223E9F78
RENDERING, TITLE, CONTENT, PROPERTIES, BODY = 0x9002, 0x8010, 0x800F, 0x9005, 0x800C
LONG_NAMES = ((b"\x1f\x00\x07\x37", "utf-16-le"), (b"\x1e\x00\x07\x37", "cp1252"))
MOST = 50  # files


@dataclass
class Packed:
    name: str = ""
    content: bytes = b""


@dataclass
class Unpacked:
    files: list[Packed] = field(default_factory=list)
    text: str = ""


def is_tnef(raw: bytes) -> bool:
    return len(raw) > 6 and struct.unpack_from("<I", raw)[0] == SIGNATURE


def unpack(raw: bytes) -> Unpacked:
    """What is in it; nothing, where it is none."""
    found = Unpacked()
    at = 6 if is_tnef(raw) else len(raw)
    while at + 11 <= len(raw):
        _level, attribute, _kind, length = struct.unpack_from("<BHHI", raw, at)
        content = raw[at + 9 : at + 9 + length]
        if len(content) < length:
            break  # cut off
        at += 11 + length
        if attribute == RENDERING:
            if len(found.files) == MOST:
                break
            found.files.append(Packed())
        elif attribute == BODY and not found.text:
            found.text = text_of(content.rstrip(b"\0"))
        elif found.files:
            _into(found.files[-1], attribute, content)
    found.files = [file for file in found.files if file.content]
    return found


def _into(file: Packed, attribute: int, content: bytes) -> None:
    if attribute == TITLE and not file.name:
        file.name = text_of(content.rstrip(b"\0"))
    elif attribute == CONTENT:
        file.content = content
    elif attribute == PROPERTIES:
        file.name = _long_name(content) or file.name


def _long_name(properties: bytes) -> str:
    """PR_ATTACH_LONG_FILENAME: its tag, how many (1), how many bytes, the bytes."""
    for tag, encoding in LONG_NAMES:
        at = properties.find(tag)
        if at >= 0 and at + 12 <= len(properties):
            count, length = struct.unpack_from("<II", properties, at + 4)
            if count == 1 and 0 < length <= 1000:
                raw = properties[at + 12 : at + 12 + length]
                return cleaned(raw.decode(encoding, "replace")).strip("\0").strip()
    return ""
