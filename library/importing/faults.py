"""What was wrong with a file, row by row, as a table that can be corrected and imported again."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

from django.http import StreamingHttpResponse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from library.importing import table
from library.importing.fields import FIELDS
from library.importing.reading import shape_of
from library.importing.words import said
from library.models import Import, ImportRow, Publication
from services.sheets import plain

AT_ONCE = 500


class _Echo:
    def write(self, line: str) -> str:
        return line


def lines(batch: Import, language: str) -> Iterator[str]:
    """A row once, whatever is wrong with it, under the file's own titles: as it is corrected it can be imported.

    Written while it is sent, when nobody's language is chosen any more."""
    writer = csv.writer(_Echo())
    with override(language):
        titles = [_("baris"), _("hasil"), _("kolom"), _("keterangan"), *_titles(batch)]
    yield "\ufeff"  # Excel takes UTF-8 without it for something else
    yield writer.writerow([plain(title) for title in titles])
    rows = batch.rows.exclude(notes=[]).order_by("pk")
    last = 0
    while piece := list(rows.filter(pk__gt=last)[:AT_ONCE]):
        with override(language):
            told = [_cells(row) for row in piece]
        for cells in told:
            yield writer.writerow(cells)
        last = piece[-1].pk


def _cells(row: ImportRow) -> list[Any]:
    fields = dict.fromkeys(str(FIELDS.get(name, name)) for name, *_why in row.notes)
    words = [said(*why) for _name, *why in row.notes]
    cells = [row.number, row.get_outcome_display(), "; ".join(fields), " ".join(words), *row.said]
    return [plain(cell) for cell in cells]


def _titles(batch: Import) -> list[str]:
    if batch.kind != Publication.Source.TABLE:
        return [_("isi")]
    shape = shape_of(batch.options)
    try:
        with batch.file.open("rb") as opened:
            look = table.look(cast(BinaryIO, opened.file), shape)
    except (OSError, ValueError):  # the file is gone
        return [_("isi")]
    if shape.headed:
        return look.titles
    return [
        str(FIELDS.get(name, title)) for name, title in zip(look.shape.columns, look.titles, strict=False)
    ]


def answer(batch: Import) -> StreamingHttpResponse:
    made = StreamingHttpResponse(lines(batch, get_language() or "id"), content_type="text/csv; charset=utf-8")
    made["Content-Disposition"] = f'attachment; filename="kesalahan-impor-{batch.pk}.csv"'
    return made
