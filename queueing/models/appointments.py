"""Appointments: a place at a time, booked ahead without giving a name."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext_lazy as _

from queueing.models.ticket import Ticket
from services.codes import readable
from services.guestbook.models import new_token
from services.offices.models import Office, Service
from services.workflow import Step

CODE_LENGTH = 6


def new_code() -> str:
    """Short enough to type on the tablet; only there and at the desk does it open anything."""
    return readable(CODE_LENGTH)


class Appointment(models.Model):
    """A booked place in a slot. Anonymous like a ticket: whoever has the address (`token`) holds the booking.

    `code` is what the holder types, or lets be scanned, in the office. A missed appointment may have a ticket: an
    ordinary number, given to somebody who came too late.
    """

    class State(models.TextChoices):
        BOOKED = "booked", _("Dipesan")
        CHECKED_IN = "checked_in", _("Sudah datang")
        CANCELLED = "cancelled", _("Dibatalkan")
        MISSED = "missed", _("Tidak datang")

    MOVES = {
        "booked": {"checked_in", "cancelled", "missed"},
        "checked_in": set(),
        "cancelled": set(),
        "missed": set(),
    }

    office = models.ForeignKey(Office, models.PROTECT, related_name="appointments")
    service = models.ForeignKey(Service, models.PROTECT, related_name="appointments")
    token = models.CharField(max_length=32, unique=True, default=new_token)
    code = models.CharField(max_length=8, unique=True, default=new_code)
    starts_at = models.DateTimeField()
    # 1…slot_people: with the constraint below no slot is ever booked twice over.
    place = models.PositiveSmallIntegerField()
    party_size = models.PositiveSmallIntegerField(_("jumlah orang"), default=1)
    priority = models.BooleanField(_("prioritas"), default=False)
    language = models.CharField(max_length=2, default="id")
    state = models.CharField(max_length=10, choices=State, default=State.BOOKED)
    created_at = models.DateTimeField()
    ticket = models.OneToOneField(Ticket, models.SET_NULL, null=True, blank=True, related_name="appointment")

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["service", "starts_at", "place"],
                condition=Q(state__in=("booked", "checked_in")),
                name="one_person_per_place_in_a_slot",
            )
        ]
        indexes = [models.Index(fields=["office", "state", "starts_at"], name="appointment_office_state")]

    def __str__(self) -> str:
        """As a sentence for people names it, on the office's own clock."""
        at = self.office.local(self.starts_at)
        return f"{_('Janji temu')} {date_format(at.date(), 'j F')} {time_format(at.time())}"


class AppointmentStep(Step):
    """Trace of an appointment."""

    subject = models.ForeignKey(Appointment, models.CASCADE, related_name="steps")
