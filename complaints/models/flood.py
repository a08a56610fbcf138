"""Many complaints from one place within an hour: what is known of the place while the hour lasts, and what it was afterwards."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from services.offices.models import Office


class Flood(models.Model):
    """More than the limit was sent from one place. `source` (a keyed hash, services/accounts/limits.py) is emptied an hour after
    the last of it: what is left is that these came together, not from where."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="complaint_floods")
    source = models.CharField(max_length=32, blank=True)
    began_at = models.DateTimeField()
    last_at = models.DateTimeField()
    held = models.PositiveIntegerField(_("yang ditahan"), default=0)

    class Meta:
        ordering = ["-began_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "source"], condition=~Q(source=""), name="one_flood_of_one_source"
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class Arrival(models.Model):
    """From where a complaint came, as the same keyed hash: for an hour, so that a flood can be taken together."""

    complaint = models.OneToOneField("complaints.Complaint", models.CASCADE, related_name="arrival")
    source = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["source", "at"], name="complaint_arrival")]

    def __str__(self) -> str:
        return f"{self.pk}"
