"""Tickets and the numbers on them."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from queueing.models.counter import Counter
from services.guestbook.models import VisitService
from services.offices.models import Office, Service
from services.workflow import Step


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
        """As they came. The order of calling is `queueing.order`, which knows priority and the rules."""
        return self.order_by("queued_at", "id")


class Ticket(models.Model):
    """A queue number. Anonymous: the visitor is known, if at all, through the visit.

    `queued_at` gives the place in the queue; it equals the time of issue until somebody rejoins.
    `not_before`: the visitor asked for more time; until then others are called first. `appointment_at`: the slot
    they booked. `for_counter`: sent to one counter. `manual`: a paper slip, entered afterwards with its true times.
    `estimate_low` and `estimate_high` are the seconds of waiting the visitor was told to expect.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Menunggu")
        CALLED = "called", _("Dipanggil")
        ARRIVED = "arrived", _("Di loket")
        SERVING = "serving", _("Dilayani")
        HELD = "held", _("Ditunda")
        FINISHED = "finished", _("Selesai")
        SKIPPED = "skipped", _("Dilewati")
        NO_SHOW = "no_show", _("Tidak hadir")
        CANCELLED = "cancelled", _("Dibatalkan")

    # A self-loop is a recall (called), or a wait that changed: more time, another service or counter (waiting).
    MOVES = {
        "waiting": {"called", "cancelled", "waiting"},
        "called": {"called", "arrived", "serving", "finished", "skipped", "no_show", "cancelled", "waiting"},
        "arrived": {"serving", "held", "finished", "cancelled", "waiting"},
        "serving": {"held", "finished", "waiting"},
        "held": {"arrived", "serving", "finished", "cancelled", "waiting"},
        "skipped": {"waiting", "no_show", "cancelled"},
        "finished": set(),
        "no_show": set(),
        "cancelled": set(),
    }
    # What an officer may take back within seconds, while nothing else has happened (workflows.undo).
    UNDO = {
        "waiting": {"called", "arrived", "serving", "held", "skipped"},
        "called": {"waiting"},
        "arrived": {"called", "held"},
        "serving": {"arrived", "called", "held"},
        "held": {"arrived", "serving"},
        "finished": {"called", "arrived", "serving", "held"},
        "skipped": {"called"},
        "no_show": {"called", "skipped"},
        "cancelled": {"waiting", "called", "arrived", "held", "skipped"},
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
    not_before = models.DateTimeField(null=True, blank=True)
    more_time = models.PositiveSmallIntegerField(default=0)
    appointment_at = models.DateTimeField(null=True, blank=True)
    first_called_at = models.DateTimeField(null=True, blank=True)
    called_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    calls = models.PositiveSmallIntegerField(default=0)
    rejoined = models.BooleanField(default=False)
    counter = models.ForeignKey(Counter, models.SET_NULL, null=True, blank=True, related_name="tickets")
    for_counter = models.ForeignKey(Counter, models.SET_NULL, null=True, blank=True, related_name="+")
    manual = models.BooleanField(_("slip kertas"), default=False)
    estimate_low = models.PositiveIntegerField(null=True, blank=True)
    estimate_high = models.PositiveIntegerField(null=True, blank=True)
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
        indexes = [
            models.Index(fields=["office", "day", "state"], name="ticket_office_day_state"),
            # Recent times of service, for the estimates: newest first.
            models.Index(
                fields=["service", "-ended_at"], condition=Q(state="finished"), name="ticket_finished"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def slot_ahead(self, now: datetime | None = None) -> datetime | None:
        """The time of an appointment that has not come yet: until then a place in the queue says nothing."""
        ahead = self.appointment_at and self.appointment_at > (now or timezone.now())
        return self.appointment_at if ahead else None

    @property
    def label(self) -> str:
        """The number as printed and called: A012."""
        return f"{self.prefix}{self.number:03d}"


class TicketStep(Step):
    """Trace of a ticket's states. A row with state `called` is one call: the TV speaks each once."""

    subject = models.ForeignKey(Ticket, models.CASCADE, related_name="steps")
    counter = models.ForeignKey(Counter, models.SET_NULL, null=True, related_name="+")


class WithdrawnChoice(models.Model):
    """A choice on the tablet that was called off while its answer was lost; a late request for it gives no number.

    Kept for a day; says nothing about anybody.
    """

    submission = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.submission
