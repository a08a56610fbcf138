"""The library in use: what each visitor did in the reading room (requirement rows 18 and 19)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from library.models.catalogue import Copy, Publication
from services.guestbook.models import VisitService
from services.offices.models import Office
from services.workflow import Step


class LibraryUse(models.Model):
    """`what` names what the catalogue does not know; else `publication` and, of a printed book, `copy` do.

    `received` is let go after ninety days where a publication is named: who read it is forgotten, that it was read is
    not (docs/decisions/021).
    """

    class Kind(models.TextChoices):
        READ_PRINTED = "read_printed", _("Membaca buku tercetak")
        SCAN = "scan", _("Minta pindaian")
        READ_DIGITAL = "read_digital", _("Membaca softcopy di komputer PST")
        DOWNLOAD = "download", _("Mengunduh softcopy")
        EXCERPT = "excerpt", _("Menerima salinan sebagian")

    office = models.ForeignKey(Office, models.PROTECT, related_name="library_uses")
    received = models.ForeignKey(VisitService, models.CASCADE, null=True, related_name="library_uses")
    kind = models.CharField(_("penggunaan"), max_length=15, choices=Kind)
    what = models.CharField(_("pustaka"), max_length=200, blank=True)
    publication = models.ForeignKey(
        Publication, models.SET_NULL, null=True, blank=True, related_name="library_uses"
    )
    copy = models.ForeignKey(Copy, models.SET_NULL, null=True, blank=True, related_name="library_uses")
    # The same reading stands among the loans as well (circulation.read_here): whoever counts, counts one of them.
    at_shelf = models.BooleanField(default=False)
    # The form's key: sending it again notes nothing twice.
    submission = models.CharField(max_length=40)
    at = models.DateTimeField()
    by_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["received", "submission"], name="one_use_per_submission"),
            models.UniqueConstraint(
                fields=["received", "copy"], condition=Q(kind="read_printed"), name="a_book_read_is_one_use"
            ),
        ]
        indexes = [models.Index(fields=["publication", "kind"], name="uses_of_a_publication")]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def title(self) -> str:
        return str(self.publication) if self.publication else self.what


class ScanRequest(models.Model):
    """Pages that a visitor asks the office to scan (requirement row 19), until they are scanned or refused."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("Diminta")
        DONE = "done", _("Selesai dipindai")
        REFUSED = "refused", _("Tidak dipindai")

    MOVES = {"requested": {"done", "refused"}, "done": set(), "refused": set()}

    office = models.ForeignKey(Office, models.PROTECT, related_name="scan_requests")
    use = models.OneToOneField(LibraryUse, models.CASCADE, related_name="scan")
    pages = models.CharField(_("halaman"), max_length=100)
    state = models.CharField(max_length=9, choices=State, default=State.REQUESTED)
    answer = models.CharField(_("alasan"), max_length=200, blank=True)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="requested") | Q(answered_at__isnull=False), name="answered_scan_has_a_time"
            ),
        ]
        indexes = [models.Index(fields=["office", "state"], name="scans_by_state")]

    def __str__(self) -> str:
        return str(_("Permintaan pindaian"))


class ScanStep(Step):
    """Trace of a ScanRequest's states."""

    subject = models.ForeignKey(ScanRequest, models.CASCADE, related_name="steps")
