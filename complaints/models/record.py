"""A complaint or a suggestion: about what, in which state, whose turn, and until when (domain.md §6).

Who lodged it stands in a row of its own (`Identity`), so that no list, search or export of complaints has it by accident;
of an anonymous one there is no such row, and nothing here that leads to a visit, an account or a person.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from services.guestbook.models import Visitor, VisitService
from services.offices.models import Office, Service
from services.workflow import Step


class Kind(models.TextChoices):
    """What is asked of the office; each kind has its own time (SP4N practice, domain.md §6)."""

    SERVICE = "service", _("Pengaduan pelayanan")
    SUPERVISORY = "supervisory", _("Pengaduan berkadar pengawasan")
    INFORMATION = "information", _("Permintaan informasi")
    SUGGESTION = "suggestion", _("Saran")


class Channel(models.TextChoices):
    """How it came (requirement rows 42 and 43). Those after PORTAL are written down by an officer."""

    TABLET = "tablet", _("Tablet")
    PHONE = "phone", _("Ponsel, dari tiket")
    ONLINE = "online", _("Formulir online")
    PORTAL = "portal", _("Akun portal")
    DESK = "desk", _("Disampaikan langsung")
    BOX = "box", _("Kotak saran")
    CALL = "call", _("Telepon")
    WHATSAPP = "whatsapp", _("WhatsApp/SMS")
    EMAIL = "email", _("E-mail")
    SOCIAL = "social", _("Media sosial")
    LAPOR = "lapor", "lapor.go.id"


class Privacy(models.TextChoices):
    """What the complainant chose. Confidential: the identity is for the handler and the supervisor alone."""

    OPEN = "open", _("Terbuka bagi petugas yang menangani")
    CONFIDENTIAL = "confidential", _("Rahasia")
    ANONYMOUS = "anonymous", _("Tanpa nama")


class Element(models.TextChoices):
    """The elements of service by their code (PermenPANRB 14/2017); the same nine as of the satisfaction survey."""

    U1 = "U1", _("Persyaratan")
    U2 = "U2", _("Sistem, mekanisme, dan prosedur")
    U3 = "U3", _("Waktu penyelesaian")
    U4 = "U4", _("Biaya/tarif")
    U5 = "U5", _("Produk pelayanan")
    U6 = "U6", _("Kompetensi pelaksana")
    U7 = "U7", _("Perilaku pelaksana")
    U8 = "U8", _("Sarana dan prasarana")
    U9 = "U9", _("Penanganan pengaduan, saran, dan masukan")


class ComplaintQuerySet(models.QuerySet):
    def open(self) -> ComplaintQuerySet:
        return self.exclude(state__in=Complaint.OVER)

    def to_do(self) -> ComplaintQuerySet:
        """Where it is the office's turn; what is due first at the top."""
        return self.filter(state__in=Complaint.OURS).order_by(F("due_at").asc(nulls_last=True), "pk")

    def overdue(self, at=None) -> ComplaintQuerySet:
        return self.filter(state__in=Complaint.OURS, due_at__lt=at or timezone.now())


class Complaint(models.Model):
    """`office` is where the service was; `place` is who handles it: the same office, or one above it.

    `due_at` is when the office has to do what comes next, `awaited_until` when the complainant's time ends; both are
    written by `complaints.clocks` alone, in UTC.
    """

    class State(models.TextChoices):
        RECEIVED = "received", _("Diterima")
        INCOMPLETE = "incomplete", _("Menunggu dilengkapi")
        HANDLED = "handled", _("Ditindaklanjuti")
        ANSWERED = "answered", _("Dijawab")
        CLOSED = "closed", _("Ditutup")
        AUTO_CLOSED = "auto_closed", _("Ditutup otomatis")
        WITHDRAWN = "withdrawn", _("Dicabut")
        SET_ASIDE = "set_aside", _("Disisihkan")  # of a flood (complaints/flood.py)

    OURS = ("received", "handled")
    THEIRS = ("incomplete", "answered")
    OVER = ("closed", "auto_closed", "withdrawn", "set_aside")
    REOPENABLE = ("answered", "closed", "auto_closed", "set_aside")

    MOVES = {
        "received": {"incomplete", "handled", "answered", "closed", "withdrawn", "set_aside"},
        "incomplete": {"received", "handled", "answered", "closed", "auto_closed", "withdrawn"},
        "handled": {"received", "incomplete", "handled", "answered", "closed", "withdrawn"},
        "answered": {"answered", "handled", "received", "closed", "auto_closed"},
        "closed": {"handled", "received"},
        "auto_closed": {"handled", "received"},
        "withdrawn": set(),
        "set_aside": {"received", "handled"},
    }

    office = models.ForeignKey(Office, models.PROTECT, related_name="complaints")
    place = models.ForeignKey(Office, models.PROTECT, related_name="complaints_handled")
    # The office above that was told it is late: its supervisors see it too (docs/decisions/038).
    escalated_to = models.ForeignKey(Office, models.PROTECT, null=True, blank=True, related_name="+")
    number = models.CharField(max_length=20, unique=True)
    secret_hash = models.CharField(max_length=128)
    # The form's key with its text, hashed: sending the same form again gives the same complaint.
    submission = models.CharField(max_length=64, unique=True)
    kind = models.CharField(_("jenis"), max_length=12, choices=Kind, default=Kind.SERVICE)
    privacy = models.CharField(_("kerahasiaan"), max_length=12, choices=Privacy, default=Privacy.OPEN)
    channel = models.CharField(_("saluran"), max_length=8, choices=Channel)
    # The number it has elsewhere: of lapor.go.id, of a letter.
    reference = models.CharField(_("nomor rujukan"), max_length=60, blank=True)
    language = models.CharField(max_length=2, default="id")
    text = models.TextField(_("isi pengaduan"), max_length=5000)
    happened_on = models.DateField(_("tanggal kejadian"), null=True, blank=True)
    element = models.CharField(_("unsur pelayanan"), max_length=2, choices=Element, blank=True)
    service = models.ForeignKey(Service, models.SET_NULL, null=True, blank=True, related_name="complaints")
    received = models.ForeignKey(
        VisitService, models.SET_NULL, null=True, blank=True, related_name="complaints"
    )
    # The two apps do not know each other (docs/decisions/029): its number, not a foreign key.
    consultation = models.CharField(_("nomor konsultasi"), max_length=20, blank=True)
    # Whom it is about: they see nothing of it (complaints.visibility). `about_text`: as the complainant put it.
    about = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("tentang petugas"), blank=True, related_name="+"
    )
    about_text = models.CharField(_("petugas yang dimaksud"), max_length=120, blank=True)
    duplicate_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="duplicates"
    )
    state = models.CharField(max_length=11, choices=State, default=State.RECEIVED)
    # One of many that came from one place within an hour; from where is not known any more.
    flood = models.ForeignKey(
        "complaints.Flood", models.SET_NULL, null=True, blank=True, related_name="complaints"
    )
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="complaints_handled"
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    # Since when everything needed to decide is there: the long clock runs from here.
    complete_at = models.DateTimeField(null=True, blank=True)
    first_answered_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    awaited_until = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    # What the complainant thinks of how it was handled.
    satisfied = models.PositiveSmallIntegerField(_("kepuasan atas penanganan"), null=True, blank=True)
    satisfied_word = models.CharField(max_length=500, blank=True)
    # "You said, we did": without a name, once somebody released it.
    said = models.CharField(_("yang disampaikan"), max_length=500, blank=True)
    did = models.CharField(_("yang kami lakukan"), max_length=500, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["place", "-created_at", "-id"], name="complaint_of_place"),
            models.Index(fields=["office", "-created_at", "-id"], name="complaint_of_office"),
            models.Index(fields=["due_at"], condition=~Q(due_at=None), name="complaint_due"),
            models.Index(
                fields=["awaited_until"], condition=~Q(awaited_until=None), name="complaint_awaited"
            ),
            models.Index(fields=["handler", "state"], name="complaint_of_handler"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(privacy="anonymous") | Q(received=None, consultation=""),
                name="anonymous_leads_to_nobody",
            ),
            models.CheckConstraint(
                condition=Q(due_at=None) | Q(state__in=("received", "handled")),
                name="complaint_due_only_from_the_office",
            ),
            models.CheckConstraint(
                condition=Q(awaited_until=None) | Q(state__in=("incomplete", "answered")),
                name="complaint_awaited_only_from_the_complainant",
            ),
            models.CheckConstraint(
                condition=Q(satisfied=None) | Q(satisfied__gte=1, satisfied__lte=5),
                name="complaint_satisfied",
            ),
            models.CheckConstraint(
                condition=~Q(duplicate_of=F("id")), name="complaint_not_its_own_duplicate"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_over(self) -> bool:
        return self.state in self.OVER

    @property
    def is_ours(self) -> bool:
        """Whether the office has to do something."""
        return self.state in self.OURS

    @property
    def is_nobodys(self) -> bool:
        """Lodged without a name: its times are days, and no page shows more of them."""
        return self.privacy == Privacy.ANONYMOUS


class ComplaintStep(Step):
    subject = models.ForeignKey(Complaint, models.CASCADE, related_name="steps")

    @property
    def state_name(self) -> str:
        return str(Complaint.State(self.state).label)


class Identity(models.Model):
    """Who complained and how they are reached; never of an anonymous one. Read through `complaints.visibility` alone."""

    complaint = models.OneToOneField(Complaint, models.CASCADE, related_name="identity")
    name = models.CharField(_("nama"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telepon/WhatsApp"), max_length=60, blank=True)
    # As typed before there were two fields, or where it is neither.
    contact = models.CharField(_("kontak lain"), max_length=254, blank=True)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="complaints"
    )
    visitor = models.ForeignKey(Visitor, models.SET_NULL, null=True, blank=True, related_name="complaints")

    class Meta:
        verbose_name_plural = "identities"

    def __str__(self) -> str:
        return f"{self.complaint_id}"
