"""What every action at the desk needs."""

from __future__ import annotations

from django.utils.translation import gettext as _

from queueing.models import Counter, Ticket
from services.audit.actors import Actor
from services.guestbook.models import Visit, VisitService
from services.live.publish import QUEUE, VISITS
from services.workflow import IllegalMove

TOPICS = (QUEUE, VISITS)


def as_seen(ticket: Ticket, state: str) -> None:
    """Raises IllegalMove when the ticket is no longer as the officer saw it: the list was older."""
    if ticket.state != state:
        raise IllegalMove(
            _("%(number)s sekarang berstatus “%(state)s”. Periksa dahulu, lalu ulangi bila masih perlu.")
            % {"number": ticket, "state": ticket.get_state_display()}
        )


def only(ticket: Ticket, *states: str) -> None:
    """Under the lock of the visit: raises IllegalMove unless the ticket is in one of these states by now."""
    ticket.refresh_from_db(fields=["state", "rejoined", "counter", "for_counter", "service", "received"])
    if ticket.state not in states:
        raise IllegalMove(
            _("%(thing)s sudah berstatus “%(state)s”; tindakan ini tidak dapat dilakukan lagi.")
            % {"thing": ticket, "state": ticket.get_state_display()}
        )


def not_anothers(ticket: Ticket, by: Actor) -> None:
    """Raises IllegalMove when the person is at a counter where a colleague sits: an older page, or a seat given up."""
    if ticket.counter_id is None or by.user_id is None:
        return
    counter = Counter.objects.get(pk=ticket.counter_id)
    if counter.officer_id not in (None, by.user_id):
        raise IllegalMove(
            _("%(number)s ada di %(counter)s bersama petugas lain; ia yang melanjutkan.")
            % {"number": ticket, "counter": counter}
        )


def seat_of(counter: Counter, by: Actor, *, seated: bool) -> Counter:
    """Lock the counter. Raises IllegalMove when it rests and when the officer, who was `seated` there, is not any
    more."""
    counter = Counter.objects.select_for_update(no_key=True).get(pk=counter.pk)
    if seated and counter.officer_id != by.user_id:
        raise IllegalMove(_("Anda tidak lagi di %s. Pilih loket Anda dahulu.") % counter)
    if counter.paused_at:
        raise IllegalMove(_("%s sedang jeda. Lanjutkan dahulu, lalu panggil.") % counter)
    return counter


def lock_visit(visit_id: int) -> None:
    """Lock the visit before anything of it: ticket, service and visit are always locked in the same order, so
    two desks that act on one person wait for each other instead of deadlocking. (`call_next` takes ticket and
    visit together and passes over what another desk holds.)
    """
    Visit.objects.select_for_update(no_key=True).get(pk=visit_id)


def ticket_of(received: VisitService) -> Ticket | None:
    return Ticket.objects.select_related("service", "office").filter(received=received).first()
