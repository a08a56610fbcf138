"""Visits with known clocks, made directly: what the figures say about them is reckoned by hand or by another way."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

from pst.panel.promises import figures
from pst.panel.promises.cases import Scope
from pst.panel.promises.registry import BY_KEY
from services.guestbook.models import Visit, VisitService
from services.offices.models import Service

MONDAY = date(2026, 3, 2)
WEEKS = (MONDAY, MONDAY + timedelta(days=41))
FIRST = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # 09:00 WITA
KEPT, MISSED, EXCLUDED = "kept", "missed", "excluded"


def received(
    service: Service, result: str, seconds: float = 60, at: datetime = FIRST, **more: Any
) -> VisitService:
    """One service given `seconds` after its clock began, in a visit that is over."""
    office = service.office
    visit = Visit.objects.create(
        office=office, day=office.today(at), arrived_at=at, guest_book_at=more.pop("book", at), ended_at=at + timedelta(hours=1),
        entered_at=more.pop("entered", None), end_reason="finished",
    )  # fmt: skip
    reason = more.pop("reason", "no_show" if result == EXCLUDED else "")
    return VisitService.objects.create(
        visit=visit, office=office, service=service, standard=more.pop("standard", service.standard), state="done", number="A001",
        started_at=at + timedelta(seconds=seconds), ended_at=at + timedelta(hours=1), clock_start_event="ticket", clock_minutes=5,
        clock_started_at=at, clock_stopped_at=at + timedelta(seconds=seconds), clock_due_at=at + timedelta(minutes=5),
        clock_result=result, clock_reason=reason, **more,
    )  # fmt: skip


def many(services: list[Service], n: int, seed: int) -> list[VisitService]:
    """`n` of them over six weeks, seeded."""
    chance, found = random.Random(seed), []
    for _n in range(n):
        service = chance.choice(services)
        at = FIRST + timedelta(days=chance.randrange(42), minutes=chance.randrange(0, 7 * 60))
        result = chance.choices([KEPT, MISSED, EXCLUDED, "running"], [70, 15, 10, 5])[0]
        seconds = chance.randrange(301, 4000) if result == MISSED else chance.randrange(0, 300)
        reason = chance.choice(["no_show", "power_cut", "left"]) if result == EXCLUDED else ""
        found.append(received(service, result, seconds, at, reason=reason))
    return found


def scope(*offices, since=WEEKS[0], until=WEEKS[1], **more) -> Scope:
    return Scope(tuple(o.pk for o in offices), since, until, **more)


def tally(key: str, asked: Scope) -> figures.Tally:
    return figures.tally(BY_KEY[key].find(asked))
