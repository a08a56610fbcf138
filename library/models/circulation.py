"""Who has a book in hand: reading in the room, a permission to take it out, a loan; and who waits for one."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from library.models.catalogue import Copy, Publication
from services.guestbook.models import Visit, Visitor
from services.offices.models import Office
from services.ratings.models import Rating
from services.workflow import Step


class LendingRules(models.Model):
    """The office's procedure of lending (requirement row 20: "borrowing by set procedure"). Without a row: the defaults."""

    office = models.OneToOneField(Office, models.CASCADE, related_name="lending_rules")
    most = models.PositiveSmallIntegerField(
        _("paling banyak dipinjam sekaligus"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
    )
    days = models.PositiveSmallIntegerField(
        _("lama pinjam (hari kalender)"), default=7, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    renewals = models.PositiveSmallIntegerField(
        _("boleh diperpanjang (kali)"), default=1, validators=[MaxValueValidator(20)]
    )
    hold_days = models.PositiveSmallIntegerField(
        _("pesanan disimpan (hari kerja)"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
    )
    contact_needed = models.BooleanField(_("peminjam wajib punya e-mail atau telepon"), default=True)

    def __str__(self) -> str:
        return f"{self.office}: {self.days}"


class Loan(models.Model):
    """A copy in somebody's hands. A copy is in one hand only: the database holds it (`one_hand_for_a_copy`).

    `visitor` is empty where nobody is known (reading in the room needs no name). `due_on` is a day of the office.
    """

    class Kind(models.TextChoices):
        READING = "reading", _("Dibaca di tempat")
        PERMISSION = "permission", _("Izin keluar")
        LOAN = "loan", _("Peminjaman")

    class State(models.TextChoices):
        OUT = "out", _("Belum kembali")
        RETURNED = "returned", _("Kembali")
        DAMAGED = "damaged", _("Kembali rusak")
        LOST = "lost", _("Hilang")

    MOVES = {
        "out": {"returned", "damaged", "lost"},
        "lost": {"returned", "damaged"},  # found after all
        "returned": set(),
        "damaged": set(),
    }

    office = models.ForeignKey(Office, models.PROTECT, related_name="loans")
    copy = models.ForeignKey(Copy, models.PROTECT, related_name="loans")
    visit = models.ForeignKey(Visit, models.SET_NULL, null=True, blank=True, related_name="loans")
    visitor = models.ForeignKey(Visitor, models.SET_NULL, null=True, blank=True, related_name="loans")
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=8, choices=State, default=State.OUT)
    out_at = models.DateTimeField()
    due_on = models.DateField(_("jatuh tempo"), null=True, blank=True)
    renewals = models.PositiveSmallIntegerField(default=0)
    back_at = models.DateTimeField(null=True, blank=True)
    # Requirement row 20: no book leaves the room without an officer's permission.
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    note = models.CharField(_("catatan"), max_length=200, blank=True)
    # So that a word beside the stars goes with the person (pst/privacy/retention.toml).
    rating = models.OneToOneField(
        Rating, models.SET_NULL, null=True, blank=True, editable=False, related_name="loan"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["copy"], condition=Q(state="out"), name="one_hand_for_a_copy"),
            models.CheckConstraint(
                condition=~Q(kind="loan") | Q(due_on__isnull=False), name="a_loan_has_a_due_day"
            ),
            models.CheckConstraint(
                condition=Q(state="out", back_at=None) | ~Q(state="out"), name="what_is_out_is_not_back"
            ),
        ]
        indexes = [
            models.Index(fields=["office", "due_on"], condition=Q(state="out"), name="loans_by_due_day"),
            models.Index(fields=["visitor"], condition=Q(state="out"), name="loans_of_a_visitor"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.copy_id}"

    def overdue(self, today: date) -> bool:
        """The due day itself is still in time."""
        return self.state == self.State.OUT and self.due_on is not None and today > self.due_on


class LoanStep(Step):
    """Trace of a Loan's states."""

    subject = models.ForeignKey(Loan, models.CASCADE, related_name="steps")


class Hold(models.Model):
    """Somebody waits for any copy of a publication at one office; the first in line gets the next that comes back."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Menunggu")
        READY = "ready", _("Siap diambil")
        TAKEN = "taken", _("Diambil")
        EXPIRED = "expired", _("Tidak diambil")
        CANCELLED = "cancelled", _("Dibatalkan")

    MOVES = {
        "waiting": {"ready", "taken", "cancelled"},
        "ready": {"taken", "expired", "cancelled", "waiting"},
        "taken": set(),
        "expired": set(),
        "cancelled": set(),
    }

    office = models.ForeignKey(Office, models.PROTECT, related_name="holds")
    publication = models.ForeignKey(Publication, models.PROTECT, related_name="holds")
    visitor = models.ForeignKey(Visitor, models.SET_NULL, null=True, related_name="holds")
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    copy = models.ForeignKey(Copy, models.SET_NULL, null=True, blank=True, related_name="holds")
    asked_at = models.DateTimeField()
    kept_until = models.DateField(null=True, blank=True)
    # When the mail went out that says so; empty again when another copy is kept.
    told_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "office", "visitor"],
                condition=Q(state__in=("waiting", "ready")),
                name="one_hold_of_a_visitor",
            ),
            models.UniqueConstraint(
                fields=["copy"], condition=Q(state="ready"), name="a_copy_is_kept_for_one"
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(copy__isnull=False, kept_until__isnull=False),
                name="a_ready_hold_has_a_copy",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.publication_id} {self.get_state_display()}"


class HoldStep(Step):
    """Trace of a Hold's states."""

    subject = models.ForeignKey(Hold, models.CASCADE, related_name="steps")
