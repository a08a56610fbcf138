"""When something is due, and when the visitor's silence ends a consultation: the one place that writes these instants.

Source: KK "Waktu Penyelesaian" (requirement row 39) and domain.md §4: the day of receipt is day zero, due at the end of
service hours of the n-th working day. While the visitor was asked for something the clock stands still. Nothing is due
where the standard promises nothing.

Every function works on a consultation that its caller has locked, inside the caller's transaction; the caller saves
`FIELDS`. Instants are UTC, days the office's own.
"""

from __future__ import annotations

from datetime import datetime

from consultation.models import ClockChange, Consultation, Round
from services.offices.calendar import OfficeCalendar, held
from services.offices.rules import Rules

FIELDS = ["due_at", "remind_at", "closes_at", "escalated_at"]
What, Why = ClockChange.What, ClockChange.Why


def rules_of(consultation: Consultation) -> Rules:
    """Of the version of the standard under which it was submitted."""
    return consultation.standard.rules if consultation.standard else Rules()


def running(consultation: Consultation) -> Round | None:
    return consultation.rounds.filter(ended_at=None).first()


def begin(consultation: Consultation, at: datetime, calendar: OfficeCalendar) -> Round:
    """A question arrived: a clock of its own runs from now on."""
    clock = rules_of(consultation).clock_online
    days = clock.working_days if clock else None
    due = calendar.deadline(at, days) if days else None
    number = consultation.rounds.count() + 1
    found = Round.objects.create(
        consultation=consultation, number=number, started_at=at, working_days=days, due_at=due
    )
    _set_due(consultation, due, at, Why.STARTED)
    _not_awaited(consultation, at, Why.STARTED)
    return found


def pause(consultation: Consultation, at: datetime, calendar: OfficeCalendar) -> None:
    """The visitor was asked for something: nothing is due from the office until they write."""
    found = running(consultation)
    if found and not found.pauses.filter(until=None).exists():
        found.pauses.create(since=at)
    _set_due(consultation, None, at, Why.PAUSED)
    _await_visitor(consultation, at, calendar, Why.PAUSED)


def resume(consultation: Consultation, at: datetime, calendar: OfficeCalendar) -> None:
    """They wrote: the clock goes on where it stood."""
    found = running(consultation)
    if found is None:
        begin(consultation, at, calendar)
        return
    found.pauses.filter(until=None).update(until=at)
    found.due_at = _due(found, calendar)
    found.save(update_fields=["due_at"])
    _set_due(consultation, found.due_at, at, Why.RESUMED)
    _not_awaited(consultation, at, Why.RESUMED)


def answered(consultation: Consultation, at: datetime, calendar: OfficeCalendar) -> None:
    """The round ends with the answer; from now on the visitor's silence counts."""
    _end_round(consultation, at, answered=True)
    _set_due(consultation, None, at, Why.ANSWERED)
    _await_visitor(consultation, at, calendar, Why.ANSWERED)


def end(consultation: Consultation, at: datetime) -> None:
    """Closed, by whomever: no clock runs any more. A round that was not answered does not count as kept or missed."""
    _end_round(consultation, at, answered=False)
    _set_due(consultation, None, at, Why.ENDED)
    _not_awaited(consultation, at, Why.ENDED)


def recompute(
    consultation: Consultation, at: datetime, calendar: OfficeCalendar, why: str = Why.CALENDAR
) -> bool:
    """The calendar is another one now: every deadline that still runs is worked out again. One that is over has been judged, and
    stays. Whether one moved."""
    before = (consultation.due_at, consultation.remind_at, consultation.closes_at)
    found = running(consultation)
    due, closes = foreseen(consultation, calendar)
    if found and consultation.is_ours:
        found.due_at = held(consultation.due_at, due, at)
        found.save(update_fields=["due_at"])
        _set_due(consultation, found.due_at, at, why)
    since = awaited_since(consultation)
    if consultation.closes_at and since and held(consultation.closes_at, closes, at) == closes:
        reminded = consultation.remind_at is None
        _await_visitor(consultation, since, calendar, why, at=at)
        if reminded:  # they were told already; not a second time
            consultation.remind_at = None
    return before != (consultation.due_at, consultation.remind_at, consultation.closes_at)


def foreseen(consultation: Consultation, calendar: OfficeCalendar) -> tuple[datetime | None, datetime | None]:
    """When it would be due, and closed by silence, by this calendar. Writes nothing."""
    found, closes = running(consultation), consultation.closes_at
    due = _due(found, calendar) if found and consultation.is_ours else consultation.due_at
    days = rules_of(consultation).auto_close_working_days
    if closes and (since := awaited_since(consultation)):
        closes = calendar.deadline(since, days) if days else None
    return due, closes


def move(consultation: Consultation, at: datetime, calendar: OfficeCalendar) -> None:
    """Another standard and another calendar decide from now on (a hand-over): by them, and from the original submission,
    what is left is worked out again."""
    clock = rules_of(consultation).clock_online
    found = running(consultation)
    if found is None and consultation.is_ours:  # noted down in an office, where the visit has the clock
        begin(consultation, consultation.submitted_at, calendar)
    elif found:
        found.working_days = clock.working_days if clock else None
        found.due_at = _due(found, calendar)
        found.save(update_fields=["working_days", "due_at"])
        if consultation.is_ours:
            _set_due(consultation, found.due_at, at, Why.MOVED)
    if consultation.state in Consultation.THEIRS and (since := awaited_since(consultation)):
        _await_visitor(consultation, since, calendar, Why.MOVED, at=at)


def join(consultation: Consultation, started: datetime, at: datetime, calendar: OfficeCalendar) -> None:
    """A question that was asked at `started` is answered in this one too: whichever came first decides when."""
    found = running(consultation)
    if found is None:
        begin(consultation, started, calendar)
        return
    if started < found.started_at:
        found.started_at, found.due_at = started, None
        found.due_at = _due(found, calendar)
        found.save(update_fields=["started_at", "due_at"])
    _set_due(consultation, found.due_at, at, Why.MERGED)


def awaited_since(consultation: Consultation) -> datetime | None:
    """Since when it is the visitor's turn: the last thing the office said to them."""
    last = consultation.steps.filter(state__in=Consultation.THEIRS).order_by("-pk").first()
    return last.at if last else None


def _due(found: Round, calendar: OfficeCalendar) -> datetime | None:
    if not found.working_days:
        return None
    pauses = [(p.since, p.until) for p in found.pauses.all() if p.until]
    return calendar.deadline(found.started_at, found.working_days, pauses)


def _end_round(consultation: Consultation, at: datetime, *, answered: bool) -> None:
    found = running(consultation)
    if found is None:
        return
    found.pauses.filter(until=None).update(until=at)
    found.ended_at, found.answered_at = at, at if answered else None
    found.save(update_fields=["ended_at", "answered_at"])


def _await_visitor(
    consultation: Consultation,
    since: datetime,
    calendar: OfficeCalendar,
    why: str,
    *,
    at: datetime | None = None,
) -> None:
    """Closed by itself after so many working days without a word; a reminder one working day before."""
    days = rules_of(consultation).auto_close_working_days
    closes = calendar.deadline(since, days) if days else None
    consultation.remind_at = calendar.deadline(since, days - 1) if days and days > 1 else None
    _set_closes(consultation, closes, at or since, why)


def _not_awaited(consultation: Consultation, at: datetime, why: str) -> None:
    consultation.remind_at = None
    _set_closes(consultation, None, at, why)


def _set_due(consultation: Consultation, due: datetime | None, at: datetime, why: str) -> None:
    _trace(consultation, What.DUE, consultation.due_at, due, at, why)
    if due != consultation.due_at:
        consultation.escalated_at = None  # it goes up once for each deadline
    consultation.due_at = due


def _set_closes(consultation: Consultation, closes: datetime | None, at: datetime, why: str) -> None:
    _trace(consultation, What.CLOSES, consultation.closes_at, closes, at, why)
    consultation.closes_at = closes


def _trace(
    consultation: Consultation,
    what: str,
    was: datetime | None,
    now: datetime | None,
    at: datetime,
    why: str,
) -> None:
    if was != now:
        ClockChange.objects.create(consultation=consultation, what=what, at=at, was=was, now=now, why=why)
