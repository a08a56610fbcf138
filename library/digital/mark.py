"""The mark on every page of a downloaded copy: who took it where and when, its number, and where to look it up."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import segno
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from services.pdf import draw as draw_pages

SHAPES = {"upright": (210.0, 297.0), "across": (297.0, 210.0)}  # mm
MM_PER_PT = 25.4 / 72
LINES = 6  # at most
LETTERS = 90  # of a line; what is longer ends in …
# Widths of letters in their own size: of DejaVu Sans Bold, the widest of our fonts.
LETTER, CAPITAL, WIDE = 0.72, 0.87, 1.12
WIDEST = set("mwMW@%&—…")
LARGEST, SMALLEST = 34.0, 7.0  # pt
LEADING = 1.35  # of the letters' size
LENGTH, DEPTH = 0.82, 0.30  # shares of the diagonal that the text may be long and deep
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufffe\uffff]")


@dataclass(frozen=True)
class Shape:
    name: str
    width: float  # mm
    height: float
    size: float  # pt of the letters


def draw(lines: Sequence[str], *, serial: str, address: str) -> bytes:
    """A PDF of two pages, the mark upright and across. `lines` are shown as they come (name, e-mail, office, time); long
    ones make the letters smaller. `address` is where the number can be checked; it stands in the code."""
    shown = [clean(line) for line in lines if clean(line)][:LINES]
    shapes = [Shape(name, *sides, size=fitting(shown, *sides)) for name, sides in SHAPES.items()]
    code = segno.make(address, error="m", micro=False)
    svg = code.svg_inline(border=2, omitsize=True, dark="#1f2a37", light="#ffffff")
    html = render_to_string(
        "library/mark.html",
        {
            "lines": shown,
            "shapes": shapes,
            "serial": serial,
            "address": address,
            "code": mark_safe(svg),  # noqa: S308 - drawn by segno
        },
    )
    return draw_pages(html, "mark.css", _measures(shapes))


def clean(line: str) -> str:
    line = " ".join(CONTROL.sub(" ", line).split())
    return line if len(line) <= LETTERS else f"{line[: LETTERS - 1].rstrip()}…"


def fitting(lines: Sequence[str], width: float, height: float) -> float:
    """The size in points at which all lines stay inside the page, laid along its diagonal."""
    diagonal = math.hypot(width, height) / MM_PER_PT
    longest = max((length(line) for line in lines), default=1.0)
    return max(
        SMALLEST,
        min(LARGEST, LENGTH * diagonal / longest, DEPTH * diagonal / (LEADING * max(1, len(lines)))),
    )


def length(line: str) -> float:
    """At most, in sizes of its letters."""
    return sum(
        WIDE if c in WIDEST or ord(c) > 0x2E7F else CAPITAL if c.isupper() or ord(c) > 0x17F else LETTER
        for c in line
    )


def _measures(shapes: Sequence[Shape]) -> str:
    rules = []
    for shape in shapes:
        angle = math.degrees(math.atan2(shape.height, shape.width))
        length = LENGTH * math.hypot(shape.width, shape.height) * 1.04
        rules.append(
            f"@page {shape.name} {{ size: {shape.width}mm {shape.height}mm; margin: 0 }}"
            f".{shape.name} {{ page: {shape.name}; width: {shape.width}mm; height: {shape.height - 0.1:.1f}mm }}"
            f".{shape.name} .across-page {{ width: {length:.1f}mm; left: {(shape.width - length) / 2:.1f}mm;"
            f" font-size: {shape.size:.1f}pt; transform: translateY(-50%) rotate(-{angle:.2f}deg) }}"
        )
    return "\n".join(rules)
