"""What of a page is seen: MediaBox, CropBox, Rotate and UserUnit, read the way the usual viewers read them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from pikepdf import Array, Dictionary, Object

LETTER = (0.0, 0.0, 612.0, 792.0)  # what viewers take for a page that names no size


@dataclass(frozen=True)
class Seen:
    """The visible rectangle in the page's own units, a quarter turn clockwise `turns` times, `unit` points each."""

    left: float
    bottom: float
    right: float
    top: float
    turns: int
    unit: float

    @property
    def box(self) -> tuple[float, float, float, float]:
        return self.left, self.bottom, self.right, self.top

    @property
    def units(self) -> tuple[float, float]:
        """Width and height as seen, in the page's own units."""
        width, height = self.right - self.left, self.top - self.bottom
        return (height, width) if self.turns % 2 else (width, height)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as seen, in points."""
        width, height = self.units
        return width * self.unit, height * self.unit


def seen(page: Object) -> Seen:
    """Of a page dictionary whose inherited entries have been pushed down."""
    media = rectangle(page.get("/MediaBox")) or LETTER
    crop = rectangle(page.get("/CropBox"))
    shown = (_common(media, crop) if crop else None) or media
    return Seen(*shown, turns=_turns(page.get("/Rotate")), unit=_unit(page.get("/UserUnit")))


def rectangle(value: Any) -> tuple[float, float, float, float] | None:
    """Left, bottom, right, top, whichever corners are named; None for what is none or is empty."""
    if not isinstance(value, Array) or len(value) < 4:
        return None
    numbers = [_number(value[n]) for n in range(4)]
    if any(n is None for n in numbers):
        return None
    a, b, c, d = (float(n or 0) for n in numbers)
    found = min(a, c), min(b, d), max(a, c), max(b, d)
    return found if found[2] > found[0] and found[3] > found[1] else None


def as_array(box: tuple[float, float, float, float]) -> Array:
    return Array([round(n, 4) for n in box])


def _common(one: tuple, other: tuple) -> tuple[float, float, float, float] | None:
    left, bottom = max(one[0], other[0]), max(one[1], other[1])
    right, top = min(one[2], other[2]), min(one[3], other[3])
    return (left, bottom, right, top) if right > left and top > bottom else None


def _number(value: Any) -> float | None:
    if value is None or isinstance(value, bool | Array | Dictionary):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _turns(value: Any) -> int:
    number = _number(value)
    return int(number // 90) % 4 if number is not None else 0


def _unit(value: Any) -> float:
    number = _number(value)
    return number if number and number > 0 else 1.0
