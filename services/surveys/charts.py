"""What components/chart_bar.svg draws of a result: the elements, or importance beside satisfaction."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from django.utils.formats import localize
from django.utils.translation import gettext as _

from services.charts import bar_chart, ticks
from services.surveys.figures import name_of
from services.surveys.skm import rounded


def chart_of(figures: dict[str, Any]) -> dict[str, Any] | None:
    """None where nothing is shown."""
    elements = figures["elements"]
    if not elements:
        return None
    return _elements(elements) if "nrr" in elements[0] else _gaps(elements)


def _elements(elements: Sequence[dict[str, Any]]) -> dict[str, Any]:
    title = _("Nilai rata-rata tiap unsur, 1 sampai 4")
    values = [(e["code"], float(e["nrr"])) for e in elements]
    chart = bar_chart("elements", title, _said([(e, e["nrr"]) for e in elements]), values, 4)
    for bar, element in zip(chart["bars"], elements, strict=True):
        bar["value"] = localize(rounded(Fraction(element["nrr"])))
    return chart


def _gaps(items: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Two bars an item: too narrow for numbers, which stand in the table."""
    title = _("Kepentingan dan kepuasan tiap butir, 1 sampai 10")
    said = _said([(e, f"{e['importance'] or '–'} / {e['satisfaction']}") for e in items])
    chart = bar_chart("gaps", title, said, [(e["code"], 10.0) for e in items], 10)
    plot, wide = 225, []
    for bar, item in zip(chart["bars"], items, strict=True):
        half = round(bar["width"] / 2, 1)
        for place, (value, series) in enumerate(((item["importance"], 1), (item["satisfaction"], 3))):
            if not value:
                continue
            height = round(plot * float(value) / 10, 1)
            wide.append(
                {**bar, "x": round(bar["x"] + place * half, 1), "width": half, "height": height, "y": chart["bottom"] - height,
                 "value": "", "label": "" if place else bar["label"], "series": series}
            )  # fmt: skip
    return {**chart, "bars": wide, "ticks": ticks(10, plot, chart["bottom"])}


def _said(rows: Sequence[tuple[dict[str, Any], str]]) -> str:
    return "; ".join(f"{e['code']} {name_of(e['code'], e.get('texts', ()))}: {value}" for e, value in rows)
