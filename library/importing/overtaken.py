"""A desk that entered, while an import was being applied, a book which the import brings too."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Upper

from library.importing.match import same_edition
from library.models import Import, ImportRow, Publication

CLOCKS_DIFFER = timedelta(minutes=1)  # between the worker's machine and the web's


def entered_meanwhile(batch: Import, since: datetime) -> bool:
    """Whether one of its new records is there twice now. Inside its transaction, when desks enter no more."""
    entered = Publication.objects.filter(
        source=Publication.Source.DESK, created_at__gte=since - CLOCKS_DIFFER
    ).select_related("region")
    return any(
        same_edition(row.data, book)
        for book in entered.defer("search", "abstract")
        for row in _like(batch, book)
    )


def _like(batch: Import, book: Publication) -> QuerySet[ImportRow]:
    same = Q(upper=Upper(Value(book.title)))
    if book.isbn:
        same |= Q(publication__isbn=book.isbn)
    if book.catalogue_number:
        same |= Q(publication__catalogue_number=book.catalogue_number, publication__year=book.year)
    rows = batch.rows.filter(outcome=ImportRow.Outcome.NEW).alias(upper=Upper("publication__title"))
    return rows.filter(same)
