"""What comes of a survey: the plan for its lowest elements, and the result as it was published."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from services.offices.models import Office, Service
from services.surveys.models.instrument import Instrument


class FollowUp(models.Model):
    """PermenPANRB 14/2017: the lowest elements are worked on by a plan with somebody's name and a date."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="survey_follow_ups")
    since, until = models.DateField(), models.DateField()  # the period whose result it follows
    element = models.CharField(_("unsur"), max_length=10)
    plan = models.CharField(_("rencana tindak lanjut"), max_length=500)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    owner_name = models.CharField(_("penanggung jawab"), max_length=120)
    due_on = models.DateField(_("tenggat"))
    done_at = models.DateTimeField(null=True, blank=True)
    proof = models.CharField(_("bukti"), max_length=500, blank=True)

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None) | ~Q(proof=""), name="a_follow_up_is_done_with_proof"
            )
        ]

    def __str__(self) -> str:
        return self.plan


class Published(models.Model):
    """A result as the public sees it: the figures as they were, even when a questionnaire from paper is entered later."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="survey_results")
    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, models.PROTECT, null=True, blank=True, related_name="+")
    since, until = models.DateField(), models.DateField()
    figures = models.JSONField()
    at = models.DateTimeField()
    by_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-until", "-at"]
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="survey_period_runs_forward")
        ]

    def __str__(self) -> str:
        return f"{self.since} – {self.until}"


class PublishedReport(models.Model):
    """The PDF of a published result in one language, as it was drawn once. `digest`: of the page it was drawn from."""

    published = models.ForeignKey(Published, models.CASCADE, related_name="reports")
    language = models.CharField(max_length=5)
    digest = models.CharField(max_length=64)
    pdf = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["published", "language"], name="one_survey_report_in_a_language")
        ]

    def __str__(self) -> str:
        return f"{self.published_id} {self.language}"
