"""The catalogue: what BPS published, which copies an office keeps. Records are national, copies an office's own."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from library.numbers import valid_isbn, valid_issn
from services.offices.models import Office

FIRST_YEAR, LAST_YEAR = 1800, 2200  # the bureau's library keeps censuses from colonial times
# What a publication says of itself: what a form asks for and an import brings.
FACTS = (
    "title", "series", "year", "year_end", "catalogue_number", "publication_number", "issn", "isbn", "region",
    "subject", "abstract", "language", "pages", "producer", "frequency", "released_on", "web_address",
)  # fmt: skip


class Listed(models.Model):
    """A list of which one row may stand under another."""

    name = models.CharField(gettext_lazy("nama"), max_length=120)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    aliases = ArrayField(
        models.CharField(max_length=120), verbose_name=gettext_lazy("nama lain"), default=list, blank=True
    )

    class Meta:
        abstract = True
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Region(Listed):
    """A place that statistics are about, by BPS's domain code: 0000 the country, 7400 a province, 7411 a regency."""

    code = models.CharField(
        gettext_lazy("kode wilayah"), max_length=4, unique=True, validators=[RegexValidator(r"^\d{4}$")]
    )


class Subject(Listed):
    """BPS's subjects; `code` as in the WebAPI (1 social, 2 economy, 3 agriculture and mining, 0 other)."""

    code = models.CharField(gettext_lazy("kode"), max_length=10, unique=True)


class Abbreviation(models.Model):
    """PDRB and what it stands for: a search for either finds both."""

    short = models.CharField(gettext_lazy("singkatan"), max_length=20, unique=True)
    meaning = models.CharField(gettext_lazy("kepanjangan"), max_length=120)

    class Meta:
        ordering = ["short"]

    def __str__(self) -> str:
        return self.short


class Frequency(models.TextChoices):
    WEEKLY = "weekly", gettext_lazy("Mingguan")
    MONTHLY = "monthly", gettext_lazy("Bulanan")
    QUARTERLY = "quarterly", gettext_lazy("Triwulanan")
    HALF_YEARLY = "half", gettext_lazy("Semesteran")
    YEARLY = "yearly", gettext_lazy("Tahunan")
    SEVERAL_YEARS = "years", gettext_lazy("Beberapa tahun sekali")
    ONCE = "once", gettext_lazy("Sekali terbit")


class Series(models.Model):
    """Editions of one title over the years. `continues`: the series this one took over from (another name, a new
    regency)."""

    title = models.CharField(gettext_lazy("judul seri"), max_length=300)
    region = models.ForeignKey(
        Region,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="series",
        verbose_name=gettext_lazy("wilayah"),
    )
    issn = models.CharField("ISSN", max_length=9, blank=True, validators=[valid_issn])
    frequency = models.CharField(
        gettext_lazy("frekuensi terbit"), max_length=10, choices=Frequency, blank=True
    )
    continues = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="continued_by",
        verbose_name=gettext_lazy("lanjutan dari"),
    )

    class Meta:
        ordering = ["title"]
        constraints = [
            models.UniqueConstraint(
                Upper("title"), F("region"), name="one_series_of_a_title", nulls_distinct=False
            ),
            models.CheckConstraint(condition=~Q(continues=F("id")), name="series_does_not_continue_itself"),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """A series cannot be its own ancestor."""
        before, seen = self.continues, {self.pk}
        while before is not None:
            if before.pk in seen:
                raise ValidationError({"continues": _("Seri ini menjadi lanjutan dari dirinya sendiri.")})
            seen.add(before.pk)
            before = before.continues


class Access(models.TextChoices):
    """Who may read a softcopy."""

    PUBLIC = "public", gettext_lazy("Siapa saja")
    REGISTERED = "registered", gettext_lazy("Pengguna terdaftar")
    IN_HOUSE = "in_house", gettext_lazy("Hanya di komputer PST")


class PublicationQuerySet(models.QuerySet):
    def released(self) -> PublicationQuerySet:
        """What the public may know of: not under embargo."""
        return self.filter(Q(embargo_until=None) | Q(embargo_until__lte=timezone.now()))

    def known_to(self, office: Office) -> PublicationQuerySet:
        """What the officers of this office may know of: what is released, and their own records."""
        return self.filter(Q(keeper=office) | Q(embargo_until=None) | Q(embargo_until__lte=timezone.now()))


class Publication(models.Model):
    """One edition of one title: the national record, shared by all offices."""

    class Source(models.TextChoices):
        DESK = "desk", gettext_lazy("Dicatat petugas")
        TABLE = "table", gettext_lazy("Berkas CSV/XLSX")
        MARC = "marc", gettext_lazy("Berkas MARC21")
        WEBAPI = "webapi", gettext_lazy("WebAPI BPS")
        OAI = "oai", gettext_lazy("OAI-PMH")

    class Language(models.TextChoices):
        INDONESIAN = "id", gettext_lazy("Bahasa Indonesia")
        ENGLISH = "en", gettext_lazy("Bahasa Inggris")
        BOTH = "id-en", gettext_lazy("Bahasa Indonesia dan Inggris")
        OTHER = "other", gettext_lazy("Bahasa lain")

    title = models.CharField(gettext_lazy("judul"), max_length=500)
    series = models.ForeignKey(
        Series,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="publications",
        verbose_name=gettext_lazy("seri"),
    )
    # The year of the edition, as in its title; of "2020–2024" the first and the last.
    year = models.PositiveSmallIntegerField(
        gettext_lazy("tahun"),
        null=True,
        blank=True,
        validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)],
    )
    year_end = models.PositiveSmallIntegerField(
        gettext_lazy("sampai tahun"),
        null=True,
        blank=True,
        validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)],
    )
    catalogue_number = models.CharField(gettext_lazy("nomor katalog"), max_length=30, blank=True)
    publication_number = models.CharField(gettext_lazy("nomor publikasi"), max_length=30, blank=True)
    issn = models.CharField("ISSN", max_length=9, blank=True, validators=[valid_issn])
    isbn = models.CharField("ISBN", max_length=17, blank=True, validators=[valid_isbn])
    region = models.ForeignKey(
        Region,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="publications",
        verbose_name=gettext_lazy("wilayah"),
    )
    subject = models.ForeignKey(
        Subject,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="publications",
        verbose_name=gettext_lazy("subjek"),
    )
    abstract = models.TextField(gettext_lazy("abstrak"), max_length=20_000, blank=True)
    language = models.CharField(
        gettext_lazy("bahasa"), max_length=5, choices=Language, default=Language.INDONESIAN
    )
    pages = models.PositiveSmallIntegerField(gettext_lazy("halaman"), null=True, blank=True)
    producer = models.CharField(gettext_lazy("penerbit"), max_length=200, blank=True)
    frequency = models.CharField(
        gettext_lazy("frekuensi terbit"), max_length=10, choices=Frequency, blank=True
    )
    released_on = models.DateField(gettext_lazy("tanggal rilis"), null=True, blank=True)
    web_address = models.URLField(gettext_lazy("alamat di web"), max_length=500, blank=True)
    has_digital = models.BooleanField(gettext_lazy("ada softcopy"), default=False)
    # Who may read the softcopy.
    access = models.CharField(
        gettext_lazy("akses softcopy"), max_length=10, choices=Access, default=Access.PUBLIC
    )
    # Nobody outside the office that keeps the record learns of it before: BPS releases at a set time.
    embargo_until = models.DateTimeField(gettext_lazy("dirilis pada"), null=True, blank=True)
    cover = models.FileField(gettext_lazy("sampul"), upload_to="covers/", blank=True)
    # Who may change the record; empty: the administrators. Copies may be added by every office.
    keeper = models.ForeignKey(
        Office,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="kept_publications",
        verbose_name=gettext_lazy("satuan kerja pemilik data"),
    )
    source = models.CharField(gettext_lazy("asal data"), max_length=6, choices=Source, default=Source.DESK)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    # Words, stems and filters (library/search/index.py); written with the record.
    search = SearchVectorField(null=True, editable=False)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = [F("year").desc(nulls_last=True), "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="publication_has_a_title"),
            models.CheckConstraint(
                condition=Q(year_end=None) | Q(year__isnull=False, year_end__gte=F("year")),
                name="publication_years_in_order",
            ),
        ]
        indexes = [
            GinIndex(fields=["search"], name="publication_search", fastupdate=False),
            models.Index(F("year").desc(nulls_last=True), F("id").desc(), name="publication_newest"),
            models.Index(fields=["catalogue_number"], name="publication_catalogue_number"),
            models.Index(fields=["isbn"], condition=~Q(isbn=""), name="publication_isbn"),
            models.Index(fields=["updated_at", "id"], name="publication_updated"),
            models.Index(
                fields=["embargo_until"], condition=~Q(embargo_until=None), name="publication_embargo"
            ),
            # An import asks whether a title is there already.
            models.Index(Upper("title"), "year", name="publication_title"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("library:publication", args=[self.pk, slugify(self.title)[:60] or "-"])

    @property
    def released(self) -> bool:
        """Whether the public may know of it."""
        return self.embargo_until is None or self.embargo_until <= timezone.now()

    def known_to(self, office: Office) -> bool:
        return self.released or self.keeper_id == office.pk

    @property
    def cover_url(self) -> str:
        name = (self.cover.name or "").rpartition("/")[2]
        return reverse("library:cover_picture", args=[name]) if name else ""

    def clean(self) -> None:
        if self.year_end and (not self.year or self.year_end < self.year):
            raise ValidationError({"year_end": _("Tahun akhir tidak boleh sebelum tahun awal.")})


class Copy(models.Model):
    """A printed book of one office."""

    class State(models.TextChoices):
        SHELF = "shelf", gettext_lazy("Di rak")
        OUT = "out", gettext_lazy("Di tangan pembaca")
        LOST = "lost", gettext_lazy("Hilang")
        DAMAGED = "damaged", gettext_lazy("Rusak")
        WITHDRAWN = "withdrawn", gettext_lazy("Ditarik dari koleksi")

    office = models.ForeignKey(Office, models.PROTECT, related_name="copies")
    publication = models.ForeignKey(Publication, models.PROTECT, related_name="copies")
    barcode = models.CharField(gettext_lazy("barcode"), max_length=40)
    shelf = models.CharField(gettext_lazy("rak"), max_length=40, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.SHELF, editable=False)
    in_house_only = models.BooleanField(gettext_lazy("hanya dibaca di tempat"), default=False)
    added_on = models.DateField(gettext_lazy("tanggal masuk"), auto_now_add=True)

    class Meta:
        ordering = ["office", "barcode"]
        verbose_name_plural = "copies"
        constraints = [
            models.UniqueConstraint(Upper("barcode"), F("office"), name="one_copy_of_a_barcode"),
            models.CheckConstraint(condition=~Q(barcode=""), name="copy_has_a_barcode"),
        ]
        indexes = [models.Index(fields=["publication", "office", "state"], name="copies_of_publication")]

    def __str__(self) -> str:
        return self.barcode
