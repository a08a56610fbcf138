"""List markers: "1." "2)" "(3)" "a." "iv." "-" in front of a line, and lists written inside one line."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BULLET = re.compile(r"\s*(?:[-–—•·▪◦●○‣➢✓+]|\*(?!\*))\s+")
_NUMBER = re.compile(
    r"\s*[*_]{0,3}(?P<open>\(?)(?P<value>\d{1,2}|[A-Za-z]|[ivxIVX]{2,5})(?P<close>[.)]{1,2})(?=[\s*_]|\w)"
)
_INNER = re.compile(
    r"(?<!\S)(?:[-–—•]\s{1,3})?[*_]{0,3}(?P<open>\(?)(?P<value>\d{1,2}|[A-Za-z]|[ivxIVX]{2,5})(?P<close>[.)]{1,2})(?=[\s*_]|$)"
)
_INNER_BULLET = re.compile(r"(?<!\S)[•▪●➢✓‣](?=\s|$)")
# Words that a number belongs to: "Lantai 1." opens no list.
NUMBERED = re.compile(
    r"(?:^|[\s(])(?:lantai|lt|nomor|no|pasal|ayat|tahun|huruf|angka|butir|pukul|jam|rp|jl|jalan|gg|gang|ruang|loket|langkah)[.:]?$",
    re.I,
)
_ROMAN = {"i": 1, "v": 5, "x": 10}


@dataclass(frozen=True)
class Mark:
    """A marker in front of a piece of text: the ways to read it as (style, number), and where its text starts."""

    readings: tuple[tuple[str, int], ...] = ()
    value: str = ""
    bullet: str = ""
    start: int = 0
    end: int = 0


def leading(raw: str) -> Mark:
    """The marker a line starts with; a dash in front of a number ("- 1.") is decoration."""
    bullet = _BULLET.match(raw)
    start = bullet.end() if bullet else 0
    number = _NUMBER.match(raw, start)
    if number and _tight_letter(raw, number):
        number = None
    if number:
        return _mark(number)
    return Mark(bullet=bullet[0].strip(), end=start) if bullet else Mark()


def _tight_letter(raw: str, match: re.Match[str]) -> bool:
    """ "a.n. Kepala" is no list entry; "1.Pengguna" and "a)Pengguna" are; "1.5" is not."""
    following = raw[match.end() : match.end() + 1]
    if following.isspace() or following in "*_":
        return False
    return following.isdigit() or (not match["value"].isdigit() and ")" not in match["close"])


def _mark(match: re.Match[str]) -> Mark:
    value, shape = match["value"], match["open"] + match["close"]
    return Mark(tuple(_readings(value, shape)), value, "", match.start(), match.end())


def _readings(value: str, shape: str) -> list[tuple[str, int]]:
    if value.isdigit():
        return [(f"1{shape}", int(value))]
    kind = "A" if value.isupper() else "a"
    found = [(f"{kind}{shape}", ord(value.lower()) - 96)] if len(value) == 1 else []
    roman = _roman(value.lower())
    return [*found, (f"{'I' if kind == 'A' else 'i'}{shape}", roman)] if roman else found


def _roman(text: str) -> int:
    if not text or any(letter not in _ROMAN for letter in text):
        return 0
    values = [_ROMAN[letter] for letter in text]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return sum(-here if here < after else here for here, after in pairs)


def inner_marks(raw: str, start: int) -> list[Mark]:
    """Markers inside a line that could belong to a list written on that line."""
    numbers = [
        _mark(match)
        for match in _INNER.finditer(raw, start)
        if not NUMBERED.search(raw[max(0, match.start() - 12) : match.start()].rstrip())
    ]
    taken = {mark.start for mark in numbers}
    bullets = [
        Mark(bullet=match[0].strip(), start=match.start(), end=match.end())
        for match in _INNER_BULLET.finditer(raw, start)
        if match.start() not in taken
    ]
    return sorted(numbers + bullets, key=lambda mark: mark.start)
