"""What the two pages of mail have in common: tabs with counts, a list that refreshes itself, and what of it is noted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy

from services.accounts.http import Request
from services.audit import trail

LOOKS_ON = timedelta(minutes=30)  # a page that refetches itself is one look, not one a minute
NO_MAIL = (gettext_lazy("Belum ada surat"), "file")
Rooms = Mapping[str, tuple[Any, Iterable[str]]]


def tabs(rooms: Rooms, counts: Mapping[str, int], *, alarm: str) -> list[dict[str, Any]]:
    """`rooms`: by the word in the address, heading and states. `alarm`: the room that should be empty."""
    return [
        {
            "key": key,
            "text": text,
            "count": (n := sum(counts.get(state, 0) for state in states)),
            "alarm": n and key == alarm,
        }
        for key, (text, states) in rooms.items()
    ]


def record_shown(request: Request, rows: list[models.Model], *, why: str) -> None:
    """Who read what. Of a page that refreshes itself only what was not on it yet."""
    trail.record_reads(
        rows,
        by=request.actor,
        office_id=request.office.pk,
        why=why,
        unless_within=LOOKS_ON if request.htmx else None,
    )


def template(request: Request, whole: str) -> str:
    return "panel/_mails.html" if request.htmx else whole
