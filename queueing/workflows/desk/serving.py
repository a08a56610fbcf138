"""What happens at the counter: the service, putting somebody aside or passing them on, the way out."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from queueing.models import Counter, Ticket
from queueing.workflows.clocks import at_the_front, lock_queue, start_again, start_next
from queueing.workflows.desk.common import TOPICS, lock_visit, not_anothers, only, seat_of, ticket_of
from queueing.workflows.undo import undoable
from services.audit import trail
from services.audit.actors import Actor
from services.guestbook import clocks, interruptions
from services.guestbook import workflows as visits
from services.guestbook.models import Visit, VisitService
from services.guestbook.steps import procedure
from services.lockers import workflows as lockers
from services.lockers.models import Deposit
from services.offices.models import Service
from services.workflow import IllegalMove, move

log = logging.getLogger(__name__)


@undoable("start")
@transaction.atomic
def start(received: VisitService, *, by: Actor, at: datetime | None = None) -> VisitService:
    """The service begins. Where the officer does not stay with the visitor, the counter is free again."""
    at = at or timezone.now()
    lock_visit(received.visit_id)
    ticket = ticket_of(received)
    if ticket and ticket.state not in Ticket.OVER:
        not_anothers(ticket, by)
    received = visits.start_service(received, by=by, at=at)
    if ticket and ticket.state not in Ticket.OVER:
        if ticket.state == Ticket.State.HELD:
            raise IllegalMove(_("%s masih ditunda. Lanjutkan di loket dahulu.") % ticket)
        if ticket.state in ("waiting", "skipped"):
            raise IllegalMove(_("Nomor %s belum dipanggil. Panggil dahulu, lalu mulai layanan.") % ticket)
        if received.service.attended:
            move(ticket, "serving", by=by, at=at, topics=TOPICS)
        else:
            finish_ticket(ticket, by=by, at=at)
    return received


@undoable("end")
@transaction.atomic
def end(received: VisitService, *, by: Actor, at: datetime | None = None) -> VisitService:
    """The service is over; with it the ticket, where the officer stayed with the visitor."""
    at = at or timezone.now()
    lock_visit(received.visit_id)
    ticket = ticket_of(received)
    if ticket and ticket.state not in Ticket.OVER:
        not_anothers(ticket, by)
    received = visits.end_service(received, by=by, at=at)
    if ticket and ticket.state not in Ticket.OVER:
        finish_ticket(ticket, by=by, at=at)
    return received


@undoable("close")
@transaction.atomic
def close_visit(
    visit: Visit, *, by: Actor, reason: str = Visit.EndReason.FINISHED, at: datetime | None = None
) -> Visit:
    """The visit ends, and every ticket of it that is still about."""
    at = at or timezone.now()
    lock_visit(visit.pk)
    about = Ticket.objects.filter(received__visit=visit).exclude(state__in=Ticket.OVER)
    fronts = {ticket.pk: at_the_front(ticket) for ticket in about}
    visit = visits.close(visit, by=by, reason=reason, at=at)
    for ticket in about:
        final = "finished" if ticket.state in ("arrived", "serving", "held") else "cancelled"
        ticket = move(ticket, final, by=by, at=at, topics=TOPICS, ended_at=at)
        if fronts[ticket.pk]:
            start_next(ticket, at)
    return visit


def _place(order: list[str], deposit: Deposit) -> int:
    """Where this office's procedure gives such a thing back; what it does not name comes last."""
    kind = "bag_return" if deposit.what == Deposit.What.BAG else "card_return"
    return order.index(kind) if kind in order else len(order)


@transaction.atomic
def check_out(visit: Visit, *, seen: set[int], by: Actor, at: datetime | None = None) -> Visit:
    """Card and bag are back in the visitor's hands, nothing of theirs lies about, and the visit ends (requirement
    rows 24 to 26). What ended can be taken back; what was handed back stays so. `seen`: the deposits the officer had
    before their eyes. Raises IllegalMove when another one, or another service, has come meanwhile.
    """
    at = at or timezone.now()
    lock_visit(visit.pk)
    visit = Visit.objects.select_related("office").get(pk=visit.pk)
    if visit.ended_at:
        return visit  # another desk was as fast
    if visit.services.filter(state__in=("waiting", "serving")).exists():
        raise IllegalMove(_("Masih ada layanan yang belum selesai. Periksa kartu tamu dahulu."))
    order = [step.kind for step in procedure(visit)]
    held = sorted(visit.deposits.open(), key=lambda d: _place(order, d))
    if not {deposit.pk for deposit in held} <= seen:
        raise IllegalMove(_("Baru saja ada titipan lain dari tamu ini. Periksa daftarnya dahulu."))
    for deposit in held:
        lockers.give_back(deposit, by=by, at=at)
    visit = close_visit(visit, by=by, at=at)
    trail.record("visit.checked_out", visit, by=by, office_id=visit.office_id, at=at, handed_back=len(held))
    return visit


def finish_ticket(ticket: Ticket, *, by: Actor, at: datetime) -> Ticket:
    """Done at the counter. Somebody put aside stood before nobody any more."""
    waited_for = ticket.state in Ticket.AT_COUNTER
    ticket = move(ticket, "finished", by=by, at=at, topics=TOPICS, ended_at=at)
    if waited_for:
        start_next(ticket, at)
    return ticket


@undoable("hold")
@transaction.atomic
def hold(ticket: Ticket, *, by: Actor, at: datetime | None = None) -> Ticket:
    """Put aside for a while (a document is missing, a form is filled in): the counter is free for the next."""
    at = at or timezone.now()
    lock_visit(ticket.received.visit_id)
    ticket.refresh_from_db(fields=["state", "counter"])
    not_anothers(ticket, by)
    ticket = move(ticket, "held", by=by, at=at, topics=TOPICS, counter=None)
    start_next(ticket, at)
    return ticket


@undoable("resume")
@transaction.atomic
def resume(
    ticket: Ticket, counter: Counter, *, by: Actor, seated: bool = False, at: datetime | None = None
) -> Ticket:
    """Somebody put aside goes on at this counter, with the service where it was. Raises IllegalMove while the
    counter is paused or another person stands there."""
    counter = seat_of(counter, by, seated=seated)
    if (other := counter.tickets.at_counter().first()) is not None:
        raise IllegalMove(_("%s masih di loket. Selesaikan atau kembalikan dahulu.") % other)
    lock_visit(ticket.received.visit_id)
    only(ticket, "held")
    if held := ticket.steps.filter(state="held").exclude(why="undo").last():
        received = clocks.locked(ticket.received_id)
        clocks.lengthen(received, held.at, at or timezone.now())
        interruptions.settle_again(received)
    begun = VisitService.objects.filter(pk=ticket.received_id, state=VisitService.State.SERVING).exists()
    return move(
        ticket, "serving" if begun else "arrived", by=by, at=at, topics=TOPICS, why="resume", counter=counter
    )


@undoable("transfer")
@transaction.atomic
def transfer(
    ticket: Ticket,
    *,
    service: Service | None = None,
    counter: Counter | None = None,
    by: Actor,
    at: datetime | None = None,
) -> Ticket:
    """To another service, another counter or both: the same number waits again, at the place its time gives it.

    What was begun of the old service is ended, what was not is dropped; the new one gets a clock of its own by
    its own standard. Raises IllegalMove for a counter that does not serve the service.
    """
    at = at or timezone.now()
    lock_visit(ticket.received.visit_id)
    ticket = Ticket.objects.select_related("office", "received__visit__office", "service").get(pk=ticket.pk)
    only(ticket, "called", "arrived", "serving")
    not_anothers(ticket, by)
    wanted = service or ticket.service
    if service and not (service.standard and service.standard.rules.queue):
        raise IllegalMove(_("%s tanpa antrian. Tambahkan layanan itu pada kartu tamu.") % service)
    lock_queue(ticket.day, ticket.service_id, wanted.pk)
    if counter and not counter.services.filter(pk=wanted.pk).exists():
        raise IllegalMove(
            _("%(counter)s tidak melayani %(service)s.") % {"counter": counter, "service": wanted}
        )
    if wanted == ticket.service and counter is None:
        raise IllegalMove(_("Pilih layanan atau loket yang lain."))
    front = at_the_front(ticket)
    changes: dict[str, Any] = {"counter": None, "for_counter": counter, "calls": 0, "not_before": None}
    was = ticket
    if wanted != ticket.service:
        changes |= {"service": wanted, "received": _instead(ticket, wanted, by=by, at=at)}
    ticket = move(ticket, "waiting", by=by, at=at, topics=TOPICS, why="transfer", **changes)
    if wanted != was.service:
        start_again(ticket, at)
    if front:
        start_next(was, at)
    trail.record(
        "ticket.transferred", ticket, by=by, office_id=ticket.office_id, at=at,
        service=wanted.slug, counter=counter.number if counter else None,
    )  # fmt: skip
    return ticket


def _instead(ticket: Ticket, service: Service, *, by: Actor, at: datetime) -> VisitService:
    """The row of the new service; the old one is over."""
    old = ticket.received
    if old.state == VisitService.State.SERVING:
        visits.end_service(old, by=by, at=at)
    elif old.state == VisitService.State.WAITING:
        visits.cancel_service(old, why=Visit.EndReason.TRANSFERRED, by=by, at=at)
    return visits.receive(visit=old.visit, service=service, by=by, number=ticket.label, at=at)


def close_day(office: Any, *, by: Actor, before: datetime | None = None) -> int:
    """Visits left open on an earlier service day are closed with that reason, and counted (domain.md, end).

    Deposits still open stay open and keep alerting. Each visit is a transaction of its own: one that cannot be
    closed is logged and stays for the next run. Returns how many visits were closed.
    """
    now = before or timezone.now()
    left = office.visits.open().filter(day__lt=office.today(now))
    count = 0
    for visit in left:
        try:
            close_visit(visit, by=by, reason=Visit.EndReason.DAY_END, at=now)
        except Exception:
            log.exception("visit %s of %s could not be closed at the end of its day", visit.pk, office)
        else:
            count += 1
    return count
