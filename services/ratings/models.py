"""What visitors thought of the service: one tap of 1–5, with an optional word (domain.md §5)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from services.guestbook.models import VisitService
from services.offices.models import Office


class Rating(models.Model):
    """At most one for each service received; anonymous towards the office's screens."""

    class Channel(models.TextChoices):
        TABLET = "tablet", _("Tablet")
        PHONE = "phone", _("Ponsel")

    office = models.ForeignKey(Office, models.PROTECT, related_name="ratings")
    received = models.OneToOneField(VisitService, models.CASCADE, related_name="rating")
    stars = models.PositiveSmallIntegerField(_("nilai"))
    comment = models.TextField(_("catatan"), max_length=1000, blank=True)
    channel = models.CharField(max_length=8, choices=Channel)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="one_to_five_stars")
        ]

    def __str__(self) -> str:
        return f"{self.stars}/5"
