"""What a report is made of: tables of plain values, each with its definition, the same on screen, on paper and in Excel.

Cells are plain enough for JSON, because an issued report is kept as it was (`models.Issued`). What a number is, its column
says; a number that may name somebody is `FEW`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

# Instead of a number of people that could lead to one of them (UU 27/2022; docs/decisions/040).
FEW = "few"
FEWEST = 5

Cell = str | int | float | None
Row = list[Cell]


@dataclass(frozen=True)
class Column:
    """`kind`: text, count, share (0–1), minutes, index (two decimals), days, date (ISO)."""

    title: str
    kind: str = "text"


@dataclass(frozen=True)
class Table:
    """`definition`: what is counted, in words under the table. `people`: its first count column counts people of a trait, so
    small ones are not told. `total`: a row of its own, or none. `chart`: what components/chart_*.svg draws, or none."""

    key: str
    title: str
    definition: str
    columns: Sequence[Column]
    rows: list[Row]
    total: Row | None = None
    people: bool = False
    chart: dict[str, Any] | None = field(default=None, compare=False)

    @property
    def is_empty(self) -> bool:
        return not self.rows


def hide_few(table: Table) -> Table:
    """The table without numbers of people below FEWEST; where a single one would follow from the total, without the next
    smallest too. Every count, share and mean of a hidden row is hidden with it."""
    if not table.people:
        return table
    place = next(n for n, column in enumerate(table.columns) if column.kind == "count")
    counts = [(int(row[place] or 0), n) for n, row in enumerate(table.rows)]
    hidden = {n for count, n in counts if 0 < count < FEWEST}
    if hidden and sum(count for count, n in counts if n in hidden) < FEWEST:
        left = sorted((count, n) for count, n in counts if count >= FEWEST)
        hidden |= {n for _count, n in left[:1]}
    return replace(
        table, rows=[_hidden(table, row) if n in hidden else row for n, row in enumerate(table.rows)]
    )


def _hidden(table: Table, row: Row) -> Row:
    return [
        cell if column.kind in ("text", "date") else FEW
        for cell, column in zip(row, table.columns, strict=True)
    ]


def with_shares(rows: Iterable[tuple[str, int]]) -> list[Row]:
    """(label, count) as rows of label, count and share of all."""
    found = list(rows)
    total = sum(count for _label, count in found)
    return [[label, count, count / total if total else None] for label, count in found]
