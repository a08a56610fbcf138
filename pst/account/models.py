"""What a visitor agreed to when they made their account."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from services.guestbook.models import ConsentWording


class Agreement(models.Model):
    """Consent to the account itself, with the wording they saw (UU 27/2022 art. 20 to 22). Who has one made the account
    themselves; an officer's was made by an administrator."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="agreements")
    wording = models.ForeignKey(ConsentWording, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.wording_id}"
