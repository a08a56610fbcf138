"""Visits, and the services received in each, with the clock of the standard."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.formats import time_format
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from services.guestbook.models.people import ConsentWording, Visitor
from services.offices.models import Office, Service, Standard
from services.workflow import Step


def new_token() -> str:
    """The unguessable part of a visitor's address: 128 random bits."""
    return secrets.token_urlsafe(16)


class VisitQuerySet(models.QuerySet):
    def open(self) -> VisitQuerySet:
        return self.filter(ended_at=None)

    def with_services(self, *related: str, count: str = "") -> VisitQuerySet:
        """Each with all that its steps are made from; three more queries for all. `related`: what else hangs on each
        service received (a ticket), read with it; `count`: how many there are of something (its ratings), as
        `<count>_count`."""
        received = VisitService.objects.select_related("service", *related)
        if count:
            received = received.annotate(**{f"{count}_count": models.Count(count)})
        standards = Standard.objects.light().with_rules().with_procedure()
        return self.select_related("visitor", "office").prefetch_related(
            "steps",
            models.Prefetch("services", received),
            models.Prefetch("services__standard", standards),
        )


class Visit(models.Model):
    """From arrival (the ticket, where there is one) to the explicit end (requirement row 26).

    It starts anonymous: the number comes before the guest book (row 13). `held_items` counts what of the
    visitor's the office holds (bags, cards); while it is above zero the visit cannot end, except by the
    closing of the day, which is counted as such.
    """

    class EndReason(models.TextChoices):
        FINISHED = "finished", _("Selesai")
        LEFT = "left", _("Pulang sebelum dilayani")
        NO_SHOW = "no_show", _("Tidak hadir ketika dipanggil")
        DAY_END = "day_end", _("Ditutup pada akhir hari")
        # Only of one service of a visit: the visitor went on to another one.
        TRANSFERRED = "moved", _("Dialihkan ke layanan lain")

    class Channel(models.TextChoices):
        TABLET = "tablet", _("Tablet")
        PHONE = "phone", _("Ponsel")
        DESK = "desk", _("Meja petugas")
        PAPER = "paper", _("Buku tamu kertas")

    office = models.ForeignKey(Office, models.PROTECT, related_name="visits")
    visitor = models.ForeignKey(Visitor, models.SET_NULL, null=True, blank=True, related_name="visits")
    token = models.CharField(max_length=32, unique=True, default=new_token)
    # What opened it, as a keyed hash: the same form or row of a file never opens a second one. Unlike the address it
    # outlives an erasure.
    origin = models.CharField(max_length=32, unique=True, null=True, blank=True, editable=False)
    day = models.DateField()
    arrived_at = models.DateTimeField()
    party_size = models.PositiveSmallIntegerField(_("jumlah orang"), default=1)
    language = models.CharField(max_length=2, default="id")
    use_of_data = models.CharField(_("pemanfaatan data"), max_length=30, blank=True)
    complained_before = models.BooleanField(_("pernah mengadu"), null=True, blank=True)
    card_type = models.CharField(_("kartu yang ditunjukkan"), max_length=30, blank=True)
    guest_book_at = models.DateTimeField(null=True, blank=True)
    guest_book_channel = models.CharField(max_length=8, choices=Channel, blank=True)
    # Where the empty guest book was last seen open: nobody is skipped while filling it in (filling.py).
    book_open_at = models.DateTimeField(null=True, blank=True, editable=False)
    book_open_on = models.CharField(
        max_length=8, choices=Channel, blank=True, default="", db_default="", editable=False
    )
    entered_at = models.DateTimeField(
        null=True, blank=True
    )  # typed in afterwards, from paper; empty: it was live
    held_items = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=10, choices=EndReason, blank=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        ordering = ["arrived_at"]
        indexes = [
            models.Index(fields=["office", "day"], name="visit_office_day"),
            models.Index(fields=["office"], condition=Q(ended_at=None), name="visit_open"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(held_items=0) | Q(end_reason="day_end"),
                name="visit_ends_with_everything_returned",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("arrived_at")), name="visit_ends_after_arrival"
            ),
            models.CheckConstraint(condition=Q(party_size__gte=1), name="visit_has_somebody"),
        ]

    def __str__(self) -> str:
        return f"{_('Kunjungan')} {self.pk}"

    @cached_property
    def main(self) -> VisitService | None:
        """The service whose standard gives the visit its order of steps: the first one asked for."""
        services = list(self.services.all())
        return services[0] if services else None

    @property
    def public_label(self) -> str:
        """How a public screen names the visit: never by name. To the second: two may come in one minute."""
        arrived = time_format(self.office.local(self.arrived_at).time(), "H.i.s")
        return self.number or f"{_('Tamu')} {arrived}"

    @property
    def number(self) -> str:
        """The queue number, where there is one; written here when the ticket is issued."""
        return self.main.number if self.main else ""


class DataNeed(models.Model):
    """A row of the data a visitor looks for (source: SKD Block II, domain.md §3), in their own words."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="needs")
    subject = models.CharField(_("data yang dicari"), max_length=200)
    region = models.CharField(_("wilayah"), max_length=120, blank=True)
    years = models.CharField(_("tahun"), max_length=40, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.subject, self.region, self.years) if part)


class Companion(models.Model):
    """Somebody of a group whose representative signed; the list is optional (domain.md §3)."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="companions")
    name = models.CharField(_("nama"), max_length=120)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class GuestBookDraft(models.Model):
    """What an officer has typed so far for a visitor who agreed; gone with the signature or the end of the visit."""

    visit = models.OneToOneField(Visit, models.CASCADE, related_name="draft")
    values = models.JSONField()
    saved_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.visit_id}"


class VisitService(models.Model):
    """One service received in a visit, under the version of the standard in force at arrival, with its clock.

    The clock runs from the standard's start event to the start of the service (requirement rows 36 and 37).
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Menunggu")
        SERVING = "serving", _("Dilayani")
        DONE = "done", _("Selesai dilayani")
        CANCELLED = "cancelled", _("Dibatalkan")

    class Result(models.TextChoices):
        NONE = "", _("Belum berjalan")
        RUNNING = "running", _("Berjalan")
        KEPT = "kept", _("Ditepati")
        MISSED = "missed", _("Terlambat")
        EXCLUDED = "excluded", _("Tidak dihitung")

    MOVES = {
        "waiting": {"serving", "cancelled"},
        "serving": {"done"},
        "done": set(),
        "cancelled": set(),
    }

    # What an officer may take back within seconds, while nothing else has happened.
    UNDO = {
        "waiting": {"serving", "cancelled"},
        "serving": {"done", "waiting"},
        "done": {"serving"},
        "cancelled": {"waiting"},
    }

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="services")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, models.PROTECT, related_name="visits")
    standard = models.ForeignKey(Standard, models.PROTECT, null=True, related_name="visits")
    number = models.CharField(_("nomor antrian"), max_length=8, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    clock_start_event = models.CharField(max_length=20, blank=True)
    clock_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    clock_not_before = models.DateTimeField(null=True, blank=True)
    clock_started_at = models.DateTimeField(null=True, blank=True)
    clock_due_at = models.DateTimeField(null=True, blank=True)
    clock_over_break = models.BooleanField(default=False)  # due later by a break that is not counted
    clock_stopped_at = models.DateTimeField(null=True, blank=True)
    clock_result = models.CharField(max_length=8, choices=Result, default="", blank=True)
    clock_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="done") | Q(ended_at__isnull=False), name="served_has_an_end"
            ),
            models.CheckConstraint(
                condition=~Q(clock_result="excluded") | ~Q(clock_reason=""),
                name="excluded_clock_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.number}".strip()


class VisitServiceStep(Step):
    """Trace of a VisitService's states."""

    subject = models.ForeignKey(VisitService, models.CASCADE, related_name="steps")


class VisitStep(models.Model):
    """A step of the office's procedure that happened (or was passed over) in a visit."""

    class Outcome(models.TextChoices):
        DONE = "done", _("Selesai")
        SKIPPED = "skipped", _("Dilewati")
        UNDONE = "undone", _("Diurungkan")

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=20)
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.DONE)
    at = models.DateTimeField()
    by_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by_device = models.ForeignKey("accounts.Device", models.SET_NULL, null=True, related_name="+")
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.outcome}"


class Consent(models.Model):
    """The visitor's yes or no, with the wording they saw, when and where (UU 27/2022).

    `guardian`: who agreed for a child (UU 27/2022 art. 25); their relation only.
    """

    class Guardian(models.TextChoices):
        PARENT = "parent", _("Orang tua")
        GUARDIAN = "guardian", _("Wali")
        TEACHER = "teacher", _("Guru pendamping")

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="consents")
    visitor = models.ForeignKey(Visitor, models.CASCADE, null=True, related_name="consents")
    wording = models.ForeignKey(ConsentWording, models.PROTECT, related_name="+")
    given = models.BooleanField()
    at = models.DateTimeField()
    channel = models.CharField(max_length=8, choices=Visit.Channel)
    guardian = models.CharField(max_length=8, choices=Guardian, blank=True)

    def __str__(self) -> str:
        return f"{self.wording_id} {'ya' if self.given else 'tidak'}"
