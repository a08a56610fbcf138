"""What was written on paper and typed in afterwards, with its true times: slips of a power cut (domain.md §8.5) and
paper guest books (BT step 3 "app or paper"). Counted as visits; their promise is not (docs/decisions/017)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from services.audit import trail
from services.audit.actors import Actor
from services.guestbook import clocks
from services.guestbook.models import Visit, VisitService
from services.guestbook.workflows import origin_of
from services.live.publish import VISITS, publish
from services.offices.models import Service
from services.workflow import add_step

WHY = "paper"
# outcome → state of the service received, and how the visit ended; every other outcome: they are still here
ENDS = {"served": ("done", Visit.EndReason.FINISHED), "left": ("cancelled", Visit.EndReason.LEFT)}


@dataclass(frozen=True, kw_only=True)
class Written:
    """What stands on the paper, as aware instants. `outcome`: served or left, with the times that belong to it, or
    somebody who is still here."""

    service: Service
    day: date
    arrived: datetime
    outcome: str
    began: datetime | None = None
    ended: datetime | None = None
    people: int = 1

    @property
    def state(self) -> str:
        return ENDS[self.outcome][0] if self.outcome in ENDS else "serving" if self.began else "waiting"


def enter(written: Written, *, submission: str, by: Actor, at: datetime | None = None) -> Visit:
    """A visit without a number. The same `submission` with the same words gives the same visit."""
    office = written.service.office
    origin = origin_of(office, sent(written, submission))
    try:
        with transaction.atomic():
            if existing := office.visits.filter(origin=origin).first():
                return existing
            received = store(written, reason=clocks.MANUAL_ENTRY, why=WHY, by=by, origin=origin, at=at)
            trail.record("visit.entered", received.visit, by=by, office_id=office.pk, day=str(written.day))
            publish(office.code, VISITS)
            return received.visit
    except IntegrityError:  # a double tap's first request was faster
        return office.visits.get(origin=origin)


def sent(written: Written, submission: str) -> str:
    """A page gone "back" to has the same key, and may tell of another visit: what was written belongs to the key."""
    words = (getattr(written, field.name) for field in fields(written))
    said = "\0".join(str(word.pk if isinstance(word, Service) else word) for word in words)
    return hashlib.sha256(f"{submission}\0{said}".encode()).hexdigest()


def store(
    written: Written,
    *,
    reason: str,
    why: str,
    by: Actor,
    number: str = "",
    origin: str | None = None,
    at: datetime | None = None,
) -> VisitService:
    """The visit, the service received and their traces. `reason`: why the promise is not counted. In a transaction."""
    service = written.service
    visit = Visit.objects.create(
        office=service.office, day=written.day, arrived_at=written.arrived, party_size=written.people,
        origin=origin, entered_at=at or timezone.now(), ended_at=written.ended,
        end_reason=ENDS[written.outcome][1] if written.outcome in ENDS else "",
    )  # fmt: skip
    received = VisitService(
        visit=visit, office=service.office, service=service, standard=service.standard_at(written.arrived),
        number=number, started_at=written.began, ended_at=written.ended if written.outcome == "served" else None,
    )  # fmt: skip
    clocks.wind(received, written.arrived)
    clocks.exclude(received, reason)
    received.state = written.state
    received.save()
    trace(received, ["waiting", "serving", "done"], written, why=why, by=by)
    happened = [("ticket", written.arrived)] if number else []
    if written.ended:
        happened += [("service", written.ended)] if written.outcome == "served" else []
        happened += [("finish", written.ended)]
        for kind, when in happened:
            visit.steps.create(kind=kind, at=when, by_user_id=by.user_id, note=why)
    return received


def trace(subject: Any, way: list[str], written: Written, *, why: str, by: Actor) -> None:
    """The rows a subject would have had, each at its true time, by whoever typed it in."""
    final = subject.state
    rows: list[tuple[str, datetime | None]] = [(way[0], written.arrived)]
    if written.outcome == "left":
        rows.append((final, written.ended))
    else:
        rows += [(state, at) for state, at in ((way[1], written.began), (way[2], written.ended)) if at]
    for state, at in rows:
        assert at is not None
        subject.state = state
        add_step(subject, by=by, at=at, why=why)
