"""What somebody has open when they stop working in an office, and handing it to a colleague in the same transaction.

A complaint that whoever ends it may not read (it is about them) is not shown, counted or handed on by them: it is put down, and
the others who read it see it without a hand (docs/decisions/038)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from complaints import visibility
from complaints.models import Complaint
from complaints.workflows import handling
from consultation.models import Consultation
from consultation.workflows import assigning
from queueing.models import Counter
from queueing.workflows import counters
from services.accounts import staff
from services.accounts.models import Membership, Role, User
from services.audit.actors import Actor
from services.workflow import IllegalMove

# Where the officer's name is what somebody waits for. One that was answered keeps it: it says who answered.
THEIRS = ("submitted", "assigned", "reopened", "waiting")


@dataclass(frozen=True)
class Open:
    """Of one person in one office. `unseen`: complaints that whoever looks may not know of."""

    counters: list[Counter]
    consultations: list[Consultation]
    complaints: list[Complaint]
    unseen: list[Complaint]

    @property
    def to_hand_over(self) -> int:
        return len(self.consultations) + len(self.complaints)

    def __bool__(self) -> bool:
        return bool(self.counters or self.to_hand_over)


def open_of(membership: Membership, *, by: Actor) -> Open:
    """As `by` may see it."""
    user, office = membership.user_id, membership.office_id
    handled = Complaint.objects.filter(place=office, handler=user, state__in=(*Complaint.OURS, "incomplete"))
    may = set(visibility.of_officer(by, membership.office).values_list("pk", flat=True))
    complaints = list(handled.order_by("pk"))
    return Open(
        list(Counter.objects.filter(office=office, officer=user)),
        list(Consultation.objects.filter(office=office, officer=user, state__in=THEIRS).order_by("pk")),
        [row for row in complaints if row.pk in may],
        [row for row in complaints if row.pk not in may],
    )


@transaction.atomic
def let_go(membership: Membership, *, to: User | None, by: Actor) -> None:
    """All that is open goes to the colleague, the counter is left, the role ends; or nothing of it. Raises IllegalMove, also
    NotTheirs and NotOfThisOffice of what may not go to that colleague."""
    left = open_of(membership, by=by)
    if left.to_hand_over and to is None:
        raise StillOpen
    for consultation in left.consultations:
        assigning.assign(consultation, to, by=by)  # type: ignore[arg-type]
    for complaint in left.complaints:
        handling.assign(complaint, to, by=by)  # type: ignore[arg-type]
    for complaint in left.unseen:
        handling.put_down(complaint, by=by)
    if left.counters:
        _leave(left.counters, membership.user_id)
    staff.let_go(membership, by=by)
    handling.up_where_nobody_is_left(membership.office, by=by)


@transaction.atomic
def give_role(membership: Membership, role: str, *, by: Actor) -> None:
    """Raises IllegalMove. What no supervisor who is left may read goes up."""
    staff.give_role(membership, role, by=by)
    if role != Role.SUPERVISOR:
        handling.up_where_nobody_is_left(membership.office, by=by)


def _leave(rows: list[Counter], user_id: int) -> None:
    """As if they left the seat themselves: nobody may stand there."""
    for row in rows:
        counters.leave_seat(row, by=Actor("officer", user_id=user_id))


class StillOpen(IllegalMove):
    """Somebody has to take over first."""
