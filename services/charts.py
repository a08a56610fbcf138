"""The numbers behind the charts of templates/components/: every function makes what components/chart.html draws.

A chart is a dict: `template` (the SVG that draws it), `title` and `desc` (what is read aloud), `legend`, and `table` (columns,
rows), the same figures in words. One picture serves the page and the PDF. None among the values is a place without a figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import ceil
from typing import Any, NamedTuple

from django.utils.formats import localize, number_format
from django.utils.translation import gettext as _

WIDTH, HEIGHT, LEFT, RIGHT, BOTTOM, PLOT = 640, 300, 44, 628, 260, 225
MANY = 16  # bars; more are too narrow for a number above each
LABELS = MANY  # below the axis; more would run into each other
LETTER = 7.5  # the width of one below the axis, about
NAME_GAP = 16  # between the names at the ends of two lines
SHADES = 5
Number = float | None


class Target(NamedTuple):
    """A line across the chart (at a value of the axis) or up it (at a value below the axis)."""

    at: float
    text: str


def in_digits(value: float) -> str:
    """As the language writes it, with the decimals it has."""
    return number_format(int(value) if value == int(value) else f"{value:g}", force_grouping=True)


def ticks(top: float, height: int, bottom: int) -> list[dict]:
    """Of a high axis in thousands or millions: more than five signs are wider than the place beside it."""
    said, per = "%s", 1
    if top >= 2_000_000:
        said, per = _("%s jt"), 1_000_000
    elif top > 8000:
        said, per = _("%s rb"), 1000
    rows = [(top * i / 4, bottom - round(height * i / 4)) for i in range(5)]
    return [
        {"y": y, "text_y": y + 4, "text": said % in_digits(value / per) if value else "0"}
        for value, y in rows
    ]


def round_top(most: float) -> int:
    """The axis ends at a number that four steps divide well: 4, 8, 20, 40, 80, 200 …"""
    top = 4
    while top < most:
        top = top * 5 // 2 if str(top)[0] == "8" else top * 2
    return top


def _frame(chart_id: str, title: str, desc: str, top: float) -> dict[str, Any]:
    return {
        "id": chart_id, "title": title, "desc": desc, "width": WIDTH, "height": HEIGHT, "left": LEFT, "right": RIGHT,
        "bottom": BOTTOM, "label_y": BOTTOM + 22, "tick_x": LEFT - 8, "ticks": ticks(top, PLOT, BOTTOM),
    }  # fmt: skip


def _height(value: float, top: float) -> float:
    return round(PLOT * value / top, 1)


def _thin(labels: Sequence[str]) -> list[str]:
    """Every n-th of them where there are too many, or too long, to stand side by side."""
    step = (WIDTH - LEFT - 12) / max(1, len(labels))
    every = max(-(-len(labels) // LABELS), ceil(max(map(len, labels), default=0) * LETTER / step))
    return [label if index % every == 0 else "" for index, label in enumerate(labels)]


def _across(target: Target | None, top: float) -> dict[str, Any] | None:
    if target is None:
        return None
    y = BOTTOM - _height(min(target.at, top), top)
    return {"y": y, "text": target.text, "text_y": round(y - 7, 1)}


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> dict[str, Any]:
    """The figures behind a chart; a place without a figure has a dash."""
    return {
        "columns": list(columns),
        "rows": [["–" if cell is None else cell for cell in row] for row in rows],
    }


def _names(labels: Sequence[str], lines: Mapping[str, Sequence[Number]]) -> dict[str, Any]:
    rows = [[label, *values] for label, *values in zip(labels, *lines.values(), strict=True)]
    return table(["", *lines], rows)


def bar_chart(
    chart_id: str,
    title: str,
    desc: str,
    values: Sequence[tuple[str, float]],
    top: float,
    *,
    target: Target | None = None,
) -> dict[str, Any]:
    """One bar each, from (label, value) pairs."""
    step = (WIDTH - LEFT - 12) / len(values)
    labels = _thin([label for label, _value in values])
    bars = []
    for index, (label, (_label, value)) in enumerate(zip(labels, values, strict=True)):
        size = _height(value, top)
        x = round(LEFT + step * index + step * 0.2, 1)
        bars.append(
            {
                "x": x, "y": BOTTOM - size, "width": round(step * 0.6, 1), "height": size, "cx": round(x + step * 0.3, 1),
                "label": label, "value": in_digits(value) if len(values) <= MANY else "", "value_y": BOTTOM - size - 7,
                "series": 1,
            }
        )  # fmt: skip
    return {
        **_frame(chart_id, title, desc, top), "template": "components/chart_bar.svg", "bars": bars,
        "target": _across(target, top), "table": table(["", title], values),
    }  # fmt: skip


def stacked_chart(
    chart_id: str,
    title: str,
    desc: str,
    labels: Sequence[str],
    parts: Mapping[str, Sequence[int]],
    top: float,
    *,
    colours: Sequence[int] = (1, 2, 3, 4),
) -> dict[str, Any]:
    """One bar a label, made of its parts from below; at most four. `top`: for the largest sum; `colours`: series of each."""
    step = (WIDTH - LEFT - 12) / max(1, len(labels))
    bars = []
    for index, (label, *values) in enumerate(zip(_thin(labels), *parts.values(), strict=True)):
        x, y = round(LEFT + step * index + step * 0.2, 1), float(BOTTOM)
        for series, value in zip(colours, values, strict=False):
            size = _height(value, top)
            y = round(y - size, 1)
            bars.append({"x": x, "y": y, "width": round(step * 0.6, 1), "height": size, "series": series})
        bars.append({"x": x, "y": y, "width": 0, "height": 0, "cx": round(x + step * 0.3, 1), "label": label})
    return {
        **_frame(chart_id, title, desc, top), "template": "components/chart_bar.svg", "bars": bars,
        "legend": [{"series": n, "name": name} for n, name in zip(colours, parts, strict=False)], "table": _names(labels, parts),
    }  # fmt: skip


def line_chart(
    chart_id: str,
    title: str,
    desc: str,
    labels: Sequence[str],
    lines: Mapping[str, Sequence[Number]],
    top: float,
    *,
    target: Target | None = None,
) -> dict[str, Any]:
    """One line a name, at most four. A value of None is a gap, not a zero."""
    step = (WIDTH - LEFT - 40) / max(1, len(labels) - 1)
    xs = [round(LEFT + 14 + step * i, 1) for i in range(len(labels))]
    drawn: list[dict[str, Any]] = []
    taken: list[float] = []
    for series, (name, values) in enumerate(lines.items(), start=1):
        path, points = path_of(
            xs, [None if v is None else round(BOTTOM - _height(v, top), 1) for v in values]
        )
        name_y = _free(points[-1]["y"] - 12 if points else BOTTOM, taken)
        drawn.append(
            {"series": series, "path": path, "points": points if len(labels) <= 40 else [], "name": name if len(lines) == 2 else "",
             "name_x": xs[-1] + 12 if xs else LEFT, "name_y": name_y}
        )  # fmt: skip
    return {
        **_frame(chart_id, title, desc, top), "template": "components/chart_line.svg", "lines": drawn,
        "labels": [{"x": x, "text": text} for x, text in zip(xs, _thin(labels), strict=True) if text],
        "target": _across(target, top), "table": _names(labels, lines),
        "legend": [{"series": n, "name": name} for n, name in enumerate(lines, start=1)] if len(lines) > 1 else [],
    }  # fmt: skip


def path_of(xs: Sequence[float], ys: Sequence[Number]) -> tuple[str, list[dict[str, float]]]:
    """The way of a line; it stops and begins anew where a figure is missing."""
    pieces, points, pen = [], [], "M"
    for x, y in zip(xs, ys, strict=True):
        if y is None:
            pen = "M"
            continue
        pieces.append(f"{pen}{x} {y}")
        points.append({"x": x, "y": y})
        pen = "L"
    return " ".join(pieces), points


def _free(y: float, taken: list[float]) -> float:
    """A height for a name that no other stands at."""
    while any(abs(y - other) < NAME_GAP for other in taken):
        y += NAME_GAP
    taken.append(y)
    return round(y, 1)


def histogram(
    chart_id: str,
    title: str,
    desc: str,
    buckets: Sequence[tuple[float, Number, int]],
    unit: str,
    *,
    target: Target | None = None,
) -> dict[str, Any]:
    """How many lie between two values: (from, below, how many), the last one open (None). `target`: a line up the chart."""
    top = round_top(max(n for _since, _until, n in buckets))
    step = (WIDTH - LEFT - 30) / len(buckets)
    bars = [
        {
            "x": round(LEFT + step * i + 1, 1), "y": BOTTOM - _height(n, top), "width": round(step - 2, 1), "height": _height(n, top),
            "cx": round(LEFT + step * (i + 0.5), 1), "value": n if n and len(buckets) <= MANY else "",
            "value_y": BOTTOM - _height(n, top) - 7, "series": 1,
        }
        for i, (_since, _until, n) in enumerate(buckets)
    ]  # fmt: skip
    edges = _thin([in_digits(since) for since, _until, _n in buckets])
    labels = [{"x": round(LEFT + step * i, 1), "text": text} for i, text in enumerate(edges) if text]
    rows = [(_between(since, until, unit), n) for since, until, n in buckets]
    return {
        **_frame(chart_id, title, desc, top), "template": "components/chart_bar.svg", "bars": bars, "labels": labels,
        "mark": _up(target, buckets, step), "table": table([unit, _("Jumlah")], rows),
    }  # fmt: skip


def _between(since: float, until: Number, unit: str) -> str:
    low = localize(since if since != int(since) else int(since))
    if until is None:
        return _("%(from)s %(unit)s atau lebih") % {"from": low, "unit": unit}
    high = localize(until if until != int(until) else int(until))
    return _("%(from)s sampai kurang dari %(until)s %(unit)s") % {"from": low, "until": high, "unit": unit}


def _up(
    target: Target | None, buckets: Sequence[tuple[float, Number, int]], step: float
) -> dict[str, Any] | None:
    """Where the mark stands: within the bucket its value falls in."""
    if target is None:
        return None
    for index, (since, until, _n) in enumerate(buckets):
        if until is not None and since <= target.at < until:
            x = round(LEFT + step * (index + (target.at - since) / (until - since)), 1)
            anchor = "end" if x > WIDTH * 0.7 else "start"
            return {
                "x": x,
                "top": BOTTOM - PLOT - 20,
                "text": target.text,
                "anchor": anchor,
                "text_x": x + (-6 if anchor == "end" else 6),
            }
    return None


def heat_map(
    chart_id: str,
    title: str,
    desc: str,
    columns: Sequence[str],
    rows: Sequence[tuple[str, Sequence[Number]]],
    *,
    corner: str = "",
) -> dict[str, Any]:
    """A field of shades with the number in each: (row's label, values). No colour alone: the number stands in the place."""
    top = max((v for _label, values in rows for v in values if v is not None), default=0) or 1
    left, head, high = 96, 34, 34
    step = (WIDTH - left - 4) / max(1, len(columns))
    cells = [
        {
            "x": round(left + step * c + 1, 1), "y": head + high * r + 1, "width": round(step - 2, 1), "height": high - 2,
            "cx": round(left + step * (c + 0.5), 1), "cy": head + high * r + 22,
            "shade": _shade(value, top),
            "text": "" if value is None else in_digits(value),
        }
        for r, (_label, values) in enumerate(rows)
        for c, value in enumerate(values)
    ]  # fmt: skip
    return {
        "id": chart_id, "title": title, "desc": desc, "width": WIDTH, "height": head + high * len(rows) + 6,
        "template": "components/chart_heat.svg", "cells": cells,
        "columns": [{"x": round(left + step * (c + 0.5), 1), "y": 22, "text": text} for c, text in enumerate(columns)],
        "rows": [{"x": left - 8, "y": head + high * r + 22, "text": label} for r, (label, _values) in enumerate(rows)],
        "table": table([corner, *columns], [[label, *values] for label, values in rows]),
    }  # fmt: skip


def _shade(value: Number, top: float) -> int:
    """0 for nothing, 1 for a little, SHADES for the most."""
    return min(SHADES, ceil(value / top * SHADES)) if value else 0
