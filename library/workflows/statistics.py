"""Counting how publications are used: one statement for a whole page or many, no names, and no page fails by it."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from library.later import Later
from library.models import PublicationUse, SearchTally
from services.offices.models import Office

log = logging.getLogger(__name__)
Kind = PublicationUse.Kind
SEARCHES_KEPT = timedelta(days=730)  # pst/privacy/retention.toml says the same
USES_KEPT = timedelta(days=3650)

# Sorted by key: two pages with the same hits lock the rows in one order and never wait for each other. A record that
# has gone meanwhile is not counted.
COUNT = """
    INSERT INTO library_publicationuse (month, office_id, publication_id, kind, times)
    SELECT s.month, s.office, p.id, s.kind, s.times
    FROM unnest(%s::date[], %s::bigint[], %s::bigint[], %s::text[], %s::integer[]) AS s (month, office, publication, kind, times)
    JOIN library_publication p ON p.id = s.publication ORDER BY p.id, s.month, s.office, s.kind
    ON CONFLICT (month, office_id, publication_id, kind)
    DO UPDATE SET times = library_publicationuse.times + excluded.times
"""
Use = tuple[date, int | None, int, str]  # month, office, publication, kind


def month_of(office: Office | None, at: datetime | None = None) -> date:
    """The first day of the office's own month; the catalogue of all offices keeps the capital's time."""
    at = at or timezone.now()
    day = office.today(at) if office else timezone.localdate(at, timezone.get_default_timezone())
    return day.replace(day=1)


def count(
    kind: str, publications: Collection[int], office: Office | None, at: datetime | None = None
) -> None:
    """One more for each of these keys. Whatever goes wrong here, the page or the loan it belongs to goes on."""
    uses = _uses(kind, publications, office, at)
    if not uses:
        return
    try:
        _write(Counter(uses))
    except DatabaseError:
        log.exception("A use was not counted")


def count_later(kind: str, publications: Collection[int], office: Office | None) -> None:
    """The same for what every page of a search counts: written within a second or so."""
    LATER.add(_uses(kind, publications, office))


def _uses(
    kind: str, publications: Collection[int], office: Office | None, at: datetime | None = None
) -> list[Use]:
    month, key, name = month_of(office, at), office.pk if office else None, Kind(kind).value
    return [(month, key, pk, name) for pk in publications]


def _write(uses: Counter[Use]) -> None:
    columns = zip(*((*use, times) for use, times in uses.items()), strict=True)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(COUNT, [list(column) for column in columns])


LATER = Later(_write)


def forget_old(at: datetime | None = None) -> int:
    """Every night: what was sought is of interest for two years, how a publication was used for ten."""
    today = timezone.localdate(at)
    searches, _rows = SearchTally.objects.filter(day__lt=today - SEARCHES_KEPT).delete()
    uses, _rows = PublicationUse.objects.filter(month__lt=today - USES_KEPT).delete()
    return searches + uses
