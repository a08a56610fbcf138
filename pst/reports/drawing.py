"""The chart of a table: a line over days and months, lying bars for the parts of a whole. Drawn from the table as it is told,
after small numbers were hidden: what is hidden is a gap, never a bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from pst.reports.cells import NOTHING, words
from pst.reports.tables import FEW, Cell, Column, Row, Table
from services.charts import line_chart, round_top
from services.row_chart import row_chart

MOST_ROWS = 16  # bars; below more of them nobody finds the table
ALL_SAID = 16  # figures; of more the description says the ends
TIMES = ("date", "month")
LINES = 4


def with_chart(table: Table, chart_id: str) -> Table:
    """As it is where it has a picture of its own, none is wanted, or fewer than two figures are told."""
    columns = _shape(table) if table.draw is None else list(table.draw)
    if table.chart is not None or not columns:
        return table
    told = sum(_value(row[columns[0]], "count") is not None for row in table.rows)
    is_line = table.columns[0].kind in TIMES
    if told < 2 or (not is_line and len(table.rows) > MOST_ROWS):
        return table
    return replace(
        table,
        chart=_line(table, columns[:LINES], chart_id) if is_line else _bars(table, columns[0], chart_id),
    )


def _shape(table: Table) -> list[int]:
    """What a table is for is mostly seen from its columns: counts of days, or parts with their shares."""
    kinds = [column.kind for column in table.columns]
    if kinds[0] in TIMES and "count" in kinds:
        return [kinds.index("count")]
    return [1] if kinds == ["text", "count", "share"] else []


def _value(cell: Cell, kind: str) -> float | None:
    if cell is None or cell == FEW:
        return None
    return float(cell) * (100 if kind == "share" else 1)


def _line(table: Table, columns: Sequence[int], chart_id: str) -> dict[str, Any]:
    lines = {
        str(table.columns[n].title): [_value(row[n], table.columns[n].kind) for row in table.rows]
        for n in columns
    }
    most = max((v for values in lines.values() for v in values if v is not None), default=0)
    said = "; ".join(f"{table.columns[n].title}: {_said(table, n)}" for n in columns)
    return line_chart(chart_id, _title(table, columns), said, _short(table), lines, round_top(most))


def _bars(table: Table, number: int, chart_id: str) -> dict[str, Any]:
    column = table.columns[number]
    after = number + 1
    share = after if after < len(table.columns) and table.columns[after].kind == "share" else None
    rows = [
        (words(row[0], table.columns[0].kind), _value(row[number], column.kind), _beside(row, number, share, table.columns))
        for row in table.rows
    ]  # fmt: skip
    top = 100.0 if column.kind == "share" else None
    return row_chart(chart_id, _title(table, [number]), _said(table, number), rows, top=top)


def _beside(row: Row, number: int, share: int | None, columns: Sequence[Column]) -> str:
    said = words(row[number], columns[number].kind)
    if share is None or row[share] is None or row[share] == FEW:
        return said
    return f"{said} ({words(row[share], 'share')})"


def _title(table: Table, columns: Sequence[int]) -> str:
    return f"{table.title}: {', '.join(str(table.columns[n].title) for n in columns)}"


def _said(table: Table, number: int) -> str:
    """Every figure, or of many the lowest and the highest."""
    first, kind = table.columns[0].kind, table.columns[number].kind
    pairs = [(words(row[0], first), row[number]) for row in table.rows]
    if len(pairs) <= ALL_SAID:
        return "; ".join(f"{name} {words(cell, kind)}" for name, cell in pairs)
    told = sorted(
        ((float(cell), name) for name, cell in pairs if cell is not None and cell != FEW),
        key=lambda pair: pair[0],
    )
    if not told:
        return NOTHING
    (least, low), (most, high) = told[0], told[-1]
    return _("terendah %(least)s (%(low)s), tertinggi %(most)s (%(high)s)") % {
        "least": words(least, kind), "low": low, "most": words(most, kind), "high": high,
    }  # fmt: skip


def _short(table: Table) -> list[str]:
    """Below the axis: "5 Mar", or "Mar" with the year where there are several."""
    cells = [str(row[0]) for row in table.rows]
    if table.columns[0].kind == "date":
        return [date_format(date.fromisoformat(cell), "j M") for cell in cells]
    form = "M" if len({cell[:4] for cell in cells}) == 1 else "M y"
    return [date_format(date.fromisoformat(f"{cell}-01"), form) for cell in cells]
