"""Complaints about the service: lodged without an account, followed by number and secret (domain.md §6)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from services.guestbook.models import VisitService
from services.offices.models import Office
from services.workflow import Step


class Complaint(models.Model):
    class State(models.TextChoices):
        RECEIVED = "received", _("Diterima")
        HANDLED = "handled", _("Ditindaklanjuti")
        ANSWERED = "answered", _("Dijawab")
        CLOSED = "closed", _("Ditutup")

    class Channel(models.TextChoices):
        TABLET = "tablet", _("Tablet")
        PHONE = "phone", _("Ponsel")
        ONLINE = "online", _("Formulir online")

    MOVES = {
        "received": {"handled", "answered", "closed"},
        "handled": {"answered", "closed"},
        "answered": {"handled", "closed"},
        "closed": {"handled"},
    }

    office = models.ForeignKey(Office, models.PROTECT, related_name="complaints")
    received = models.ForeignKey(
        VisitService, models.SET_NULL, null=True, blank=True, related_name="complaints"
    )
    number = models.CharField(max_length=20, unique=True)
    secret_hash = models.CharField(max_length=128)
    # The form's key with its text, hashed: sending the same form again gives the same complaint.
    submission = models.CharField(max_length=64, unique=True)
    text = models.TextField(_("isi pengaduan"), max_length=5000)
    contact_name = models.CharField(_("nama"), max_length=120, blank=True)
    contact = models.CharField(_("e-mail atau nomor WhatsApp"), max_length=254, blank=True)
    channel = models.CharField(max_length=8, choices=Channel)
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVED)
    reply = models.TextField(_("tanggapan"), max_length=5000, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.number


class ComplaintStep(Step):
    subject = models.ForeignKey(Complaint, models.CASCADE, related_name="steps")
    # As given then: a later answer replaces the complaint's, not this one.
    reply = models.TextField(blank=True, default="")

    @property
    def state_name(self) -> str:
        return str(Complaint.State(self.state).label)
