"""Who has the guest book in hand right now, on the phone or the tablet: called then, nobody is skipped for it.

The page says so every minute while it is open; a page that was left says nothing any more.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from services.guestbook.models import Visit
from services.live.publish import VISITS, publish

LASTS = timedelta(minutes=3)
AGAIN = timedelta(seconds=45)


def seen_open(visit: Visit, channel: str, at: datetime | None = None) -> None:
    """The empty guest book stands on this screen. The desk is told when that begins, not every minute."""
    at = at or timezone.now()
    before = open_on(visit, at)
    if before == channel and visit.book_open_at and at - visit.book_open_at < AGAIN:
        return
    empty = Visit.objects.filter(pk=visit.pk, guest_book_at=None, ended_at=None)
    with transaction.atomic():
        if empty.update(book_open_at=at, book_open_on=channel) and before != channel:
            publish(visit.office.code, VISITS)


def open_on(visit: Visit, at: datetime | None = None) -> str:
    """The channel, or "" when nobody fills it in."""
    if visit.guest_book_at or visit.ended_at or not visit.book_open_at:
        return ""
    return visit.book_open_on if (at or timezone.now()) - visit.book_open_at < LASTS else ""
