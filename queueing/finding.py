"""The number of somebody who lost the slip, among today's: by name, phone, e-mail or time (domain.md §8.6).

Names are masked, as where the desk recognises somebody; the person beside the desk says which one is theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Q

from queueing.entry_forms import CLOCK
from queueing.models import Ticket
from services.codes import queue_number
from services.guestbook import returning
from services.offices.models import Office

AROUND = timedelta(minutes=10)  # nobody remembers the minute
MOST_SHOWN = 20


@dataclass(frozen=True)
class Found:
    """One ticket of today as the desk may show it before the card is opened."""

    ticket: Ticket
    name: str


def by_number(office: Office, typed: str) -> Ticket | None:
    """However it was typed ("a3", "A 003")."""
    number = queue_number(typed)
    if number is None:
        return None
    tickets = office.tickets.filter(day=office.today(), prefix=number[0], number=number[1])
    return tickets.select_related("received").first()


def kind_of(asked: str) -> str:
    """What was typed: "time" or "person"."""
    return "time" if CLOCK.fullmatch(asked.strip()) else "person"


def search(office: Office, asked: str, now: datetime | None = None) -> list[Found]:
    """Today's numbers taken around a time, or of somebody who signed the guest book; as they came."""
    asked = " ".join(asked.split())
    tickets = office.tickets.of_day(office.today(now)).select_related("service", "received__visit__visitor")
    if kind_of(asked) == "time":
        around = _instant(office, asked, now)
        tickets = tickets.filter(issued_at__gte=around - AROUND, issued_at__lte=around + AROUND)
    else:
        who = returning.condition(asked)
        if who is None:
            return []
        people = Q(received__visit__visitor__in=office.visitors.filter(who))
        tickets = tickets.filter(people | Q(received__visit__visitor__in=_merged_into(office, who)))
    rows = tickets.order_by("issued_at", "pk")[: MOST_SHOWN + 1]
    return [Found(t, _masked(t)) for t in rows]


def _merged_into(office: Office, who: Q) -> set[int]:
    """The records that count now of those who signed like this and were merged since (guestbook/merging.py)."""
    found: set[int] = set()
    above = office.visitors.filter(merged__in=office.visitors.filter(who))
    while new := set(above.values_list("pk", flat=True)) - found:
        found |= new
        above = office.visitors.filter(merged__in=new)
    return found


def _instant(office: Office, asked: str, now: datetime | None) -> datetime:
    match = CLOCK.fullmatch(asked)
    assert match is not None
    return datetime.combine(office.today(now), time(int(match[1]), int(match[2])), tzinfo=office.zone)


def _masked(ticket: Ticket) -> str:
    visitor = ticket.received.visit.visitor
    return returning.mask_name(visitor.name) if visitor else ""
