"""Lines as wide as a word, and many of them side by side (templates/components/chart_spark.svg, small_multiples.html)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.charts import Number, path_of

SPARK = (120, 32)


def sparkline(said: str, values: Sequence[Number], *, top: float | None = None) -> dict[str, Any]:
    """A line without axes, as wide as a word: `said` is what it says. `top`: the same for all that stand side by side."""
    width, height = SPARK
    most = top or max((v for v in values if v is not None), default=0) or 1
    step = (width - 8) / max(1, len(values) - 1)
    ys = [None if v is None else round(height - 4 - (height - 8) * min(v, most) / most, 1) for v in values]
    path, points = path_of([round(4 + step * i, 1) for i in range(len(values))], ys)
    return {
        "said": said,
        "width": width,
        "height": height,
        "path": path,
        "end": points[-1] if points else None,
    }


def small_multiples(
    items: Sequence[tuple[str, str, Sequence[Number], str]], *, top: float | None = None
) -> list[dict[str, Any]]:
    """Many sparklines on one scale: (name, address, values, figure in words)."""
    most = top or max((v for _n, _u, values, _f in items for v in values if v is not None), default=0) or 1
    return [
        {
            "name": name,
            "url": url,
            "figure": figure,
            "spark": sparkline(f"{name}: {figure}", values, top=most),
        }
        for name, url, values, figure in items
    ]
