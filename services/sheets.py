"""Tables to take along: CSV that every spreadsheet opens rightly and that can do nothing when opened."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any

from django.http import HttpResponse

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
