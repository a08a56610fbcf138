"""Times in which nobody could be served, recorded afterwards by the supervisor (docs/decisions/017)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from services.offices.models import Office


class Interruption(models.Model):
    """From when until when, and why. One entered by mistake is withdrawn, never deleted: it has changed results."""

    class Kind(models.TextChoices):
        POWER_CUT = "power_cut", _("Listrik padam")
        NETWORK = "network", _("Jaringan terputus")
        EMERGENCY = "emergency", _("Keadaan darurat atau evakuasi")

    office = models.ForeignKey(Office, models.CASCADE, related_name="interruptions")
    kind = models.CharField(_("jenis gangguan"), max_length=10, choices=Kind)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    note = models.CharField(_("keterangan"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__gt=F("started_at")), name="interruption_has_a_length"
            ),
            # A double tap is one interruption.
            models.UniqueConstraint(
                fields=["office", "kind", "started_at", "ended_at"],
                condition=Q(withdrawn_at=None),
                name="interruption_recorded_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.started_at:%Y-%m-%d}"
