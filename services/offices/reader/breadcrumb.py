"""The unit tree that every page repeats ("Badan Pusat Statistik / … / PST BPS Kota X"), requirement row 1."""

from __future__ import annotations

import re

from .text import key, plain

LEVELS = {"provinsi": "province", "kabupaten": "regency", "kota": "city"}
_LEVEL = r"(?:provinsi|prov\.?|kabupaten|kab\.?|kota)"
UNIT = re.compile(
    r"(?:unit )?(?:pelayanan statistik terpadu|pst)(?: \(pst\))? (?:bps|badan pusat statistik)(?: [^/:;@]{1,60})?$"
)
BARE_UNIT = re.compile(
    rf"(?:bps|badan pusat statistik)(?: {_LEVEL} [^/:;@,]{{2,50}}| ri| republik indonesia)?$"
)
START = re.compile(r"(?:badan pusat statistik|bps)\s{0,2}/")
_SEGMENT = re.compile(
    rf"(?:badan pusat statistik|bps|sekretariat utama"
    rf"|(?:unit )?(?:pelayanan statistik terpadu|pst)(?: \(pst\))? (?:bps|badan pusat statistik)(?: {_LEVEL} [\w .'-]{{2,50}})?)$"
)
_UNFINISHED = re.compile(
    rf"(?:pelayanan|pelayanan statistik|(?:pelayanan statistik terpadu|pst)(?: bps)?|.{{0,40}}\bbps {_LEVEL}|badan|badan pusat|sekretariat)$"
)


def segments(text: str) -> list[str]:
    """The parts of a breadcrumb, as printed but without markup."""
    return [part.strip() for part in plain(text).split("/") if part.strip()]


def is_clean(segment: str) -> bool:
    """Whether a part reads as a unit of BPS, with nothing printed over it."""
    return _SEGMENT.match(key(segment)) is not None


def unfinished(text: str) -> bool:
    """Whether the text so far must go on in the next line."""
    parts = segments(text)
    return key(text).endswith("/") or not parts or _UNFINISHED.match(key(parts[-1])) is not None


def remainder(text: str, unit: str) -> str:
    """What is missing at the end of a breadcrumb or unit line, given the unit's full name (keys)."""
    last = key(segments(text)[-1]) if segments(text) else ""
    return unit[len(last) :].strip() if last and unit.startswith(f"{last} ") else ""


def best(copies: list[str], unit: str) -> tuple[str, ...]:
    """The clean breadcrumb of the document: the best copy, its last part completed and its broken parts mended."""
    if not copies:
        return ()
    chosen = max(copies, key=lambda copy: (_quality(copy, unit), len(segments(copy))))
    parts = segments(chosen)
    if parts and unit and remainder(chosen, key(unit)):
        parts[-1] = unit
    return tuple(part if is_clean(part) else mend(part) for part in parts)


def _quality(copy: str, unit: str) -> int:
    parts = segments(copy)
    return sum(2 if is_clean(part) else -3 for part in parts) + bool(parts and key(parts[-1]) == key(unit))


def mend(segment: str) -> str:
    """Free a level word that other print runs over ("Xyzovinsi" → "Provinsi"); the rest is left as it is."""
    words = []
    for word in segment.split():
        low = word.casefold()
        level = next(
            (name for name in LEVELS if low not in LEVELS and low.endswith(name[2:]) and len(name) > 5), ""
        )
        words.append(level.capitalize() if level else word)
    return " ".join(words)


def broken(copies: list[str], clean: tuple[str, ...]) -> list[tuple[str, str]]:
    """Pairs (as printed, mended) of the parts that needed mending in any copy."""
    pairs = []
    for copy in copies:
        printed = [part.strip() for part in copy.split("/") if plain(part)]
        for index, part in enumerate(printed):
            if not is_clean(plain(part)):
                pairs.append((part, clean[index] if index < len(clean) else mend(plain(part))))
    return pairs
