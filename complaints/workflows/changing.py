"""What every change of a complaint has in common: the lock, the clocks, the step, the screens that are woken."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.crypto import salted_hmac

from complaints import clocks
from complaints.models import Complaint
from services.audit import trail
from services.audit.actors import Actor
from services.live.publish import COMPLAINTS, publish
from services.workflow import move


def topic(complaint: Complaint) -> str:
    """Of whoever looks at this one; says neither which it is nor how many there are."""
    return f"complaint-{salted_hmac('complaints.live', str(complaint.pk)).hexdigest()[:20]}"


def topics(complaint: Complaint) -> tuple[str, ...]:
    """The list of the office, and whoever looks at this one."""
    return COMPLAINTS, topic(complaint)


def wake(complaint: Complaint) -> None:
    """The screens of those who handle it, and of those above who were told; not of the office it is about."""
    for place in {complaint.place, complaint.escalated_to or complaint.place}:
        publish(place.code, *topics(complaint))


def locked(complaint: Complaint) -> Complaint:
    """The row as it is now, locked until the end of the transaction."""
    return hold([complaint.pk])[complaint.pk]


def hold(pks: Iterable[int]) -> dict[int, Complaint]:
    """These rows, locked in the one order in which several of them are ever locked."""
    rows = Complaint.objects.select_for_update(of=("self",)).select_related("office", "place", "escalated_to")
    return {row.pk: row for row in rows.filter(pk__in=set(pks)).order_by("pk")}


def with_linked(complaint: Complaint) -> tuple[Complaint, list[Complaint]]:
    """It and those linked to it, all locked. One that is linked in this very moment is not among them."""
    linked = Complaint.objects.filter(duplicate_of=complaint.pk).values_list("pk", flat=True)
    rows = hold([complaint.pk, *linked])
    found = rows.pop(complaint.pk)
    return found, [row for row in rows.values() if row.duplicate_of_id == found.pk]


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
    # Taken up, or let go: the same deadline goes on.
    same = {was, to} <= set(Complaint.OURS) and not clocks.CLOCKED & set(changes)
    moved: dict[str, Any] = {
        "due_at": clocks.held(kept["due_at"], due.at, at) if due and same else due.at if due else None,
        "awaited_until": awaited.at if awaited else None,
    }
    moved["escalated_at"] = complaint.escalated_at if moved["due_at"] == kept["due_at"] else None
    done = move(complaint, to, by=by, topics=(), at=at, why=why, updated_at=at, **moved, **changes)
    wake(done)
    return done


def save(
    complaint: Complaint, fields: list[str], *, action: str, by: Actor, at: datetime, **detail: Any
) -> None:
    """A locked complaint changed, but not its state: its clocks are worked out again."""
    (clocks.set_all if clocks.CLOCKED & set(fields) else clocks.follow)(complaint, at)
    complaint.updated_at = at
    complaint.save(update_fields=[*fields, *clocks.FIELDS, "updated_at"])
    trail.record(f"complaint.{action}", complaint, by=by, office_id=complaint.place_id, at=at, **detail)
    wake(complaint)
