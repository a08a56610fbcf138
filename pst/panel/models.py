"""What an office decided about its own panel."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from services.offices.models import Office


class PublishedPromises(models.Model):
    """Whether the office's public page says how it kept its word, and of which time; without a row it does not."""

    class Period(models.TextChoices):
        NONE = "", _("Tidak ditampilkan")
        MONTH = "month", _("Bulan terakhir yang sudah lengkap")
        QUARTER = "quarter", _("Triwulan terakhir yang sudah lengkap")
        YEAR = "year", _("Tahun terakhir yang sudah lengkap")

    office = models.OneToOneField(Office, models.CASCADE, related_name="published_promises")
    period = models.CharField(
        _("Pada halaman publik kantor"), max_length=8, choices=Period, default="", blank=True
    )

    class Meta:
        verbose_name_plural = "published promises"

    def __str__(self) -> str:
        return f"{self.office}"
