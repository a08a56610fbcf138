"""Which months of a year may be told so that no difference between two of them speaks of one to four people.

Whoever may see one period may see every other one that is told, and subtract. So a set of periods is laid on the months as a
pattern: months that stand in the same of them are one part, and each part has five people or nobody. Then whatever is
added and subtracted speaks of five at least.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import reduce
from operator import add
from typing import Any

from services.few import FEWEST, hidden, is_few

Interval = tuple[int, int]  # months of a year, 0–12, the last not in it
Cells = Sequence[Counter[Any]]  # of each month: how many of each group
QUARTERS = [(0, 3), (3, 6), (6, 9), (9, 12)]
LONGER = [(0, 6), (6, 12), (0, 12)]
OTHERS = sorted(
    ({(a, b) for a in range(12) for b in range(a + 1, 13)} - {*QUARTERS, *LONGER}),
    key=lambda i: (i[1] - i[0], i[0]),
)


class Year:
    """The people of one year, by month and group. A month is a bit, a part of the year a number of bits."""

    def __init__(self, cells: Cells):
        self._cells = cells
        self._counted: dict[int, Counter[Any]] = {}
        self._hidden: dict[int, set[Any]] = {}

    def told(self, group: Any, *, over: bool) -> set[Interval]:
        """For all groups (None), or for one. The quarters come first while the year runs, the year itself once it is `over`: an office
        reports by both. Any other months as far as they go with these."""
        chosen: set[Interval] = set()
        parts: list[int] = []
        for first, after in [*(LONGER[::-1] + QUARTERS if over else QUARTERS + LONGER), *OTHERS]:
            months = (1 << after) - (1 << first)
            if self._people(months, group) < FEWEST:
                continue
            pieces = _cut(parts, months)
            if all(self._tells_nobody(piece, group) for piece in pieces):
                chosen.add((first, after))
                parts = pieces
        return chosen

    def has(self, group: Any, first: int, after: int) -> bool:
        return self._people((1 << after) - (1 << first), group) > 0

    def _people(self, months: int, group: Any) -> int:
        part = self._part(months)
        return part.total() if group is None else part[group]

    def _part(self, months: int) -> Counter[Any]:
        if months not in self._counted:
            own = (cell for n, cell in enumerate(self._cells) if months >> n & 1)
            self._counted[months] = reduce(add, own, Counter())
        return self._counted[months]

    def _tells_nobody(self, months: int, group: Any) -> bool:
        """Of one group neither its own people nor those of the others."""
        part = self._part(months)
        if group is None:
            return not is_few(part.total())
        if months not in self._hidden:
            self._hidden[months] = hidden(part)
        return group not in self._hidden[months]


def _cut(parts: Iterable[int], months: int) -> list[int]:
    """The parts, when these months are told beside what is told already."""
    parts = list(parts)
    rest = months & ~reduce(lambda one, other: one | other, parts, 0)
    pieces = [piece for part in parts for piece in (part & months, part & ~months)]
    return [piece for piece in [*pieces, rest] if piece]


def years(rows: Iterable[tuple[date, Any, int]]) -> dict[int, Year]:
    """Of (a day of the month, group, how many)."""
    found: dict[int, list[Counter[Any]]] = {}
    for month, group, n in rows:
        found.setdefault(month.year, [Counter() for _n in range(12)])[month.month - 1][group] += n
    return {year: Year(cells) for year, cells in found.items()}


def within(since: date, until: date) -> Iterator[tuple[int, Interval]]:
    """Each year that the months from the one day to the other touch, with those that are in it."""
    for year in range(since.year, until.year + 1):
        first = since.month - 1 if year == since.year else 0
        yield year, (first, until.month if year == until.year else 12)


def may_be_told(found: Mapping[int, Year], group: Any, since: date, until: date, *, today: date) -> bool:
    """Of each year in which this group has anybody."""
    return all(
        interval in found[year].told(group, over=year < today.year)
        for year, interval in within(since, until)
        if year in found and found[year].has(group, *interval)
    )
