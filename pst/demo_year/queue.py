"""A day at the counters of one office: who comes, waits, is called, served, goes. Seconds since the office's midnight.

Served is who has waited longest; priority goes first, two in a row at most. A counter is free again when the service has begun,
or, where the officer stays with the visitor (consultation), when it is over. One counter rests in the break.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from pst.demo_year.place import Offered

PRIORITY_RUN = 2
MOST_CALLS = 3


@dataclass
class Came:
    """Somebody who came. `outcome`: served, left, no_show, day_end (nobody closed the visit, or called it at all)."""

    at: int
    offered: Offered
    party: int = 1
    priority: bool = False
    outcome: str = "served"
    numbered: bool = True
    on_paper: bool = False  # a slip while the power was cut, or a paper guest book
    slot: int | None = None  # of an appointment
    signed: int | None = None
    signed_at_desk: bool = False
    signed_late: bool = False  # served first
    patience: int | None = None  # leaves at this time, if not called before
    ignored: bool = False  # took a number and was gone unseen; the closing of the day finds it
    calls: list[int] = field(default_factory=list)
    calls_before: list[int] = field(default_factory=list)  # of somebody who was skipped and came back
    to_skip: bool = False
    skipped: int | None = None
    rejoined: int | None = None
    arrived: int | None = None  # at the counter
    deposited: int | None = None
    began: int | None = None
    ended: int | None = None
    off_counter: int | None = None
    gone: int = 0
    then: tuple[int, int] | None = None  # another service afterwards, without a number: from, until
    counter: int | None = None  # which of the office's
    clock_from: int | None = None

    @property
    def queued(self) -> int:
        return self.rejoined or self.at


@dataclass(frozen=True)
class Hours:
    opens: int
    closes: int
    break_from: int = 0
    break_to: int = 0
    counters: int = 2
    slow: float = 1.0


def serve(chance: random.Random, people: list[Came], hours: Hours) -> None:
    """Fills in what happens to each; `people` in the order of their coming."""
    waiting: list[Came] = []
    coming = [p for p in people if not p.on_paper]
    free = [hours.opens + 60 * n for n in range(hours.counters)]
    nth, streak = 0, 0
    while nth < len(coming) or waiting:
        counter = min(range(len(free)), key=lambda n: _open_at(free[n], n, hours))
        now = _open_at(free[counter], counter, hours)
        while nth < len(coming) and (coming[nth].at <= now or not waiting):
            now = max(now, coming[nth].at)
            waiting.append(coming[nth])
            nth += 1
        now = _open_at(now, counter, hours)
        _give_up(chance, waiting, now, hours.closes)
        ready = [p for p in waiting if p.queued <= now]
        if not ready:
            free[counter] = min((p.queued for p in waiting), default=now)
            continue
        person, streak = _next(ready, streak)
        waiting.remove(person)
        free[counter] = _at_counter(chance, person, now + chance.randrange(3, 18), counter, hours)
        if person.skipped and not person.rejoined:
            person.rejoined = free[counter] + chance.randrange(120, 900)
            waiting.append(person)
    for person in people:
        _goes_home(chance, person, hours)


def _open_at(at: int, counter: int, hours: Hours) -> int:
    resting = counter > 0 and hours.break_from <= at < hours.break_to
    return hours.break_to if resting else at


def _give_up(chance: random.Random, waiting: list[Came], now: int, closes: int) -> None:
    """Who goes before being called; half an hour after closing everybody does."""
    for person in list(waiting):
        if person.ignored:
            waiting.remove(person)
        elif now > closes + 1800:
            person.patience = max(person.queued, closes) + chance.randrange(300, 1800)
        if person.patience is not None and person.patience < now and not person.ignored:
            person.outcome, person.gone = "left", person.patience
            waiting.remove(person)


def _next(ready: list[Came], streak: int) -> tuple[Came, int]:
    first = min((p for p in ready if p.priority), key=lambda p: p.queued, default=None)
    if first is not None and streak < PRIORITY_RUN:
        return first, streak + 1
    ordinary = min((p for p in ready if not p.priority), key=lambda p: p.queued, default=None)
    return (ordinary, 0) if ordinary is not None else (first, streak + 1)  # type: ignore[return-value]


def _at_counter(chance: random.Random, person: Came, called: int, counter: int, hours: Hours) -> int:
    """From the call on; when the counter is free again."""
    person.counter = counter
    person.calls.append(called)
    if person.outcome == "no_show":
        person.calls += [called + 60, called + 125][: MOST_CALLS - 1]
        person.gone = person.off_counter = person.calls[-1] + chance.randrange(40, 90)
        return person.off_counter
    if person.to_skip and person.skipped is None:
        person.skipped = called + chance.randrange(70, 150)
        person.calls_before, person.calls = person.calls, []
        return person.skipped
    if chance.random() < 0.1:
        person.calls.append(called + 45)
    person.arrived = at = person.calls[-1] + chance.randrange(8, 40)
    if person.signed_at_desk:
        person.signed = at = at + chance.randrange(50, 150)
    elif person.signed is not None and person.signed > at:  # still at the tablet when called
        person.arrived = at = person.signed + 10
    if "card_deposit" in person.offered.steps or "bag_deposit" in person.offered.steps:
        person.deposited = at + chance.randrange(10, 30)
        at = person.deposited + chance.randrange(5, 25)
    talk = chance.randrange(15, 70) if person.offered.service.attended else chance.randrange(20, 110)
    person.began = at + int(talk * hours.slow)
    if person.offered.service.attended:
        person.ended = person.began + int(chance.lognormvariate(6.6, 0.5) * hours.slow)
        person.ended = min(person.ended, max(hours.closes + 1200, person.began + 300))
        person.off_counter = person.ended
    else:
        stay = int(chance.lognormvariate(7.45, 0.7))
        person.ended = max(
            person.began + 120, min(person.began + stay, hours.closes - chance.randrange(60, 900))
        )
        person.off_counter = person.began
    if person.signed_late:
        person.signed = min(person.began + 90, person.ended)
    return person.off_counter + chance.randrange(5, 25)


def _goes_home(chance: random.Random, person: Came, hours: Hours) -> None:
    if person.ended is not None:
        if person.offered.service.attended and person.outcome == "served" and chance.random() < 0.08:
            began = person.ended + int(chance.lognormvariate(4.6, 0.7))
            until = began + chance.randrange(600, 2700)
            person.then = (began, until) if until < hours.closes and not person.on_paper else None
        person.gone = (person.then[1] if person.then else person.ended) + chance.randrange(45, 300)
    elif not person.gone:  # nobody was called any more
        person.outcome = "day_end" if person.ignored else "left"
        person.gone = person.patience or max(person.queued + 60, hours.closes)


def previous_finished(people: list[Came]) -> None:
    """When the promise of a consultation begins: when the one before has finished; first in line: from the ticket."""
    events: list[tuple[int, int, int]] = []
    for n, person in enumerate(people):
        events.append((person.at, 1, n))
        events.append((_left_queue(person), 0, n))
    at_counter: set[int] = set()
    for at, issued, n in sorted(events):
        at_counter = {
            m for m, p in enumerate(people) if p.calls and p.calls[0] < at < _left_queue(p) and m != n
        }
        line = [
            m for m, p in enumerate(people)
            if p.at <= at and _left_queue(p) > at and (not p.calls or p.calls[0] >= at)
        ]  # fmt: skip
        person = people[n]
        if issued:
            if not at_counter and line[:1] == [n]:
                _start(person, at)
        elif line and (person.calls or person.clock_from is not None):
            _start(people[line[0]], at)


def _left_queue(person: Came) -> int:
    return person.off_counter if person.off_counter is not None else person.gone


def _start(person: Came, at: int) -> None:
    if person.clock_from is None:
        person.clock_from = max(at, person.slot or at)
