"""Copies' labels as one PDF: barcode labels for the inside, spine labels for the shelf."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import override

from library.labels import bars
from library.labels.sheets import Sheet
from library.models import Copy, Publication
from library.workflows.copies import PRINTABLE
from services.offices.models import Office
from services.pdf import draw

MOST = 1_000  # what one PDF holds
BARS = 0.42  # the bars' share of a label's inner height
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ufffe\uffff]")
MM_PER_PT = 25.4 / 72
AVERAGE = 0.56  # width of a letter in running text
LETTER = 0.62  # width of a bold letter or digit, in its own size: DejaVu Sans Bold's digits are the widest


@dataclass(frozen=True)
class Barcode:
    """What stands on one barcode label."""

    title: str
    text: str
    path: str
    width: float


@dataclass(frozen=True)
class Spine:
    """The lines of one spine label and the size of their letters, in points."""

    lines: list[str]
    size: float

    @property
    def size_class(self) -> str:
        return f"size-{round(10 * self.size)}"


class CannotPrint(Exception):
    """Copies whose barcode does not fit on this sheet's labels, or which Code 128 has no bars for."""

    def __init__(self, barcodes: list[str]) -> None:
        self.barcodes = barcodes


def barcode_labels(copies: Sequence[Copy], sheet: Sheet) -> list[Barcode]:
    """Raises CannotPrint with all that do not fit."""
    inside, bad, made = sheet.width - 2 * sheet.inner, [], []
    for copy in copies:
        try:
            if not PRINTABLE.fullmatch(copy.barcode):
                raise bars.TooLong(copy.barcode)
            path, width = bars.path(copy.barcode, width=inside, height=bar_height(sheet))
        except bars.TooLong:
            bad.append(copy.barcode)
        else:
            made.append(Barcode(shortened(copy.publication.title, sheet), copy.barcode, path, width))
    if bad:
        raise CannotPrint(bad)
    return made


def shortened(title: str, sheet: Sheet) -> str:
    """As much as stands on two lines, on a low label on one. The end stays: editions differ there by their year."""
    size, lines = (5.0, 1) if low(sheet) else (7.5, 2)
    room = int((sheet.width - 2 * sheet.inner) * lines / (size * MM_PER_PT * AVERAGE))
    title = " ".join(CONTROL.sub(" ", title).split())
    if len(title) <= room:
        return title
    end = title[-9:] if " " not in title[-10:] else title[-10:].split(" ", 1)[1]
    return f"{title[: room - len(end) - 2].rstrip()}… {end}"


def low(sheet: Sheet) -> bool:
    """Smaller letters (static/css/labels.css)."""
    return sheet.height < 30


def bar_height(sheet: Sheet) -> float:
    return round((sheet.height - 2 * sheet.inner) * BARS, 2)


def spine_labels(copies: Sequence[Copy], sheet: Sheet) -> list[Spine]:
    """Catalogue number (or subject), region, year, shelf: one under the other, as large as they fit."""
    inside = sheet.width - 2 * sheet.inner, sheet.height - 2 * sheet.inner
    return [_spine(call_number(copy), *inside) for copy in copies]


def call_number(copy: Copy) -> list[str]:
    publication = copy.publication
    first = publication.catalogue_number or (publication.subject.name if publication.subject else "")
    region = publication.region.code if publication.region else ""
    lines = [first, region, _years(publication), copy.shelf]
    return [CONTROL.sub(" ", line) for line in lines if line] or [copy.barcode]


def _years(publication: Publication) -> str:
    if publication.year_end:
        return f"{publication.year}–{publication.year_end}"
    return str(publication.year or "")


def _spine(lines: list[str], width: float, height: float) -> Spine:
    longest = max(len(line) for line in lines)
    by_width = width / (longest * LETTER * MM_PER_PT)
    by_height = height / (len(lines) * 1.2 * MM_PER_PT)
    return Spine(lines, round(max(4.5, min(16.0, by_width, by_height)), 1))


def pdf(copies: Sequence[Copy], *, office: Office, sheet: Sheet, kind: str, first: int = 1) -> bytes:
    """`first`: the first free place on the first sheet, from 1. `copies` come with publication, subject and region."""
    make = barcode_labels if kind == "barcode" else spine_labels
    placed = [
        (divmod(place, sheet.labels), label)
        for place, label in enumerate(make(copies, sheet), start=first - 1)
    ]
    pages: list[list[Any]] = [[] for _page in range(placed[-1][0][0] + 1)]
    for (page, place), label in placed:
        pages[page].append((place, label))
    context = {
        "pages": pages, "sheet": sheet, "office": office, "kind": kind, "bar_height": bar_height(sheet),
        "small": low(sheet),
    }  # fmt: skip
    with override("id"):
        html = render_to_string("library/label_sheet.html", context)
    return draw(html, "labels.css", _measures(sheet, [label for _place, label in placed]))


def _measures(sheet: Sheet, labels: Sequence[Any]) -> str:
    """Style rules of this sheet: the size of a label, where each place is, and the letters of spine labels."""
    rules = [f".label {{ width: {sheet.width}mm; height: {sheet.height}mm; padding: {sheet.inner}mm; }}"]
    for place in range(sheet.labels):
        left, top = sheet.corner(place)
        rules.append(f".at{place} {{ left: {left}mm; top: {top}mm; }}")
    sizes = {label.size_class: label.size for label in labels if isinstance(label, Spine)}
    rules += [f".{name} {{ font-size: {size}pt; }}" for name, size in sizes.items()]
    return "\n".join(rules)
