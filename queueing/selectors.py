"""What the screens of the queue show, read over several models; a fixed number of queries each."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, F, Max, Prefetch, Sum, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from queueing.estimates import Forecast, Wait
from queueing.models import Counter, NumberSequence, Ticket
from queueing.models.rules import of_office, of_service
from queueing.order import callable_at, in_calling_order
from services.guestbook import clocks
from services.guestbook.models import Visit, VisitService
from services.guestbook.steps import StepState, progress, since, waits_for
from services.lockers.models import Deposit
from services.offices.calendar import OfficeCalendar, OpenState
from services.offices.models import Office, Service
from services.offices.rule_names import show_value


@dataclass(frozen=True)
class Offer:
    """A service as the kiosk and the public page offer it."""

    service: Service
    waiting: int
    queue: bool
    full: bool = False  # the day's numbers are used up
    wait: Wait | None = None
    ahead: int = 0  # of all services that share its counters: who is called before a newcomer

    @property
    def hint(self) -> str:
        """What one comes for, in the office's words, else in those of the kind of service."""
        return of_service(self.service).hint or str(HINTS.get(self.service.kind, self.service))


HINTS = {
    "library": _("Membaca, meminjam, atau mencari buku dan publikasi"),
    "consultation": _("Bertanya tentang data, metadata, atau klasifikasi statistik"),
}


def offers(
    office: Office, now: datetime | None = None, forecast: Forecast | None = None, *, promises: bool = False
) -> list[Offer]:
    """The services of an office with the number of people waiting today, and (`forecast`) how long that takes.
    `promises`: with the whole standard of each, for a page that shows what it promises."""
    today = office.today(now)
    people = people_waiting(office, now)
    last = dict(NumberSequence.objects.filter(office=office, day=today).values_list("prefix", "last"))
    services = office.services.filter(active=True).select_related("queue_rules")
    services = services.with_standard() if promises else services.with_rules()
    return [
        Offer(
            s, people.get(s.pk, 0), takes_numbers(s), full=last.get(s.prefix, 0) >= of_service(s).highest,
            wait=forecast.of_newcomer(s) if forecast else None,
            ahead=sum(people.get(pk, 0) for pk in (forecast.sharing(s) if forecast else [s.pk])),
        )
        for s in services
    ]  # fmt: skip


def people_waiting(office: Office, now: datetime | None = None) -> dict[int, int]:
    """People (of a party all) who wait today, by the service's id."""
    waiting = office.tickets.of_day(office.today(now)).waiting().order_by()
    return dict(waiting.values_list("service").annotate(Sum("received__visit__party_size")))


def numbers_stopped(office: Office, door: OpenState | None = None) -> bool:
    """Whether the office is closed, gives no numbers then by its rules, and no officer is at a counter either."""
    if of_office(office).numbers_when_closed:
        return False
    if (door or OfficeCalendar(office).state()).state != "closed":
        return False
    return not office.counters.filter(officer__isnull=False).exists()


def takes_numbers(service: Service) -> bool:
    """Whether one queues for this service, by its standard in force."""
    return bool(service.rules and service.rules.queue)


def people_before(ticket: Ticket, now: datetime | None = None) -> int:
    """How many people (of a party all) are called before this ticket, of all the services that share its counters."""
    tickets = ticket.office.tickets.select_related("received__visit")
    order = in_calling_order(
        ticket.office, sharing(ticket.service_id, ticket.office), tickets=tickets, now=now
    )
    before = itertools.takewhile(lambda other: other.pk != ticket.pk, order)
    return sum(other.received.visit.party_size for other in before)


def sharing(service_id: int, office: Office) -> list[int]:
    """The services whose visitors are called to the same counters: those with an officer, or, with none, all."""
    counters = list(office.counters.filter(services=service_id, active=True).prefetch_related("services"))
    staffed = [c for c in counters if c.officer_id and not c.paused_at] or counters
    return sorted({service_id, *(s.pk for c in staffed for s in c.services.all())})


@dataclass(frozen=True)
class Waiting:
    """One line of the desk's queue."""

    ticket: Ticket
    clock: clocks.Reading
    later: bool = False  # asked for more time, which is not over


@dataclass(frozen=True)
class Queue:
    waiting: list[Waiting] = field(default_factory=list)
    skipped: list[Ticket] = field(default_factory=list)
    held: list[Ticket] = field(default_factory=list)
    promises: list[str] = field(default_factory=list)

    @property
    def people(self) -> int:
        return sum(row.ticket.received.visit.party_size for row in self.waiting)


def queue(office: Office, counter: Counter | None, now: datetime | None = None) -> Queue:
    """Who waits today, in the order of calling, with each one's clock; who was skipped and may come back."""
    now = now or timezone.now()
    services = list((counter or office).services.values_list("pk", flat=True))
    tickets = office.tickets.select_related("service", "received__visit")
    order = in_calling_order(office, services, tickets=tickets, counter=counter, now=now)
    aside = tickets.of_day(office.today(now)).filter(state__in=("skipped", "held"), service__in=services)
    rows = list(aside.in_order())
    return Queue(
        [
            Waiting(t, clocks.read(t.received, now), later=bool(t.not_before and t.not_before > now))
            for t in order
        ],
        [t for t in rows if t.state == Ticket.State.SKIPPED],
        [t for t in rows if t.state == Ticket.State.HELD],
        _promises(order),
    )


def _promises(tickets: list[Ticket]) -> list[str]:
    """What each of these people's standard promised, in words: "Perpustakaan: 5 menit setelah buku tamu diisi"."""
    wound = {
        (t.service, t.received.clock_minutes, t.received.clock_start_event)
        for t in tickets
        if t.received.clock_minutes
    }
    said = [
        f"{service}: {show_value('clock_onsite', {'start': start, 'minutes': limit})}"
        for service, limit, start in wound
    ]
    return sorted(said)


@dataclass(frozen=True)
class Present:
    """One visit in the house: how far it is in the procedure, what it waits for and since when, what blocks leaving."""

    visit: Visit
    steps: list[StepState]
    clock: clocks.Reading

    @property
    def step(self) -> StepState | None:
        return next((s for s in self.steps if s.state == "current"), None)

    @property
    def waits_for(self) -> str:
        return waits_for(self.visit, self.step)

    @property
    def since(self) -> datetime:
        return since(self.visit)

    @property
    def place(self) -> int:
        """The number of the step the visit is at."""
        return next((n for n, s in enumerate(self.steps, 1) if s.state == "current"), len(self.steps))

    @property
    def deposits(self) -> list[Deposit]:
        """What of the visitor's is in our hands: nothing else keeps anybody from leaving."""
        return list(self.visit.deposits.all())

    @property
    def held(self) -> bool:
        """Put aside: waits for something before going on at a counter."""
        tickets = (getattr(r, "ticket", None) for r in self.visit.services.all())
        return any(t is not None and t.state == Ticket.State.HELD for t in tickets)


def present(office: Office, now: datetime | None = None) -> list[Present]:
    """Open visits that are past the mere ticket: called, at the counter, in the reading room, on the way out."""
    now = now or timezone.now()
    visits = (
        office.visits.open()
        .exclude(services__ticket__state__in=("waiting", "called", "skipped"))
        .with_services(TICKET)
        .prefetch_related(_held())
        .order_by("arrived_at")
    )
    return [Present(v, progress(v), _pressing(v, now)) for v in visits if v.main]


def _held() -> Prefetch:
    return Prefetch("deposits", Deposit.objects.open().select_related("locker"))


def with_deposits(visits: list[Visit]) -> None:
    """Reads what we hold of theirs; one query for all."""
    prefetch_related_objects(visits, _held())


def _pressing(visit: Visit, now: datetime) -> clocks.Reading:
    """Of several services the clock that is due first; without one that runs, that of the first service."""
    readings = [clocks.read(r, now) for r in visit.services.all()]
    running = [r for r in readings if r.level in ("ok", "soon", "late") and r.due_at]
    return min(running, key=lambda r: r.due_at or now, default=readings[0])


@dataclass(frozen=True)
class Destinations:
    """Where somebody at the counter may be passed on to."""

    services: list[Service]
    counters: list[Counter]


def destinations(ticket: Ticket) -> Destinations | None:
    """Other services that queue, and other counters of this service where an officer sits; None: not at a counter."""
    if ticket.state not in ("arrived", "serving"):
        return None
    office = ticket.office
    services = office.services.filter(active=True).exclude(pk=ticket.service_id).with_rules()
    counters = office.counters.filter(services=ticket.service_id, officer__isnull=False, paused_at=None)
    return Destinations(
        [s for s in services if takes_numbers(s)],
        list(counters.exclude(pk=ticket.counter_id or 0).select_related("officer")),
    )


def may_be_called(ticket: Ticket | None, counter: Counter | None) -> bool:
    """Whether this number stands in this counter's list, with its bell."""
    if ticket is None or ticket.state != Ticket.State.WAITING or not counter or counter.paused_at:
        return False
    services = list(counter.services.values_list("pk", flat=True))
    return ticket.day == ticket.office.today() and callable_at(ticket, services, counter)


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


# What hangs on a service received and a screen of the queue shows with it.
TICKET = "ticket__counter"


def ticket_of(visit: Visit) -> Ticket | None:
    """The visit's ticket that is still about, else its last one. No query for a visit read with TICKET."""
    tickets = _loaded_tickets(visit)
    if tickets is None:
        rows = Ticket.objects.filter(received__visit=visit).select_related("service", "counter", "received")
        tickets = list(rows)
    return next((t for t in tickets if t.state not in Ticket.OVER), tickets[-1] if tickets else None)


def _loaded_tickets(visit: Visit) -> list[Ticket] | None:
    """In the order in which they were issued; None when they were not read with the visit."""
    related = VisitService._meta.get_field("ticket")
    rows = list(visit.services.all()) if "services" in getattr(visit, "_prefetched_objects_cache", {}) else []
    if not rows or not all(related.is_cached(r) for r in rows):
        return None
    tickets: list[Ticket] = [t for r in rows if (t := getattr(r, "ticket", None))]
    for ticket in tickets:
        ticket.office, ticket.service = visit.office, ticket.received.service
        ticket.received.visit = visit
    return sorted(tickets, key=lambda t: t.pk)


def served(visit: Visit, rater: str = "") -> VisitService | None:
    """The last service of the visit that is over and may still be rated: by as many as were served, once by each phone
    (`rater`)."""
    done = (
        visit.services.filter(state="done")
        .annotate(given=Count("ratings"))
        .filter(given__lt=visit.party_size)
    )
    if rater:
        done = done.exclude(ratings__rater=rater)
    return done.select_related("service").order_by("pk").last()


def to_rate(visit: Visit) -> VisitService | None:
    """The last service that is over and nobody has rated, of a visit read with the count of its ratings."""
    done = [r for r in visit.services.all() if r.state == "done" and not getattr(r, "ratings_count", 0)]
    return done[-1] if done else None


def party_ratings(visit: Visit) -> int:
    """Of a party that has begun to rate, how many have; 0 when nobody has, or everybody. Of a visit read as for
    `to_rate`."""
    given = [getattr(r, "ratings_count", 0) for r in visit.services.all() if r.state == "done"]
    return given[-1] if given and given[-1] < visit.party_size else 0
