"""What the TV shows and says: read over several models, in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from queueing import selectors, speech
from queueing.models import Counter, Ticket, TicketStep
from queueing.models.rules import of_office
from services.offices.models import Office, Service

# A call stays in the big place at least this long, also when the person has been served already.
CALL_KEPT = timedelta(minutes=3)
# The big place blinks.
CALL_FRESH = timedelta(seconds=20)
# Said by a screen that was cut off meanwhile; what is older the visitor has read, or was called again.
CALL_SAID = timedelta(minutes=2)
EARLIER_SHOWN, COUNTERS_SHOWN = 6, 6
LAST_STEPS = 60


@dataclass(frozen=True)
class Call:
    """One call as the TV shows and speaks it. `age` in whole seconds."""

    id: int
    number: str
    service: str
    counter: int
    at: datetime
    age: int
    awaited: bool  # called, and not yet at the counter
    meant: bool  # called, or at the counter

    @property
    def fresh(self) -> bool:
        return self.age < CALL_FRESH.seconds

    @property
    def indonesian(self) -> speech.Sentence:
        return speech.call(self.number, self.counter)

    @property
    def english(self) -> speech.Sentence:
        return speech.call(self.number, self.counter, "en")


@dataclass(frozen=True)
class Place:
    """A counter that is staffed, or to or at which somebody is called; `pause` is the reason it rests for."""

    number: int
    call: Call | None
    pause: str


@dataclass(frozen=True)
class Board:
    """`now` and `earlier` with the newest call first, `spoken` with the oldest first."""

    now: list[Call]
    earlier: list[Call]
    spoken: list[Call]
    places: list[Place]
    waiting: list[tuple[Service, int]]
    voice: str
    english: bool


def board(office: Office, now: datetime | None = None) -> Board:
    """The latest call of each counter, the calls before them, the counters, people waiting for each service."""
    now = now or timezone.now()
    latest, earlier = _calls(office, now)
    calls = [*latest.values(), *earlier]
    rules = of_office(office)
    return Board(
        now=list(latest.values()),
        earlier=earlier[:EARLIER_SHOWN],
        spoken=sorted((c for c in calls if c.awaited and c.age < CALL_SAID.seconds), key=lambda c: c.id),
        places=_places(office, latest),
        waiting=_waiting(office, now),
        voice=rules.voice,
        english=rules.voice_english,
    )


def _waiting(office: Office, now: datetime) -> list[tuple[Service, int]]:
    """The services one queues for, each with the people who wait."""
    people = selectors.people_waiting(office, now)
    services = office.services.filter(active=True).with_standard()
    return [(s, people.get(s.pk, 0)) for s in services if selectors.takes_numbers(s)]


def _calls(office: Office, now: datetime) -> tuple[dict[int, Call], list[Call]]:
    """By counter the call that is meant now; the others. A ticket counts with its newest call only."""
    rows = (
        TicketStep.objects.filter(
            subject__office=office, subject__day=office.today(now), state="called", counter__isnull=False
        )
        .exclude(why="undo")  # the person is called as before; nothing new is said
        .select_related("subject__service", "subject__counter", "counter")
        .order_by("-id")[:LAST_STEPS]
    )
    latest: dict[int, Call] = {}
    earlier: list[Call] = []
    numbers: set[str] = set()
    counters: set[int] = set()
    for row in rows:
        ticket = row.subject
        counter = ticket.counter or row.counter  # put aside and resumed, they may go on at another counter
        if counter is None:
            continue
        meant = ticket.state in Ticket.AT_COUNTER
        newest = counter.pk not in counters  # who was served before does not come back to the big place
        counters.add(counter.pk)
        if ticket.label in numbers:
            continue
        numbers.add(ticket.label)
        if ticket.state == Ticket.State.WAITING:
            continue  # put back, or waiting anew: this call is no longer meant
        call = Call(
            row.pk, ticket.label, ticket.service.name, counter.number, row.at,
            age=max(0, int((now - row.at).total_seconds())), awaited=ticket.state == Ticket.State.CALLED,
            meant=meant,
        )  # fmt: skip
        kept = newest and ticket.state == Ticket.State.FINISHED and now - row.at < CALL_KEPT
        there = latest.get(counter.pk)
        if meant and there is not None and not there.meant:  # resumed where somebody was served just before
            earlier.append(there)
        if meant or (kept and there is None):
            latest[counter.pk] = call
        else:
            earlier.append(call)
    newest_first = sorted(latest.items(), key=lambda item: -item[1].id)
    return dict(newest_first), sorted(earlier, key=lambda call: -call.id)


def _places(office: Office, latest: dict[int, Call]) -> list[Place]:
    """By number; of more than fit, those with the newest calls. Without an officer only while somebody is there."""
    meant = [pk for pk, call in latest.items() if call.meant]
    counters: list[Counter] = list(office.counters.filter(Q(officer__isnull=False) | Q(pk__in=meant)))
    newest = sorted(counters, key=lambda c: -(latest[c.pk].id if c.pk in latest else 0))[:COUNTERS_SHOWN]
    return [
        Place(c.number, latest.get(c.pk), c.get_pause_reason_display() if c.paused_at else "")
        for c in sorted(newest, key=lambda c: c.number)
    ]
