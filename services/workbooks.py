"""An Excel file of one sheet, made while it is sent: the parts that a table of numbers and texts needs, and no more.

A library that keeps an object for each cell took three times as long for a year's answers (docs/benchmarks.md, surveys).
"""

from __future__ import annotations

import math
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from xml.sax.saxutils import escape

AT_ONCE = 500  # rows
LONGEST = 32_767  # letters of a cell, by Excel's own limit
# Signs that no XML may have, and what Excel itself would read as an escaped sign.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}
# The first row and the first column stay in view.
SHEET = f'<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0"><pane xSplit="1" ySplit="1" topLeftCell="B2" activePane="bottomRight" state="frozen"/></sheetView></sheetViews><sheetData>'


class _Pipe:
    """What the archive writes, to be taken out in pieces; it cannot go back."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self.pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        pass

    def take(self) -> bytes:
        data, self.pieces = b"".join(self.pieces), []
        return data


def workbook(rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Piece by piece; memory does not grow with the rows. Cells are numbers and texts, never formulas or links."""
    pipe: Any = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        for name, text in PARTS.items():
            archive.writestr(name, HEAD + text)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write((HEAD + SHEET).encode())
            waiting: list[str] = []
            for number, cells in enumerate(rows, start=1):
                waiting.append(_row(number, cells))
                if len(waiting) == AT_ONCE:
                    sheet.write("".join(waiting).encode())
                    waiting.clear()
                    yield pipe.take()
            sheet.write(("".join(waiting) + "</sheetData></worksheet>").encode())
    yield pipe.take()


def _row(number: int, cells: Sequence[Any]) -> str:
    found = []
    for column, cell in enumerate(cells):
        if isinstance(cell, (int, float)) and math.isfinite(cell):
            found.append(f'<c r="{_letters(column)}{number}"><v>{cell + 0}</v></c>')
        elif cell is not None and cell != "":
            found.append(
                f'<c r="{_letters(column)}{number}" t="inlineStr"><is><t xml:space="preserve">{_text(str(cell))}</t></is></c>'
            )
    return f'<row r="{number}">{"".join(found)}</row>'


def _text(text: str) -> str:
    text = UNPRINTABLE.sub("", text[:LONGEST])
    return escape(ESCAPED.sub("_x005F_", text) if "_x" in text else text)


_known: list[str] = []


def _letters(column: int) -> str:
    """A, B … Z, AA …"""
    while len(_known) <= column:
        n, name = len(_known) + 1, ""
        while n:
            n, rest = divmod(n - 1, 26)
            name = chr(65 + rest) + name
        _known.append(name)
    return _known[column]
