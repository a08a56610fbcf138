"""One cell in words, in the reader's language: the same on screen and on paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import date_format, number_format

from pst.reports.tables import FEW, FEWEST, Cell, Column, Row, Table

NOTHING = "–"
NUMBERS = ("count", "share", "minutes", "hours", "days", "index", "mean")
PLACES = {"index": 2, "mean": 3}


def words(cell: Cell, kind: str) -> str:
    """Raises ValueError for a cell that is not of its column's kind."""
    if cell is None or cell == "":
        return NOTHING
    if cell == FEW:
        return f"<{FEWEST}"
    if kind == "text":
        return str(cell)
    if kind == "date":
        return date_format(date.fromisoformat(str(cell)), "j M Y")
    if kind == "month":
        return date_format(date.fromisoformat(f"{cell}-01"), "F Y")
    if kind == "count":
        return number_format(int(cell), use_l10n=True, force_grouping=True)
    if kind == "share":
        return f"{_decimal(float(cell) * 100, 1)} %"
    return _decimal(cell, PLACES.get(kind, 1))


def _decimal(cell: Cell, places: int) -> str:
    """Halves up: Django's own cuts off what is too long."""
    exact = Decimal(str(cell)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return number_format(exact, decimal_pos=places, force_grouping=True)


def shown(table: Table) -> dict:
    """The table as a template draws it: heads with a class, rows and the total as texts."""
    heads = [{"text": c.title, "class": "num" if c.kind in NUMBERS else ""} for c in table.columns]
    return {
        "table": table, "heads": heads, "rows": [_row(row, table.columns) for row in table.rows],
        "total": _sums(table.total, total_columns(table)) if table.total else None,
        "few": any(FEW in row for row in table.rows),
    }  # fmt: skip


def total_columns(table: Table) -> list[Column]:
    """Of the row of totals: it begins with a word, whatever the rows begin with."""
    return [Column(table.columns[0].title), *table.columns[1:]]


def _sums(row: Row, columns: Sequence[Column]) -> list[dict]:
    """What has no sum is left empty: a dash would say that there is none of it."""
    cells = zip(_row(row, columns), row, strict=True)
    return [shown | {"text": ""} if cell in (None, "") else shown for shown, cell in cells]


def _row(row: Row, columns: Sequence[Column]) -> list[dict]:
    return [
        {"text": words(cell, column.kind), "class": "num" if column.kind in NUMBERS else ""}
        for cell, column in zip(row, columns, strict=True)
    ]
