"""A day of the demo year, played again with the real workflows at its own times: the same promises, the same results."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from pst.demo_year import day as days
from pst.demo_year.bulk import Store
from pst.demo_year.place import place_of
from pst.demo_year.plan import Plan
from pst.demo_year.promise import clock_of
from pst.demo_year.queue import Came
from queueing.models import Counter, Ticket
from queueing.workflows import counters
from queueing.workflows.desk import calls, serving
from queueing.workflows.issue import issue
from services.audit.actors import Actor
from services.guestbook import workflows as visits
from services.guestbook.models import ConsentWording
from tests.conftest import new_user

DAY = date(2026, 5, 20)  # a Wednesday
ORDER = ("end", "no_show", "skip", "cancel", "issue", "sign", "rejoin", "call", "recall", "arrived", "start")


def events(came: Came) -> Iterator[tuple[int, str]]:
    """What happens to somebody, and when."""
    yield came.at, "issue"
    if came.signed is not None and came.signed <= came.gone:
        yield came.signed, "sign"
    for at in came.calls_before[:1]:
        yield at, "call"
        yield came.skipped or 0, "skip"
        yield came.rejoined or 0, "rejoin"
    for n, at in enumerate(came.calls):
        yield at, "recall" if n else "call"
    if came.began is not None:
        yield came.arrived or 0, "arrived"
        yield came.began, "start"
        yield came.ended or 0, "end"
    elif came.outcome in ("left", "no_show"):
        yield came.gone, "cancel" if came.outcome == "left" else "no_show"


class Replay:
    """One office's desk, driven by the real functions."""

    def __init__(self, office: Any):
        self.office, self.counters = office, list(Counter.objects.filter(office=office).order_by("number"))
        self.officers = [Actor("officer", user_id=new_user(office).pk) for _counter in self.counters]
        self.tickets: dict[int, Ticket] = {}
        self.wording = ConsentWording.objects.filter(purpose="guest_book").first()

    def sit_down(self, at: datetime) -> None:
        for counter, officer in zip(self.counters, self.officers, strict=True):
            counters.open_counter(counter, by=officer, at=at)

    def do(self, number: int, came: Came, what: str, at: datetime) -> None:
        by = self.officers[came.counter or 0]
        if what == "issue":
            self.tickets[number] = issue(
                office=self.office,
                service=came.offered.service,
                submission=str(number),
                by=Actor("device"),
                priority=came.priority,
                at=at,
            )
            return
        ticket = Ticket.objects.select_related("received__visit", "office").get(pk=self.tickets[number].pk)
        if what == "sign":
            visits.sign(
                visit=ticket.received.visit,
                person={},
                answers={},
                consent=False,
                wording=self.wording,
                channel="desk",
                by=by,
                at=at,
            )
        elif what == "call":
            calls.call_chosen(
                Counter.objects.get(pk=self.counters[came.counter or 0].pk), ticket, by=by, at=at
            )
        elif what in ("start", "end"):
            getattr(serving, what)(ticket.received, by=by, at=at)
        else:
            getattr(calls, what)(ticket, by=by, at=at)


def test_a_day_played_again_gives_the_same_promises(offices):
    place = place_of(offices["7411"], Plan(date(2026, 7, 20), 365, 60_000, 3), Store())
    people = days.crowd(place, DAY, 40, [], random.Random("43"))
    # The day was chosen for what happens in it.
    assert {p.outcome for p in people} >= {"served", "left", "no_show"}
    assert {p.offered.service.slug for p in people} == {"library", "consultation"}
    assert any(p.rejoined for p in people)
    assert any(p.priority for p in people)
    base, replay = place.midnight(DAY), Replay(place.office)
    replay.sit_down(base + timedelta(hours=7))
    rows = [(at, ORDER.index(what), n, what) for n, came in enumerate(people) for at, what in events(came)]
    for at, _order, n, what in sorted(rows):
        replay.do(n, people[n], what, base + timedelta(seconds=at))
    for n, came in enumerate(people):
        if came.outcome == "day_end":
            continue
        wanted = clock_of(came, base, [])
        ticket = Ticket.objects.select_related("received").get(pk=replay.tickets[n].pk)
        real = ticket.received
        got = (
            real.clock_started_at,
            real.clock_due_at,
            real.clock_stopped_at,
            real.clock_result,
            real.clock_reason,
        )
        assert got == (wanted.started, wanted.due, wanted.stopped, wanted.result, wanted.reason), (n, came)
        assert ticket.calls == len(came.calls)
        assert ticket.state == (
            "finished"
            if came.began is not None
            else {"left": "cancelled", "no_show": "no_show"}[came.outcome]
        )
