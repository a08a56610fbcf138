"""What every change of a consultation has in common: the lock, the clocks, the step, the screens that are woken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from consultation import clocks
from consultation.models import Consultation
from services.audit.actors import Actor
from services.live.publish import CONSULTATIONS
from services.offices.calendar import OfficeCalendar
from services.workflow import move

Clock = Callable[[Consultation], object]


def topics(consultation: Consultation) -> tuple[str, ...]:
    """The list of the office, and whoever looks at this one."""
    return CONSULTATIONS, f"consultation-{consultation.pk}"


def locked(consultation: Consultation) -> Consultation:
    """The row as it is now, locked until the end of the transaction."""
    rows = Consultation.objects.select_for_update(of=("self",)).select_related("office", "standard")
    return rows.get(pk=consultation.pk)


def standing_for(consultation: Consultation) -> Consultation:
    """The one in which it goes on, where it was merged into another."""
    found = consultation
    while found.merged_into_id:
        found = Consultation.objects.get(pk=found.merged_into_id)
    return found


def locked_standing_for(consultation: Consultation) -> Consultation:
    """The same, locked; a merge that was done while we waited for the lock is followed."""
    found = locked(standing_for(consultation))
    while found.merged_into_id:
        found = locked(standing_for(found))
    return found


def calendar_of(consultation: Consultation) -> OfficeCalendar:
    return OfficeCalendar(consultation.office)


def change(
    consultation: Consultation,
    to: str,
    *,
    by: Actor,
    at: datetime,
    clock: Clock | None = None,
    why: str = "",
    **changes: Any,
) -> Consultation:
    """Move a locked consultation, with its clocks. Raises IllegalMove."""
    before = {name: getattr(consultation, name) for name in clocks.FIELDS}
    if clock:
        clock(consultation)
    set_now = {name: getattr(consultation, name) for name in clocks.FIELDS}
    for name, value in before.items():
        setattr(consultation, name, value)
    return move(
        consultation,
        to,
        by=by,
        topics=topics(consultation),
        at=at,
        why=why,
        updated_at=at,
        **set_now,
        **changes,
    )
