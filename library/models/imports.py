"""What comes into the catalogue from elsewhere: each import is looked at before it counts, and can be taken back whole."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from library.models.catalogue import Publication
from services.offices.models import Office
from services.workflow import Step


class CatalogueSource(models.Model):
    """Where an office's records are fetched again and again: the BPS WebAPI, or another library's OAI-PMH.

    `automatic`: what a nightly reading finds is taken over at once, else it waits for an officer's look.
    """

    class Kind(models.TextChoices):
        WEBAPI = "webapi", _("WebAPI BPS")
        OAI = "oai", _("OAI-PMH")

    office = models.ForeignKey(Office, models.CASCADE, related_name="catalogue_sources")
    kind = models.CharField(_("jenis"), max_length=6, choices=Kind)
    # Of the WebAPI the domain code (7411), of OAI-PMH the base address.
    address = models.CharField(_("alamat"), max_length=500)
    set_spec = models.CharField(_("himpunan (set)"), max_length=200, blank=True)
    nightly = models.BooleanField(_("baca setiap malam"), default=False)
    automatic = models.BooleanField(_("terapkan tanpa diperiksa"), default=False)
    softcopies = models.BooleanField(_("ambil juga softcopynya"), default=False)
    # How far the last reading that was taken over came, as the source tells time (OAI-PMH `from`).
    read_until = models.CharField(max_length=30, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["office", "kind", "address", "set_spec"], name="one_source_of_an_office")
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.address}"


class Import(models.Model):
    """One file or one reading of a source, from the first look to being taken back."""

    class State(models.TextChoices):
        MAPPING = "mapping", _("Pilih kolom")
        READING = "reading", _("Sedang dibaca")
        READY = "ready", _("Siap diperiksa")
        APPLYING = "applying", _("Sedang diterapkan")
        DONE = "done", _("Sudah diterapkan")
        UNDOING = "undoing", _("Sedang dibatalkan")
        UNDONE = "undone", _("Diambil kembali")
        FAILED = "failed", _("Tidak terbaca")
        CANCELLED = "cancelled", pgettext_lazy("of an import", "Tidak dipakai")

    MOVES = {
        "mapping": {"reading", "cancelled", "failed"},
        "reading": {"ready", "failed", "cancelled"},
        "ready": {"applying", "mapping", "cancelled"},
        "applying": {"done", "ready"},  # nothing of it counts until all of it does
        "done": {"undoing"},
        "undoing": {"undone", "done"},
        "undone": set(),
        "failed": {"reading", "mapping", "cancelled"},
        "cancelled": set(),
    }

    office = models.ForeignKey(Office, models.PROTECT, related_name="imports")
    kind = models.CharField(max_length=6, choices=Publication.Source)
    state = models.CharField(max_length=9, choices=State, default=State.READING)
    source = models.ForeignKey(
        CatalogueSource, models.SET_NULL, null=True, blank=True, related_name="imports"
    )
    name = models.CharField(_("nama berkas"), max_length=200)
    file = models.FileField(upload_to="imports/%Y/", blank=True)
    # How the file is to be read: encoding, separator, sheet, whether the first row names the columns, column → field.
    options = models.JSONField(default=dict)
    # Where reading goes on after an interruption: a page, a resumption token, what was asked for.
    cursor = models.JSONField(default=dict)
    total = models.BigIntegerField(default=0)  # bytes of the file, or records as the source counts them
    position = models.BigIntegerField(default=0)  # of `total`
    counts = models.JSONField(default=dict)  # rows by outcome
    # Why it failed, for the officer: a sentence of the code and what stands in it (library/importing/words.py).
    problem = models.CharField(max_length=1000, blank=True)
    problem_values = models.JSONField(null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["office", "-id"], name="imports_of_an_office")]

    def __str__(self) -> str:
        return self.name

    @property
    def percent(self) -> int | None:
        """How far reading or applying is; None while nobody knows how much there is."""
        return min(100, 100 * self.position // self.total) if self.total else None


class ImportStep(Step):
    """Trace of an Import's states."""

    subject = models.ForeignKey(Import, models.CASCADE, related_name="steps")


class ImportRow(models.Model):
    """One record as it was read, what is to become of it, and, once applied, what it takes to undo it."""

    class Outcome(models.TextChoices):
        NEW = "new", _("Baru")
        CHANGED = "changed", _("Berubah")
        COPY = "copy", _("Eksemplar saja")
        SAME = "same", _("Sama")
        DUPLICATE = "duplicate", _("Ganda dalam berkas")
        OTHERS = "others", _("Milik satuan kerja lain")
        GONE = "gone", _("Dihapus di sumber")
        FAULTY = "faulty", _("Dilewati")

    batch = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()  # line, record or place in the list, from 1
    outcome = models.CharField(max_length=9, choices=Outcome)
    key = models.CharField(max_length=200, blank=True)  # the record's name at its source
    data = models.JSONField(default=dict)  # field → value, sound
    copies = models.JSONField(default=list)  # [[barcode, shelf], …]
    notes = models.JSONField(default=list)  # [[field, what was wrong, the values in it], …]
    said = models.JSONField(default=list)  # the cells as they came, for the file of errors
    publication = models.ForeignKey(
        Publication, models.SET_NULL, null=True, blank=True, db_index=False, related_name="import_rows"
    )
    before = models.JSONField(null=True, blank=True)  # the fields it changed, as they were
    said_before = models.JSONField(null=True, blank=True)  # what the source had said until then
    made_copies = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["batch", "outcome", "id"], name="import_rows_by_outcome"),
            models.Index(fields=["publication"], condition=Q(publication__isnull=False), name="import_rows_of_record"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.number}: {self.get_outcome_display()}"

    @property
    def title(self) -> str:
        return str(self.data.get("title", ""))


class SourceRecord(models.Model):
    """Under which name a source knows a publication, and what it last said of it: what an officer corrected by hand
    stays until the source itself says something else."""

    source = models.CharField(max_length=6, choices=Publication.Source)
    key = models.CharField(max_length=200)
    publication = models.ForeignKey(Publication, models.CASCADE, related_name="source_records")
    said: Any = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="one_record_of_a_source")]

    def __str__(self) -> str:
        return f"{self.source} {self.key}"
