"""Numbers of few people, hidden so that they do not follow from the total and from the others (UU 27/2022: somebody could be
recognised). Whoever reads a table knows the rule too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

FEWEST = 5
HIDDEN = -1  # instead of a number of people


def is_few(people: int) -> bool:
    """Nobody is not few: there is nobody to be recognised."""
    return 0 < people < FEWEST


def settled(count: int) -> int:
    """How many of those that came one after the other a mean that is looked at while they come may speak of: it moves by FEWEST at
    a time, so that nobody's own follows from before and after."""
    return count - count % FEWEST


def hidden(numbers: Mapping[Any, int]) -> set[Any]:
    """Which of the groups stay hidden: those below five, and the next larger ones until what is hidden is at least five people
    and nobody's number is certain. Those of the same size together, or the order of the rows would tell."""
    order = sorted(((n, code) for code, n in numbers.items() if n), key=lambda row: row[0])
    most = sum(n < FEWEST for n, _code in order)
    if not most:
        return set()
    while most < len(order) and not (
        _open([n for n, _c in order[:most]]) and order[most][0] != order[most - 1][0]
    ):
        most += 1
    return {code for _n, code in order[:most]}


def _open(sizes: Sequence[int]) -> bool:
    """Whether their sum leaves it open who has how many: not all of them one, nor all of them four."""
    count, total = len(sizes), sum(sizes)
    if count < 2 or total < FEWEST:
        return False
    return sizes[-1] >= FEWEST or count < total < (FEWEST - 1) * count


def hide_few(rows: Iterable[tuple[str, int]]) -> list[list[Any]]:
    """(code, how many), the most frequent first and the hidden ones last, in an order that tells nothing. No rows at all where
    every group is a single one: their number alone would tell it."""
    rows = list(rows)
    gone = hidden(dict(rows))
    if gone and all(n <= 1 for _code, n in rows) and len(rows) > 1:
        return []
    out = [[code, HIDDEN if code in gone else n] for code, n in rows]
    return sorted(out, key=lambda row: (-row[1], row[0]))
