"""MARC21 (ISO 2709) from other libraries: UTF-8 and MARC-8; a damaged record is skipped, and the next one is found."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import BinaryIO

from pymarc import Record
from pymarc.marc8_mapping import CODESETS, ODD_MAP

from library.importing.fields import Item
from library.importing.words import Unreadable
from library.importing.words import told as _

END = b"\x1d"
LONGEST = 99_999  # five digits of length: no record is longer
LEADER = re.compile(rb"[0-9]{5}[ -~]{7}[0-9]{5}[ -~]{3}[ -~]{4}")
ANSEL = CODESETS[0x45]
JOINERS = {0x88, 0x89, 0x8D, 0x8E}  # control signs of MARC-8
ISBD = " /:;,."  # marks that catalogues write at the end of a field

logging.getLogger("pymarc").setLevel(logging.CRITICAL)  # what it says is said in the row's note


def items(file: BinaryIO) -> Iterator[Item]:
    """Every record of the file, also the damaged ones. Raises Unreadable for something that is no MARC at all."""
    for number, raw in enumerate(_records(file), start=1):
        yield _item(number, raw)


def _records(file: BinaryIO) -> Iterator[bytes]:
    """Cut at the sign that ends a record: its own length may be wrong."""
    file.seek(0)
    rest, first = b"", True
    while block := file.read(262_144):
        rest += block
        if first and END not in rest and not LEADER.match(rest.lstrip()[:24]):
            raise Unreadable(_("Ini bukan berkas MARC21 (ISO 2709)."))
        parts = rest.split(END)
        rest = parts.pop()
        for part in parts:
            if part.strip():
                first = False
                yield part.lstrip(b"\r\n\0 \x1a") + END
        if len(rest) > LONGEST * 2:
            # A record without an end: told as one, and the next end is looked for.
            yield rest[:LONGEST]
            rest = b""
    if rest.strip(b"\r\n\0 \x1a"):
        yield rest.lstrip(b"\r\n\0 \x1a")  # cut off


def _item(number: int, raw: bytes) -> Item:
    item = Item(number, cells=[raw[:300].decode("utf-8", "replace")])
    if not raw.endswith(END):
        item.broken = _("Rekaman ini terpotong.")
        return item
    if not LEADER.match(raw[:24]):
        item.broken = _("Kepala rekaman (leader) rusak.")
        return item
    if int(raw[:5]) != len(raw):
        item.broken = _("Panjang rekaman salah: tertulis %(said)d, sebenarnya %(is)d byte.") % {
            "said": int(raw[:5]),
            "is": len(raw),
        }
        return item
    utf8 = raw[9:10] == b"a" or _is_utf8(raw)
    if not utf8 and _unknown_letters(raw):
        item.broken = _("Ada huruf MARC-8 yang tidak terbaca.")
        return item
    try:
        record = Record(
            data=raw, to_unicode=True, force_utf8=utf8, utf8_handling="replace", hide_utf8_warnings=True
        )
    except Exception as problem:  # whatever a wrong directory makes of the reader
        item.broken = _("Rekaman ini rusak (%s).") % type(problem).__name__
        return item
    _fill(item, record)
    item.cells = [item.said.get("key", ""), item.said.get("title", ""), item.said.get("published", "")]
    return item


def _is_utf8(raw: bytes) -> bool:
    """Much software writes UTF-8 and forgets to say so; MARC-8's accents are no sound UTF-8."""
    try:
        return not raw.isascii() and bool(raw.decode())
    except UnicodeDecodeError:
        return False


def _unknown_letters(raw: bytes) -> bool:
    """Whether there are bytes that the usual sets of MARC-8 do not know; pymarc would make blanks of them. Records
    that change the sets (escape sequences) are left to it."""
    if b"\x1b" in raw:
        return False
    return any(b > 0x80 and b not in ANSEL and b not in ODD_MAP and b not in JOINERS for b in set(raw))


def _all(record: Record, tag: str, codes: str) -> list[str]:
    found = []
    for field in record.get_fields(tag):
        words = [part.value.strip() for part in field.subfields if part.code in codes and part.value]
        if words:
            found.append(" ".join(words))
    return found


def _first(record: Record, *places: str) -> str:
    """The first of "245a", "264c" … that says something; without the marks at its end."""
    for place in places:
        for text in _all(record, place[:3], place[3:]):
            if text.strip(ISBD):
                return text.rstrip(ISBD)
    return ""


def _fill(item: Item, record: Record) -> None:
    control = [field.data for tag in ("003", "001") for field in record.get_fields(tag)]
    fixed = next((field.data or "" for field in record.get_fields("008")), "")
    said = {
        "key": ":".join(part.strip() for part in control if part and part.strip()),
        "title": _title(record),
        "series": _first(record, "490a", "830a", "440a"),
        "published": _first(record, "264c", "260c") or fixed[7:11].strip("u| "),
        "isbn": _first(record, "020a").split(" ")[0],
        "issn": _first(record, "022a"),
        "catalogue_number": _first(record, "037a", "084a", "099a"),
        "publication_number": _first(record, "024a", "027a"),
        "abstract": " ".join(_all(record, "520", "ab")),
        "language": _language(record, fixed),
        "pages": _first(record, "300a"),
        "producer": _first(record, "264b", "260b", "110ab"),
        "frequency": _first(record, "310a"),
        "web_address": _first(record, "856u"),
    }
    for name, text in (("region", _first(record, "651a")), ("subject", _first(record, "650a"))):
        said[name] = text
    item.said = {name: text for name, text in said.items() if text}
    # Copies as Koha (952) and others (876, 949) write them.
    for tag, barcode, shelf in (("952", "p", "co"), ("876", "p", "b"), ("949", "ip", "ac")):
        for field in record.get_fields(tag):
            values = {part.code: part.value.strip() for part in field.subfields if part.value}
            given = next((values[c] for c in barcode if values.get(c)), "")
            if given:
                item.copies.append((given, next((values[c] for c in shelf if values.get(c)), "")))


def _title(record: Record) -> str:
    """Title, part and rest of 245, with their own marks in between."""
    for field in record.get_fields("245"):
        parts = [part.value.strip() for part in field.subfields if part.code in "abnp" and part.value]
        return " ".join(parts).rstrip(" /:;,").removesuffix(" .").strip()
    return ""


def _language(record: Record, fixed: str) -> str:
    codes = [text for field in record.get_fields("041") for text in field.get_subfields("a")]
    codes = codes or ([fixed[35:38]] if len(fixed) >= 38 else [])
    return ",".join(code for code in codes if code.strip("| ") and code != "und")
