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
PAPER = 297  # mm from the upper to the lower edge
LINE = 1.2  # of the letters' size
ABOVE, BELOW = 0.5, 0.3  # mm of white between the bars and the text
AVERAGE = 0.6  # width of a letter in running text
BOLD = 0.7  # the same, bold
LETTER = 0.62  # width of a bold letter or digit, in its own size: DejaVu Sans Bold's digits are the widest
ABBREVIATED = [("Badan Pusat Statistik", "BPS"), ("Kabupaten", "Kab."), ("Provinsi", "Prov.")]


@dataclass(frozen=True)
class Barcode:
    """What stands on one barcode label."""

    office: str
    title: str
    text: str
    bars: list[tuple[float, float]]
    width: float


@dataclass(frozen=True)
class Spine:
    """The lines of one spine label and the size of their letters, in points."""

    lines: list[str]
    size: float

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def size_class(self) -> str:
        return f"size-{round(10 * self.size)}"


class CannotPrint(Exception):
    """Copies whose barcode does not fit on this sheet's labels, or which Code 128 has no bars for."""

    def __init__(self, barcodes: list[str]) -> None:
        self.barcodes = barcodes


def barcode_labels(copies: Sequence[Copy], sheet: Sheet, office: Office) -> list[Barcode]:
    """Raises CannotPrint with all that do not fit."""
    inside, bad, made = sheet.width - 2 * sheet.inner, [], []
    for copy in copies:
        try:
            if not PRINTABLE.fullmatch(copy.barcode):
                raise bars.TooLong(copy.barcode)
            black, width = bars.drawn(copy.barcode, width=inside)
        except bars.TooLong:
            bad.append(copy.barcode)
        else:
            title = shortened(copy.publication.title, sheet)
            made.append(Barcode(office_line(office, sheet), title, copy.barcode, black, width))
    if bad:
        raise CannotPrint(bad)
    return made


def shortened(title: str, sheet: Sheet) -> str:
    """As much as stands on two lines, on a low label on one. The end stays: editions differ there by their year."""
    room, title = _room(sheet, title_lines(sheet)), " ".join(CONTROL.sub(" ", title).split())
    if len(title) <= room:
        return title
    end = title[-9:] if " " not in title[-10:] else title[-10:].split(" ", 1)[1]
    return f"{title[: room - len(end) - 2].rstrip()}… {end}"


def office_line(office: Office, sheet: Sheet) -> str:
    """On one line: shortened as everybody does where the whole name has no room."""
    name = " ".join(CONTROL.sub(" ", office.name).split())
    room = _room(sheet, 1, BOLD)
    for long, short in ABBREVIATED:
        if len(name) > room:
            name = name.replace(long, short)
    return name if len(name) <= room else f"{name[: room - 1].rstrip()}…"


def _room(sheet: Sheet, lines: int, letter: float = AVERAGE) -> int:
    """Letters of running text on so many lines."""
    return int((sheet.width - 2 * sheet.inner) * lines / (letters(sheet) * MM_PER_PT * letter))


def low(sheet: Sheet) -> bool:
    """Smaller letters (static/css/labels.css)."""
    return sheet.height < 30


def letters(sheet: Sheet) -> float:
    """The size of running text, in points."""
    return 5.0 if low(sheet) else 7.5


def title_lines(sheet: Sheet) -> int:
    return 1 if low(sheet) else 2


def text_height(sheet: Sheet) -> float:
    """What the office and the title take, in millimetres."""
    return round((1 + title_lines(sheet)) * LINE * letters(sheet) * MM_PER_PT, 2)


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
    barcodes = kind == "barcode"
    labels: Sequence[Any] = barcode_labels(copies, sheet, office) if barcodes else spine_labels(copies, sheet)
    pages: list[list[tuple[int, Any]]] = [
        [] for _page in range((first - 2 + len(labels)) // sheet.labels + 1)
    ]
    for at, label in enumerate(labels, start=first - 1):
        page, place = divmod(at, sheet.labels)
        pages[page].append((place, label))
    context = {"pages": pages, "office": office, "kind": kind, "small": low(sheet)}
    with override("id"):
        html = render_to_string("library/label_sheet.html", context)
    below = [_bars(page, sheet) for page in pages] if barcodes else []
    return draw(html, "labels.css", _measures(sheet, labels), below=below)


def _bars(page: Sequence[tuple[int, Barcode]], sheet: Sheet) -> bytes:
    """All bars of a page as PDF's own rectangles. As pictures in the page's HTML they took half of the time."""
    high, found = bar_height(sheet), []
    for place, label in page:
        left, top = sheet.corner(place)
        left += (sheet.width - label.width) / 2
        bottom = PAPER - (top + sheet.inner + text_height(sheet) + ABOVE + high)
        for at, width in label.bars:
            found.append(" ".join(f"{mm / MM_PER_PT:.3f}" for mm in (left + at, bottom, width, high)) + " re")
        found.append("f")
    return "\n".join(found).encode()


def _measures(sheet: Sheet, labels: Sequence[Any]) -> str:
    """Style rules of this sheet: the size of a label, where each place is, and the letters of spine labels."""
    rules = [f".label {{ width: {sheet.width}mm; height: {sheet.height}mm; padding: {sheet.inner}mm; }}"]
    for place in range(sheet.labels):
        left, top = sheet.corner(place)
        rules.append(f".at{place} {{ left: {left}mm; top: {top}mm; }}")
    free = ABOVE + bar_height(sheet) + BELOW
    rules.append(f".about {{ height: {text_height(sheet)}mm; max-lines: {1 + title_lines(sheet)}; }}")
    rules.append(f".number {{ margin-top: {free:.2f}mm; }}")
    sizes = {label.size_class: label.size for label in labels if isinstance(label, Spine)}
    rules += [f".{name} {{ font-size: {size}pt; }}" for name, size in sizes.items()]
    return "\n".join(rules)
