"""What an officer did last, so that it can be taken back."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from queueing.models.counter import Counter
from services.offices.models import Office

KINDS = {
    "call": _("Panggil"),
    "arrived": _("Sudah datang"),
    "put_back": _("Kembalikan"),
    "skip": _("Lewati"),
    "rejoin": _("Kembali ke antrian"),
    "no_show": _("Tidak hadir"),
    "cancel": _("Batalkan"),
    "start": _("Mulai layanan"),
    "end": _("Layanan selesai"),
    "close": _("Akhiri kunjungan"),
    "hold": _("Tunda"),
    "resume": _("Lanjutkan"),
    "transfer": _("Alihkan"),
}


class DeskAction(models.Model):
    """One action at the desk with the values it changed; kept for the day, holds no personal data.

    `changes`: [[model label, primary key, {field: before}, {field: after}], …] in the order they happened.
    `undone_at`: taken back, or found to be too late for that.
    """

    office = models.ForeignKey(Office, models.CASCADE, related_name="+")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    counter = models.ForeignKey(Counter, models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=20)
    label = models.CharField(max_length=20)
    at = models.DateTimeField()
    changes = models.JSONField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["officer", "-at"], name="desk_action_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.label}"

    @property
    def name(self) -> str:
        """What was done, as the desk says it: "Panggil A012"."""
        return f"{KINDS.get(self.kind, self.kind)} {self.label}".strip()
