"""The consultation itself: whose, about what, in which state, and when something is due."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from services.guestbook.models import Visitor, VisitService
from services.guestbook.models.visits import new_token
from services.offices.models import Office, Service, Standard
from services.ratings.models import Rating
from services.workflow import Step

# "00012" of K7411-26-00012: what people say of a number.
NUMBER_END = Func(
    F("number"), Value("-"), Value(3), function="split_part", output_field=models.TextField()
)  # fmt: skip


class Channel(models.TextChoices):
    """How a question or an answer travelled (requirement row 27)."""

    ONSITE = "onsite", _("Di kantor")
    PORTAL = "portal", _("Portal")
    EMAIL = "email", _("E-mail")
    WHATSAPP = "whatsapp", "WhatsApp"
    PHONE = "phone", _("Telepon")


class ConsultationQuerySet(models.QuerySet):
    def open(self) -> ConsultationQuerySet:
        """Where the office has to do something, or the visitor may still."""
        return self.exclude(state__in=Consultation.OVER)

    def to_answer(self) -> ConsultationQuerySet:
        """Where it is the office's turn, what is due first at the top; what nothing was promised for at the end."""
        return self.filter(state__in=Consultation.OURS).order_by(F("due_at").asc(nulls_last=True), "pk")

    def overdue(self, at=None) -> ConsultationQuerySet:
        return self.filter(state__in=Consultation.OURS, due_at__lt=at or timezone.now())


class Consultation(models.Model):
    """One record for every channel: asked at the desk, on the portal, by mail, WhatsApp or telephone.

    `submitted_at` is when the visitor's question arrived, in UTC; days and deadlines are the office's own. `due_at`,
    `remind_at` and `closes_at` are written by `consultation.clocks` alone; `due_at` is empty while nothing is due from
    the office (answered, waiting for the visitor, nothing promised).
    """

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("Diajukan")
        ASSIGNED = "assigned", _("Ditangani")
        ANSWERED = "answered", _("Dijawab")
        WAITING = "waiting", _("Menunggu pengguna")
        REOPENED = "reopened", _("Dibuka lagi")
        CLOSED = "closed", _("Selesai")
        AUTO_CLOSED = "auto_closed", _("Ditutup otomatis")

    OURS = ("submitted", "assigned", "reopened")
    THEIRS = ("answered", "waiting")
    OVER = ("closed", "auto_closed")

    MOVES = {
        "submitted": {"assigned", "answered", "waiting", "closed"},
        "assigned": {"assigned", "submitted", "answered", "waiting", "closed"},
        "answered": {"answered", "waiting", "reopened", "closed", "auto_closed"},
        "waiting": {"submitted", "assigned", "answered", "closed", "auto_closed"},
        "reopened": {"assigned", "answered", "waiting", "closed"},
        "closed": {"reopened"},
        "auto_closed": {"reopened"},
    }

    office = models.ForeignKey(Office, models.PROTECT, related_name="consultations")
    number = models.CharField(_("nomor konsultasi"), max_length=20, unique=True)
    # The unguessable part of the visitor's own address for it, where there is no account.
    token = models.CharField(max_length=32, unique=True, default=new_token)
    # The form's key, hashed: the same form sent again gives the same consultation.
    submission = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    service = models.ForeignKey(Service, models.PROTECT, null=True, related_name="consultations")
    # The version whose clock was promised.
    standard = models.ForeignKey(Standard, models.PROTECT, null=True, related_name="+")
    channel = models.CharField(_("saluran"), max_length=8, choices=Channel)
    state = models.CharField(max_length=11, choices=State, default=State.SUBMITTED)
    visitor = models.ForeignKey(Visitor, models.SET_NULL, null=True, related_name="consultations")
    # Whose on-line account it was asked from; the record of the person at this office is `visitor`.
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="consultations"
    )
    received = models.OneToOneField(
        VisitService, models.SET_NULL, null=True, blank=True, related_name="consultation"
    )
    language = models.CharField(max_length=2, default="id")
    subject = models.CharField(_("perihal"), max_length=150)
    use_of_data = models.CharField(_("pemanfaatan data"), max_length=30, blank=True)
    # What was sought before and not found (requirement row 32).
    sought = models.CharField(_("yang dicari"), max_length=300, blank=True)
    tags = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    # The number of the transaction in another system, for instance silastik (KK9).
    reference = models.CharField(_("nomor rujukan"), max_length=60, blank=True)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="consultations_handled"
    )
    rating = models.OneToOneField(
        Rating, models.SET_NULL, null=True, blank=True, editable=False, related_name="consultation"
    )
    merged_into = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="merged")
    split_from = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    first_answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    remind_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        ordering = ["-submitted_at", "-pk"]
        indexes = [
            models.Index(fields=["office", "-submitted_at", "-id"], name="consultation_of_office"),
            models.Index(
                F("office"), F("due_at").asc(nulls_last=True), F("id"),
                condition=Q(state__in=("submitted", "assigned", "reopened")), name="consultation_due",
            ),
            models.Index(fields=["remind_at"], condition=~Q(remind_at=None), name="consultation_reminder"),
            models.Index(fields=["closes_at"], condition=~Q(closes_at=None), name="consultation_closes"),
            models.Index(fields=["office", "officer", "state"], name="consultation_of_officer"),
            models.Index(
                F("office"), F("closes_at").asc(nulls_last=True), F("id"),
                condition=Q(state__in=("answered", "waiting")), name="consultation_awaited",
            ),
            GinIndex(fields=["tags"], name="consultation_tags"),
            GinIndex(SearchVector("subject", config="simple"), name="consultation_subject"),
            # What the list's search asks (consultation/finding.py).
            models.Index(F("office"), Upper("reference"), name="consultation_reference"),
            models.Index(NUMBER_END, name="consultation_number_end"),
            models.Index(
                fields=["office", "-submitted_at", "-id"], condition=Q(received__isnull=False), name="consultation_on_site",
            ),
        ]  # fmt: skip
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=("answered", "waiting", "closed", "auto_closed")) | Q(due_at=None),
                name="consultation_due_only_from_the_office",
            ),
            models.CheckConstraint(
                condition=Q(closes_at=None) | Q(state__in=("answered", "waiting")),
                name="consultation_closes_only_while_the_visitor_is_awaited",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"

    @property
    def is_over(self) -> bool:
        return self.state in self.OVER

    @property
    def is_ours(self) -> bool:
        """Whether the office has to do something."""
        return self.state in self.OURS


class ConsultationStep(Step):
    subject = models.ForeignKey(Consultation, models.CASCADE, related_name="steps")


class DataWanted(models.Model):
    """A row of the data somebody asks for, in their own words (source: SKD Block II)."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="wanted")
    topic = models.CharField(_("data yang dicari"), max_length=200)
    region = models.CharField(_("wilayah"), max_length=120, blank=True)
    years = models.CharField(_("tahun"), max_length=40, blank=True)
    level = models.CharField(_("tingkat rincian"), max_length=60, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.topic, self.region, self.years, self.level) if part)


class ConsultationCounter(models.Model):
    """The last number given at an office in a year of its own."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "year"], name="consultation_counter")]

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"
