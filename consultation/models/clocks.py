"""The promise, question by question: when it was asked, until when it is to be answered, and when the clock stood still.

Source: KK "Waktu Penyelesaian" (requirement row 39), domain.md §4. All instants in UTC.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from consultation.models.record import Consultation
from services.offices.models import Office


class Round(models.Model):
    """One question and its answer. The first begins with the consultation, a further one with each reopening.

    `working_days` is what the standard promises; empty: nothing, and then nothing is due. `due_at` moves when the calendar
    changes and after each pause; every move is a `ClockChange`.
    """

    class Result(models.TextChoices):
        RUNNING = "running", _("Berjalan")
        KEPT = "kept", _("Ditepati")
        MISSED = "missed", _("Terlambat")
        NONE = "none", _("Tidak dijanjikan")
        EXCLUDED = "excluded", _("Tidak dihitung")

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField()
    working_days = models.PositiveSmallIntegerField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)  # answered, or closed without
    excluded = models.CharField(max_length=200, blank=True)  # why it does not count

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "number"], name="round_number"),
            models.UniqueConstraint(
                fields=["consultation"], condition=Q(ended_at=None), name="one_running_round"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consultation_id}/{self.number}"

    @property
    def result(self) -> str:
        if self.excluded:
            return self.Result.EXCLUDED
        if self.due_at is None and self.working_days is None:
            return self.Result.NONE
        if self.answered_at is None:
            return self.Result.EXCLUDED if self.ended_at else self.Result.RUNNING
        return self.Result.KEPT if self.due_at and self.answered_at <= self.due_at else self.Result.MISSED


class Pause(models.Model):
    """While the visitor was asked for something, the clock of the round stood still."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="pauses")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["since"]
        constraints = [
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="pause_forward"),
            models.UniqueConstraint(fields=["round"], condition=Q(until=None), name="one_running_pause"),
        ]

    def __str__(self) -> str:
        return f"{self.since}"


class ClockChange(models.Model):
    """A deadline that moved: from when to when, and why. The trace of domain.md §4."""

    class What(models.TextChoices):
        DUE = "due", _("Batas jawaban")
        CLOSES = "closes", _("Tutup otomatis")

    class Why(models.TextChoices):
        STARTED = "started", _("Pertanyaan diterima")
        PAUSED = "paused", _("Menunggu pengguna")
        RESUMED = "resumed", _("Pengguna menjawab")
        CALENDAR = "calendar", _("Kalender kerja berubah")
        ANSWERED = "answered", _("Dijawab")
        MOVED = "moved", _("Dialihkan")
        MERGED = "merged", _("Digabung")
        ENDED = "ended", _("Selesai")

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="clock_changes")
    what = models.CharField(max_length=6, choices=What)
    at = models.DateTimeField()
    was = models.DateTimeField(null=True, blank=True)
    now = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=8, choices=Why)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.what} {self.now}"


class CalendarSeen(models.Model):
    """The working calendar by which an office's deadlines stand now, as a digest: when it is another, they are recomputed."""

    office = models.OneToOneField(Office, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.digest
