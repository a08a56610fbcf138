"""Counters, tickets and the numbers on them."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from services.guestbook.models import VisitService
from services.offices.models import Office, Service
from services.workflow import Step


class Counter(models.Model):
    """A place where an officer receives visitors, for the services it is set up for.

    While it is paused nobody is called to it; the officer keeps the seat.
    """

    class PauseReason(models.TextChoices):
        REST = "rest", _("Istirahat")
        PRAYER = "prayer", _("Salat")
        TASK = "task", _("Tugas lain")

    office = models.ForeignKey(Office, models.CASCADE, related_name="counters")
    number = models.PositiveSmallIntegerField(
        _("nomor loket"), validators=[MinValueValidator(1), MaxValueValidator(999)]
    )
    name = models.CharField(_("nama"), max_length=60, blank=True)
    services = models.ManyToManyField(Service, related_name="counters")
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    opened_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    pause_reason = models.CharField(_("alasan jeda"), max_length=10, choices=PauseReason, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["office", "number"], name="counter_number_per_office")]

    def __str__(self) -> str:
        return f"{_('Loket')} {self.number}"


class NumberSequence(models.Model):
    """The last number given out under a prefix on one service day; moved only by `workflows.issue`."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="+")
    day = models.DateField()
    prefix = models.CharField(max_length=2)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "day", "prefix"], name="one_sequence_per_day")
        ]

    def __str__(self) -> str:
        return f"{self.prefix} {self.day}: {self.last}"


class TicketQuerySet(models.QuerySet):
    def of_day(self, day) -> TicketQuerySet:
        return self.filter(day=day)

    def waiting(self) -> TicketQuerySet:
        return self.filter(state=Ticket.State.WAITING)

    def at_counter(self) -> TicketQuerySet:
        return self.filter(state__in=Ticket.AT_COUNTER)

    def in_order(self) -> TicketQuerySet:
        """The order in which people are called: priority first, then as they came."""
        return self.order_by("-priority", "queued_at", "id")


class Ticket(models.Model):
    """A queue number. Anonymous: the visitor is known, if at all, through the visit.

    `queued_at` gives the place in the queue; it equals the time of issue until somebody rejoins.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Menunggu")
        CALLED = "called", _("Dipanggil")
        ARRIVED = "arrived", _("Di loket")
        SERVING = "serving", _("Dilayani")
        FINISHED = "finished", _("Selesai")
        SKIPPED = "skipped", _("Dilewati")
        NO_SHOW = "no_show", _("Tidak hadir")
        CANCELLED = "cancelled", _("Dibatalkan")

    # A self-loop is a recall: the same call once more.
    MOVES = {
        "waiting": {"called", "cancelled"},
        "called": {"called", "arrived", "serving", "finished", "skipped", "cancelled", "waiting"},
        "arrived": {"serving", "finished", "cancelled", "waiting"},
        "serving": {"finished"},
        "skipped": {"waiting", "no_show", "cancelled"},
        "finished": set(),
        "no_show": set(),
        "cancelled": set(),
    }
    AT_COUNTER = ("called", "arrived", "serving")
    OVER = ("finished", "no_show", "cancelled")

    office = models.ForeignKey(Office, models.PROTECT, related_name="tickets")
    service = models.ForeignKey(Service, models.PROTECT, related_name="tickets")
    received = models.OneToOneField(VisitService, models.PROTECT, related_name="ticket")
    day = models.DateField()
    prefix = models.CharField(max_length=2)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    priority = models.BooleanField(_("prioritas"), default=False)
    issued_at = models.DateTimeField()
    queued_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True, blank=True)
    calls = models.PositiveSmallIntegerField(default=0)
    rejoined = models.BooleanField(default=False)
    counter = models.ForeignKey(Counter, models.SET_NULL, null=True, blank=True, related_name="tickets")
    submission = models.CharField(max_length=64)

    objects = TicketQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "day", "prefix", "number"], name="ticket_number_once_a_day"
            ),
            # A second tap, or a retry after a lost answer, carries the same key and gets the same ticket.
            models.UniqueConstraint(fields=["office", "submission"], name="one_ticket_per_submission"),
            models.UniqueConstraint(
                fields=["counter"],
                condition=Q(state__in=("called", "arrived", "serving")),
                name="one_person_at_a_counter",
            ),
            models.CheckConstraint(condition=Q(queued_at__gte=F("issued_at")), name="queued_from_issue_on"),
        ]
        indexes = [models.Index(fields=["office", "day", "state"], name="ticket_office_day_state")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The number as printed and called: A012."""
        return f"{self.prefix}{self.number:03d}"


class TicketStep(Step):
    """Trace of a ticket's states. A row with state `called` is one call: the TV speaks each once."""

    subject = models.ForeignKey(Ticket, models.CASCADE, related_name="steps")
    counter = models.ForeignKey(Counter, models.SET_NULL, null=True, related_name="+")
