"""The guest book's lists and wording, and the people who wrote themselves into it."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Upper
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from services.offices.models import Office


class ReferenceQuerySet(models.QuerySet):
    def on(self, day: date) -> ReferenceQuerySet:
        """The lists as they stood on a day."""
        return self.filter(Q(until=None) | Q(until__gt=day), effective_from__lte=day)


class ReferenceItem(models.Model):
    """One answer of a list in the guest book, as data (source: SKD Block I).

    Answers store the code. A new wording of an answer is a new row with the same code and its own first day, the old
    row ends that day: a report of an earlier year finds the words its visitors chose. Never deleted.
    """

    class List(models.TextChoices):
        GENDER = "gender", _("Jenis kelamin")
        EDUCATION = "education", _("Pendidikan tertinggi")
        JOB = "job", _("Pekerjaan utama")
        INSTITUTION = "institution", _("Kategori instansi")
        USE = "use", _("Pemanfaatan data")
        CARD = "card", _("Kartu identitas")

    list = models.CharField(max_length=12, choices=List)
    code = models.SlugField(max_length=30)
    label = models.CharField(max_length=120)
    label_en = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField()
    effective_from = models.DateField(_("berlaku sejak"), default=date(2020, 1, 1))
    until = models.DateField(_("tidak berlaku sejak"), null=True, blank=True)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        ordering = ["list", "position"]
        constraints = [
            models.UniqueConstraint(fields=["list", "code", "effective_from"], name="reference_code_per_day"),
            models.UniqueConstraint(
                fields=["list", "code"], condition=Q(until=None), name="reference_code_in_force_once"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("effective_from")), name="reference_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return self.label_en if get_language() == "en" else self.label


class ConsentWording(models.Model):
    """The text a visitor agrees to. A new text is a new version; old consents keep theirs (UU 27/2022)."""

    class Purpose(models.TextChoices):
        GUEST_BOOK = "guest_book", _("Buku tamu")
        ACCOUNT = "account", _("Akun daring")

    purpose = models.CharField(_("untuk"), max_length=10, choices=Purpose, default=Purpose.GUEST_BOOK)
    version = models.PositiveSmallIntegerField()
    text = models.TextField()
    text_en = models.TextField()
    effective_from = models.DateField()
    # Whoever agreed to it may be asked by one mail what they thought of the service (services/ratings/asking.py).
    names_rating_mail = models.BooleanField(
        _("menyebut e-mail permintaan penilaian"), default=False, db_default=False
    )

    class Meta:
        ordering = ["-purpose", "-version"]  # the guest book's first
        constraints = [models.UniqueConstraint(fields=["purpose", "version"], name="consent_wording_version")]

    def __str__(self) -> str:
        return self.text_en if get_language() == "en" else self.text


class Visitor(models.Model):
    """A person as they wrote themselves into the guest book of an office (domain.md §3)."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="visitors")
    name = models.CharField(_("nama"), max_length=120)
    email = models.EmailField(_("e-mail"), blank=True)
    email_waiver = models.CharField(_("alasan tanpa e-mail"), max_length=200, blank=True)
    phone = models.CharField(_("nomor telepon/WhatsApp"), max_length=30, blank=True)
    gender = models.CharField(_("jenis kelamin"), max_length=30, blank=True)
    birth_year = models.PositiveSmallIntegerField(_("tahun lahir"), null=True, blank=True)
    assistance = models.CharField(_("bantuan yang dibutuhkan"), max_length=200, blank=True)
    education = models.CharField(_("pendidikan tertinggi"), max_length=30, blank=True)
    job = models.CharField(_("pekerjaan utama"), max_length=30, blank=True)
    institution = models.CharField(_("nama instansi"), max_length=150, blank=True)
    institution_category = models.CharField(_("kategori instansi"), max_length=30, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    # What the visitor shows the tablet next time instead of saying everything again; made when first asked for.
    personal_code = models.CharField(max_length=16, unique=True, null=True, blank=True, editable=False)
    # The same person, written down twice: their visits are with that record now (merging.py).
    merged_into = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="merged", editable=False
    )
    # Whose on-line account this is the record of (accounts.py).
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="records",
    )
    # Recognised as one person with all that bear the same (one_person.py), whatever is corrected in one of them later.
    known_with = models.UUIDField(null=True, blank=True, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["office", "phone"], condition=~Q(phone=""), name="visitor_phone"),
            models.Index(F("office"), Lower("email"), condition=~Q(email=""), name="visitor_email"),
            models.Index(Lower("email"), condition=~Q(email=""), name="visitor_mailbox"),  # of an account
            models.Index(
                fields=["known_with"], condition=Q(known_with__isnull=False), name="visitor_known_with"
            ),
            # Words of the name (returning.py); with it the planner also knows how many are called so.
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="visitor_name_words"),
        ]

    def __str__(self) -> str:
        return self.name


class VisitorMerge(models.Model):
    """Two records found to be one person, with what moved, so that it can be undone."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    kept = models.ForeignKey(Visitor, models.CASCADE, related_name="+")
    other = models.ForeignKey(Visitor, models.CASCADE, related_name="+")
    moved = models.JSONField()  # {"guestbook.visit": [ids], …}: no contents
    at = models.DateTimeField()
    by_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.other_id} → {self.kept_id}"


class ContactCode(models.Model):
    """A short-lived secret that goes to somebody's own e-mail address: who reads it there is that person.

    One row for each person with that address; `batch` holds together what was asked for at once. Only a keyed hash of
    the secret is stored, and none before it is sent (contact.py).
    """

    class Purpose(models.TextChoices):
        TABLET = "tablet", _("Dikenali di tablet")
        OWN_DATA = "own_data", _("Melihat data sendiri")

    visitor = models.ForeignKey(Visitor, models.CASCADE, related_name="contact_codes")
    purpose = models.CharField(max_length=8, choices=Purpose)
    batch = models.CharField(max_length=32)
    secret_hash = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["batch"], name="contact_code_batch"),
            models.Index(fields=["secret_hash"], condition=~Q(secret_hash=""), name="contact_code_secret"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"


class Recognition(models.Model):
    """Who stands at a tablet and has shown who they are: for one guest book, and gone with the tablet's first screen."""

    device = models.OneToOneField("accounts.Device", models.CASCADE, related_name="+")
    visitor = models.ForeignKey(Visitor, models.CASCADE, related_name="+")
    book = models.CharField(max_length=64)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.device_id}"
