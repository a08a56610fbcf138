"""Statistical consultation: the visitor states the question, the officer informs (requirement row 22)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from services.guestbook.models import VisitService
from services.offices.models import Office


class Consultation(models.Model):
    """The record of one consultation in the office; one for each service received."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="consultations")
    received = models.OneToOneField(VisitService, models.CASCADE, related_name="consultation")
    question = models.TextField(_("pertanyaan"), max_length=4000)
    answer = models.TextField(_("informasi yang diberikan"), max_length=8000, blank=True)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.question[:60]
