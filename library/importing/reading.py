"""First half of an import: everything is read, made sound and compared, and nothing is changed yet.

Batches are stored one by one with the place where reading goes on, so a killed worker's job is taken up there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, BinaryIO, cast

from django.db import connection, transaction
from django.db.models import Count

from library.importing import marc, oai, table, webapi
from library.importing.batches import Batch
from library.importing.cells import Lists
from library.importing.fields import Cleaner, Item
from library.importing.match import Match, Matcher, plain
from library.importing.words import Unreadable, kept
from library.importing.words import told as _
from library.models import Import, ImportRow, Publication

AT_ONCE = 500
Source, Outcome = Publication.Source, ImportRow.Outcome


class Superseded(Exception):
    """Somebody else reads this import, or it was called off."""


def shape_of(options: dict[str, Any]) -> table.Shape:
    known = table.Shape.__dataclass_fields__
    return table.Shape(**{name: value for name, value in options.items() if name in known})


def cleaner_for(batch: Import, lists: Lists | None = None) -> Cleaner:
    """Files of an office use names of its own, and so may every OAI-PMH server; the WebAPI's are the bureau's."""
    if batch.kind == Source.WEBAPI:
        return Cleaner("", lists)
    return Cleaner(
        f"{oai.server(batch.options['address']) if batch.kind == Source.OAI else batch.office.code}:", lists
    )


def read(batch: Import) -> None:
    """Read to the end. Raises Unreadable, with what was read so far kept; Superseded."""
    cleaner, matcher = cleaner_for(batch), Matcher(batch.office, batch.kind)
    expected = batch.cursor
    for piece in _pieces(batch):
        matches = matcher.match([cleaner.clean(item) for item in piece.items])
        _store(batch.pk, expected, piece, matches)
        expected = piece.cursor
    _finish(batch.pk)


def _pieces(batch: Import) -> Iterator[Batch]:
    if batch.cursor.get("end"):
        return
    if batch.kind == Source.WEBAPI:
        yield from webapi.batches(batch.options["address"], batch.cursor)
    elif batch.kind == Source.OAI:
        options = batch.options
        yield from oai.batches(options["address"], options["set_spec"], options["since"], batch.cursor)
    else:
        yield from _of_file(batch)


def _of_file(batch: Import) -> Iterator[Batch]:
    """In pieces; of a file that was read in part, what is left."""
    done = int(batch.cursor.get("rows", 0))
    with batch.file.open("rb") as opened:
        file, size = cast(BinaryIO, opened.file), batch.file.size
        sheet = batch.kind == Source.TABLE and table.is_xlsx(file)
        left = islice(_items(batch, file), done, None)
        while items := list(islice(left, AT_ONCE)):
            done += len(items)
            # Of a workbook only the rows are known: how many there are nobody says beforehand.
            yield Batch(
                items,
                {"rows": done},
                position=done if sheet else min(file.tell(), size),
                total=0 if sheet else size,
            )


def _items(batch: Import, file: BinaryIO) -> Iterator[Item]:
    return marc.items(file) if batch.kind == Source.MARC else table.items(file, shape_of(batch.options))


@transaction.atomic
def _store(pk: int, expected: dict[str, Any], piece: Batch, matches: Iterable[Match]) -> None:
    batch = Import.objects.select_for_update().get(pk=pk)
    if batch.state != Import.State.READING or batch.cursor != expected:
        raise Superseded
    rows = [row_of(batch, match) for match in matches]
    ImportRow.objects.bulk_create(rows)
    for row in rows:
        batch.counts[row.outcome] = batch.counts.get(row.outcome, 0) + 1
    batch.cursor, batch.position = piece.cursor, piece.position
    batch.total = piece.total or batch.total
    batch.save(update_fields=["counts", "cursor", "position", "total"])


def row_of(batch: Import, match: Match) -> ImportRow:
    row = match.row
    notes = [
        *row.notes,
        *([name, *kept(_("Barcode ini sudah dipakai: %s") % why)] for name, why in match.why),
    ]
    return ImportRow(
        batch=batch, number=row.number, outcome=match.outcome, key=row.key, data=row.data, copies=row.copies,
        notes=notes, said=row.cells if notes else [], publication=match.publication,
        before=_preview(match),
    )  # fmt: skip


def _preview(match: Match) -> dict[str, Any] | None:
    """For the officer's look: the changed fields as they are now."""
    if not match.changes or match.publication is None:
        return None
    now = plain(match.publication)
    return {name: now[name] for name in match.changes}


@transaction.atomic
def _finish(pk: int) -> None:
    """What only the whole file shows: rows that say the same, a barcode given twice."""
    batch = Import.objects.select_for_update().get(pk=pk)
    if batch.state != Import.State.READING:
        raise Superseded
    _mark(batch, SAME_KEY, lambda row, first, _barcode: _same(row, first))
    _mark(batch, SAME_BARCODE, _twice)
    _recall(batch)
    batch.counts = counted(batch)
    batch.cursor |= {"end": True}
    batch.save(update_fields=["counts", "cursor"])


def counted(batch: Import) -> dict[str, int]:
    rows = batch.rows.order_by().values_list("outcome").annotate(Count("pk"))
    return dict(rows)


SAME_KEY = """
    SELECT id, first, '' FROM (
        SELECT id, row_number() OVER w AS place, first_value(number) OVER w AS first
        FROM library_importrow WHERE batch_id = %s AND key <> '' AND outcome NOT IN ('faulty', 'gone')
        WINDOW w AS (PARTITION BY key ORDER BY id)
    ) AS rows WHERE place > 1 ORDER BY id
"""
SAME_BARCODE = """
    SELECT id, first, barcode FROM (
        SELECT id, copy->>0 AS barcode, row_number() OVER w AS place, first_value(number) OVER w AS first
        FROM library_importrow, jsonb_array_elements(copies) AS copy
        WHERE batch_id = %s AND outcome <> 'faulty'
        WINDOW w AS (PARTITION BY upper(copy->>0) ORDER BY id)
    ) AS rows WHERE place > 1 ORDER BY id
"""


def _mark(batch: Import, query: str, change: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(query, [batch.pk])
        while pairs := cursor.fetchmany(AT_ONCE):
            rows = ImportRow.objects.in_bulk([pk for pk, _first, _barcode in pairs])
            for pk, first, barcode in pairs:
                change(rows[pk], first, barcode)
            ImportRow.objects.bulk_update(rows.values(), ["outcome", "notes"], batch_size=200)


def _recall(batch: Import) -> None:
    """What stood in the rows that only the whole file shows to be wrong: nobody knew that it would be wanted."""
    if not batch.file:
        return
    told = batch.rows.filter(said=[]).exclude(notes=[]).only("number", "said")
    wanted = {row.number: row for row in told}
    if not wanted:
        return
    with batch.file.open("rb") as opened:
        for item in _items(batch, cast(BinaryIO, opened.file)):
            if row := wanted.get(item.number):
                row.said = item.cells
    ImportRow.objects.bulk_update(wanted.values(), ["said"], batch_size=AT_ONCE)


def _same(row: ImportRow, first: int) -> None:
    row.outcome = Outcome.COPY if row.copies else Outcome.DUPLICATE
    row.notes = [*row.notes, ["key", *kept(_("Sama dengan baris %d.") % first)]]


def _twice(row: ImportRow, first: int, barcode: str) -> None:
    row.outcome = Outcome.FAULTY
    why = _("Barcode %(barcode)s sudah dipakai di baris %(first)d.") % {"barcode": barcode, "first": first}
    row.notes = [*row.notes, ["barcode", *kept(why)]]


__all__ = ["Superseded", "Unreadable", "cleaner_for", "counted", "read", "shape_of"]
