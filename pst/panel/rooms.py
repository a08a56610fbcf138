"""What the pages of mail and WhatsApp have in common: tabs with counts, a list that refreshes itself, what of it is noted, and
what is done with a message that did not go out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.db import models
from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy

from complaints import visibility
from services.accounts.http import Request
from services.audit import trail
from services.responses import changed
from services.workflow import IllegalMove

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


def shown_to(request: Request, rows: models.QuerySet) -> models.QuerySet:
    """Messages that go out, but for those about complaints which this supervisor may not read (docs/decisions/038)."""
    return visibility.told_of(rows, request.user, request.office, request.role or "")


def record_shown(request: Request, rows: list[models.Model], *, why: str) -> None:
    """Who read what. Of a page that refreshes itself only what was not on it yet."""
    trail.record_reads(
        rows,
        by=request.actor,
        office_id=request.office.pk,
        why=why,
        unless_within=LOOKS_ON if request.htmx else None,
    )


def again_or_drop(
    request: Request,
    row: Any,
    *,
    page: str,
    again: Callable[..., Any],
    drop: Callable[..., Any],
    told: Mapping[str, str],
) -> HttpResponse:
    """`do`: again, or drop; back to the room the message stood in. One that somebody else has dealt with by now is told in words.
    `told`: what is said when it is done."""
    do = request.POST.get("do", "")
    act = {"again": again, "drop": drop}.get(do)
    if act is None:
        raise Http404
    back = f"{page}?status={'menunggu' if row.state == 'waiting' else 'gagal'}"
    try:
        act(row, by=request.actor)
    except IllegalMove as problem:
        return changed(request, back, str(problem), level="error")
    return changed(request, back, told[do])


def template(request: Request, whole: str) -> str:
    return "panel/_mails.html" if request.htmx else whole
