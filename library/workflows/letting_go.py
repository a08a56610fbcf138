"""What becomes of places in the line when the person goes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from library.models import Copy, Hold
from library.workflows.holds import TOPICS, serve_waiting
from services.audit.actors import Actor
from services.guestbook.merging import IN_USE
from services.guestbook.models import Visitor
from services.workflow import IllegalMove, move


@transaction.atomic
def end_holds_of(people: list[Visitor], *, by: Actor, at: datetime | None = None) -> None:
    """They are being erased, and are locked already: whoever waits next gets what was kept for them. A copy or a place
    in its line that another desk has in hand cannot be waited for, since that desk may wait for these people, or erase
    others who wait for what these had. Raises IllegalMove then."""
    at = at or timezone.now()
    open_holds = Hold.objects.filter(visitor__in=people, state__in=(Hold.State.WAITING, Hold.State.READY))
    holds = list(open_holds.select_for_update(of=("self",)).order_by("pk"))
    kept = Copy.objects.filter(pk__in=[asked.copy_id for asked in holds if asked.copy_id])
    copies = _now(kept.select_related("office"))
    for copy in copies:
        _now(
            Hold.objects.filter(
                publication=copy.publication_id, office=copy.office_id, state=Hold.State.WAITING
            )
        )
    for asked in holds:
        move(asked, Hold.State.CANCELLED, by=by, at=at, topics=TOPICS)
    for copy in copies:
        serve_waiting(copy, by=by, at=at)


def _now(rows: QuerySet[Any]) -> list[Any]:
    """Locked without waiting for anybody."""
    locked = list(rows.select_for_update(of=("self",), skip_locked=True).order_by("pk"))
    if len(locked) < rows.count():
        raise IllegalMove(str(IN_USE))
    return locked
