"""What somebody has open when they stop working in an office, and handing it to a colleague in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from complaints.models import Complaint
from complaints.workflows import handling
from consultation.models import Consultation
from consultation.workflows import assigning
from queueing.models import Counter
from queueing.workflows import counters
from services.accounts import staff
from services.accounts.models import Membership, User
from services.audit.actors import Actor
from services.workflow import IllegalMove

# Where the officer's name is what somebody waits for. One that was answered keeps it: it says who answered.
THEIRS = ("submitted", "assigned", "reopened", "waiting")


@dataclass(frozen=True)
class Open:
    """Of one person in one office."""

    counters: list[Counter]
    consultations: list[Consultation]
    complaints: list[Complaint]

    @property
    def to_hand_over(self) -> int:
        return len(self.consultations) + len(self.complaints)

    def __bool__(self) -> bool:
        return bool(self.counters or self.to_hand_over)


def open_of(membership: Membership) -> Open:
    user, office = membership.user_id, membership.office_id
    handled = Complaint.objects.filter(place=office, handler=user, state__in=(*Complaint.OURS, "incomplete"))
    return Open(
        list(Counter.objects.filter(office=office, officer=user)),
        list(Consultation.objects.filter(office=office, officer=user, state__in=THEIRS).order_by("pk")),
        list(handled.order_by("pk")),
    )


@transaction.atomic
def let_go(membership: Membership, *, to: User | None, by: Actor) -> None:
    """All that is open goes to the colleague, the counter is left, the role ends; or nothing of it. Raises IllegalMove, also
    NotTheirs and NotOfThisOffice of what may not go to that colleague."""
    left = open_of(membership)
    if left.to_hand_over and to is None:
        raise StillOpen
    for consultation in left.consultations:
        assigning.assign(consultation, to, by=by)  # type: ignore[arg-type]
    for complaint in left.complaints:
        handling.assign(complaint, to, by=by)  # type: ignore[arg-type]
    if left.counters:
        _leave(left.counters, membership.user_id)
    staff.let_go(membership, by=by)


def _leave(rows: list[Counter], user_id: int) -> None:
    """As if they left the seat themselves: nobody may stand there."""
    for row in rows:
        counters.leave_seat(row, by=Actor("officer", user_id=user_id))


class StillOpen(IllegalMove):
    """Somebody has to take over first."""
