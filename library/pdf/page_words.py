"""The words of a page and where they stand, in fractions of the page as it is seen (cropped, rotated)."""

from __future__ import annotations

import ctypes
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from pypdfium2 import PdfPage, raw

from .documents import opened_page

MOST_CHARACTERS = 60_000  # of a page; a page of small print has 10,000
GRID = 100_000  # PDFium gives whole numbers: the page is that many units wide and high
GAP = 2.5  # a gap as wide as this many line heights parts columns

Box = dict[str, float]


@dataclass(slots=True)
class Character:
    text: str
    left: float
    bottom: float
    right: float
    top: float

    @property
    def has_place(self) -> bool:
        return self.right > self.left and self.top > self.bottom


Line = list[Character]


def find(path: str, page: int, words: list[str]) -> list[Box]:
    """The boxes of the words that are one of `words` or begin with it; case and accents do not count."""
    wanted = tuple(filter(None, (plain(word) for word in words)))
    if not wanted:
        return []
    with opened_page(path, page) as source:
        return [box for word in _words(source) if plain(_joined(word)).startswith(wanted) and (box := _box(source, word))]  # fmt: skip


def plain(text: str) -> str:
    """Without case, accents and ligatures, for comparing."""
    parted = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in parted if not unicodedata.combining(c)).strip()


def _words(page: PdfPage) -> Iterator[Line]:
    for line in _lines(page):
        word: Line = []
        for character in line:
            if re.match(r"\w", character.text) or (word and unicodedata.combining(character.text[0])):
                word.append(character)
            elif word:
                yield word
                word = []
        if word:
            yield word


def _lines(page: PdfPage) -> Iterator[Line]:
    """Runs of characters on one line; one that leaps over a gap (the next column) is parted there."""
    line: Line = []
    for character in _characters(page):
        if character.text in "\r\n" or (character.has_place and _leaps(line, character)):
            if _joined(line):
                yield line
            line = []
        if character.text not in "\r\n":
            line.append(character)
    if _joined(line):
        yield line


def _leaps(line: Line, character: Character) -> bool:
    before = next((c for c in reversed(line) if c.has_place), None)
    if before is None:
        return False
    size = max(before.top - before.bottom, before.right - before.left)
    across = max(character.left - before.right, before.left - character.right)
    along = max(character.bottom - before.top, before.bottom - character.top)
    return max(across, along) > GAP * size


def _characters(page: PdfPage) -> Iterator[Character]:
    text = page.get_textpage()
    try:
        sides = [ctypes.c_double() for _n in range(4)]
        left, right, bottom, top = sides
        high = ""
        for n in range(min(text.count_chars(), MOST_CHARACTERS)):
            code = raw.FPDFText_GetUnicode(text.raw, n)
            if 0xD800 <= code < 0xDC00:  # the first half of a character beyond the first 65,536
                high = chr(code)
                continue
            if not raw.FPDFText_GetCharBox(text.raw, n, left, right, bottom, top):
                continue
            yield Character(_readable(high, code), left.value, bottom.value, right.value, top.value)
            high = ""
    finally:
        text.close()


def _readable(high: str, code: int) -> str:
    if code in {0x02, 0xFFFE}:  # PDFium's marks for the hyphen at the end of a line
        return "-"
    if code in {0x0D, 0x0A}:
        return "\n"
    text = (high + chr(code)).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text if text.isprintable() else " "


def _joined(line: Line) -> str:
    return " ".join("".join(c.text for c in line).split())


def _box(page: PdfPage, characters: Line) -> Box | None:
    """None where nothing of it is within the visible page."""
    placed = [c for c in characters if c.has_place]
    if not placed:
        return None
    corners = [
        _seen(page, min(c.left for c in placed), min(c.bottom for c in placed)),
        _seen(page, max(c.right for c in placed), max(c.top for c in placed)),
    ]
    (x0, x1), (y0, y1) = (sorted(values) for values in zip(*corners, strict=True))
    if x1 <= 0 or y1 <= 0 or x0 >= 1 or y0 >= 1:
        return None
    x0, y0, x1, y1 = (min(max(value, 0.0), 1.0) for value in (x0, y0, x1, y1))
    return {"x": x0, "y": y0, "w": round(x1 - x0, 5), "h": round(y1 - y0, 5)}


def _seen(page: PdfPage, x: float, y: float) -> tuple[float, float]:
    """From the page's own units to fractions of what is seen, by the same rules by which it is drawn."""
    across, down = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page.raw, 0, 0, GRID, GRID, 0, x, y, across, down)
    return across.value / GRID, down.value / GRID
