"""Who is called next: priority without starving anybody, appointments, people who asked for more time.

The same order is used by the desk's button, its list, the visitor's place in the queue and the estimates.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from queueing.models import Counter, OfficeQueue, Ticket
from queueing.models.rules import of_office
from services.offices.models import Office


def goes_first(ticket: Ticket, now: datetime) -> bool:
    """Priority, or an appointment whose time has come."""
    return ticket.priority or bool(ticket.appointment_at and ticket.appointment_at <= now)


def _since(ticket: Ticket, now: datetime) -> tuple[datetime, int]:
    """What the place among equals goes by: an appointment by its own time, everybody else as they came."""
    slot = ticket.appointment_at
    due = slot is not None and slot <= now and not ticket.priority
    return (slot if slot and due else ticket.queued_at, ticket.pk)


def calling_order(waiting: Iterable[Ticket], *, run: int, streak: int, now: datetime) -> list[Ticket]:
    """The waiting in the order of calling; at the end those who asked for more time that is not over yet.

    `run`: at most so many who go first are called in a row while others wait (0: no limit); `streak`: how many
    were, up to now.
    """
    here: list[Ticket] = []
    later: list[Ticket] = []
    for ticket in sorted(waiting, key=lambda t: _since(t, now)):
        (later if ticket.not_before and ticket.not_before > now else here).append(ticket)
    first = [t for t in here if goes_first(t, now)]
    others = [t for t in here if not goes_first(t, now)]
    first.reverse()
    others.reverse()
    order: list[Ticket] = []
    while first or others:
        if first and (not others or run == 0 or streak < run):
            order.append(first.pop())
            streak += 1
        else:
            order.append(others.pop())
            streak = 0
    return order + sorted(later, key=lambda t: (t.not_before, t.pk))


def in_calling_order(
    office: Office,
    services: Iterable[int],
    *,
    tickets=None,
    counter: Counter | None = None,
    rules: OfficeQueue | None = None,
    now: datetime | None = None,
) -> list[Ticket]:
    """Who waits today for these services, in the order of calling. Two queries.

    `counter`: only who may be called there; somebody sent to another counter where an officer sits waits for that
    one, and somebody sent to this one waits for it whatever it serves. `tickets`: the query set to read from.
    """
    now = now or timezone.now()
    rules = rules or of_office(office)
    services = list(services)
    day = office.today(now)
    waiting = office.tickets.all() if tickets is None else tickets
    waiting = waiting.of_day(day).waiting().select_related("for_counter")
    rows = [t for t in waiting if callable_at(t, services, counter)]
    return calling_order(rows, run=rules.priority_run, streak=_streak(office, services, day, rules), now=now)


def callable_at(ticket: Ticket, services: list[int], counter: Counter | None) -> bool:
    """Whether somebody who waits may be called there."""
    sent = ticket.for_counter
    if sent is None or counter is None or (sent.pk != counter.pk and sent.officer_id is None):
        return ticket.service_id in services
    return sent.pk == counter.pk


def _streak(office: Office, services: list[int], day, rules: OfficeQueue) -> int:
    """How many of those called last went first, one after another."""
    if not rules.priority_run:
        return 0
    called = (
        office.tickets.of_day(day)
        .filter(service__in=services, first_called_at__isnull=False)
        .order_by("-first_called_at")[: rules.priority_run]
    )
    streak = 0
    for ticket in called:
        if not goes_first(ticket, ticket.first_called_at or ticket.issued_at):
            break
        streak += 1
    return streak
