"""What the TV shows besides calls."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from services.offices.models import Office


class Announcement(models.Model):
    """A message or picture for the TV's strip, between two dates of the office (empty: always)."""

    class Kind(models.TextChoices):
        TEXT = "text", _("Pengumuman")
        IMAGE = "image", _("Gambar")
        PLEDGE = "pledge", _("Maklumat pelayanan")

    office = models.ForeignKey(Office, models.CASCADE, related_name="announcements")
    kind = models.CharField(_("jenis"), max_length=8, choices=Kind, default=Kind.TEXT)
    text = models.CharField(
        _("teks"), max_length=400, help_text=_("Untuk gambar: apa yang terlihat di gambar itu.")
    )
    image = models.FileField(_("gambar"), upload_to="announcements/", blank=True)
    starts = models.DateField(_("mulai tanggal"), null=True, blank=True)
    ends = models.DateField(_("sampai tanggal"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("urutan"), default=1)
    active = models.BooleanField(_("aktif"), default=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts=None) | Q(ends=None) | Q(ends__gte=F("starts")),
                name="announcement_dates_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(kind="image") | ~Q(image=""), name="picture_announcement_has_a_picture"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]
