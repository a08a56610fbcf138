"""Taking back what an officer has just done: the last action, within seconds, while nothing else has happened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from queueing.models import Counter, DeskAction, Ticket
from queueing.workflows.clocks import is_away, nobody_is_first, see_to_the_first
from services import recording
from services.audit import trail
from services.audit.actors import Actor
from services.guestbook import clocks, interruptions
from services.guestbook import workflows as visits
from services.guestbook.models import Visit, VisitService, VisitStep
from services.live.publish import QUEUE, VISITS, publish
from services.offices.models import Office
from services.workflow import IllegalMove, add_step

UNDO_SECONDS = 30
KEEP = timedelta(days=1)

P = ParamSpec("P")
R = TypeVar("R")


class TooLate(IllegalMove):
    """It can never be taken back any more, whatever the officer does."""


def undoable(kind: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Remember what this action of an officer changed. An action inside another belongs to the outer one."""

    def decorate(action: Callable[P, R]) -> Callable[P, R]:
        @wraps(action)
        def run(*args: P.args, **more: P.kwargs) -> R:
            by: Any = more["by"]
            if recording.active() or by.user_id is None:
                return action(*args, **more)
            more["at"] = more.get("at") or timezone.now()
            with transaction.atomic(), recording.recording() as noted:
                result = action(*args, **more)
                _remember(kind, noted, by=by, at=more["at"])  # type: ignore[arg-type]
            return result

        return run

    return decorate


def _remember(kind: str, noted: dict, *, by: Actor, at: datetime) -> None:
    pks: dict[str, list[int]] = {}
    for label, pk in noted:
        pks.setdefault(label, []).append(pk)
    tickets, visits = pks.get("queueing.ticket", []), pks.get("guestbook.visit", [])
    services = pks.get("guestbook.visitservice", [])
    if not tickets and not visits and not services:
        return
    ticket = Ticket.objects.filter(pk=tickets[-1]).select_related("counter").first() if tickets else None
    if ticket:
        office, label = ticket.office_id, str(ticket)
    else:  # a reader in the room: the ticket was over when the service began
        visit = Visit.objects.get(pk=visits[-1]) if visits else Visit.objects.get(services=services[-1])
        office, label = visit.office_id, visit.number
    DeskAction.objects.create(
        office_id=office, officer_id=by.user_id or 0, kind=kind, label=label, at=at,
        changes=[list(change) for change in recording.finished(noted)],
        counter=Counter.objects.filter(office=office, officer=by.user_id).first(),
    )  # fmt: skip


def last_action(office: Office, user_id: int, now: datetime | None = None) -> DeskAction | None:
    """What this officer did last here, while it can still be taken back."""
    now = now or timezone.now()
    newest = DeskAction.objects.filter(office=office, officer=user_id).order_by("-at", "-pk").first()
    fresh = newest and newest.undone_at is None and newest.at >= now - timedelta(seconds=UNDO_SECONDS)
    return newest if fresh else None


def seconds_left(action: DeskAction, now: datetime | None = None) -> int:
    """How long the button still stands there."""
    gone = (now or timezone.now()) - action.at
    return max(1, UNDO_SECONDS - int(gone.total_seconds()))


@transaction.atomic
def undo(action: DeskAction, *, by: Actor, at: datetime | None = None) -> DeskAction:
    """Everything the action changed is as it was before. Raises IllegalMove when the time is up, when a newer
    action stands before it, or when somebody has gone on with one of these people since."""
    at = at or timezone.now()
    action = DeskAction.objects.select_for_update(of=("self",)).select_related("office").get(pk=action.pk)
    if (newest := last_action(action.office, by.user_id or 0, at)) is None or newest.pk != action.pk:
        raise TooLate(_("Tindakan ini tidak dapat diurungkan lagi."))
    changes = [recording.Change(*change) for change in action.changes]
    _lock_in_order(action.office, changes, by.user_id)
    rows = recording.put_back(changes)
    if rows is None:
        raise TooLate(_("Sudah ada tindakan lain sesudahnya, jadi tidak dapat diurungkan."))
    if any(isinstance(r, VisitService) and r.state != "done" and r.ratings.exists() for r in rows.values()):
        raise TooLate(_("Layanan ini sudah dinilai, jadi tidak dapat diurungkan."))
    for row in rows.values():
        if isinstance(row, VisitService):
            if row.visit.guest_book_at and not is_away(row):  # signed since, or another's book until then
                clocks.start(row, "guest_book", max(row.visit.guest_book_at, row.visit.arrived_at))
            interruptions.settle_again(row)
    for change in changes:
        _trace(change, rows[change.model, change.pk], by=by, at=at)
    for row in list(rows.values()):
        if isinstance(row, Ticket):
            ticket = Ticket.objects.select_related("office").get(pk=row.pk)
            if ticket.state in Ticket.AT_COUNTER:
                nobody_is_first(ticket, action.at)
            see_to_the_first(ticket, at)
    action.undone_at = at
    action.save(update_fields=["undone_at"])
    trail.record(f"undo.{action.kind}", action, by=by, office_id=action.office_id, at=at, label=action.label)
    publish(action.office.code, QUEUE, VISITS)
    return action


def give_up(action: DeskAction) -> None:
    """It cannot be taken back any more: not offered again."""
    DeskAction.objects.filter(pk=action.pk, undone_at=None).update(undone_at=timezone.now())


def nothing_before_this(office: Office, user_id: int | None) -> None:
    """The officer did something that cannot be taken back: what they did before it is not offered any more, or the
    button would take back another thing than the last."""
    if user_id and (action := last_action(office, user_id)):
        give_up(action)


def _returned_to(changes: list[recording.Change], tickets: list[int]) -> list[int]:
    """The counters at which somebody would stand again."""
    now_at = dict(Ticket.objects.filter(pk__in=tickets).values_list("pk", "counter_id"))
    back = [c for c in changes if c.pk in now_at and c.before.get("state") in Ticket.AT_COUNTER]
    found = [c.before.get("counter_id", now_at[c.pk]) for c in back if c.model == "queueing.ticket"]
    return [pk for pk in found if pk is not None]


def _lock_in_order(office: Office, changes: list[recording.Change], by: int | None) -> None:
    """Counters, then visits, before tickets and services: as every action at the desk does."""
    tickets = [c.pk for c in changes if c.model == "queueing.ticket"]
    back_at = {c.before.get("counter_id") for c in changes if c.model == "queueing.ticket"}
    now_at = set(Ticket.objects.filter(pk__in=tickets).values_list("counter_id", flat=True))
    counters = [pk for pk in back_at | now_at if pk is not None]
    list(Counter.objects.select_for_update(no_key=True).filter(pk__in=counters).order_by("pk"))
    services = [c.pk for c in changes if c.model == "guestbook.visitservice"]
    steps = [c.pk for c in changes if c.model == "guestbook.visitstep"]
    theirs = Q(services__ticket__in=tickets) | Q(services__in=services) | Q(steps__in=steps)
    visits = office.visits.filter(theirs).order_by("pk").values_list("pk", flat=True)
    list(office.visits.select_for_update(no_key=True).filter(pk__in=list(visits)).order_by("pk"))
    for counter in Counter.objects.filter(pk__in=_returned_to(changes, tickets)):
        if counter.paused_at or counter.officer_id != by:
            raise IllegalMove(_("%s sedang jeda atau bukan lagi loket Anda.") % counter)
    taken = Ticket.objects.at_counter().filter(counter__in=counters).exclude(pk__in=tickets)
    if (other := taken.first()) is not None:
        raise IllegalMove(_("%s sudah di loket itu, jadi tidak dapat diurungkan.") % other)


def _trace(change: recording.Change, row: Any, *, by: Actor, at: datetime) -> None:
    """Nothing is rubbed out: what was taken back stands in the trace as such."""
    if isinstance(row, VisitStep):
        earlier = row.visit.steps.filter(kind=row.kind, pk__lt=row.pk).last()
        outcome = earlier.outcome if earlier else VisitStep.Outcome.UNDONE
        VisitStep.objects.create(
            visit_id=row.visit_id, kind=row.kind, outcome=outcome, at=at, by_user_id=by.user_id, note="undo"
        )
    elif change.added:  # the service somebody was passed on to
        visits.cancel_service(row, why="undo", by=by, at=at)
    elif "state" in change.before and change.before["state"] != change.after["state"]:
        if change.before["state"] not in row.UNDO.get(change.after["state"], set()):
            raise IllegalMove(_("Tindakan ini tidak dapat diurungkan lagi."))
        add_step(row, by=by, at=at, why="undo")


def forget_old_actions(now: datetime | None = None) -> int:
    """They hold nothing that the traces do not hold as well; after a day nobody can take them back any more."""
    return DeskAction.objects.filter(at__lt=(now or timezone.now()) - KEEP).delete()[0]
