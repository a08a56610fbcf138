"""The columns of a file somebody sent (docs/decisions/030)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from services.files.refusals import words


class StoredFile(models.Model):
    """Abstract; each app has its own table and says whose the file is. A refused one is not kept, only that it came."""

    class State(models.TextChoices):
        CHECKING = "checking", _("Diperiksa")
        READY = "ready", _("Siap")
        REFUSED = "refused", _("Ditolak")

    name = models.CharField(_("nama berkas"), max_length=200)
    content_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(default=0)  # bytes
    sha256 = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.CHECKING)
    refused = models.CharField(max_length=200, blank=True)
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        abstract = True
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    @property
    def refused_words(self) -> str:
        """Why it was not taken; `refused` holds the code."""
        return words(self.refused)
