"""Where a mark lies on a page: it fills the page as seen, upright, hardly stretched."""

from __future__ import annotations

import math
from collections.abc import Sequence

from library.pdf.boxes import Seen

STRETCH = 1.35  # how much wider or higher than drawn before the mark is repeated instead
REPEATS = 12

Matrix = tuple[float, float, float, float, float, float]


def nearest(shapes: Sequence[tuple[float, float]], seen: Seen) -> int:
    """Which of these drawings (width, height) is most like the page as seen."""
    width, height = seen.units
    return min(
        range(len(shapes)),
        key=lambda n: abs(math.log(shapes[n][0] / shapes[n][1]) - math.log(width / height)),
    )


def matrices(shape: tuple[float, float], seen: Seen) -> list[Matrix]:
    """One for each time the drawing (its lower left corner at 0, 0) is put on the page. A long strip gets several."""
    width, height = seen.units
    across = width / shape[0] / (height / shape[1])
    columns = _times(across)
    rows = _times(1 / across)
    wide, high = width / columns, height / rows
    return [
        _turned(seen, wide / shape[0], high / shape[1], column * wide, row * high)
        for row in range(rows)
        for column in range(columns)
    ]


def _times(ratio: float) -> int:
    return min(REPEATS, max(1, round(ratio))) if ratio > STRETCH else 1


def _turned(seen: Seen, x_scale: float, y_scale: float, x: float, y: float) -> Matrix:
    """From the drawing to the page's own coordinates. The page is shown turned clockwise; this turns back."""
    left, bottom, right, top = seen.box
    match seen.turns:
        case 1:
            return 0, x_scale, -y_scale, 0, right - y, bottom + x
        case 2:
            return -x_scale, 0, 0, -y_scale, right - x, top - y
        case 3:
            return 0, -x_scale, y_scale, 0, left + y, top - x
        case _:
            return x_scale, 0, 0, y_scale, left + x, bottom + y
