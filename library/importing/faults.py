"""What was wrong with a file, row by row, as a table that can be corrected and imported again."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _

from library.importing import table
from library.importing.fields import FIELDS
from library.importing.reading import shape_of
from library.models import Import, Publication
from services.sheets import plain

AT_ONCE = 500


class _Echo:
    def write(self, line: str) -> str:
        return line


def lines(batch: Import) -> Iterator[str]:
    """A row once, whatever is wrong with it, under the file's own titles: as it is corrected it can be imported."""
    writer = csv.writer(_Echo())
    yield "\ufeff"  # Excel takes UTF-8 without it for something else
    titles = [_("baris"), _("hasil"), _("kolom"), _("keterangan"), *_titles(batch)]
    yield writer.writerow([plain(title) for title in titles])
    rows = batch.rows.exclude(notes=[]).order_by("pk")
    last = 0
    while piece := list(rows.filter(pk__gt=last)[:AT_ONCE]):
        for row in piece:
            cells: list[Any] = [
                row.number,
                row.get_outcome_display(),
                "; ".join(dict.fromkeys(str(FIELDS.get(name, name)) for name, _why in row.notes)),
                " ".join(why for _name, why in row.notes),
                *row.said,
            ]
            yield writer.writerow([plain(cell) for cell in cells])
        last = piece[-1].pk


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
    made = StreamingHttpResponse(lines(batch), content_type="text/csv; charset=utf-8")
    made["Content-Disposition"] = f'attachment; filename="kesalahan-impor-{batch.pk}.csv"'
    return made
