"""What a report is made of: tables of plain values, each with its definition, the same on screen, on paper and in Excel.

Cells are plain enough for JSON, because an issued report is kept as it was (`models.Issued`). What a number is, its column
says; a number that may name somebody is `FEW`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from services.few import FEWEST as FEWEST
from services.few import hidden

# Instead of a number of people that could lead to one of them (UU 27/2022; docs/decisions/040).
FEW = "few"
LABELS = ("text", "date", "month")  # kinds of columns that say what a row is about

Cell = str | int | float | None
Row = list[Cell]


@dataclass(frozen=True)
class Column:
    """`kind`: text, date (ISO), month ("2026-03"), count, share (0–1), minutes, hours, days, index (two decimals), mean (three)."""

    title: str
    kind: str = "text"


@dataclass(frozen=True)
class Table:
    """`definition`: what is counted, in words under the table. `people`: its first count column counts people of a trait, so
    small ones are not told. `total`: a row of its own, or none. `draw`: the columns its chart shows; () for no chart, None for
    what its shape asks for (drawing.py). `chart`: what components/chart.html draws, where a kind has a picture of its own."""

    key: str
    title: str
    definition: str
    columns: Sequence[Column]
    rows: list[Row]
    total: Row | None = None
    people: bool = False
    draw: Sequence[int] | None = None
    chart: dict[str, Any] | None = field(default=None, compare=False)

    @property
    def is_empty(self) -> bool:
        return not self.rows


def hide_few(table: Table) -> Table:
    """The table without the numbers of people that the rule of the house hides (services/few.py): those below five, and what
    would follow from the total. Every count, share and mean of a hidden row is hidden with it."""
    if not table.people:
        return table
    place = next(n for n, column in enumerate(table.columns) if column.kind == "count")
    counts = {n: int(row[place] or 0) for n, row in enumerate(table.rows)}
    gone = hidden(counts)
    if not gone:
        return table
    if len(gone) > 1 and all(count <= 1 for count in counts.values()):
        # A single one each: how many rows there are would tell it.
        nobody: Row = [_("Terlalu sedikit untuk dirinci"), *([None] * (len(table.columns) - 1))]
        return replace(table, rows=[_hidden(table, nobody)], draw=())
    rows = [_hidden(table, row) if n in gone else row for n, row in enumerate(table.rows)]
    if [*counts.values()] == sorted(counts.values(), reverse=True):
        # By size their order would tell what the numbers do not.
        told = [row for n, row in enumerate(rows) if n not in gone]
        rows = told + sorted((rows[n] for n in gone), key=lambda row: str(row[0]))
    return replace(table, rows=rows)


def _hidden(table: Table, row: Row) -> Row:
    return [cell if column.kind in LABELS else FEW for cell, column in zip(row, table.columns, strict=True)]


def with_shares(rows: Iterable[tuple[str, int]]) -> list[Row]:
    """(label, count) as rows of label, count and share of all."""
    found = list(rows)
    total = sum(count for _label, count in found)
    return [[label, count, count / total if total else None] for label, count in found]
