"""A questionnaire in one version, and where an office offers it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from services.offices.models import Office


class Instrument(models.Model):
    """Never changed once somebody answered it: another wording is another key (`services.surveys.instruments`).

    SKM: nine elements 1–4 (PermenPANRB 14/2017). SKD: importance and satisfaction 1–10, data needs (BPS). The two scales are
    never converted into each other.
    """

    class Kind(models.TextChoices):
        SKM = "skm", _("Survei Kepuasan Masyarakat (SKM)")
        SKD = "skd", _("Survei Kebutuhan Data (SKD)")

    key = models.SlugField(max_length=40, unique=True)
    kind = models.CharField(max_length=3, choices=Kind)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    source = models.CharField(max_length=200)
    # What services.surveys.questions reads: the questions in their order.
    content = models.JSONField()
    retired = models.BooleanField(default=False)

    class Meta:
        ordering = ["kind", "-key"]

    def __str__(self) -> str:
        return self.name_en if get_language() == "en" else self.name


class SurveyRule(models.Model):
    """When an office asks whom: nobody, everybody, or one in so many of those served."""

    class Offer(models.TextChoices):
        NEVER = "never", _("Tidak ditawarkan")
        ALWAYS = "always", _("Kepada setiap pengguna")
        SAMPLE = "sample", _("Kepada sebagian pengguna")

    office = models.ForeignKey(Office, models.CASCADE, related_name="survey_rules")
    kind = models.CharField(max_length=3, choices=Instrument.Kind)
    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="+")
    offer = models.CharField(_("ditawarkan"), max_length=6, choices=Offer, default=Offer.ALWAYS)
    every = models.PositiveSmallIntegerField(_("satu dari berapa pengguna"), default=5)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "kind"], name="one_survey_rule_of_a_kind"),
            models.CheckConstraint(condition=Q(every__gte=1), name="survey_every_at_least_one"),
        ]

    def __str__(self) -> str:
        return f"{self.office} {self.kind}"
