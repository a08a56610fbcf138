"""Tables to take along: CSV and Excel that every spreadsheet opens rightly and that can do nothing when opened."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from io import StringIO
from itertools import islice
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpResponse, StreamingHttpResponse

from services.workbooks import AT_ONCE, workbook

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

    return _sent(name, lines(), "text/csv; charset=utf-8")


def xlsx_answer(name: str, rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    return _sent(name, workbook(rows), XLSX)


def _sent(name: str, pieces: Iterable[Any], kind: str) -> StreamingHttpResponse:
    return Stream(
        pieces, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
