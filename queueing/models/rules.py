"""The queue's rules as data: an office without a row of its own goes by the values given here."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from services.offices.models import Office, Service

HIGHEST_NUMBER = 999


class OfficeQueue(models.Model):
    """How this office calls people. `priority_run` people with priority are called one after another at most while
    others wait, so that nobody starves (0: priority always goes first)."""

    class Voice(models.TextChoices):
        BUNDLED = "bundled", _("Suara bawaan")
        BROWSER = "browser", _("Suara peramban")
        CHIME = "chime", _("Hanya nada")
        NONE = "none", _("Tanpa suara")

    office = models.OneToOneField(Office, models.CASCADE, related_name="queue_rules")
    most_calls = models.PositiveSmallIntegerField(
        _("dipanggil paling banyak (kali)"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(9)],
        help_text=_(
            "Sesudahnya nomor tidak dapat dipanggil ulang; petugas melewatinya atau mencatatnya tidak hadir."
        ),
    )
    priority_run = models.PositiveSmallIntegerField(
        _("prioritas berturut-turut paling banyak"),
        default=2,
        validators=[MaxValueValidator(20)],
        help_text=_("Sesudahnya satu orang tanpa prioritas dipanggil. 0: prioritas selalu didahulukan."),
    )
    more_minutes = models.PositiveSmallIntegerField(
        _("tambahan waktu (menit)"),
        default=10,
        validators=[MaxValueValidator(60)],
        help_text=_("“Saya perlu waktu lagi” pada ponsel tamu. 0: tidak ditawarkan."),
    )
    more_times = models.PositiveSmallIntegerField(
        _("tambahan waktu paling banyak (kali)"), default=1, validators=[MaxValueValidator(5)]
    )
    numbers_when_closed = models.BooleanField(
        _("nomor dapat diambil di luar jam layanan"),
        default=True,
        help_text=_("Jika tidak: hanya selama masih ada petugas di loket."),
    )
    voice = models.CharField(_("suara panggilan"), max_length=8, choices=Voice, default=Voice.BUNDLED)
    voice_english = models.BooleanField(_("panggilan juga dalam bahasa Inggris"), default=False)

    def __str__(self) -> str:
        return f"{_('Aturan antrian')} {self.office}"


class ServiceQueue(models.Model):
    """Numbers, quota and appointment slots of one service. Slips for power cuts have the numbers after `last`."""

    service = models.OneToOneField(Service, models.CASCADE, related_name="queue_rules")
    first = models.PositiveSmallIntegerField(
        _("nomor pertama"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(HIGHEST_NUMBER)],
    )
    last = models.PositiveIntegerField(
        _("nomor terakhir"),
        default=899,
        validators=[MinValueValidator(1), MaxValueValidator(HIGHEST_NUMBER)],
        help_text=_("Nomor sesudahnya sampai 999 untuk slip kertas saat listrik padam."),
    )
    quota = models.PositiveSmallIntegerField(
        _("kuota nomor sehari"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(HIGHEST_NUMBER)],
        help_text=_("Kosong: tanpa kuota."),
    )
    usual_minutes = models.PositiveSmallIntegerField(
        _("lama layanan di loket, perkiraan awal (menit)"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(240)],
        help_text=_("Dipakai sampai cukup banyak orang dilayani."),
    )
    hint = models.CharField(
        _("penjelasan singkat"),
        max_length=160,
        blank=True,
        help_text=_("Dibaca tamu yang belum tahu harus memilih layanan yang mana."),
    )
    slot_people = models.PositiveSmallIntegerField(
        _("janji temu per jam temu"),
        default=0,
        validators=[MaxValueValidator(20)],
        help_text=_("0: layanan ini tanpa janji temu."),
    )
    slot_minutes = models.PositiveSmallIntegerField(
        _("panjang jam temu (menit)"),
        default=30,
        validators=[MinValueValidator(5), MaxValueValidator(240)],
    )
    days_ahead = models.PositiveSmallIntegerField(
        _("janji temu paling jauh (hari)"),
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
    )
    early_minutes = models.PositiveSmallIntegerField(
        _("lapor datang paling awal sebelum jam temu (menit)"), default=30
    )
    late_minutes = models.PositiveSmallIntegerField(
        _("lapor datang paling lambat sesudah jam temu (menit)"), default=15
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(first__gte=1) & Q(last__gte=F("first")),
                name="numbers_in_a_range",
            )
        ]

    def __str__(self) -> str:
        return f"{_('Aturan antrian')} {self.service}"

    @property
    def highest(self) -> int:
        """The last number given out on a day: the range's, or what the quota leaves of it."""
        return min(self.last, self.first + self.quota - 1) if self.quota else self.last


def of_office(office: Office) -> OfficeQueue:
    """The office's rules, or the usual ones."""
    return getattr(office, "queue_rules", None) or OfficeQueue(office=office)


def of_service(service: Service) -> ServiceQueue:
    """The service's rules, or the usual ones."""
    return getattr(service, "queue_rules", None) or ServiceQueue(service=service)
