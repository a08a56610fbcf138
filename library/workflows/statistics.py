"""Counting how publications are used: one statement for a whole page, no names, and no page fails by it."""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

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
    SELECT %s, %s, p.id, %s, 1 FROM library_publication p WHERE p.id = ANY(%s) ORDER BY p.id
    ON CONFLICT (month, office_id, publication_id, kind)
    DO UPDATE SET times = library_publicationuse.times + 1
"""


def month_of(office: Office | None, at: datetime | None = None) -> date:
    """The first day of the office's own month; the catalogue of all offices keeps the capital's time."""
    at = at or timezone.now()
    day = office.today(at) if office else timezone.localdate(at, timezone.get_default_timezone())
    return day.replace(day=1)


def count(
    kind: str, publications: Collection[int], office: Office | None, at: datetime | None = None
) -> None:
    """One more for each of these keys. Whatever goes wrong here, the page or the loan it belongs to goes on."""
    if not publications:
        return
    params = [month_of(office, at), office.pk if office else None, Kind(kind).value, list(publications)]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(COUNT, params)
    except DatabaseError:
        log.exception("A use was not counted")


def forget_old(at: datetime | None = None) -> int:
    """Every night: what was sought is of interest for two years, how a publication was used for ten."""
    today = timezone.localdate(at)
    searches, _rows = SearchTally.objects.filter(day__lt=today - SEARCHES_KEPT).delete()
    uses, _rows = PublicationUse.objects.filter(month__lt=today - USES_KEPT).delete()
    return searches + uses
