"""What another calendar would do to deadlines that run: shown before a day that is over is changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from complaints import rounds as complaints
from complaints import visibility
from consultation import rounds as consultations
from services.audit.actors import Actor
from services.offices.calendar import OfficeCalendar
from services.offices.models import CalendarDay, Office


@dataclass(frozen=True)
class Reach:
    """`moving`: deadlines that still run and would be other ones; `kept`: those that are over, and stay missed or kept."""

    moving: int
    kept: int


def of_day(office: Office, row: CalendarDay, *, by: Actor, at: datetime) -> Reach:
    """As far as whoever looks may know of them: nothing of a complaint about themselves."""
    calendar = OfficeCalendar(office).suppose(row)
    parts = (
        consultations.reach(office, calendar, at),
        complaints.reach(visibility.of_officer(by, office), office, calendar, at),
    )
    return Reach(sum(moving for moving, _kept in parts), sum(kept for _moving, kept in parts))
