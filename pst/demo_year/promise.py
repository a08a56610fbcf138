"""The promise of a service received, as services.guestbook.clocks stores it: from the guest book, or from the leaving of the one
before; kept up to and including the due instant. Whoever left, was served before signing, stood in an interruption or on a paper slip
is not counted. No demo office lets its promise stand still in the break.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from pst.demo_year.queue import Came
from services.guestbook import clocks

Span = tuple[datetime, datetime, str]  # of an interruption, and its kind
END = {"left": "left", "no_show": "no_show", "day_end": "day_end"}


@dataclass(frozen=True)
class Clock:
    """What is stored of the promise."""

    started: datetime | None = None
    due: datetime | None = None
    stopped: datetime | None = None
    result: str = ""
    reason: str = ""
    not_before: datetime | None = None


def clock_of(came: Came, base: datetime, spans: list[Span]) -> Clock:
    rule = came.offered.rules.clock_onsite
    if rule is None or rule.minutes is None:
        return Clock()
    wish = base + timedelta(seconds=came.slot) if came.slot else None
    if came.on_paper:
        return Clock(result="excluded", reason=clocks.PAPER_SLIP if came.numbered else clocks.MANUAL_ENTRY)
    began, limit = came.began, rule.minutes * 60
    start = came.clock_from if rule.start != clocks.GUEST_BOOK else _from_book(came, limit)
    if start is not None and began is None and start > came.gone:
        start = None
    if start is not None and began is not None and start > began:
        start = began if rule.start != clocks.GUEST_BOOK else None
    started = base + timedelta(seconds=start) if start is not None else None
    due = started + timedelta(seconds=limit) if started else None
    if began is None:
        return Clock(started, due, None, "excluded", END.get(came.outcome, "left"), wish)
    stopped = base + timedelta(seconds=began)
    if started is None and rule.start == clocks.GUEST_BOOK:
        return Clock(None, None, stopped, "excluded", clocks.BEFORE_BOOK, wish)
    return judged(started, due, stopped, spans, wish)


def judged(
    started: datetime | None,
    due: datetime | None,
    stopped: datetime,
    spans: list[Span],
    wish: datetime | None = None,
) -> Clock:
    """Kept or missed by its times; not counted where it ran in an interruption."""
    if started and due:
        over = min(stopped, due)
        for since, until, kind in spans:
            if started < until and over > since:
                return Clock(started, due, stopped, "excluded", kind, wish)
    return Clock(started, due, stopped, "missed" if due and stopped > due else "kept", "", wish)


def _from_book(came: Came, limit: int) -> int | None:
    """Called in time and not there: what follows is not the office's waiting; it begins anew with the coming back."""
    if came.signed is None or came.rejoined is None or not came.calls_before:
        return came.signed
    if came.signed > came.calls_before[0] or came.calls_before[0] > came.signed + limit:
        return came.signed
    return came.rejoined
