"""Softcopies: the PDF file of a publication, from its coming in to its being read (docs/decisions/024)."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from library.models.catalogue import Access, Publication
from services.offices.models import Office
from services.workflow import Step


def _unguessable(folder: str) -> str:
    name = secrets.token_hex(16)
    return f"softcopy/{folder}/{name[:2]}/{name}.pdf"


def original_name(_row: Any, _name: str) -> str:
    return _unguessable("original")


def prepared_name(_row: Any, _name: str) -> str:
    return _unguessable("prepared")


class DigitalCopy(models.Model):
    """One file that was brought in. `original` as it came, never changed; `prepared` what is drawn, stamped and cut.

    Of a publication one is in use; an older one is replaced by it and keeps its row, because marked copies name it.
    """

    class State(models.TextChoices):
        CHECKING = "checking", _("Sedang diperiksa")
        READY = "ready", _("Siap dibaca")
        REFUSED = "refused", _("Ditolak")
        REPLACED = "replaced", _("Diganti")
        WITHDRAWN = "withdrawn", _("Ditarik")

    class Origin(models.TextChoices):
        UPLOAD = "upload", _("Diunggah")
        FOLDER = "folder", _("Dari folder")
        WEBAPI = "webapi", _("WebAPI BPS")

    MOVES = {
        "checking": {"ready", "refused", "withdrawn"},
        "ready": {"replaced", "withdrawn"},
        "refused": {"withdrawn"},
        "replaced": set(),
        "withdrawn": set(),
    }

    office = models.ForeignKey(Office, models.PROTECT, related_name="digital_copies")
    # Empty until somebody says which publication it is: files come several at once.
    publication = models.ForeignKey(
        Publication, models.PROTECT, null=True, blank=True, related_name="digital_copies"
    )
    state = models.CharField(max_length=9, choices=State, default=State.CHECKING)
    origin = models.CharField(max_length=6, choices=Origin, default=Origin.UPLOAD)
    source_key = models.CharField(
        max_length=700, blank=True
    )  # which edition of which record a source gave it for
    file_name = models.CharField(_("nama berkas"), max_length=200)
    original = models.FileField(upload_to=original_name, max_length=120, blank=True)
    prepared = models.FileField(upload_to=prepared_name, max_length=120, blank=True)
    sha256 = models.CharField(max_length=64)  # of the original
    size = models.BigIntegerField()  # of the original, bytes
    pages = models.PositiveIntegerField(null=True, blank=True)
    sizes = models.JSONField(default=list)  # of each page as seen: [width, height] in points
    outline = models.JSONField(default=list)  # [level, title, page]
    without_text = ArrayField(
        models.PositiveIntegerField(), default=list, blank=True
    )  # page numbers: scanned
    notes = ArrayField(
        models.CharField(max_length=40), default=list, blank=True
    )  # what was taken out or mended
    fault = models.CharField(max_length=40, blank=True)  # why it was refused (library/digital/words.py)
    fault_values = models.JSONField(default=dict)
    # What whoever brought it wanted, until it stands in its publication's record (library/workflows/release.py).
    access_wanted = models.CharField(max_length=10, choices=Access, blank=True)
    embargo_wanted = models.DateTimeField(null=True, blank=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "digital copies"
        constraints = [
            models.UniqueConstraint(
                fields=["publication"], condition=Q(state="ready"), name="one_softcopy_in_use"
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | (Q(pages__gt=0) & ~Q(prepared="")),
                name="ready_softcopy_is_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["office", "state"], name="softcopies_by_state"),
            models.Index(fields=["sha256"], name="softcopy_content"),
        ]

    def __str__(self) -> str:
        return self.file_name


class DigitalStep(Step):
    """Trace of a DigitalCopy's states."""

    subject = models.ForeignKey(DigitalCopy, models.CASCADE, related_name="steps")


class DigitalPage(models.Model):
    """What stands on one page of a softcopy, for the search inside it and for those who have the page read to them."""

    digital = models.ForeignKey(DigitalCopy, models.CASCADE, related_name="texts")
    number = models.PositiveIntegerField()  # from 1
    text = models.TextField(blank=True)
    search = SearchVectorField(null=True, editable=False)

    class Meta:
        ordering = ["digital", "number"]
        constraints = [models.UniqueConstraint(fields=["digital", "number"], name="one_text_of_a_page")]
        indexes = [GinIndex(fields=["search"], name="page_search")]

    def __str__(self) -> str:
        return str(self.number)
