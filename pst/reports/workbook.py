"""A report as an Excel workbook: a sheet for each table, numbers as numbers, days as days."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from pst.reports.cells import total_columns
from pst.reports.tables import FEW, FEWEST, Cell, Column, Row, Table
from services.sheets import UNPRINTABLE

FORMATS = {
    "count": "#,##0", "share": "0.0%", "minutes": "#,##0.0", "hours": "#,##0.0", "index": "0.00", "mean": "0.000", "days": "#,##0.0",
    "date": "d mmm yyyy", "month": "mmmm yyyy", "text": "@",
}  # fmt: skip
FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
WIDEST, NARROWEST = 60, 12
LONGEST = 31  # name of a sheet: more Excel does not open


def workbook(title: str, lines: Sequence[str], tables: Sequence[Table]) -> bytes:
    """`lines`: office, period, number, as the first sheet says them. Cells are never formulas or links."""
    file = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"title": title})
        formats = {kind: book.add_format({"num_format": code}) for kind, code in FORMATS.items()}
        bold = {
            kind: book.add_format({"num_format": code, "bold": True, "top": 1})
            for kind, code in FORMATS.items()
        }
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        large = book.add_format({"bold": True, "font_size": 14})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        _cover(book.add_worksheet(_("Tentang")), title, lines, tables, large, head, wrapped)
        names: set[str] = set()
        for table in tables:
            _sheet(book.add_worksheet(_name(table.title, names)), table, formats, bold, head, large)
    return file.getvalue()


def _cover(
    sheet: Any, title: str, lines: Sequence[str], tables: Sequence[Table], large: Any, head: Any, wrapped: Any
) -> None:
    """What each sheet counts: a workbook is passed on without its report."""
    sheet.set_column(0, 0, 40)
    sheet.set_column(1, 1, 90)
    sheet.write_string(0, 0, title, large)
    row = 1
    for row, line in enumerate(lines, start=1):
        sheet.write_string(row, 0, UNPRINTABLE.sub("", line))
    row += 2
    sheet.write_string(row, 0, _("Tabel"), head)
    sheet.write_string(row, 1, _("Yang dihitung"), head)
    for table in tables:
        row += 1
        sheet.write_string(row, 0, table.title, wrapped)
        sheet.write_string(row, 1, table.definition, wrapped)
    sheet.write_string(row + 2, 0, _("<%d: kurang dari lima orang, tidak disebut.") % FEWEST)


def _sheet(sheet: Any, table: Table, formats: dict, bold: dict, head: Any, large: Any) -> None:
    sheet.write_string(0, 0, table.title, large)
    for number, column in enumerate(table.columns):
        sheet.write_string(2, number, str(column.title), head)
        longest = max((len(str(row[number] or "")) for row in table.rows), default=0)
        sheet.set_column(number, number, min(WIDEST, max(NARROWEST, len(column.title), longest)) + 2)
    sheet.freeze_panes(3, 1)
    last = 2
    for last, row in enumerate(table.rows, start=3):
        _write(sheet, last, row, table.columns, formats)
    if table.total:
        _write(sheet, last + 1, table.total, total_columns(table), bold)


def _write(sheet: Any, number: int, row: Row, columns: Sequence[Column], formats: dict) -> None:
    for place, (cell, column) in enumerate(zip(row, columns, strict=True)):
        look = formats[column.kind]
        if cell is None or cell == "":
            sheet.write_blank(number, place, None, look)
        elif cell == FEW:
            sheet.write_string(number, place, f"<{FEWEST}")
        elif column.kind in ("date", "month"):
            sheet.write_datetime(number, place, _day(cell), look)
        elif column.kind == "text":
            sheet.write_string(number, place, UNPRINTABLE.sub("", str(cell)), look)
        else:
            sheet.write_number(number, place, float(cell), look)


def _day(cell: Cell) -> Any:
    """Of a month its first."""
    return date.fromisoformat(f"{cell}-01" if len(str(cell)) == 7 else str(cell))


def _name(title: str, taken: set[str]) -> str:
    """At most 31 signs and no half words, none that Excel forbids, each once."""
    whole = FORBIDDEN.sub(" ", title).strip() or "Tabel"
    plain = _cut(whole, LONGEST)
    name, number = plain, 1
    while name.lower() in taken:
        number += 1
        name = f"{_cut(plain, LONGEST - 3)} {number}"
    taken.add(name.lower())
    return name


def _cut(text: str, most: int) -> str:
    """After a word; a first word that is too long by itself is cut."""
    if len(text) <= most:
        return text
    return text[: most + 1].rpartition(" ")[0].rstrip() or text[:most]
