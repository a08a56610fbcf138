"""Paper slips: printing a block of them ahead, and entering afterwards what happened without power.

Domain.md §8.5: back-entry with the true times, marked manual, the promise not counted, with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from queueing.models import SlipBlock, Ticket
from queueing.slips import reserve
from services.audit import trail
from services.audit.actors import Actor
from services.guestbook import clocks
from services.guestbook.models import Visit, VisitService
from services.live.publish import QUEUE, VISITS, publish
from services.offices.models import Service
from services.workflow import IllegalMove, add_step

WHY = "paper slip"


@transaction.atomic
def print_block(service: Service, *, count: int, seen: int, by: Actor) -> SlipBlock:
    """The next `count` numbers of the reserve become a block. `seen`: the number the officer saw as the next.

    Raises IllegalMove when a block was printed meanwhile (a double tap), or when fewer numbers are left.
    """
    service = Service.objects.select_for_update(of=("self",)).select_related("queue_rules").get(pk=service.pk)
    free = reserve(service)
    if not free.left:
        raise IllegalMove(
            _("Semua nomor cadangan %s sudah dicetak. Atasan dapat mengatur nomor terakhir layanan ini.")
            % service
        )
    if free.next != seen:
        raise IllegalMove(
            _("Baru saja ada blok lain yang dibuat; nomor berikutnya sekarang %s. Periksa daftar dahulu.")
            % free.next_label
        )
    if count > free.left:
        raise IllegalMove(
            _("Nomor cadangan %(service)s tinggal %(left)d (%(from)s–%(to)s). Kurangi jumlahnya.")
            % {"service": service, "left": free.left, "from": free.next_label, "to": free.last_label}
        )
    block = SlipBlock.objects.create(
        office_id=service.office_id,
        service=service,
        first=free.next,
        last=free.next + count - 1,
        printed_by_id=by.user_id,
    )
    trail.record("slips.printed", block, by=by, office_id=service.office_id, numbers=str(block))
    return block


@dataclass(frozen=True)
class Slip:
    """What stands on a slip, as aware instants. `outcome`: served, left or waiting (then without further times)."""

    service: Service
    day: date
    number: int
    arrived: datetime
    outcome: str
    began: datetime | None = None
    ended: datetime | None = None
    people: int = 1


class AlreadyEntered(IllegalMove):
    """This number is in the books of that day."""


# outcome → states of ticket, service received and visit
ENDS = {
    "served": ("finished", "done", Visit.EndReason.FINISHED),
    "left": ("cancelled", "cancelled", Visit.EndReason.LEFT),
    "waiting": ("waiting", "waiting", ""),
}


def enter(slip: Slip, *, submission: str, by: Actor) -> Ticket:
    """Into the books: visit, service and ticket with the true times. The same `submission` gives the same ticket.

    Somebody who still waits gets the place in today's queue that their arrival gives. The trail's own line has
    the time of typing. Raises AlreadyEntered.
    """
    office = slip.service.office
    try:
        with transaction.atomic():
            ticket = _write(slip, submission=submission, by=by)
            trail.record(
                "ticket.entered", ticket, by=by, office_id=office.pk, number=ticket.label, day=str(slip.day)
            )
            publish(office.code, QUEUE, VISITS)
            return ticket
    except IntegrityError:
        if existing := office.tickets.filter(submission=submission).first():
            return existing
        raise AlreadyEntered(
            _("%(number)s sudah tercatat pada %(day)s.")
            % {"number": f"{slip.service.prefix}{slip.number:03d}", "day": slip.day.strftime("%d/%m/%Y")}
        ) from None


def _write(slip: Slip, *, submission: str, by: Actor) -> Ticket:
    service, label = slip.service, f"{slip.service.prefix}{slip.number:03d}"
    ticket_state, received_state, end_reason = ENDS[slip.outcome]
    over = slip.ended if slip.outcome != "waiting" else None
    visit = Visit.objects.create(
        office=service.office, day=slip.day, arrived_at=slip.arrived, party_size=slip.people,
        ended_at=over, end_reason=end_reason,
    )  # fmt: skip
    received = VisitService(
        visit=visit, office=service.office, service=service, standard=service.standard, number=label,
        started_at=slip.began, ended_at=over if slip.outcome == "served" else None,
    )  # fmt: skip
    clocks.wind(received, slip.arrived)
    clocks.exclude(received, clocks.PAPER_SLIP)
    received.state = received_state
    received.save()
    _trace(received, ["waiting", "serving", "done"], received_state, slip, by)
    ticket = Ticket.objects.create(
        office=service.office, service=service, received=received, day=slip.day, prefix=service.prefix,
        number=slip.number, state=ticket_state, issued_at=slip.arrived, queued_at=slip.arrived,
        first_called_at=slip.began, called_at=slip.began, calls=1 if slip.began else 0, ended_at=over,
        manual=True, submission=submission,
    )  # fmt: skip
    _trace(ticket, ["waiting", "serving", "finished"], ticket_state, slip, by)
    _steps(visit, slip, by)
    return ticket


def _trace(subject: Any, way: list[str], final: str, slip: Slip, by: Actor) -> None:
    """The rows a subject would have had, each at its true time, by whoever entered the slip."""
    ends: list[tuple[str, datetime | None]] = []
    if slip.outcome == "served":
        ends = [(way[1], slip.began), (way[2], slip.ended)]
    elif slip.outcome == "left":
        ends = [(final, slip.ended)]
    for state, at in [(way[0], slip.arrived), *ends]:
        assert at is not None
        subject.state = state
        add_step(subject, by=by, at=at, why=WHY)


def _steps(visit: Visit, slip: Slip, by: Actor) -> None:
    """The steps of the procedure that a slip tells of; of somebody who still waits none is over."""
    if slip.ended is None:
        return
    happened = [("ticket", slip.arrived), ("finish", slip.ended)]
    if slip.outcome == "served":
        happened.insert(1, ("service", slip.ended))
    for kind, at in happened:
        visit.steps.create(kind=kind, at=at, by_user_id=by.user_id, note=WHY)
