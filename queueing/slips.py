"""Which numbers exist on paper: the blocks an office has printed, and what is left for the next one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from queueing.models import SlipBlock, Ticket
from queueing.models.rules import HIGHEST_NUMBER, of_service
from queueing.selectors import takes_numbers
from services.codes import queue_number
from services.guestbook.models import Visit
from services.offices.models import Office, Service


@dataclass(frozen=True)
class Reserve:
    """The numbers of a service kept for paper; `next` is the first that no block has yet."""

    service: Service
    first: int
    next: int
    last: int = HIGHEST_NUMBER

    @property
    def left(self) -> int:
        return max(0, self.last - self.next + 1)

    def label(self, number: int) -> str:
        return f"{self.service.prefix}{number:03d}"

    @property
    def next_label(self) -> str:
        return self.label(self.next)

    @property
    def last_label(self) -> str:
        return self.label(self.last)


def reserve(service: Service) -> Reserve:
    first = of_service(service).last + 1
    printed = service.slip_blocks.order_by("-last").values_list("last", flat=True).first() or 0
    return Reserve(service, first, max(first, printed + 1))


def reserves(office: Office) -> list[Reserve]:
    """One for each service that queues."""
    services = office.services.filter(active=True).select_related("queue_rules").with_standard()
    return [reserve(s) for s in services if takes_numbers(s)]


@dataclass(frozen=True)
class Printed:
    """A block in the list. `given_out`: its numbers are no longer reserved, the tablet may give them to others."""

    block: SlipBlock
    given_out: bool

    @property
    def count(self) -> int:
        return self.block.last - self.block.first + 1


def printed(office: Office) -> list[Printed]:
    blocks = office.slip_blocks.select_related("service__queue_rules", "printed_by")
    return [Printed(b, b.first <= of_service(b.service).last) for b in blocks]


def find_block(office: Office, typed: str) -> tuple[SlipBlock | None, int]:
    """The printed block a number belongs to, and the number itself. Small letters and a gap do not matter."""
    prefix, number = queue_number(typed) or ("", 0)
    blocks = office.slip_blocks.filter(service__prefix=prefix, first__lte=number, last__gte=number)
    return blocks.select_related("service__office").first(), number


def following(office: Office, label: str) -> str:
    """The number after this one, while it stands on a printed slip: slips are entered as they lie, one after another."""
    block, number = find_block(office, label)
    after = f"{block.service.prefix}{number + 1:03d}" if block else ""
    return after if block and find_block(office, after)[0] else ""


def entered_without_number(office: Office, day: date) -> list[Visit]:
    """The visits of a day that were typed in from a paper guest book, the last entered first."""
    visits = office.visits.filter(day=day, entered_at__isnull=False).exclude(services__ticket__isnull=False)
    return list(visits.prefetch_related("services__service").order_by("-id")[:60])


def entered(office: Office, day: date) -> list[Ticket]:
    """The slips of a day that are in the books, the last entered first."""
    tickets = office.tickets.of_day(day).filter(manual=True)
    return list(tickets.select_related("service", "received__visit").order_by("-id")[:60])
