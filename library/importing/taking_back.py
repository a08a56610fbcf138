"""An import is taken back: as if it had not been, but for what was changed since."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from library.importing.applying import TAKEN, ordered, pieces, write
from library.importing.match import Places, plain
from library.models import (
    Copy,
    DigitalCopy,
    Hold,
    Import,
    ImportRow,
    LibraryUse,
    Loan,
    MarkedCopy,
    Publication,
    Series,
    SourceRecord,
    StockScan,
)
from library.search import index
from library.workflows import release

Outcome = ImportRow.Outcome


def undo(batch: Import, progress: Callable[[int], None] = lambda _rows: None) -> int:
    """Inside a transaction, after `applying.lock()`: as if it had not been. Returns how many records had to stay.

    What was changed since by hand or by another import stays as it is; a book that was lent stays a book.
    """
    places, lists = Places(), index.Lists.read()
    done = kept = 0
    for rows in pieces(batch, TAKEN):
        _drop_copies(rows)
        kept += _drop_new(batch, [row for row in rows if row.outcome == Outcome.NEW])
        _restore([row for row in rows if row.before], places, lists)
        _unsay(batch, rows)
        _drop_series(rows)
        done += len(rows)
        progress(done)
    return kept


def _drop_copies(rows: list[ImportRow]) -> None:
    """Those that are as the import left them: nobody lent, ordered, read, found at a shelf or changed them since."""
    given = {pk: {tuple(copy) for copy in row.copies} for row in rows for pk in row.made_copies}
    used = Q()
    for model in (Loan, Hold, LibraryUse, StockScan):
        used |= Q(Exists(model.objects.filter(copy=OuterRef("pk"))))
    found = Copy.objects.filter(~used, pk__in=given, state=Copy.State.SHELF, in_house_only=False)
    locked = found.select_for_update(of=("self",)).order_by("pk")
    same = [copy.pk for copy in locked if (copy.barcode, copy.shelf) in given[copy.pk]]
    Copy.objects.filter(pk__in=same).delete()


def _drop_new(batch: Import, rows: list[ImportRow]) -> int:
    """Records this import made, unless something hangs on them or somebody worked on them since."""
    wanted = [row.publication_id for row in rows if row.publication_id]
    hanging = Q()
    for model in (Copy, DigitalCopy, Hold, LibraryUse, MarkedCopy):
        hanging |= Q(Exists(model.objects.filter(publication=OuterRef("pk"))))
    assert batch.applied_at is not None
    touched = Q(updated_at__gt=batch.applied_at) | ~Q(cover="")
    # Locked, and so as a desk that corrects one in this moment leaves it.
    locked = Publication.objects.select_for_update(of=("self",)).order_by("pk")
    free = set(locked.filter(~hanging, ~touched, pk__in=wanted).values_list("pk", flat=True))
    Publication.objects.filter(pk__in=free).delete()
    return len(wanted) - len(free)


def _restore(rows: list[ImportRow], places: Places, lists: index.Lists) -> None:
    """The fields that still say what the import wrote say again what they said before."""
    locked = Publication.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    found = locked.select_related("series", "region", "subject").in_bulk(
        [row.publication_id for row in rows if row.publication_id]
    )
    changed = []
    for row in rows:
        publication = found.get(row.publication_id or 0)
        if publication is None or not row.before:
            continue
        now = plain(publication)
        back = {
            name: value
            for name, value in row.before.items()
            if now.get(name) == row.data.get(name, _none(name))
        }
        if not back:
            continue
        if back.get("series"):
            places.prepare([(back["series"], back.get("region", now["region"]))])
        places.put(publication, ordered(back))
        _show_again(publication, row, back)
        publication.updated_at = timezone.now()
        publication.search = index.vector(publication, lists)
        changed.append(publication)
    write(changed)


def _show_again(publication: Publication, row: ImportRow, back: dict[str, Any]) -> None:
    """The release date that goes away hid the record, and nobody has set another hour since."""
    if "released_on" not in back or publication.keeper is None:
        return
    if publication.embargo_until == release.proposed(row.data.get("released_on"), publication.keeper):
        publication.embargo_until = None


def _none(name: str) -> Any:
    return None if name in ("year", "year_end", "pages", "released_on") else ""


def _unsay(batch: Import, rows: list[ImportRow]) -> None:
    """What the source is taken to have said, as it was before: reading the same file again finds the same as then."""
    by_key = {row.key: row for row in rows if row.said_before is not None}
    back, gone = [], []
    for record in SourceRecord.objects.filter(source=batch.kind, key__in=by_key):
        row = by_key[record.key]
        if row.said_before == {} and record.said == row.data:
            gone.append(record.pk)
        elif row.said_before and record.said == row.said_before | row.data:
            record.said = row.said_before
            back.append(record)
    SourceRecord.objects.bulk_update(back, ["said"], batch_size=250)
    SourceRecord.objects.filter(pk__in=gone).delete()


def _drop_series(rows: list[ImportRow]) -> None:
    """Series that only this import's records had: nobody wrote anything else about them."""
    titles = {row.data["series"] for row in rows if row.data.get("series")}
    bare = Series.objects.filter(title__in=titles, issn="", frequency="", continues=None, continued_by=None)
    bare.filter(publications=None).delete()
