"""Files that leave the house: marked copies of a softcopy, whole or in part, and the links that lead to them."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from library.models.catalogue import Publication
from library.models.digital import DigitalCopy
from services.guestbook.models import Visitor, VisitService
from services.offices.models import Office
from services.ratings.models import Rating
from services.workflow import Step


def excerpt_name(_row: Any, _name: str) -> str:
    name = secrets.token_hex(16)
    return f"softcopy/excerpt/{name[:2]}/{name}.pdf"


class MarkedCopy(models.Model):
    """One file that was handed to one person, with what stands in its mark (requirement rows 21 and 31).

    `pages`: of an excerpt, its page numbers; a download has all. `allowed_by` with `reason`: a supervisor let the cap
    be passed. The file of an excerpt is kept while it may be fetched; of a download nothing is kept but its SHA-256.
    """

    class Kind(models.TextChoices):
        DOWNLOAD = "download", _("Unduhan")
        EXCERPT = "excerpt", _("Salinan sebagian")

    class Handed(models.TextChoices):
        LINK = "link", _("Tautan e-mail")
        DESK = "desk", _("Diserahkan di meja")
        PRINT = "print", _("Dicetak")
        ACCOUNT = "account", _("Menu unduh")

    serial = models.CharField(_("nomor seri"), max_length=24, unique=True)
    kind = models.CharField(max_length=8, choices=Kind)
    handed = models.CharField(_("diserahkan"), max_length=7, choices=Handed)
    office = models.ForeignKey(Office, models.PROTECT, related_name="marked_copies")
    digital = models.ForeignKey(DigitalCopy, models.PROTECT, related_name="marked_copies")
    publication = models.ForeignKey(Publication, models.PROTECT, related_name="marked_copies")
    visitor = models.ForeignKey(Visitor, models.SET_NULL, null=True, blank=True, related_name="marked_copies")
    received = models.ForeignKey(
        VisitService, models.SET_NULL, null=True, blank=True, related_name="marked_copies"
    )
    # As stamped: they prove to whom the file was given, whatever the guest book says later.
    name = models.CharField(_("nama"), max_length=120)
    email = models.CharField(_("e-mail"), max_length=254, blank=True)
    marked = models.BooleanField(default=True)  # a standard may promise downloads without a mark
    pages = ArrayField(models.PositiveIntegerField(), default=list, blank=True)
    reason = models.CharField(_("alasan"), max_length=300, blank=True)
    allowed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    file = models.FileField(upload_to=excerpt_name, max_length=120, blank=True)
    # The form's key: sending it again makes nothing twice.
    submission = models.CharField(max_length=40)
    # So that a word beside the stars goes with the person (pst/privacy/retention.toml).
    rating = models.OneToOneField(
        Rating, models.SET_NULL, null=True, blank=True, editable=False, related_name="marked_copy"
    )

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "marked copies"
        constraints = [
            models.UniqueConstraint(fields=["office", "submission"], name="one_copy_per_submission"),
            models.CheckConstraint(
                condition=Q(kind="download", pages=[]) | (Q(kind="excerpt") & ~Q(pages=[])),
                name="an_excerpt_has_pages",
            ),
        ]
        indexes = [
            models.Index(fields=["visitor", "publication"], name="marked_copies_of_visitor"),
            models.Index(fields=["office", "made_at"], name="marked_copies_of_office"),
            models.Index(fields=["sha256"], name="marked_copy_content"),
        ]

    def __str__(self) -> str:
        return self.serial


class CopyLink(models.Model):
    """A link in somebody's own mailbox, for a time: to read a publication, to download it, or to fetch an excerpt."""

    class Kind(models.TextChoices):
        READ = "read", _("Membaca")
        DOWNLOAD = "download", _("Mengunduh")
        EXCERPT = "excerpt", _("Salinan sebagian")

    kind = models.CharField(max_length=8, choices=Kind)
    office = models.ForeignKey(Office, models.PROTECT, related_name="copy_links")
    digital = models.ForeignKey(DigitalCopy, models.PROTECT, related_name="links")
    copy = models.ForeignKey(MarkedCopy, models.CASCADE, null=True, blank=True, related_name="links")
    visitor = models.ForeignKey(Visitor, models.CASCADE, related_name="copy_links")
    received = models.ForeignKey(
        VisitService, models.SET_NULL, null=True, blank=True, related_name="copy_links"
    )
    secret_hash = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    expires_at = models.DateTimeField()
    used = models.PositiveSmallIntegerField(default=0)
    withdrawn_at = models.DateTimeField(null=True, blank=True)  # by the desk: it went to the wrong mailbox

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="excerpt", copy__isnull=False) | (~Q(kind="excerpt") & Q(copy=None)),
                name="an_excerpt_link_has_a_file",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class ExcerptRequest(models.Model):
    """More pages than the standard lets an officer copy, asked of a supervisor by the desk. Granting makes the excerpt
    itself, so nothing is left open to be used later (docs/decisions/026).

    `submission`: the key of the desk's form, and of the excerpt that is made.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("Menunggu atasan")
        GRANTED = "granted", _("Diizinkan")
        REFUSED = "refused", _("Tidak diizinkan")

    MOVES = {"asked": {"granted", "refused"}, "granted": set(), "refused": set()}

    office = models.ForeignKey(Office, models.PROTECT, related_name="excerpt_requests")
    received = models.ForeignKey(VisitService, models.CASCADE, related_name="excerpt_requests")
    digital = models.ForeignKey(DigitalCopy, models.PROTECT, related_name="excerpt_requests")
    pages = ArrayField(models.PositiveIntegerField())
    handed = models.CharField(_("diserahkan"), max_length=7, choices=MarkedCopy.Handed)
    note = models.CharField(_("keperluan"), max_length=200, blank=True)
    state = models.CharField(max_length=7, choices=State, default=State.ASKED)
    answer = models.CharField(_("alasan"), max_length=300, blank=True)
    copy = models.OneToOneField(MarkedCopy, models.SET_NULL, null=True, blank=True, related_name="request")
    submission = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["office", "submission"], name="one_request_per_submission"),
            models.CheckConstraint(
                condition=Q(state="asked") | Q(answered_at__isnull=False),
                name="answered_permission_has_a_time",
            ),
        ]
        indexes = [models.Index(fields=["office", "state"], name="excerpt_requests_by_state")]

    def __str__(self) -> str:
        return str(_("Permintaan izin"))


class ExcerptStep(Step):
    """Trace of an ExcerptRequest's states."""

    subject = models.ForeignKey(ExcerptRequest, models.CASCADE, related_name="steps")


class TermsAcceptance(models.Model):
    """Somebody accepted the terms of use of softcopies. Asked once for each person and version; not unique, because two
    records that turn out to be one person may both have a row."""

    visitor = models.ForeignKey(Visitor, models.CASCADE, related_name="terms_accepted")
    version = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.version}"
