"""The queue's part of the standard's clock.

"… maksimal 10 menit sejak pengguna layanan pada antrian sebelumnya selesai" (KK): the clock of the next
person starts when the one before has finished, was skipped or gave up; first in line: from the ticket
(requirement row 37, and domain.md §8.8).
"""

from __future__ import annotations

import time
from datetime import date, datetime

from django.db import connection
from django.db.models import F, Q
from django.utils import timezone

from queueing.models import Ticket
from queueing.models.rules import of_office
from queueing.order import calling_order, goes_first, in_calling_order
from services.guestbook import clocks
from services.guestbook.models import VisitService

# A row somebody else holds is tried so often: half a second, long enough for a guest book being signed on a busy server.
ATTEMPTS, MOMENT_SECONDS = 25, 0.02


def start_if_first(ticket: Ticket, at: datetime) -> None:
    """At the moment of issue: nobody of this service waits or is being served, so nobody is before."""
    if ticket.received.clock_start_event != "previous_finished":
        return
    lock_queue(ticket.day, ticket.service_id)
    if first_and_next(ticket, at):
        clocks.start(ticket.received, "previous_finished", at)


def lock_queue(day: date, *services: int) -> None:
    """Until commit nobody else decides who is first for these services. Always taken after visits and tickets, and
    for several services in one order."""
    with connection.cursor() as cursor:
        for service in sorted(set(services)):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [service, day.toordinal()])


def start_again(ticket: Ticket, at: datetime) -> None:
    """A person who was skipped waits anew (docs/decisions/008): from now, or behind those who are before."""
    received = ticket.received
    received.refresh_from_db()
    received.office = ticket.office
    start_if_first(ticket, at)
    if received.clock_start_event in ("arrival", "ticket") or (
        received.clock_start_event == "guest_book" and received.visit.guest_book_at
    ):
        clocks.start(received, received.clock_start_event, at)


def is_away(received: VisitService) -> bool:
    """Called, and not there: nothing is promised until they are back (`start_again`)."""
    return Ticket.objects.filter(received=received, state=Ticket.State.SKIPPED).exists()


def start_next(ticket: Ticket, at: datetime) -> None:
    """`ticket` has just left the front of its queue: the clock of whoever is next starts now.

    Not on a later day: what the closing of the day still finds in yesterday's queue nobody waits for.
    """
    if ticket.office.today(at) != ticket.day:
        return
    lock_queue(ticket.day, ticket.service_id)
    waiting = Ticket.objects.filter(service_id=ticket.service_id).exclude(pk=ticket.pk)
    waiting = waiting.filter(
        received__clock_stopped_at=None
    )  # who was passed on in mid-service has been promised
    order = in_calling_order(
        ticket.office, [ticket.service_id], tickets=waiting, counter=ticket.counter, now=at
    )
    if not order:  # whoever still waits was sent to another counter: with nobody at any, they are first
        see_to_the_first(ticket, at)
        return
    _start(order[0], at)
    # Who asked for more time, and is called before everybody else once it is over, is promised something from then.
    later = [t for t in order[1:] if t.not_before and t.not_before > at]
    if later and later[0].not_before:
        run = of_office(ticket.office).priority_run
        then = calling_order(order[1:], run=run, streak=0, now=later[0].not_before)
        if then[0] == later[0]:
            _start(later[0], at)


def nobody_is_first(ticket: Ticket, since: datetime) -> None:
    """`ticket` stands at a counter again because its leaving (at `since`) was taken back: whoever took a number in
    between and was first in line only by that waits behind it again."""
    lock_queue(ticket.day, ticket.service_id)
    newcomers = Ticket.objects.filter(service_id=ticket.service_id, queued_at__gte=since).of_day(ticket.day)
    begun = VisitService.objects.select_for_update(of=("self",), skip_locked=True).filter(
        clocks.RUNS, ticket__in=newcomers.waiting(), clock_start_event="previous_finished",
        clock_started_at=F("ticket__queued_at"),
    )  # fmt: skip
    for received in begun:
        clocks.take_back(received)


def see_to_the_first(ticket: Ticket, at: datetime) -> None:
    """After something was taken back: with nobody at a counter, the clock of the first in line runs."""
    lock_queue(ticket.day, ticket.service_id)
    tickets = Ticket.objects.filter(service_id=ticket.service_id)
    order = in_calling_order(ticket.office, [ticket.service_id], tickets=tickets, now=at)
    if order and first_and_next(order[0], at):
        _start(order[0], at)


def _start(ticket: Ticket, at: datetime) -> None:
    """Somebody else's row: who holds it longer than a moment is just being called or leaving; we never wait for that."""
    for _attempt in range(ATTEMPTS):
        rows = VisitService.objects.select_for_update(of=("self",), skip_locked=True).filter(
            pk=ticket.received_id
        )
        rows = rows.select_related("office")
        if (received := rows.first()) is not None:
            clocks.start(received, "previous_finished", at)
            return
        time.sleep(MOMENT_SECONDS)


def at_the_front(ticket: Ticket) -> bool:
    """Whether others wait for this person: called, at the counter, or waiting with the clock already running.

    Somebody who leaves from the middle of the queue, or after having been skipped, starts nobody's clock.
    """
    received = VisitService.objects.get(pk=ticket.received_id)
    if clocks.never_counted(received):  # a paper slip: no clock tells who is first
        return ticket.state in Ticket.AT_COUNTER or first_and_next(ticket)
    waiting_first = ticket.state == Ticket.State.WAITING and received.clock_started_at is not None
    return ticket.state in Ticket.AT_COUNTER or waiting_first


def first_and_next(ticket: Ticket, at: datetime | None = None) -> bool:
    """Nobody of this service is at a counter, and this person would be called now."""
    of_service = Ticket.objects.filter(service_id=ticket.service_id)
    before = Q(state__in=Ticket.AT_COUNTER)
    if not goes_first(ticket, at or timezone.now()):  # an ordinary one is never called before an earlier one
        ordinary = Q(priority=False, appointment_at=None, not_before=None, queued_at__lt=ticket.queued_at)
        before |= ordinary & Q(state=Ticket.State.WAITING)
    if of_service.of_day(ticket.day).filter(before).exclude(pk=ticket.pk).exists():
        return False
    return in_calling_order(ticket.office, [ticket.service_id], tickets=of_service, now=at)[:1] == [ticket]
