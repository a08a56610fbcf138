"""Which list a marker belongs to: it goes on with a list that is open, or opens one inside or beside it.

A marker alone often fits several lists: in "1) … a. … 1) … 2) …" the "2)" may be the inner or the outer one. So the
markers behind it are read as well, and of all ways to read them the one with the fewest oddities is taken: numbers
left out, lists of one entry, entries printed in another way than the rest of their list.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from .markers import Mark

MAX_DEPTH = 4
# How many markers beyond the line are looked at, and how many readings are pursued side by side.
AHEAD = 16
_WIDTH = 8
_HOPELESS = 12  # how much odder than the best a reading may be and still win later

# What an oddity counts. Only their order matters: a reading wins when the others are odder.
_LONELY = 4  # a list of one entry
_SKIPPED = 6  # a line with a number that does not follow
_ALIEN = 8  # a line with a number although no list of its style is open
_MISLAID = 2  # a line that goes on with a list written inside a line
_OUT_OF_LINE = 4  # a bullet inside a line that goes on with the bullets in front of the lines
_ASKEW = 1  # an entry further in than its list
_NEW_LINE, _NEW_INSIDE, _NEW_SAME = (
    1,
    3,
    4,
)  # a list nobody announced: of lines, inside a line, like the one around it
_AGAIN_LINE, _AGAIN_INSIDE, _CLOSED = 1, 4, 2  # a list that begins anew, and each list it closes by that
_ANNOUNCED = 2  # a colon announces a list, and what follows is no new one
# A marker inside a line that is taken as part of the sentence: by what else it could have been.
_NOT_NEXT, _NOT_FIRST, _NOT_ANNOUNCED, _NO_ENTRY = 5, 2, 6, 3


@dataclass(frozen=True)
class Level:
    """One open list: its style, its last number and where it stands. ``label``: its entry names a channel."""

    style: str
    value: int
    indent: int
    inside: bool
    label: bool = False


@dataclass(frozen=True)
class Token:
    """A marker with what around it tells where it belongs.

    ``indent`` is None inside a line; ``announced``: a colon stands before it; ``bare``: no word since the marker
    before it; ``label``: its text is nothing but the name of a channel.
    """

    mark: Mark
    indent: int | None
    announced: bool = False
    bare: bool = False
    label: bool = False


@dataclass(frozen=True)
class Place:
    """The list, counted from outside, of which a marker is the entry ``value``. ``merged``: "1. 1. Text"."""

    depth: int
    style: str
    value: int
    merged: bool = False


Levels = tuple[Level, ...]
Option = tuple[int, Place | None]


@dataclass
class Outline:
    """The lists that are open at a point in a section, outermost first, and the item each is at (None: no item)."""

    levels: Levels = ()
    owners: list[int | None] = field(default_factory=list)

    def clear(self) -> None:
        """A subheading starts afresh."""
        self.levels, self.owners = (), []

    def enter(self, place: Place, token: Token, owner: int) -> None:
        """Make ``owner`` the current entry of the list at that place, closing deeper lists."""
        self.levels = _entered(self.levels, token, place)
        self.owners = [*self.owners[: len(self.levels) - 1], owner]
        if place.merged and self.owners[-2:-1] == [owner]:
            self.owners[-2] = None

    def enter_text(self, indent: int, owner: int) -> None:
        """A paragraph without marker ends every list, except those that a channel's name holds together."""
        kept = _held_together(self.levels)
        self.levels = (*self.levels[:kept], Level("text", 0, indent, False))
        self.owners = [*self.owners[:kept], owner]

    def name_channel(self) -> None:
        """The current entry turned out to be the name of a channel, not an item."""
        self.levels = (*self.levels[:-1], replace(self.levels[-1], label=True))
        self.owners[-1] = None

    def parents(self) -> list[int]:
        """The items around the current one, outermost first."""
        return [owner for owner in self.owners[:-1] if owner is not None]


@dataclass(frozen=True)
class _Reading:
    """One way to read the markers so far; ``choices`` is a linked list, the last choice first."""

    oddity: int
    levels: Levels
    taken: bool = True
    choices: tuple[Place | None, object] | None = None


def plan(levels: Levels, tokens: Sequence[Token], ahead: Sequence[Token]) -> list[Place | None]:
    """The place of every token, or None for one that is part of its sentence; ``ahead`` only helps to decide."""
    if len(tokens) == 1 and len(options := _options(levels, tokens[0], taken=True)) == 1:
        return [options[0][1]]
    readings = [_Reading(0, levels)]
    for token in tokens:
        readings = _narrowed(_step(reading, token, kept=True) for reading in readings)
    for token in ahead:
        if len({id(reading.choices) for reading in readings}) == 1:
            break  # whatever comes, these tokens are read the same way
        readings = _narrowed(_step(reading, token, kept=False) for reading in readings)
    best = min(readings, key=lambda reading: reading.oddity + _lonely(reading.levels))
    places: list[Place | None] = []
    choices = best.choices
    while choices:
        places.append(choices[0])
        choices = choices[1]  # type: ignore[assignment]
    return places[::-1]


def _step(reading: _Reading, token: Token, *, kept: bool) -> Iterator[_Reading]:
    for oddity, place in _options(reading.levels, token, taken=reading.taken):
        levels = _entered(reading.levels, token, place) if place else reading.levels
        choices = (place, reading.choices) if kept else reading.choices
        yield _Reading(reading.oddity + oddity, levels, place is not None, choices)


def _narrowed(steps: Iterator[Iterator[_Reading]]) -> list[_Reading]:
    """The best readings; of those that leave the same lists open only the best one."""
    found = sorted((reading for group in steps for reading in group), key=lambda reading: reading.oddity)
    limit = found[0].oddity + _HOPELESS
    best: dict[tuple[Levels, bool], _Reading] = {}
    for reading in found:
        if len(best) == _WIDTH or reading.oddity > limit:
            break
        best.setdefault((reading.levels, reading.taken), reading)
    return list(best.values())


def _entered(levels: Levels, token: Token, place: Place) -> Levels:
    inside = token.indent is None
    indent = token.indent if token.indent is not None else levels[-1].indent if levels else 0
    if place.value != 1 and place.depth < len(levels) and levels[place.depth].style == place.style:
        # A list stays what it was when it was opened; bullets have no first one to tell by.
        inside = levels[place.depth].inside or (inside and not place.value)
    return (*levels[: place.depth], Level(place.style, place.value, indent, inside, token.label))


def _options(levels: Levels, token: Token, *, taken: bool) -> list[Option]:
    """Every way to read one marker, likeliest first; ``taken``: the marker before it was one, too."""
    if token.bare and taken and token.mark.value:
        return _doubled(levels, token)
    if token.mark.bullet:
        return [*_next_bullet(levels, token), *_first_bullet(levels, token)]
    following = _next(levels, token)
    found = [*following, *_first(levels, token)]
    if token.indent is None:
        found.append((_refusal(token, bool(following), bool(found)), None))
    return found or [_astray(levels, token)]


def _refusal(token: Token, follows: bool, fits: bool) -> int:
    """How odd it is to read a marker inside a line as part of the sentence."""
    if follows:
        return _NOT_NEXT
    return (_NOT_ANNOUNCED if token.announced else _NOT_FIRST) if fits else _NO_ENTRY


def _doubled(levels: Levels, token: Token) -> list[Option]:
    """ "1. 1. Text": the second marker joins the first."""
    first = next((r for r in token.mark.readings if r[1] == 1), None)
    follows = bool(_next(levels, token))
    if not first and not follows:
        return [(_NO_ENTRY, None)]
    style, value = first or token.mark.readings[0]
    depth = len(levels) - (1 if levels and levels[-1].style == "text" else 0)
    return [(0, Place(min(depth, MAX_DEPTH), style, value, merged=True))]


def _next(levels: Levels, token: Token) -> list[Option]:
    """The lists of which this marker is the next number, deepest first."""
    found: list[Option] = []
    for depth in range(len(levels) - 1, -1, -1):
        level = levels[depth]
        if (level.style, level.value + 1) not in token.mark.readings:
            continue
        if token.indent is not None and token.indent < level.indent - 1:
            continue
        oddity = _lonely(levels[depth + 1 :]) + _layout(level, token)
        if _further_in(level, token):
            oddity += _ASKEW
        found.append((oddity, Place(depth, level.style, level.value + 1)))
    return found


def _first(levels: Levels, token: Token) -> list[Option]:
    """A "1" opens a list inside the current entry, or one of the open lists begins anew."""
    found: list[Option] = []
    for style, value in token.mark.readings:
        if value != 1:
            continue
        found.append(_inner(levels, token, style))
        for depth in range(len(levels) - 1, -1, -1):
            level = levels[depth]
            if level.style == style and not _further_in(level, token):
                deeper = levels[depth + 1 :]
                oddity = _AGAIN_INSIDE if token.indent is None else _AGAIN_LINE
                oddity += _CLOSED * len(deeper) + _lonely(deeper) + _layout(level, token)
                found.append((oddity + _ANNOUNCED * token.announced, Place(depth, style, 1)))
    return found


def _inner(levels: Levels, token: Token, style: str) -> Option:
    depth = min(len(levels), MAX_DEPTH)
    if _expected(levels, token):
        return 0, Place(depth, style, 1)
    new = _NEW_LINE if token.indent is not None else _NEW_INSIDE
    if levels[-1].style == "text":
        # Nothing says that the list belongs to the paragraph before it.
        return (0 if token.indent is not None else new), Place(len(levels) - 1, style, 1)
    return (_NEW_SAME if any(level.style == style for level in levels) else new), Place(depth, style, 1)


def _expected(levels: Levels, token: Token) -> bool:
    """Whether a new list is announced: by a colon, by a channel's name, by its indent, or there is none yet."""
    return not levels or token.announced or levels[-1].label or _further_in(levels[-1], token)


def _next_bullet(levels: Levels, token: Token) -> list[Option]:
    style = f"bullet{token.mark.bullet}"
    found: list[Option] = []
    for depth in range(len(levels) - 1, -1, -1):
        level = levels[depth]
        if level.style != style or (token.indent is not None and abs(level.indent - token.indent) > 1):
            continue
        deeper = levels[depth + 1 :]
        oddity = _lonely(deeper) + _layout(level, token)
        if token.indent is None and not level.inside:
            oddity += _ANNOUNCED * token.announced + (_OUT_OF_LINE if deeper else 0)
        found.append((oddity, Place(depth, style, 0)))
    return found


def _first_bullet(levels: Levels, token: Token) -> list[Option]:
    style = f"bullet{token.mark.bullet}"
    if _expected(levels, token):
        return [(0, Place(min(len(levels), MAX_DEPTH), style, 0))]
    if _next_bullet(levels, token):
        beside_lines = token.indent is None and not any(
            level.inside for level in levels if level.style == style
        )
        return [(_NEW_SAME, Place(min(len(levels), MAX_DEPTH), style, 0))] if beside_lines else []
    held = [depth for depth, level in enumerate(levels) if level.style == style]
    if held:
        return [(0, Place(held[-1], style, 0))]
    beside = levels[-1].style[0] in "bt"  # other bullets, or a paragraph
    return [(_NEW_LINE, Place(min(len(levels) - beside, MAX_DEPTH), style, 0))]


def _astray(levels: Levels, token: Token) -> Option:
    """A line whose number follows on nothing: it stays in the innermost list of its style."""
    style, value = token.mark.readings[0]
    for depth in range(len(levels) - 1, -1, -1):
        if levels[depth].style == style:
            deeper = _lonely(levels[depth + 1 :]) + _layout(levels[depth], token)
            return _SKIPPED + deeper, Place(depth, style, value)
    return _ALIEN, Place(_held_together(levels), style, value)


def _held_together(levels: Levels) -> int:
    """How many of the lists a channel's name keeps open."""
    return max((depth + 1 for depth, level in enumerate(levels) if level.label), default=0)


def _layout(level: Level, token: Token) -> int:
    return _MISLAID if level.inside and token.indent is not None else 0


def _further_in(level: Level, token: Token) -> bool:
    return token.indent is not None and token.indent > level.indent + 1


def _lonely(levels: Levels) -> int:
    return _LONELY * sum(level.value == 1 and not level.label for level in levels)
