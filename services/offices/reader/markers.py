"""List markers: "1." "2)" "(3)" "a." "iv." "-" in front of a line, and lists written inside one line."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

_BULLET = re.compile(r"\s*(?:[-–—•·▪◦●○‣➢✓+]|\*(?!\*))\s+")
_NUMBER = re.compile(
    r"\s*[*_]{0,3}(?P<open>\(?)(?P<value>\d{1,2}|[A-Za-z]|[ivxIVX]{2,5})(?P<close>[.)]{1,2})(?=[\s*_]|\w)"
)
_INNER = re.compile(
    r"(?<!\S)(?:[-–—•]\s{1,3})?[*_]{0,3}(?P<open>\(?)(?P<value>\d{1,2}|[A-Za-z]|[ivxIVX]{2,5})(?P<close>[.)]{1,2})(?=[\s*_])"
)
_INNER_BULLET = re.compile(r"(?<!\S)[•▪●➢✓‣](?=\s)")
_NOUN = re.compile(
    r"(?:^|[\s(])(?:lantai|lt|nomor|no|pasal|ayat|tahun|huruf|angka|butir|pukul|jam|rp|jl|jalan|gg|gang|ruang|loket|langkah)[.:]?$",
    re.I,
)
_ROMAN = {"i": 1, "v": 5, "x": 10}
MAX_DEPTH = 4


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


@dataclass
class Level:
    """One open list: its style, the last number in it, its indent and the item that number belongs to."""

    style: str
    value: int
    indent: int
    item: int


@dataclass
class Outline:
    """The lists that are open at a point in a section, outermost first."""

    levels: list[Level] = field(default_factory=list)

    def clear(self) -> None:
        """A subheading starts a fresh list."""
        self.levels.clear()

    def continues(self, mark: Mark, indent: int | None = None) -> int | None:
        """The level of which this marker is the next number, deepest first."""
        for depth in range(len(self.levels) - 1, -1, -1):
            level = self.levels[depth]
            outside = indent is not None and indent < level.indent - 1
            if not outside and any((level.style, level.value + 1) == reading for reading in mark.readings):
                return depth
        return None

    def holds(self, style: str) -> int | None:
        """The deepest open list of that style."""
        return next((d for d in range(len(self.levels) - 1, -1, -1) if self.levels[d].style == style), None)

    def enter(self, depth: int, style: str, value: int, indent: int, item: int) -> None:
        """Make ``item`` the current entry of the list at ``depth``, closing deeper lists."""
        del self.levels[depth:]
        self.levels.append(Level(style, value, indent, item))

    def place(self, mark: Mark, indent: int, item: int, *, introduced: bool) -> int:
        """Find the depth of a line's leading marker. ``introduced``: the text before it ends with a colon."""
        if mark.bullet:
            return self._place_bullet(mark, indent, item, introduced=introduced)
        depth = self.continues(mark, indent)
        if depth is not None:
            reading = next(
                r for r in mark.readings if r == (self.levels[depth].style, self.levels[depth].value + 1)
            )
        else:
            reading = next((r for r in mark.readings if r[1] == 1), mark.readings[0])
            depth = self._open(reading, indent, introduced=introduced)
        self.enter(depth, *reading, indent, item)
        return depth

    def _open(self, reading: tuple[str, int], indent: int, *, introduced: bool) -> int:
        held = self.holds(reading[0])
        deeper = bool(self.levels) and indent > self.levels[-1].indent + 1
        fresh = held is None and bool(self.levels) and self.levels[0].style != "text"
        if reading[1] == 1 and self.levels and (fresh or introduced or deeper):
            return min(len(self.levels), MAX_DEPTH)
        return held if held is not None else 0

    def _place_bullet(self, mark: Mark, indent: int, item: int, *, introduced: bool) -> int:
        style = f"bullet{mark.bullet}"
        held = next(
            (
                d
                for d, level in enumerate(self.levels)
                if level.style == style and abs(level.indent - indent) <= 1
            ),
            None,
        )
        if held is not None:
            depth = held
        elif self.levels and (
            introduced or indent > self.levels[-1].indent + 1 or self.levels[0].style[0] not in "bt"
        ):
            depth = min(len(self.levels), MAX_DEPTH)
        else:
            depth = 0
        self.enter(depth, style, 0, indent, item)
        return depth


def inner_marks(raw: str, start: int) -> list[Mark]:
    """Markers inside a line that could belong to a list written on that line."""
    numbers = [
        _mark(match)
        for match in _INNER.finditer(raw, start)
        if not _NOUN.search(raw[max(0, match.start() - 12) : match.start()].rstrip())
    ]
    taken = {mark.start for mark in numbers}
    bullets = [
        Mark(bullet=match[0].strip(), start=match.start(), end=match.end())
        for match in _INNER_BULLET.finditer(raw, start)
        if match.start() not in taken
    ]
    return sorted(numbers + bullets, key=lambda mark: mark.start)


class Successors:
    """Answers whether a list that starts here goes on with number two further along the line."""

    def __init__(self, marks: list[Mark]) -> None:
        self.seconds: dict[str, list[int]] = {}
        for mark in marks:
            for style, value in mark.readings:
                if value == 2:
                    self.seconds.setdefault(style, []).append(mark.start)

    def follows(self, style: str, start: int) -> bool:
        """Whether a "2" of the style stands after ``start``."""
        places = self.seconds.get(style, [])
        return bisect_right(places, start) < len(places)
