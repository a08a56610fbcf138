"""How often a publication was found, opened, read: in a month, at an office. Never by whom."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from library.models.catalogue import Publication
from services.offices.models import Office


class PublicationUse(models.Model):
    """A count, without person, device, address, day or hour. `office` is empty for the catalogue of all offices."""

    class Kind(models.TextChoices):
        FOUND = "found", _("Muncul di pencarian")
        OPENED = "opened", _("Dibuka")
        READ_ROOM = "read_room", _("Dibaca di tempat")
        BORROWED = "borrowed", _("Dipinjam atau dibawa keluar")
        READ_ONLINE = "read_online", _("Dibaca daring")
        DOWNLOADED = "downloaded", _("Diunduh")
        EXCERPT = "excerpt", _("Disalin sebagian")
        ASKED = "asked", _("Ditanyakan ke konsultan")

    month = models.DateField()  # its first day
    office = models.ForeignKey(Office, models.CASCADE, null=True, blank=True, related_name="publication_uses")
    publication = models.ForeignKey(Publication, models.CASCADE, related_name="uses")
    kind = models.CharField(max_length=11, choices=Kind)
    times = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["month", "office", "publication", "kind"],
                name="one_count_of_a_month",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=models.Q(month__day=1), name="a_count_is_of_a_month"),
        ]
        indexes = [models.Index(fields=["publication", "month"], name="use_of_a_publication")]

    def __str__(self) -> str:
        return f"{self.publication_id} {self.get_kind_display()} {self.times}"
