"""A copy leaves the shelf for another reason than a reader, or comes back to it."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from library.models import Copy, Hold, Loan
from library.workflows.circulation import bring_back
from library.workflows.crossing import patient
from library.workflows.holds import keep_no_more, locked, serve_waiting
from services.audit import trail
from services.audit.actors import Actor
from services.workflow import IllegalMove


@patient
def put_away(copy: Copy, state: str, *, by: Actor, at: datetime | None = None) -> Copy:
    """A copy on the shelf is damaged, lost or withdrawn; or one of those is back on the shelf."""
    copy = locked(copy)
    if copy.state == Copy.State.OUT:
        raise IllegalMove(_("Buku %s masih tercatat di tangan pembaca. Kembalikan dahulu.") % copy)
    if state not in (Copy.State.SHELF, Copy.State.DAMAGED, Copy.State.LOST, Copy.State.WITHDRAWN):
        raise ValueError(state)
    copy.state = state
    copy.save(update_fields=["state"])
    trail.record("copy.state", copy, by=by, office_id=copy.office_id, at=at, state=state)
    if state != Copy.State.SHELF:
        keep_no_more(copy, by=by, at=at)
    serve_waiting(copy, by=by, at=at or timezone.now())
    return copy


def withdraw(copy: Copy, *, by: Actor, at: datetime | None = None) -> Copy:
    """Out of the collection; not while a reader has it."""
    return put_away(copy, Copy.State.WITHDRAWN, by=by, at=at)


@patient
def back(copy: Copy, *, by: Actor, at: datetime | None = None) -> Hold | None:
    """Repaired, found again or no longer withdrawn: on the shelf. One that a reader had lost comes back with its loan.
    Returns the hold that it is now kept for, if somebody waits."""
    copy = locked(copy)
    if copy.state == Copy.State.SHELF:
        raise IllegalMove(_("Buku %s sudah ada di rak.") % copy)
    if copy.state != Copy.State.OUT and copy.loans.filter(state=Loan.State.LOST).exists():
        return bring_back(copy, by=by, at=at)[1]
    put_away(copy, Copy.State.SHELF, by=by, at=at)
    return Hold.objects.filter(copy=copy, state=Hold.State.READY).first()


@patient
def turn_up(copy: Copy, *, by: Actor, at: datetime | None = None) -> Hold | None:
    """It is here: whether a reader had it, a reader lost it, or nobody knew where it was (workflows/stock.py)."""
    copy = locked(copy)
    if copy.state == Copy.State.LOST:
        return back(copy, by=by, at=at)
    return bring_back(copy, by=by, at=at)[1]


@patient
def keep_in_house(copy: Copy, yes: bool, *, by: Actor, at: datetime | None = None) -> Copy:
    """From now on only read in the room, or lent again. A loan that runs is left to run."""
    copy = locked(copy)
    copy.in_house_only = yes
    copy.save(update_fields=["in_house_only"])
    if yes:
        keep_no_more(copy, by=by, at=at)
    serve_waiting(copy, by=by, at=at or timezone.now())
    return copy
