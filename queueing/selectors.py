"""What the screens of the queue show, read over several models; a fixed number of queries each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, F, Max
from django.utils import timezone

from queueing.models import Counter, Ticket
from queueing.order import in_calling_order
from services.guestbook import clocks
from services.guestbook.models import Visit, VisitService
from services.guestbook.steps import current
from services.lockers.models import Deposit
from services.offices.models import Office, Service


@dataclass(frozen=True)
class Offer:
    """A service as the kiosk and the public page offer it."""

    service: Service
    waiting: int
    queue: bool


def offers(office: Office, now: datetime | None = None) -> list[Offer]:
    """The services of an office with the number of people waiting today."""
    waiting = office.tickets.of_day(office.today(now)).waiting().order_by()
    people = dict(waiting.values_list("service").annotate(Count("id")))
    services = office.services.filter(active=True).with_standard()
    return [Offer(s, people.get(s.pk, 0), takes_numbers(s)) for s in services]


def takes_numbers(service: Service) -> bool:
    """Whether one queues for this service, by its standard in force."""
    return bool(service.standard and service.standard.rules.queue)


def people_before(ticket: Ticket, now: datetime | None = None) -> int:
    """How many are called before this ticket, of all the services that share its counters."""
    order = in_calling_order(ticket.office, sharing(ticket.service_id, ticket.office), now=now)
    return next((place for place, other in enumerate(order) if other.pk == ticket.pk), len(order))


def sharing(service_id: int, office: Office) -> list[int]:
    """The services whose visitors are called to the same counters: those with an officer, or, with none, all."""
    counters = list(office.counters.filter(services=service_id).prefetch_related("services"))
    staffed = [c for c in counters if c.officer_id and not c.paused_at] or counters
    return sorted({service_id, *(s.pk for c in staffed for s in c.services.all())})


@dataclass(frozen=True)
class Waiting:
    """One line of the desk's queue."""

    ticket: Ticket
    clock: clocks.Reading


@dataclass(frozen=True)
class Queue:
    waiting: list[Waiting] = field(default_factory=list)
    skipped: list[Ticket] = field(default_factory=list)
    held: list[Ticket] = field(default_factory=list)


def queue(office: Office, counter: Counter | None, now: datetime | None = None) -> Queue:
    """Who waits today, in the order of calling, with each one's clock; who was skipped and may come back."""
    now = now or timezone.now()
    services = list((counter or office).services.values_list("pk", flat=True))
    tickets = office.tickets.select_related("service", "received")
    order = in_calling_order(office, services, tickets=tickets, counter=counter, now=now)
    aside = tickets.of_day(office.today(now)).filter(state__in=("skipped", "held"), service__in=services)
    rows = list(aside.in_order())
    return Queue(
        [Waiting(t, clocks.read(t.received, now)) for t in order],
        [t for t in rows if t.state == Ticket.State.SKIPPED],
        [t for t in rows if t.state == Ticket.State.HELD],
    )


@dataclass(frozen=True)
class Present:
    """One visit in the house, with the step it is at."""

    visit: Visit
    step: object
    clock: clocks.Reading


def present(office: Office, now: datetime | None = None) -> list[Present]:
    """Open visits that are past the mere ticket: called, at the counter, in the reading room, on the way out."""
    now = now or timezone.now()
    visits = (
        office.visits.open()
        .exclude(services__ticket__state__in=("waiting", "called", "skipped"))
        .with_services()
        .prefetch_related("services__ticket__counter")
        .order_by("arrived_at")
    )
    return [Present(v, current(v), clocks.read(v.main, now)) for v in visits if v.main]


def left_behind(office: Office):
    """Bags and cards of visits that are over: the closing of the day passes over them, nobody may forget them."""
    return (
        Deposit.objects.open()
        .filter(office=office, visit__ended_at__isnull=False)
        .select_related("visit__office", "visit__visitor", "locker")
        .prefetch_related("visit__services")
        .order_by("deposited_at")
    )


def at_counter(counter: Counter) -> Ticket | None:
    """The ticket that is called to, or being served at, this counter."""
    return counter.tickets.at_counter().select_related("received__visit", "service").first()


def waiting_for_guest_book(office: Office, now: datetime | None = None):
    """Today's visits whose guest book is still empty, for the tablet: numbers only, the called ones first."""
    return (
        office.visits.open()
        .filter(day=office.today(now), guest_book_at=None)
        .exclude(services__ticket__state="skipped")
        .annotate(called_at=Max("services__ticket__called_at"))
        .select_related("office")
        .prefetch_related("services__ticket")
        .order_by(F("called_at").desc(nulls_last=True), "arrived_at")
    )


def ticket_of(visit: Visit) -> Ticket | None:
    """The visit's ticket that is still about, else its last one."""
    tickets = Ticket.objects.filter(received__visit=visit).select_related("service", "counter", "received")
    return tickets.exclude(state__in=Ticket.OVER).first() or tickets.last()


def served(visit: Visit) -> VisitService | None:
    """The last service of the visit that is over and was not rated yet."""
    return visit.services.filter(state="done", rating=None).select_related("service").last()
