"""What an officer did last, so that it can be taken back."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from queueing.models.counter import Counter
from services.offices.models import Office


class DeskAction(models.Model):
    """One action at the desk with the values it changed; kept for the day, holds no personal data.

    `changes`: [[model label, primary key, {field: before}, {field: after}], …] in the order they happened.
    """

    office = models.ForeignKey(Office, models.CASCADE, related_name="+")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    counter = models.ForeignKey(Counter, models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=20)
    label = models.CharField(max_length=20)
    at = models.DateTimeField()
    changes = models.JSONField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["officer", "-at"], name="desk_action_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.label}"
