"""A power cut, a dead network, an evacuation: the promises that ran meanwhile are not counted (docs/decisions/017)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Least
from django.utils import timezone

from services.audit import trail
from services.audit.actors import Actor
from services.guestbook import clocks
from services.guestbook.models import Interruption, VisitService
from services.live.publish import QUEUE, VISITS, publish
from services.offices.models import Office

MOST_LISTED = 50
Result = VisitService.Result


@transaction.atomic
def record(
    *,
    office: Office,
    kind: str,
    started_at: datetime,
    ended_at: datetime,
    by: Actor,
    note: str = "",
    at: datetime | None = None,
) -> Interruption:
    """Write it down, and exclude every promise of the office that was running in that time.

    Every one: running, kept or missed alike. To take out only the late ones would be to pick the cherries. What was
    broken before it began stays broken. The same one sent twice is one.
    """
    Office.objects.select_for_update(no_key=True).get(pk=office.pk)
    known = office.interruptions.filter(
        kind=kind, started_at=started_at, ended_at=ended_at, withdrawn_at=None
    )
    if existing := known.first():
        return existing
    interruption = Interruption.objects.create(
        office=office, kind=kind, started_at=started_at, ended_at=ended_at, note=note,
        recorded_by_id=by.user_id, recorded_at=at or timezone.now(),
    )  # fmt: skip
    changed = _settle(interruption)
    trail.record(
        "interruption.recorded", interruption, by=by, office_id=office.pk, at=at, kind=kind, promises=changed
    )
    return interruption


@transaction.atomic
def withdraw(interruption: Interruption, *, by: Actor, at: datetime | None = None) -> Interruption:
    """It was entered by mistake: each promise gets the result that its own times tell, unless another interruption
    covers it too. A second tap changes nothing."""
    Office.objects.select_for_update(no_key=True).get(pk=interruption.office_id)
    interruption = Interruption.objects.select_related("office").get(pk=interruption.pk)
    if interruption.withdrawn_at:
        return interruption
    interruption.withdrawn_at = at or timezone.now()
    interruption.save(update_fields=["withdrawn_at"])
    changed = _settle(interruption)
    trail.record(
        "interruption.withdrawn",
        interruption,
        by=by,
        office_id=interruption.office_id,
        at=at,
        promises=changed,
    )
    return interruption


def _settle(interruption: Interruption) -> int:
    """Give every promise that ran meanwhile the result it has by the interruptions that stand now. How many changed."""
    office = interruption.office
    rows = list(_touched(interruption).select_for_update(of=("self",)).order_by("pk"))
    standing = office.interruptions.filter(withdrawn_at=None).order_by("id")
    if rows:
        first, last = min(_span(r)[0] for r in rows), max(_span(r)[1] for r in rows)
        standing = standing.filter(started_at__lt=last, ended_at__gt=first)
    others = list(standing) if rows else []
    changed = []
    for received in rows:
        was = received.clock_result, received.clock_reason
        cause = next((i for i in others if _overlap(i, *_span(received))), None)
        clocks.settle(received, cause.kind if cause else "")
        if (received.clock_result, received.clock_reason) != was:
            changed.append(received)
    VisitService.objects.bulk_update(changed, ["clock_result", "clock_reason"])
    publish(office.code, QUEUE, VISITS)
    return len(changed)


def settle_again(received: VisitService) -> None:
    """A promise that waits for its end may span what had ended before: it was lengthened, begins earlier than now or
    runs again because something was taken back. As if all that stands were recorded only now. Saves."""
    if received.clock_started_at is None or received.clock_stopped_at or clocks.never_counted(received):
        return
    started, over = _span(received)
    standing = received.office.interruptions.filter(
        withdrawn_at=None, started_at__lt=over, ended_at__gt=started
    )
    cause = standing.order_by("id").first()
    clocks.settle(received, cause.kind if cause else "")
    received.save(update_fields=["clock_result", "clock_reason"])


def _touched(interruption: Interruption) -> QuerySet[VisitService]:
    """Promises that ran while it lasted: until they were served or broken, whichever came first. Those that are not
    counted for another reason (left, from paper) stay as they are."""
    counted = Q(clock_result__in=(Result.RUNNING, Result.KEPT, Result.MISSED))
    taken_out = Q(clock_result=Result.EXCLUDED, clock_reason__in=Interruption.Kind.values)
    ran = VisitService.objects.filter(counted | taken_out, office=interruption.office)
    return ran.alias(over=Least("clock_stopped_at", "clock_due_at")).filter(
        clock_started_at__lt=interruption.ended_at, over__gt=interruption.started_at
    )


def _span(received: VisitService) -> tuple[datetime, datetime]:
    started, due = received.clock_started_at, received.clock_due_at
    assert started is not None
    assert due is not None
    return started, min(received.clock_stopped_at or due, due)


def _overlap(interruption: Interruption, started: datetime, over: datetime) -> bool:
    return started < interruption.ended_at and over > interruption.started_at


@dataclass(frozen=True)
class Listed:
    """A line of the supervisor's list. `promises`: how many are not counted because of it (or of one beside it)."""

    interruption: Interruption
    promises: int


def promises(interruption: Interruption) -> int:
    """How many are not counted because of it."""
    return sum(_overlap(interruption, *s) for s in _excluded_spans(interruption.office, [interruption]))


def listed(office: Office) -> list[Listed]:
    """The last ones, with what they cost; two queries."""
    found = list(office.interruptions.select_related("recorded_by")[:MOST_LISTED])
    spans = _excluded_spans(office, found)
    return [Listed(i, 0 if i.withdrawn_at else sum(_overlap(i, *span) for span in spans)) for i in found]


def _excluded_spans(office: Office, found: Sequence[Interruption]) -> list[tuple[datetime, datetime]]:
    if not found:
        return []
    rows = VisitService.objects.filter(
        office=office, clock_result=Result.EXCLUDED, clock_reason__in=Interruption.Kind.values,
        clock_started_at__lt=max(i.ended_at for i in found),
        clock_due_at__gt=min(i.started_at for i in found),
    )  # fmt: skip
    return [_span(received) for received in rows]
