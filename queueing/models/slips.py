"""Numbers on paper, printed ahead for the day the power fails."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from services.offices.models import Office, Service


class SlipBlock(models.Model):
    """A printed block of slips. A slip is good on any day; used once a day, like every number."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="slip_blocks")
    service = models.ForeignKey(Service, models.CASCADE, related_name="slip_blocks")
    first = models.PositiveSmallIntegerField()
    last = models.PositiveSmallIntegerField()
    printed_at = models.DateTimeField(default=timezone.now)
    printed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-printed_at"]
        constraints = [models.CheckConstraint(condition=Q(last__gte=F("first")), name="slip_block_in_order")]

    def __str__(self) -> str:
        return f"{self.service.prefix}{self.first:03d}–{self.service.prefix}{self.last:03d}"
