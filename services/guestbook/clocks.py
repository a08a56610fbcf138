"""The promise of the standard: a clock per service received, from its start event to the start of service.

Start events (requirement rows 36 and 37):
  guest_book         the guest book is filled in ("5 menit setelah mengisi buku tamu")
  previous_finished  the person before in the queue has finished; first in line: from the ticket
  ticket, arrival    the ticket was taken, the visitor came in
Limits are elapsed minutes; a break in which by the roster nobody serves is passed over (docs/decisions/017). Every due
time is made by `due`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from services.guestbook.models import Interruption, Visit, VisitService
from services.offices.calendar import roster_break
from services.offices.models import Office
from services.recording import about_to_change

Result = VisitService.Result
RUNNING_FIELDS = ("clock_started_at", "clock_due_at", "clock_over_break", "clock_result", "clock_reason")
PAPER_SLIP = "paper_slip"  # numbers on paper while the power was cut (domain.md §8.5)
IMPORTED = "imported"  # from a guest book kept before this software (docs/import-visits.md)
WRONG_NUMBER = "wrong_number"  # ran by a guest book that was signed for another visit (correcting.py)
BEFORE_BOOK = "before_book"  # served, and no guest book was signed
GUEST_BOOK = "guest_book"  # the event of that rule
MANUAL_ENTRY = "manual_entry"  # a visit from a paper guest book
# Why a promise is not counted: stored as a code, because a report reads one language; shown in these words.
REASONS = {
    **dict(Visit.EndReason.choices),
    PAPER_SLIP: gettext_lazy("slip kertas saat listrik padam"),
    IMPORTED: gettext_lazy("diimpor dari catatan lama"),
    WRONG_NUMBER: gettext_lazy("buku tamu diisi untuk nomor yang salah"),
    BEFORE_BOOK: gettext_lazy("dilayani sebelum buku tamu diisi"),
    MANUAL_ENTRY: gettext_lazy("dicatat belakangan dari kertas"),
    Interruption.Kind.POWER_CUT: gettext_lazy("listrik padam"),
    Interruption.Kind.NETWORK: gettext_lazy("jaringan terputus"),
    Interruption.Kind.EMERGENCY: gettext_lazy("keadaan darurat"),
}
# `_runs`, for the database.
RUNS = Q(clock_result=Result.RUNNING) | Q(
    clock_result=Result.EXCLUDED, clock_reason__in=Interruption.Kind.values,
    clock_started_at__isnull=False, clock_stopped_at=None,
)  # fmt: skip
OVER_BREAK = gettext_lazy("jeda istirahat tidak dihitung")


def due(office: Office, start: datetime, length: timedelta) -> datetime:
    """When `length`, counted from `start`, is over. Whoever comes in the roster's break is promised from its end."""
    end = start + length
    pause = roster_break(office, start)
    if pause is None or start >= pause[1] or end <= pause[0]:
        return end
    return end + (pause[1] - max(start, pause[0]))


def counted(office: Office, start: datetime, end: datetime) -> timedelta:
    """The time between them that counts: the reverse of `due`."""
    pause = roster_break(office, start)
    if pause is None or start >= pause[1] or end <= pause[0]:
        return end - start
    return end - start - (min(end, pause[1]) - max(start, pause[0]))


def _begin(received: VisitService, at: datetime) -> None:
    """The promise runs from `at`. Does not save. One that was interrupted before, and begins only now, was not."""
    if _interrupted(received):
        received.clock_result, received.clock_reason = Result.RUNNING, ""
    length = timedelta(minutes=received.clock_minutes or 0)
    received.clock_started_at = at
    received.clock_due_at = due(received.office, at, length)
    received.clock_over_break = received.clock_due_at != at + length


def locked(pk: int) -> VisitService:
    """The row, to change its clock."""
    return VisitService.objects.select_for_update(of=("self",)).select_related("office").get(pk=pk)


def wind(received: VisitService, at: datetime, *events: str) -> None:
    """Copy the promise of the standard in force into the new row, so that a later change leaves it alone. One that
    counts from what just happened (`events`) begins `at` once. Does not save."""
    rule = received.standard.rules.clock_onsite if received.standard else None
    if rule is None or rule.minutes is None:
        return
    received.clock_start_event, received.clock_minutes = rule.start, rule.minutes
    if rule.start in events:
        _begin(received, at)
        received.clock_result = Result.RUNNING


def start(received: VisitService, event: str, at: datetime) -> bool:
    """Start the clock if `event` is what its rule waits for. Saves; False when there was nothing to start."""
    if received.clock_start_event != event or received.clock_started_at or received.clock_minutes is None:
        return False
    if received.clock_stopped_at or received.clock_result == Result.EXCLUDED:
        return False  # served before the event, or not counted: there is nothing left to promise
    at = max(at, received.clock_not_before or at)
    about_to_change(received, *RUNNING_FIELDS)
    _begin(received, at)
    if received.clock_result == Result.NONE:
        received.clock_result = Result.RUNNING
    received.save(update_fields=RUNNING_FIELDS)
    return True


def not_before(received: VisitService, earliest: datetime, at: datetime) -> None:
    """The promise does not begin before `earliest`: an appointment's time (docs/decisions/012), or the visitor's own
    wish to be called later. Saves. What runs by now (`at`) is set to it; what is broken already stays broken.
    """
    about_to_change(received, "clock_not_before", *RUNNING_FIELDS)
    earliest = max(earliest, received.clock_not_before or earliest)
    received.clock_not_before = earliest
    started, until = received.clock_started_at, received.clock_due_at
    if _runs(received) and started and until and started < earliest and at <= until:
        _begin(received, earliest)
    received.save(update_fields=("clock_not_before", *RUNNING_FIELDS))


def ready(received: VisitService, earliest: datetime, at: datetime) -> None:
    """The visitor takes back a wish to be called later: what was to begin later begins at `earliest`. Saves."""
    about_to_change(received, "clock_not_before", *RUNNING_FIELDS)
    received.clock_not_before = earliest if earliest > at else None
    started = received.clock_started_at
    if _runs(received) and started and started > earliest:
        _begin(received, earliest)
    received.save(update_fields=("clock_not_before", *RUNNING_FIELDS))


def _interrupted(received: VisitService) -> bool:
    """Not counted because of an interruption: it goes on underneath, because that record may be withdrawn."""
    return received.clock_result == Result.EXCLUDED and received.clock_reason in Interruption.Kind.values


def _runs(received: VisitService) -> bool:
    under = _interrupted(received) and received.clock_started_at and not received.clock_stopped_at
    return received.clock_result == Result.RUNNING or bool(under)


def is_late(received: VisitService, at: datetime) -> bool:
    return received.clock_due_at is not None and at > received.clock_due_at


def never_counted(received: VisitService) -> bool:
    """Left, entered from paper, imported: no later event makes it count."""
    return received.clock_result == Result.EXCLUDED and not _interrupted(received)


def settle(received: VisitService, interruption: str) -> None:
    """The result of a clock that has begun: excluded by an `interruption` (its kind), or ("") as its times tell. Does
    not save."""
    due_at, stopped_at = received.clock_due_at, received.clock_stopped_at
    received.clock_reason = interruption
    if interruption:
        received.clock_result = Result.EXCLUDED
    elif stopped_at is None or due_at is None:
        received.clock_result = Result.RUNNING
    else:
        received.clock_result = Result.MISSED if stopped_at > due_at else Result.KEPT


def exclude(received: VisitService, why: str) -> None:
    """This promise is not counted. `why` is a key of REASONS. Does not save; without a promise nothing changes."""
    if received.clock_minutes is not None:
        received.clock_result, received.clock_reason = Result.EXCLUDED, why


def withdraw(received: VisitService, called_at: datetime | None) -> None:
    """Called within the time, and not there: what follows is not the office's waiting (docs/decisions/008).

    A promise that was broken before the call stays broken.
    """
    if not _runs(received) or received.clock_due_at is None:
        return
    if called_at is None or called_at > received.clock_due_at:
        return
    take_back(received)


def take_back(received: VisitService) -> None:
    """A running clock as if it had never been started: what begins later was not interrupted. Saves."""
    about_to_change(received, *RUNNING_FIELDS)
    received.clock_started_at = received.clock_due_at = None
    received.clock_over_break = False
    received.clock_result, received.clock_reason = Result.NONE, ""
    received.save(update_fields=RUNNING_FIELDS)


def lengthen(received: VisitService, since: datetime, at: datetime) -> None:
    """From `since` to `at` the visitor was put aside at the counter, for something of their own: that time does not
    count. Saves. What was late before stays late."""
    until = received.clock_due_at
    if not _runs(received) or until is None or since > until:
        return
    since = max(since, received.clock_started_at or since)  # it may have begun to run meanwhile
    if since >= at:
        return
    about_to_change(received, *RUNNING_FIELDS)
    left = counted(received.office, since, until)
    received.clock_due_at = due(received.office, at, left)
    received.clock_over_break = received.clock_over_break or received.clock_due_at != at + left
    received.save(update_fields=RUNNING_FIELDS)


def stopped(received: VisitService, at: datetime) -> dict[str, Any]:
    """The fields to store when service starts at `at`: kept up to and including the due instant.

    Someone served before the clock even started (a free second counter) was not kept waiting: kept. One that runs
    from the guest book says nothing about a visitor who was served without one: not counted, else an office that lets
    people sign afterwards would keep every promise.
    """
    if received.clock_minutes is None or not (received.clock_result == Result.NONE or _runs(received)):
        return {}
    # Result and reason also where they stay: taken back only while no interruption has changed them since.
    fields: dict[str, Any] = {
        "clock_stopped_at": at,
        "clock_result": received.clock_result,
        "clock_reason": received.clock_reason,
    }
    if not _interrupted(received):
        late = received.clock_due_at is not None and at > received.clock_due_at
        fields["clock_result"] = Result.MISSED if late else Result.KEPT
        if received.clock_started_at is None and received.clock_start_event == GUEST_BOOK:
            fields |= {"clock_result": Result.EXCLUDED, "clock_reason": BEFORE_BOOK}
    if received.clock_started_at is not None and received.clock_started_at > at:
        fields["clock_started_at"] = at  # served before the time from which it was promised: nobody waited
    return fields


def dropped(received: VisitService, why: str) -> dict[str, Any]:
    """The fields to store when the visitor went away unserved: no promise was broken or kept."""
    if received.clock_minutes is None or not (received.clock_result == Result.NONE or _runs(received)):
        return {}
    return {"clock_result": Result.EXCLUDED, "clock_reason": why}


@dataclass(frozen=True)
class Reading:
    """A clock as a screen shows it. `level` is ok, soon (last fifth of the time), late, kept, missed…"""

    level: str
    started_at: datetime | None = None
    due_at: datetime | None = None
    seconds: int | None = None
    reason: str = ""


def read(received: VisitService, now: datetime | None = None) -> Reading:
    """What the clock says now: remaining seconds while running (negative when late), else its result."""
    now = now or timezone.now()
    if received.clock_minutes is None:
        return Reading("none")
    reason = str(REASONS.get(received.clock_reason, received.clock_reason))
    if received.clock_over_break and received.clock_result != Result.EXCLUDED:
        reason = str(OVER_BREAK)
    if received.clock_result != Result.RUNNING or received.clock_due_at is None:
        level = "pending" if received.clock_result == Result.NONE else received.clock_result
        taken = None
        if received.clock_stopped_at:
            taken = int(
                (
                    received.clock_stopped_at - (received.clock_started_at or received.clock_stopped_at)
                ).total_seconds()
            )
        return Reading(level, received.clock_started_at, received.clock_due_at, taken, reason)
    left = int((received.clock_due_at - now).total_seconds())
    level = "late" if left < 0 else "soon" if left <= received.clock_minutes * 12 else "ok"
    return Reading(level, received.clock_started_at, received.clock_due_at, left, reason)
