"""The published service standard: its text, item by item, and the rules the software runs on."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from services.offices.models.office import Service
from services.offices.rule_names import Promise, promises
from services.offices.rules import Rules
from services.workflow import Step

RULE_VALUES = (
    "SELECT jsonb_object_agg(key, value) FROM offices_standardrule WHERE standard_id = offices_standard.id"
)


PROCEDURE = (
    "SELECT jsonb_object_agg(position, text) FROM offices_standarditem"
    " WHERE standard_id = offices_standard.id AND section = 'procedure'"
)


class StandardQuerySet(models.QuerySet):
    def in_force(self) -> StandardQuerySet:
        """The published ones, without the whole document: a screen of the queue needs only the rules."""
        return self.filter(status=Standard.Status.PUBLISHED).light()

    def light(self) -> StandardQuerySet:
        """Without the document it was read from."""
        return self.defer("source_text", "corrections", "unplaced", "warnings")

    def with_rules(self) -> StandardQuerySet:
        """Each with its rules, in the same query."""
        values = RawSQL(RULE_VALUES, [], models.JSONField(null=True))  # noqa: S611 (a constant)
        return self.annotate(rule_values=values)

    def with_procedure(self) -> StandardQuerySet:
        """Each with the published sentences of its procedure, in the same query."""
        values = RawSQL(PROCEDURE, [], models.JSONField(null=True))  # noqa: S611 (a constant)
        return self.annotate(procedure_values=values)


class Standard(models.Model):
    """One version of the standard of one service. A visit keeps the version it began under.

    Source: PermenPANRB 15/2014; sections as in the published documents (requirement row 4).
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Rancangan")
        REVIEW = "review", _("Menunggu pemeriksaan")
        SCHEDULED = "scheduled", _("Terbit, belum berlaku")
        PUBLISHED = "published", _("Berlaku")
        RETIRED = "retired", _("Tidak berlaku")
        WITHDRAWN = "withdrawn", _("Ditarik")

    # docs/decisions/043: `published` is the one in force; what is published for a later day is `scheduled` until then.
    MOVES = {
        "draft": {"review", "withdrawn"},
        "review": {"draft", "scheduled", "published", "withdrawn"},
        "scheduled": {"draft", "published"},
        "published": {"retired"},
        "retired": set(),
        "withdrawn": {"draft"},
    }
    STATE_FIELD = "status"

    service = models.ForeignKey(Service, models.PROTECT, related_name="standards")
    version = models.PositiveIntegerField(default=1)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    title = models.CharField(_("judul"), max_length=300)
    title_source = models.CharField(max_length=300, blank=True)
    decree_number = models.CharField(_("nomor SK"), max_length=100, blank=True)
    decree_date = models.DateField(_("tanggal SK"), null=True, blank=True)
    # A day of the office, from its midnight on.
    effective_on = models.DateField(_("berlaku mulai"), null=True, blank=True)
    pledge = models.TextField(_("maklumat pelayanan"), max_length=1000, blank=True)
    # The version it was made from, of this office or another.
    base = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    # Who asked for the review and who published: two people, where the office has two (workflows.publish).
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    source_name = models.CharField(max_length=200, blank=True)
    source_text = models.TextField()
    source_hash = models.CharField(max_length=64)
    corrections = models.JSONField(default=list)
    unplaced = models.JSONField(default=list)
    warnings = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, blank=True)
    edited_at = models.DateTimeField(null=True, blank=True)  # after it was read or copied

    objects = StandardQuerySet.as_manager()

    class Meta:
        ordering = ["service", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["service", "version"], name="standard_version_per_service"),
            models.UniqueConstraint(
                fields=["service"], condition=Q(status="published"), name="one_published_standard_per_service"
            ),
            models.UniqueConstraint(
                fields=["service"], condition=Q(status="scheduled"), name="one_scheduled_standard_per_service"
            ),
            models.CheckConstraint(
                condition=~Q(status="scheduled") | Q(effective_on__isnull=False), name="scheduled_has_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} (versi {self.version})"

    @cached_property
    def rules(self) -> Rules:
        if "rule_values" in self.__dict__:  # by with_rules()
            return Rules.from_values(self.__dict__["rule_values"] or {})
        if "rule_set" in getattr(self, "_prefetched_objects_cache", {}):
            return Rules.from_values({r.key: r.value for r in self.rule_set.all()})
        return Rules.from_values(dict(self.rule_set.order_by().values_list("key", "value")))

    @cached_property
    def procedure(self) -> dict[int, str]:
        """The published sentences of the procedure by their position."""
        if "procedure_values" in self.__dict__:  # by with_procedure()
            return {int(p): text for p, text in (self.__dict__["procedure_values"] or {}).items()}
        rows = self.items.filter(section=StandardItem.Section.PROCEDURE)
        return dict(rows.order_by().values_list("position", "text"))

    @property
    def is_draft(self) -> bool:
        """Whether its words and rules may still be changed."""
        return self.status == self.Status.DRAFT

    @property
    def promises(self) -> list[Promise]:
        return promises(self.rules)


class StandardStep(Step):
    """The history of a standard: what it became, when, by whom, why."""

    subject = models.ForeignKey(Standard, models.CASCADE, related_name="steps")


class StandardItem(models.Model):
    """One numbered item, with its source text verbatim beside the corrected text that is shown."""

    class Section(models.TextChoices):
        """The components of PermenPANRB 15/2014, its names: six of delivering a service, in every standard, and eight of
        managing it inside the organisation, published where the office wants."""

        REQUIREMENTS = "requirements", _("Persyaratan")
        PROCEDURE = "procedure", _("Sistem, Mekanisme, dan Prosedur")
        TIME = "time", _("Waktu Penyelesaian")
        FEE = "fee", _("Biaya/Tarif")
        PRODUCT = "product", _("Produk Pelayanan")
        COMPLAINTS = "complaints", _("Pengaduan Layanan")
        LEGAL_BASIS = "legal_basis", _("Dasar Hukum")
        FACILITIES = "facilities", _("Sarana dan Prasarana, dan/atau Fasilitas")
        COMPETENCE = "competence", _("Kompetensi Pelaksana")
        SUPERVISION = "supervision", _("Pengawasan Internal")
        STAFFING = "staffing", _("Jumlah Pelaksana")
        GUARANTEE = "guarantee", _("Jaminan Pelayanan")
        SAFETY = "safety", _("Jaminan Keamanan dan Keselamatan Pelayanan")
        EVALUATION = "evaluation", _("Evaluasi Kinerja Pelaksana")

    class Channel(models.TextChoices):
        ONSITE = "onsite", _("Kunjungan langsung")
        ONLINE = "online", _("Layanan online")
        BOTH = "both", _("Kunjungan dan online")

    # What every standard has, and what it may have.
    DELIVERY = ("requirements", "procedure", "time", "fee", "product", "complaints")
    MANAGEMENT = (
        "legal_basis",
        "facilities",
        "competence",
        "supervision",
        "staffing",
        "guarantee",
        "safety",
        "evaluation",
    )

    standard = models.ForeignKey(Standard, models.CASCADE, related_name="items")
    section = models.CharField(max_length=15, choices=Section)
    channel = models.CharField(max_length=8, choices=Channel)
    position = models.PositiveSmallIntegerField()
    parent = models.PositiveSmallIntegerField(null=True, blank=True)
    depth = models.PositiveSmallIntegerField(default=0)
    label = models.CharField(max_length=30, blank=True)
    source = models.TextField()
    text = models.TextField()

    class Meta:
        ordering = ["standard", "section", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["standard", "section", "position"], name="item_position_per_section"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_section_display()} {self.label or self.position}"


class StandardRule(models.Model):
    """One rule derived from the text, with the items it rests on; a supervisor confirms it."""

    class Certainty(models.TextChoices):
        STATED = "stated", _("Tertulis")
        INFERRED = "inferred", _("Disimpulkan")
        DEFAULT = "default", _("Tidak disebut; nilai bawaan")
        DECIDED = "decided", _("Ditetapkan kantor")
        PROPOSED = "proposed", _("Usulan dari kantor lain")  # until somebody here confirms it

    standard = models.ForeignKey(Standard, models.CASCADE, related_name="rule_set")
    key = models.SlugField(max_length=40)
    value = models.JSONField(null=True)
    evidence = models.JSONField(default=list)
    certainty = models.CharField(max_length=10, choices=Certainty)
    note = models.TextField(blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["standard", "key"]
        constraints = [models.UniqueConstraint(fields=["standard", "key"], name="rule_key_per_standard")]

    def __str__(self) -> str:
        return f"{self.key} = {self.value}"
