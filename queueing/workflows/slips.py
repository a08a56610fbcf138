"""Paper slips: printing a block of them ahead, and entering afterwards what happened without power.

Domain.md §8.5: back-entry with the true times, marked manual, the promise not counted, with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from queueing.models import SlipBlock, Ticket
from queueing.slips import reserve
from services.audit import trail
from services.audit.actors import Actor
from services.guestbook import clocks, paper
from services.live.publish import QUEUE, VISITS, publish
from services.offices.models import Service
from services.workflow import IllegalMove

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


@dataclass(frozen=True, kw_only=True)
class Slip(paper.Written):
    """What stands on a slip. Somebody who is still `waiting` has no further times."""

    number: int


class AlreadyEntered(IllegalMove):
    """This number is in the books of that day."""


ENDS = {"served": "finished", "left": "cancelled", "waiting": "waiting"}  # outcome → state of the ticket


def enter(slip: Slip, *, submission: str, by: Actor) -> Ticket:
    """Into the books: visit, service and ticket with the true times. The same `submission` with the same words gives
    the same ticket.

    Somebody who still waits gets the place in today's queue that their arrival gives. The trail's own line has
    the time of typing. Raises AlreadyEntered.
    """
    office, submission = slip.service.office, paper.sent(slip, submission)
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
            % {"number": f"{slip.service.prefix}{slip.number:03d}", "day": date_format(slip.day)}
        ) from None


def _write(slip: Slip, *, submission: str, by: Actor) -> Ticket:
    service, label = slip.service, f"{slip.service.prefix}{slip.number:03d}"
    received = paper.store(slip, reason=clocks.PAPER_SLIP, why=WHY, by=by, number=label)
    ticket = Ticket.objects.create(
        office=service.office, service=service, received=received, day=slip.day, prefix=service.prefix,
        number=slip.number, state=ENDS[slip.outcome], issued_at=slip.arrived, queued_at=slip.arrived,
        first_called_at=slip.began, called_at=slip.began, calls=1 if slip.began else 0, ended_at=slip.ended,
        manual=True, submission=submission,
    )  # fmt: skip
    paper.trace(ticket, ["waiting", "serving", "finished"], slip, why=WHY, by=by)
    return ticket
