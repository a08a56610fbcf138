"""One questionnaire filled in, and its answers. Nothing in it leads to a person."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from services.offices.models import Office, Service
from services.surveys.models.instrument import Instrument


class Response(models.Model):
    """`day` is the office's own date of the service; `once` a keyed hash of what it was answered for, so that nobody answers twice for
    one service and nobody can tell from it for which one. The profile's codes are those of the guest book's lists
    (`services.guestbook.reference`)."""

    class Channel(models.TextChoices):
        TABLET = "tablet", _("Tablet")
        PHONE = "phone", _("Ponsel")
        ONLINE = "online", _("Portal")
        PAPER = "paper", _("Kertas")

    office = models.ForeignKey(Office, models.PROTECT, related_name="survey_responses")
    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="responses")
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="survey_responses"
    )
    day = models.DateField()
    at = models.DateTimeField()
    channel = models.CharField(max_length=6, choices=Channel)
    once = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    gender = models.CharField(max_length=30, blank=True)
    age = models.PositiveSmallIntegerField(null=True, blank=True)  # years
    education = models.CharField(max_length=30, blank=True)
    job = models.CharField(max_length=30, blank=True)
    institution = models.CharField(max_length=30, blank=True)
    comment = models.TextField(max_length=2000, blank=True)
    # SKD, data needs: a row each, as the instrument's table asks.
    needs = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["office", "instrument", "day"], name="survey_response_of_period")]

    def __str__(self) -> str:
        return f"{self.pk}"


class Answer(models.Model):
    """By the code of the question: its position differs between offices' forms."""

    response = models.ForeignKey(Response, models.CASCADE, related_name="answers")
    code = models.CharField(max_length=10)
    score = models.PositiveSmallIntegerField()
    importance = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["response", "code"], name="one_answer_to_a_question"),
            models.CheckConstraint(
                condition=Q(score__gte=1, score__lte=10)
                & (Q(importance=None) | Q(importance__gte=1, importance__lte=10)),
                name="survey_score_on_a_scale",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.score}"
