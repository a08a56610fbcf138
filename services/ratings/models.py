"""What visitors thought of the service: one tap of 1–5, with an optional word (domain.md §5)."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from services.guestbook.models import Visitor, VisitService
from services.offices.models import Office, Service


class Rating(models.Model):
    """At most one for each person served: for one who came alone one, for a party (domain.md §8.4) as many as it has
    people; anonymous towards the office's screens.

    `place` numbers those of one service received. `rater` is a random key of the phone's browser, for this one visit,
    so that nobody of a party answers twice. Of what was received on line or taken home `received` is empty, and
    `about_pk` is the key of the consultation, download or loan: the apps that know these see to it.

    `officer` is empty unless the office wants its officers rated (`RatingRules`): what is not stored is in no report.
    """

    class About(models.TextChoices):
        VISIT = "visit", _("Kunjungan")
        CONSULTATION = "consultation", _("Konsultasi")
        DOWNLOAD = "download", _("Unduhan")
        LOAN = "loan", _("Peminjaman")

    class Channel(models.TextChoices):
        TABLET = "tablet", _("Tablet")
        PHONE = "phone", _("Ponsel")
        ONLINE = "online", _("Portal")
        MAIL = "mail", _("Tautan e-mail")

    office = models.ForeignKey(Office, models.PROTECT, related_name="ratings")
    about = models.CharField(_("yang dinilai"), max_length=12, choices=About, default=About.VISIT)
    about_pk = models.PositiveBigIntegerField(null=True, blank=True)
    service = models.ForeignKey(Service, models.PROTECT, null=True, blank=True, related_name="ratings")
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    received = models.ForeignKey(VisitService, models.CASCADE, null=True, related_name="ratings")
    place = models.PositiveSmallIntegerField(default=1)
    rater = models.CharField(max_length=32, blank=True)
    stars = models.PositiveSmallIntegerField(_("nilai"))
    # Codes of services.ratings.reasons.
    reasons = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    comment = models.TextField(_("catatan"), max_length=1000, blank=True)
    channel = models.CharField(max_length=8, choices=Channel)
    at = models.DateTimeField()
    # Of a low one: a supervisor has seen it.
    noticed_at = models.DateTimeField(null=True, blank=True)
    noticed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["office", "at"], name="rating_of_period")]
        constraints = [
            models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="one_to_five_stars"),
            models.UniqueConstraint(fields=["received", "place"], name="one_rating_for_each_person"),
            models.UniqueConstraint(
                fields=["received", "rater"], condition=~Q(rater=""), name="one_rating_from_each_phone"
            ),
            models.CheckConstraint(
                condition=Q(received__isnull=False) | ~Q(about="visit"),
                name="rating_of_a_visit_or_of_something",
            ),
            models.UniqueConstraint(
                fields=["about", "about_pk"], condition=~Q(about_pk=None), name="one_rating_of_one_thing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stars}/5"


class RatingRules(models.Model):
    """How an office has itself rated; an office without a row goes by the defaults."""

    MOST_DAYS_BETWEEN, MOST_LINK_DAYS = (
        365,
        7,
    )  # a survey is closed after seven days too (services/surveys/answering.py)

    office = models.OneToOneField(Office, models.CASCADE, related_name="rating_rules")
    of_officers = models.BooleanField(
        _("Penilaian dicatat untuk petugas yang melayani"),
        default=False,
        help_text=_(
            "Bila tidak, tidak ada catatan tentang petugas mana yang melayani, juga tidak dalam laporan."
        ),
    )
    ask_reasons = models.BooleanField(
        _("Sesudah bintang, tanyakan alasannya"),
        default=True,
        help_text=_("Pilihan alasan untuk disentuh. Boleh tidak dijawab."),
    )
    by_mail = models.BooleanField(
        _("Minta penilaian lewat e-mail"),
        default=True,
        help_text=_(
            "Sekali sesudah kunjungan, unduhan, atau pengembalian buku yang belum dinilai, hanya kepada orang dewasa yang "
            "setuju dengan naskah persetujuan yang menyebut e-mail ini."
        ),
    )
    days_between = models.PositiveSmallIntegerField(
        _("Jarak antara dua e-mail kepada orang yang sama (hari)"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS_BETWEEN)],
    )
    link_days = models.PositiveSmallIntegerField(
        _("Tautan dalam e-mail berlaku (hari sesudah layanan)"),
        default=7,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_LINK_DAYS)],
    )

    class Meta:
        verbose_name_plural = "rating rules"
        constraints = [
            models.CheckConstraint(
                condition=Q(days_between__gte=1, link_days__gte=1), name="rating_rules_in_days"
            )
        ]

    def __str__(self) -> str:
        return f"{self.office}"


class Asked(models.Model):
    """Somebody was asked by mail what they thought of this: once for each thing, and not again for days.

    `mailbox` is a keyed hash of the address, so that one person with records at several offices is one mailbox.
    """

    office = models.ForeignKey(Office, models.CASCADE, related_name="+")
    visitor = models.ForeignKey(Visitor, models.SET_NULL, null=True, related_name="+")
    about = models.CharField(max_length=12, choices=Rating.About)
    about_pk = models.PositiveBigIntegerField()
    mailbox = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["about", "about_pk"], name="asked_once_by_mail")]
        indexes = [models.Index(fields=["mailbox", "at"], name="asked_of_mailbox")]

    def __str__(self) -> str:
        return f"{self.about} {self.about_pk}"


class MailStop(models.Model):
    """A mailbox that wants no such mail any more, from no office; a keyed hash of it."""

    mailbox = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.pk}"
