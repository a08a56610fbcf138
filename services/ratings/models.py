"""What visitors thought of the service: one tap of 1–5, with an optional word (domain.md §5)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from services.guestbook.models import VisitService
from services.offices.models import Office


class Rating(models.Model):
    """At most one for each person served: for one who came alone one, for a party (domain.md §8.4) as many as it has
    people; anonymous towards the office's screens.

    `place` numbers those of one service received. `rater` is a random key of the phone's browser, for this one visit,
    so that nobody of a party answers twice. Of a consultation on line nothing was received in an office: `received` is
    empty, and the consultation leads to its rating.
    """

    class Channel(models.TextChoices):
        TABLET = "tablet", _("Tablet")
        PHONE = "phone", _("Ponsel")
        ONLINE = "online", _("Portal")

    office = models.ForeignKey(Office, models.PROTECT, related_name="ratings")
    received = models.ForeignKey(VisitService, models.CASCADE, null=True, related_name="ratings")
    place = models.PositiveSmallIntegerField(default=1)
    rater = models.CharField(max_length=32, blank=True)
    stars = models.PositiveSmallIntegerField(_("nilai"))
    comment = models.TextField(_("catatan"), max_length=1000, blank=True)
    channel = models.CharField(max_length=8, choices=Channel)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="one_to_five_stars"),
            models.UniqueConstraint(fields=["received", "place"], name="one_rating_for_each_person"),
            models.UniqueConstraint(
                fields=["received", "rater"], condition=~Q(rater=""), name="one_rating_from_each_phone"
            ),
            models.CheckConstraint(
                condition=Q(received__isnull=False) | Q(channel="online"), name="rating_of_a_visit_or_online"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stars}/5"
