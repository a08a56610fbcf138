"""Booking a place, coming, cancelling, not coming. The rules: docs/decisions/012."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from queueing import slots
from queueing.models import Appointment, Ticket
from queueing.models.rules import of_service
from queueing.workflows.issue import issue
from services.audit import trail
from services.audit.actors import Actor
from services.guestbook import clocks
from services.live.publish import QUEUE, publish
from services.offices.models import Office, Service
from services.workflow import IllegalMove, add_step, move

log = logging.getLogger(__name__)

State = Appointment.State
KEEP_DAYS = 90


class SlotTaken(IllegalMove):
    """Somebody else was faster, or the time is no longer offered."""


def book(
    *,
    service: Service,
    starts_at: datetime,
    submission: str,
    by: Actor,
    party_size: int = 1,
    priority: bool = False,
    language: str = "id",
    at: datetime | None = None,
) -> tuple[Appointment, bool]:
    """A place in the slot that begins then, and whether it is a new one: the same `submission` gives the same.

    The constraint on (service, time, place) guards against two people on one place: the slower one looks again.
    Its address is made from the key with the server's secret, so it stays unguessable. Raises SlotTaken.
    """
    at = at or timezone.now()
    for _attempt in range(of_service(service).slot_people + 1):
        if existing := booked(service, submission):
            return existing, False
        try:
            place = _free_place(service, starts_at, at)
        except SlotTaken:
            if existing := booked(service, submission):
                return existing, False  # the other tap took the place between these two looks
            raise
        appointment = Appointment(
            office=service.office, service=service, token=_token_of(service, submission), starts_at=starts_at,
            place=place, party_size=party_size, priority=priority,
            language=language[:2], created_at=at,
        )  # fmt: skip
        try:
            with transaction.atomic():
                appointment.save()
                add_step(appointment, by=by, at=at)
                trail.record("appointment.booked", appointment, by=by, office_id=service.office_id, at=at)
                publish(service.office.code, QUEUE)
                return appointment, True
        except IntegrityError:
            continue
    raise SlotTaken(_taken())


def booked(service: Service, submission: str) -> Appointment | None:
    """The appointment that `book` made for this submission, if it did."""
    return service.appointments.filter(token=_token_of(service, submission)).first()


def _token_of(service: Service, submission: str) -> str:
    return salted_hmac("queueing.book", f"{service.pk}:{submission}").hexdigest()[:32]


def _free_place(service: Service, starts_at: datetime, at: datetime) -> int:
    """The lowest free place. Raises SlotTaken where there is none, or where no such slot is offered."""
    offered = slots.slots_on(service, service.office.today(starts_at), at)
    slot = next((s for s in offered if s.starts_at == starts_at), None)
    if slot is None:
        raise SlotTaken(_("Waktu ini tidak lagi ditawarkan. Pilih waktu lain."))
    rows = service.appointments.filter(starts_at=starts_at, state__in=slots.LIVE)
    taken = set(rows.values_list("place", flat=True))
    places = (n for n in range(1, of_service(service).slot_people + 1) if n not in taken)
    place = next(places, None) if slot.free else None
    if place is None:
        raise SlotTaken(_taken())
    return place


def _taken() -> str:
    return _("Waktu ini baru saja penuh. Pilih waktu lain.")


def cancel(appointment: Appointment, *, by: Actor, at: datetime | None = None) -> Appointment:
    """The place is free again. Raises IllegalMove when the holder is here already, or it is over."""
    return move(appointment, State.CANCELLED, by=by, at=at, topics=(QUEUE,))


def opens_at(appointment: Appointment) -> datetime:
    """From when one may check in."""
    return appointment.starts_at - timedelta(minutes=of_service(appointment.service).early_minutes)


def late_after(appointment: Appointment) -> datetime:
    """After this instant the appointment is missed."""
    return appointment.starts_at + timedelta(minutes=of_service(appointment.service).late_minutes)


@transaction.atomic
def check_in(appointment: Appointment, *, office: Office, by: Actor, at: datetime | None = None) -> Ticket:
    """The holder is in the house: a number, which goes first once the time has come. A second scan gives the same.

    Who comes too late gets an ordinary number, and the appointment counts as missed. Raises IllegalMove, in a
    sentence for the visitor, for another office, another day, too early or cancelled.
    """
    at = at or timezone.now()
    appointment = (
        Appointment.objects.select_for_update(of=("self",))
        .select_related("office", "service__office", "service__queue_rules")
        .get(pk=appointment.pk)
    )
    if appointment.office_id != office.pk:
        raise IllegalMove(_("Janji temu ini untuk %s.") % appointment.office)
    # Read after the lock: what a second scan waited for is not in the snapshot of the row that was locked.
    issued = appointment.ticket
    if issued and issued.day == office.today(at):
        return issued
    _must_be_in_time(appointment, office, at)
    late = appointment.state == State.MISSED or at > late_after(appointment)
    ticket = issue(
        office=office,
        service=appointment.service,
        submission=f"appointment-{appointment.pk}",
        by=by,
        priority=appointment.priority,
        party_size=appointment.party_size,
        language=appointment.language,
        beyond_quota=True,
        at=at,
    )
    if not late:
        Ticket.objects.filter(pk=ticket.pk).update(appointment_at=appointment.starts_at)
        ticket.appointment_at = appointment.starts_at
        clocks.not_before(ticket.received, appointment.starts_at, at)
        move(appointment, State.CHECKED_IN, by=by, at=at, topics=(QUEUE,), ticket=ticket)
    elif appointment.state == State.BOOKED:
        move(appointment, State.MISSED, by=by, at=at, topics=(QUEUE,), why="late", ticket=ticket)
    else:
        Appointment.objects.filter(pk=appointment.pk).update(ticket=ticket)
    return ticket


def _must_be_in_time(appointment: Appointment, office: Office, at: datetime) -> None:
    local = office.local(appointment.starts_at)
    words = {
        "day": date_format(local.date(), "l, j F Y"),
        "time": f"{time_format(local.time())} {office.zone_name}",
    }
    if appointment.state == State.CANCELLED:
        raise IllegalMove(_("Janji temu ini sudah dibatalkan. Silakan ambil nomor biasa."))
    if local.date() < office.today(at):
        raise IllegalMove(_("Janji temu ini sudah lewat (%(day)s). Silakan ambil nomor biasa.") % words)
    if local.date() > office.today(at):
        raise IllegalMove(
            _("Janji temu ini untuk %(day)s pukul %(time)s. Hari ini silakan ambil nomor biasa.") % words
        )
    opens = opens_at(appointment)
    if at < opens:
        words["from"] = f"{time_format(office.local(opens).time())} {office.zone_name}"
        raise IllegalMove(
            _("Masih terlalu awal: janji temu Anda pukul %(time)s, lapor datang mulai pukul %(from)s.")
            % words
        )


def mark_missed(office: Office, *, at: datetime | None = None, by: Actor) -> int:
    """Who did not come in time missed it, and the desk's list says so. Returns how many."""
    at = at or timezone.now()
    booked = office.appointments.filter(state=State.BOOKED, starts_at__lt=at)
    count = 0
    for appointment in booked.select_related("service__queue_rules"):
        if at <= late_after(appointment):
            continue
        try:
            move(appointment, State.MISSED, by=by, at=at, topics=(QUEUE,))
        except IllegalMove:  # checked in or cancelled in this very instant
            log.info("appointment %s was not marked as missed: it has changed", appointment.pk)
        else:
            count += 1
    return count


def forget_old(at: datetime | None = None) -> int:
    """Delete appointments 90 days after their day: nothing refers to them then but statistics already made.

    The tickets they led to stay with their visits. Returns how many.
    """
    at = at or timezone.now()
    old = Appointment.objects.filter(starts_at__lt=at - timedelta(days=KEEP_DAYS))
    count = old.count()
    old.delete()
    return count
