"""What every change of a complaint has in common: the lock, the clocks, the step, the screens that are woken."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from complaints import clocks
from complaints.models import Complaint
from services.audit import trail
from services.audit.actors import Actor
from services.live.publish import COMPLAINTS, publish
from services.workflow import move


def topics(complaint: Complaint) -> tuple[str, ...]:
    """The list of the office, and whoever looks at this one."""
    return COMPLAINTS, f"complaint-{complaint.pk}"


def locked(complaint: Complaint) -> Complaint:
    """The row as it is now, locked until the end of the transaction."""
    rows = Complaint.objects.select_for_update(of=("self",)).select_related("office", "place")
    return rows.get(pk=complaint.pk)


def change(
    complaint: Complaint, to: str, *, by: Actor, at: datetime, why: str = "", **changes: Any
) -> Complaint:
    """Move a locked complaint, with its clocks. Raises IllegalMove."""
    kept = {name: getattr(complaint, name) for name in clocks.FIELDS}
    # What runs in the new state must be known before it is saved: the database holds that nothing runs in the wrong one.
    was = complaint.state
    complaint.state = to
    for name, value in changes.items():
        setattr(complaint, name, value)
    found = clocks.Clocks(complaint.place)
    due, awaited = found.due(complaint), found.awaited(complaint, at)
    complaint.state = was
    moved: dict[str, Any] = {
        "due_at": due.at if due else None,
        "awaited_until": awaited.at if awaited else None,
    }
    moved["escalated_at"] = complaint.escalated_at if moved["due_at"] == kept["due_at"] else None
    done = move(
        complaint, to, by=by, topics=topics(complaint), at=at, why=why, updated_at=at, **moved, **changes
    )
    if done.place_id != done.office_id:
        publish(done.place.code, *topics(done))
    return done


def save(
    complaint: Complaint, fields: list[str], *, action: str, by: Actor, at: datetime, **detail: Any
) -> None:
    """A locked complaint changed, but not its state: its clocks are worked out again."""
    clocks.set_all(complaint, at)
    complaint.updated_at = at
    complaint.save(update_fields=[*fields, *clocks.FIELDS, "updated_at"])
    trail.record(f"complaint.{action}", complaint, by=by, office_id=complaint.place_id, at=at, **detail)
    publish(complaint.place.code, *topics(complaint))
