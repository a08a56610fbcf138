"""Where a consultation was answered before: what an office that gave one away may still see of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from consultation.models.record import Consultation
from services.offices.models import Office, Service


class HandOver(models.Model):
    """From one office or service to another. The office it came from sees the number and where it went, nothing else."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="hand_overs")
    from_office = models.ForeignKey(Office, models.PROTECT, related_name="handed_over")
    to_office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    from_service = models.ForeignKey(Service, models.PROTECT, null=True, related_name="+")
    to_service = models.ForeignKey(Service, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    by_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["from_office", "-at"], name="handed_over_by_office")]

    def __str__(self) -> str:
        return f"{self.consultation_id}: {self.from_office_id} → {self.to_office_id}"
