"""Taking stock: what was scanned at the shelves, compared with what the catalogue says stands there."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from library.models.catalogue import Copy
from services.offices.models import Office


class StockTake(models.Model):
    """One stock-taking of an office, on any number of devices at once. `shelves` empty: the whole collection."""

    class State(models.TextChoices):
        OPEN = "open", _("Sedang berjalan")
        FINISHED = "finished", _("Selesai")
        CANCELLED = "cancelled", _("Dibatalkan")

    office = models.ForeignKey(Office, models.PROTECT, related_name="stock_takes")
    shelves = ArrayField(models.CharField(max_length=40, blank=True), default=list, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # The office's newest copy at the start: one with a higher key came afterwards, and nobody has to find it.
    newest_copy = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["office"], condition=Q(state="open"), name="one_open_stock_take_of_an_office"
            ),
            models.CheckConstraint(
                condition=Q(state="open", ended_at=None) | ~Q(state="open") & Q(ended_at__isnull=False),
                name="a_stock_take_ends_with_its_state",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office_id} {self.get_state_display()}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN


class StockScan(models.Model):
    """A barcode that was seen. The same one again is the same row; `keys` are the scans that led to it, so that one
    sent twice by a bad network is not taken for a label that two books have."""

    take = models.ForeignKey(StockTake, models.CASCADE, related_name="scans")
    barcode = models.CharField(max_length=40)
    copy = models.ForeignKey(Copy, models.SET_NULL, null=True, blank=True, related_name="stock_scans")
    shelf = models.CharField(max_length=40, blank=True)  # where the officer stood, if said
    state_then = models.CharField(max_length=10, blank=True, choices=Copy.State)  # what the catalogue said
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    keys = ArrayField(models.CharField(max_length=40))

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(F("take"), Upper("barcode"), name="one_scan_of_a_barcode"),
            models.CheckConstraint(condition=~Q(barcode=""), name="stock_scan_has_a_barcode"),
        ]

    def __str__(self) -> str:
        return self.barcode


class StockDifference(models.Model):
    """What a finished stock-taking found, as it was then, and whether the officer had it carried out."""

    class Kind(models.TextChoices):
        MISSING = "missing", _("Tidak ditemukan")
        LOST = "lost", _("Ditemukan, tercatat hilang")
        OUT = "out", _("Ditemukan, tercatat di tangan pembaca")
        WITHDRAWN = "withdrawn", _("Ditemukan, sudah ditarik dari koleksi")
        SHELF = "shelf", _("Salah rak")
        UNKNOWN = "unknown", _("Barcode tidak dikenal")
        AGAIN = "again", _("Dipindai lebih dari sekali")
        MOVED = "moved", _("Kembali atau baru masuk selama pemeriksaan, belum dipindai")

    take = models.ForeignKey(StockTake, models.CASCADE, related_name="differences")
    kind = models.CharField(max_length=9, choices=Kind)
    barcode = models.CharField(max_length=40)
    copy = models.ForeignKey(Copy, models.SET_NULL, null=True, blank=True, related_name="stock_differences")
    shelf = models.CharField(max_length=40, blank=True)  # where it belongs
    seen_at = models.CharField(max_length=40, blank=True)  # the shelf at which it was scanned
    times = models.PositiveSmallIntegerField(default=0)  # scanned how often
    done = models.BooleanField(default=False)

    class Meta:
        ordering = ["take", "kind", "shelf", "barcode"]
        constraints = [
            models.UniqueConstraint(
                F("take"), F("kind"), Upper("barcode"), name="one_difference_of_a_kind_and_barcode"
            )
        ]

    def __str__(self) -> str:
        return f"{self.barcode} {self.get_kind_display()}"
