"""The unit tree BPS → province → office, and what each office offers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.validators import RegexValidator
from django.db import models
from django.db.models.expressions import RawSQL
from django.db.models.functions import Length
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from services.offices.rules import Rules

models.CharField.register_lookup(Length)


class TimeZone(models.TextChoices):
    """Indonesia's three zones; the office's zone decides "today" and every deadline."""

    WIB = "Asia/Jakarta", "WIB"
    WITA = "Asia/Makassar", "WITA"
    WIT = "Asia/Jayapura", "WIT"


class OfficeQuerySet(models.QuerySet):
    def serving(self) -> OfficeQuerySet:
        """Offices that receive visitors here: they have at least one active service."""
        return self.filter(services__active=True).distinct()


class Office(models.Model):
    """A unit of BPS. Those with services run a PST; the others only hold the tree together.

    Facts are shown as published in the office's own service standard (requirement rows 1 and 2).
    """

    class Level(models.TextChoices):
        NATIONAL = "national", _("Pusat")
        PROVINCE = "province", _("Provinsi")
        REGENCY = "regency", _("Kabupaten")
        CITY = "city", _("Kota")

    code = models.CharField(
        _("kode wilayah"),
        max_length=4,
        unique=True,
        validators=[RegexValidator(r"^\d{4}$", _("Kode wilayah BPS terdiri dari 4 angka, misalnya 7411."))],
    )
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    level = models.CharField(_("tingkat"), max_length=10, choices=Level)
    name = models.CharField(_("nama"), max_length=200)
    area = models.CharField(_("wilayah"), max_length=120)
    time_zone = models.CharField(_("zona waktu"), max_length=30, choices=TimeZone, default=TimeZone.WIB)
    address = models.CharField(_("alamat"), max_length=300, blank=True)
    phone = models.CharField(_("telepon"), max_length=60, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    website = models.URLField(_("situs web"), blank=True)
    # Of the office and not of its hours, so that an office without it reads no calendar (docs/decisions/017).
    break_pauses_promise = models.BooleanField(
        _("Janji waktu berhenti selama jam istirahat"),
        default=False,
        help_text=_(
            "Hanya bila menurut jadwal piket tidak ada yang melayani pada jam istirahat. Loket yang dijeda saja "
            "tidak menghentikan janji waktu."
        ),
    )

    objects = OfficeQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("portal:office", args=[self.code])

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def zone_name(self) -> str:
        """The zone as people write it: WIB, WITA or WIT."""
        return TimeZone(self.time_zone).label

    def local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)

    def today(self, at: datetime | None = None) -> date:
        """The office's own date, which starts anew at its own midnight."""
        return self.local(at or timezone.now()).date()

    @property
    def breadcrumb(self) -> list[Office]:
        """From the head office down to this one; at most three steps, so plain parent look-ups."""
        trail: list[Office] = [self]
        while trail[0].parent_id and (parent := trail[0].parent):
            trail.insert(0, parent)
        return trail


RULES_IN_FORCE = (
    "SELECT coalesce((SELECT jsonb_object_agg(r.key, r.value) FROM offices_standardrule r"
    " WHERE r.standard_id = s.id), '{}') FROM offices_standard s"
    " WHERE s.service_id = offices_service.id AND s.status = 'published'"
)


class ServiceQuerySet(models.QuerySet):
    def with_rules(self) -> ServiceQuerySet:
        """Each with the rules of the standard in force, in the same query."""
        values = RawSQL(RULES_IN_FORCE, [], models.JSONField(null=True))  # noqa: S611 (a constant)
        return self.annotate(rules_in_force=values)

    def with_standard(self) -> ServiceQuerySet:
        """Each with the standard in force and its rules, in one more query for all of them."""
        standards: Any = Service._meta.get_field("standards").related_model
        standards = standards.objects
        return self.prefetch_related(
            models.Prefetch("standards", standards.in_force().with_rules(), to_attr="in_force")
        )


class Service(models.Model):
    """One service of one office, for instance the library. A new kind of service is data, not code.

    `work_url_name` is the URL name of the screen an officer works in while serving (empty: none), so that
    the queue needs no import from the service's own app.
    """

    office = models.ForeignKey(Office, models.PROTECT, related_name="services")
    slug = models.SlugField(max_length=40)
    name = models.CharField(_("nama layanan"), max_length=120)
    kind = models.SlugField(_("jenis"), max_length=40)
    prefix = models.CharField(
        _("huruf antrian"),
        max_length=2,
        validators=[RegexValidator(r"^[A-Z]{1,2}$", _("Satu atau dua huruf besar."))],
    )
    attended = models.BooleanField(
        _("didampingi petugas"),
        default=False,
        help_text=_(
            "Petugas melayani sampai selesai (konsultasi). Jika tidak, loket bebas begitu layanan dimulai."
        ),
    )
    work_url_name = models.CharField(max_length=80, blank=True)
    icon = models.CharField(max_length=30, default="ticket")
    position = models.PositiveSmallIntegerField(default=1)
    active = models.BooleanField(_("aktif"), default=True)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(fields=["office", "slug"], name="service_slug_per_office"),
            models.UniqueConstraint(fields=["office", "prefix"], name="service_prefix_per_office"),
        ]

    def __str__(self) -> str:
        """The name in the reader's language, where the catalogue knows it (the usual services)."""
        return gettext(self.name) if self.name else ""

    @cached_property
    def rules(self) -> Rules | None:
        """The rules of the standard in force, or None while none is published."""
        if "rules_in_force" in self.__dict__:  # by with_rules()
            values = self.__dict__["rules_in_force"]
            return None if values is None else Rules.from_values(values)
        return self.standard.rules if self.standard else None

    @cached_property
    def standard(self):
        """The standard in force, or None while none is published."""
        loaded = self.__dict__.get("in_force")  # by with_standard()
        return next(iter(self.standards.in_force()[:1] if loaded is None else loaded), None)

    def standard_at(self, at: datetime):
        """The standard that was in force then, for what is written down afterwards; before the first one, that one."""
        ever = self.standards.light().filter(status__in=("published", "retired"), published_at__isnull=False)
        then = ever.filter(published_at__lte=at, effective_on__lte=self.office.today(at))
        found = then.order_by("-effective_on", "-published_at").first()
        return found or ever.order_by("effective_on", "published_at").first()
