"""Tables to take along: CSV and Excel that every spreadsheet opens rightly and that can do nothing when opened."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from io import StringIO
from itertools import islice
from tempfile import TemporaryFile
from typing import Any, BinaryIO

import xlsxwriter
from asgiref.sync import sync_to_async
from django.http import FileResponse, HttpResponse, StreamingHttpResponse

AT_ONCE = 500  # rows of a file that is sent while it is made
LONGEST = 32_767  # letters of a cell, by Excel's own limit
# Signs that no XML may have.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# A cell that begins so is a formula to a spreadsheet (OWASP, "CSV Injection"); full-width signs count as well.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def plain(cell: Any) -> Any:
    """Numbers stay numbers; a text that would be a formula gets an apostrophe in front."""
    if cell is None or isinstance(cell, (int, float)):
        return cell
    text = str(cell)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text


def csv_text(rows: Iterable[Sequence[Any]]) -> str:
    """With a byte order mark: without it Excel takes UTF-8 for something else."""
    file = StringIO()
    writer = csv.writer(file)
    writer.writerows([plain(cell) for cell in row] for row in rows)
    return "\ufeff" + file.getvalue()


def csv_answer(name: str, rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """`name`: the file's, in plain letters."""
    answer = HttpResponse(csv_text(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Stream(StreamingHttpResponse):
    """Sent while it is made, by the asynchronous server too, where Django would first make all of it: whoever waits sees
    the download grow."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        pieces: Iterator[bytes] = iter(self.streaming_content)  # type: ignore[arg-type]
        while (piece := await sync_to_async(lambda: next(pieces, None))()) is not None:
            yield piece


class _Echo:
    def write(self, line: str) -> str:
        return line


def csv_stream(name: str, rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """As `csv_answer`, some hundred rows at once: as many as there are."""
    writer, all_rows = csv.writer(_Echo()), iter(rows)

    def lines() -> Iterator[str]:
        yield "\ufeff"
        while some := list(islice(all_rows, AT_ONCE)):
            yield "".join(writer.writerow([plain(cell) for cell in row]) for row in some)

    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Stream(lines(), content_type="text/csv; charset=utf-8", headers=headers)


def workbook(rows: Iterable[Sequence[Any]]) -> BinaryIO:
    """Excel, in a file that is gone when it is closed; memory does not grow with it. Cells are numbers and texts, never
    formulas or links."""
    file: BinaryIO = TemporaryFile()  # noqa: SIM115 (closed by whoever sends it)
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 1)
        for number, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, (int, float)) and math.isfinite(cell):
                    sheet.write_number(number, column, cell)
                elif cell is not None and cell != "":
                    sheet.write_string(number, column, UNPRINTABLE.sub("", str(cell)[:LONGEST]))
    file.seek(0)
    return file


def xlsx_answer(name: str, rows: Iterable[Sequence[Any]]) -> FileResponse:
    return FileResponse(workbook(rows), as_attachment=True, filename=name, content_type=XLSX)
