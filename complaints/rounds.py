"""What happens to complaints by itself: deadlines follow calendar and rules, silence closes, lateness goes up.

Each complaint is a transaction of its own, so that one that fails holds up no other; every step asks again under the lock.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from copy import copy
from datetime import datetime
from typing import Any

from django.db import transaction

from complaints import clocks, notices, visibility
from complaints.models import Complaint
from complaints.models.record import ComplaintQuerySet
from complaints.workflows import ending
from complaints.workflows.changing import locked, wake
from services.audit import trail
from services.audit.actors import SYSTEM
from services.offices.calendar import OfficeCalendar
from services.offices.models import Office

log = logging.getLogger(__name__)


def recompute(at: datetime) -> int:
    """Every running deadline by the calendar and the rules as they are now. Returns how many are another instant."""
    found: dict[int, clocks.Clocks] = {}

    @transaction.atomic
    def one(complaint: Complaint) -> bool:
        row = locked(complaint)
        known = found.setdefault(row.place_id, clocks.Clocks(row.place))
        if not clocks.follow(row, at, known):
            return False
        row.save(update_fields=clocks.FIELDS)
        trail.record(
            "complaint.deadline", row, by=SYSTEM, office_id=row.place_id, at=at, why="calendar or rules"
        )
        wake(row)
        return True

    return _each(Complaint.objects.open(), one)


def reach(rows: ComplaintQuerySet, place: Office, calendar: OfficeCalendar, at: datetime) -> tuple[int, int]:
    """What this calendar would do to these of the office's complaints: how many get another deadline; how many would, were theirs
    not over already."""
    known, moving, kept = clocks.Clocks(place, calendar), 0, 0
    for one in rows.open().filter(place=place):
        if one.due_at is None and one.awaited_until is None:
            continue
        supposed = copy(one)
        moves, differs = clocks.follow(supposed, at, known), clocks.set_all(supposed, at, known)
        moving += moves
        kept += differs and not moves
    return moving, kept


def close_silent(at: datetime) -> int:
    """Those whose complainant's time is over."""
    return _each(Complaint.objects.filter(awaited_until__lte=at), lambda c: ending.auto_close(c, at=at))


def escalate_late(at: datetime) -> int:
    """What is overdue goes up, once for each deadline: to the supervisors, and to the nearest office above that has any."""
    return _each(Complaint.objects.overdue(at).filter(escalated_at=None), lambda c: _escalate(c, at))


@transaction.atomic
def _escalate(complaint: Complaint, at: datetime) -> bool:
    found = locked(complaint)
    if found.escalated_at or not found.is_ours or not found.due_at or found.due_at >= at:
        return False
    above = found.place.parent and visibility.who_handles(found.place.parent, found)
    if above and not visibility.supervisors(above, found):
        above = None
    Complaint.objects.filter(pk=found.pk).update(escalated_at=at, escalated_to=above)
    found.escalated_at, found.escalated_to = at, above
    detail: dict[str, Any] = {"above": above.code} if above else {}
    trail.record("complaint.escalated", found, by=SYSTEM, office_id=found.place_id, at=at, **detail)
    notices.late(found, at=at)
    wake(found)
    return True


def _each(rows: Any, do: Callable[[Complaint], bool]) -> int:
    done = 0
    for pk in list(rows.order_by("pk").values_list("pk", flat=True)):
        try:
            done += do(Complaint(pk=pk))
        except Exception:
            log.exception("Complaint %s", pk)
    return done
