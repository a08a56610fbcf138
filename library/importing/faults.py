"""What was wrong with a file, row by row, as a table that can be corrected and imported again."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _

from library.importing.fields import FIELDS
from library.models import Import
from services.sheets import plain

AT_ONCE = 500


class _Echo:
    def write(self, line: str) -> str:
        return line


def lines(batch: Import) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff"  # Excel takes UTF-8 without it for something else
    titles = [_("baris"), _("hasil"), _("kolom"), _("keterangan"), _("isi")]
    yield writer.writerow(titles)
    rows = batch.rows.exclude(notes=[]).order_by("pk")
    last = 0
    while piece := list(rows.filter(pk__gt=last)[:AT_ONCE]):
        for row in piece:
            for name, why in row.notes:
                cells: list[Any] = [
                    row.number,
                    row.get_outcome_display(),
                    FIELDS.get(name, name),
                    why,
                    *row.said,
                ]
                yield writer.writerow([plain(cell) for cell in cells])
        last = piece[-1].pk


def answer(batch: Import) -> StreamingHttpResponse:
    made = StreamingHttpResponse(lines(batch), content_type="text/csv; charset=utf-8")
    made["Content-Disposition"] = f'attachment; filename="kesalahan-impor-{batch.pk}.csv"'
    return made
