"""The library in use: what each visitor did in the reading room (requirement rows 18 and 19)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from services.guestbook.models import VisitService
from services.offices.models import Office


class LibraryUse(models.Model):
    class Kind(models.TextChoices):
        READ_PRINTED = "read_printed", _("Membaca buku tercetak")
        SCAN = "scan", _("Minta pindaian")
        READ_DIGITAL = "read_digital", _("Membaca softcopy di komputer PST")
        DOWNLOAD = "download", _("Mengunduh softcopy")

    office = models.ForeignKey(Office, models.PROTECT, related_name="library_uses")
    received = models.ForeignKey(VisitService, models.CASCADE, related_name="library_uses")
    kind = models.CharField(_("penggunaan"), max_length=15, choices=Kind)
    what = models.CharField(_("pustaka"), max_length=200, blank=True)
    # The form's key: sending it again notes nothing twice.
    submission = models.CharField(max_length=40)
    at = models.DateTimeField()
    by_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["received", "submission"], name="one_use_per_submission")
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
