"""Bars that lie, with their names above them: for long names, and for parts of a whole (components/chart_rows.svg)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.charts import WIDTH, Number, table

HIGH = 38  # of a row: its name, and the bar below
BAR, NAME, TOP = 12, 14, 20  # of the bar; the name's line and the bar's top within the row
LETTER = 8.5  # the width of one of a number beside a bar, at most


def row_chart(
    chart_id: str, title: str, desc: str, rows: Sequence[tuple[str, Number, str]], *, top: float | None = None
) -> dict[str, Any]:
    """(name, value, number in words), one below the other. None for a value: the words stand without a bar. `top`: what the
    full length means, else the largest value."""
    most = top or max((value for _name, value, _said in rows if value is not None), default=0) or 1
    beside = 12 + LETTER * max((len(said) for _name, _value, said in rows), default=0)
    drawn = []
    for n, (name, value, said) in enumerate(rows):
        length = 0 if value is None else round((WIDTH - beside) * min(value, most) / most, 1)
        drawn.append(
            {
                "name": name, "said": said, "name_y": HIGH * n + NAME, "y": HIGH * n + TOP, "width": length,
                "said_x": length + 6 if value is not None else 0, "said_y": HIGH * n + TOP + BAR - 1,
            }
        )  # fmt: skip
    return {
        "id": chart_id, "title": title, "desc": desc, "template": "components/chart_rows.svg", "width": WIDTH,
        "height": HIGH * len(rows) + 4, "bar": BAR, "rows": drawn, "table": table(["", title], [(name, said) for name, _v, said in rows]),
    }  # fmt: skip
