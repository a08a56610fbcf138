"""Where an officer receives visitors."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from services.offices.models import Office, Service


class Counter(models.Model):
    """A place where an officer receives visitors, for the services it is set up for.

    While it is paused nobody is called to it; the officer keeps the seat.
    """

    class PauseReason(models.TextChoices):
        REST = "rest", _("Istirahat")
        PRAYER = "prayer", _("Salat")
        TASK = "task", _("Tugas lain")

    office = models.ForeignKey(Office, models.CASCADE, related_name="counters")
    number = models.PositiveSmallIntegerField(
        _("nomor loket"), validators=[MinValueValidator(1), MaxValueValidator(999)]
    )
    name = models.CharField(_("nama"), max_length=60, blank=True)
    services = models.ManyToManyField(Service, related_name="counters")
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    opened_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    pause_reason = models.CharField(_("alasan jeda"), max_length=10, choices=PauseReason, blank=True)
    active = models.BooleanField(_("dipakai"), default=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["office", "number"], name="counter_number_per_office")]

    def __str__(self) -> str:
        return f"{_('Loket')} {self.number}"
