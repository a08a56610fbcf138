"""Ticket printers, and what was sent to them."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from queueing.models.ticket import Ticket
from services.accounts.models import Device, Gap
from services.offices.models import Office
from services.workflow import Step


class Printer(models.Model):
    """A thermal printer of the office: on the network (ESC/POS), or the one the tablet's browser prints to.

    `fault` is the code of what the printer said, or of why it could not be reached, since `fault_at`; "" when all
    is well (words: `queueing.printing.faults`). `last_ok_at` is when it last took a slip or answered that it is ready.
    """

    class Kind(models.TextChoices):
        NETWORK = "network", _("Jaringan (ESC/POS)")
        BROWSER = "browser", _("Peramban (cetak senyap)")

    class Width(models.IntegerChoices):
        MM58 = 58, "58 mm"
        MM80 = 80, "80 mm"

    office = models.ForeignKey(Office, models.CASCADE, related_name="printers")
    name = models.CharField(_("nama"), max_length=60)
    kind = models.CharField(_("cara mencetak"), max_length=8, choices=Kind, default=Kind.NETWORK)
    host = models.CharField(_("alamat jaringan"), max_length=200, blank=True)
    port = models.PositiveIntegerField(
        _("port"), default=9100, validators=[MinValueValidator(1), MaxValueValidator(65535)]
    )
    width = models.PositiveSmallIntegerField(_("lebar kertas"), choices=Width, default=Width.MM80)
    # Which tablets print here; none: only the desk does.
    tablets = models.ManyToManyField(Device, blank=True, related_name="printers", verbose_name=_("tablet"))
    automatic = models.BooleanField(
        _("cetak setiap nomor dengan sendirinya"),
        default=False,
        help_text=_("Jika tidak, tamu mengetuk “Cetak nomor”."),
    )
    active = models.BooleanField(_("aktif"), default=True)
    watched_since = models.DateTimeField(default=timezone.now)  # when its gaps began to be written down
    last_ok_at = models.DateTimeField(null=True, blank=True)
    fault = models.CharField(max_length=200, blank=True)
    fault_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["office", "name"], name="printer_name_per_office")]

    def __str__(self) -> str:
        return self.name


class PrinterGap(Gap):
    """When it had a fault that stops it, or was switched off."""

    printer = models.ForeignKey(Printer, models.CASCADE, related_name="gaps")

    class Meta(Gap.Meta):
        constraints = [
            models.UniqueConstraint(fields=["printer", "since", "reason"], name="printer_gap_once"),
            models.CheckConstraint(
                condition=Q(until__isnull=False, until__gt=F("since")) | Q(until=None, reason="off"),
                name="printer_gap_is_over",
            ),
        ]


class PrintJob(models.Model):
    """One slip of paper: the ticket's first, a copy (the same number again, audited), or without a ticket a test.

    `site` is where the visitor's page is, as the tablet or desk knows it ("https://pst.example.go.id"); the worker
    that prints has no request to ask. `error` is a code, as in `Printer.fault`.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Menunggu dicetak")
        PRINTED = "printed", _("Tercetak")
        FAILED = "failed", _("Gagal")

    MOVES = {
        "queued": {"queued", "printed", "failed"},
        "failed": {"queued"},
        "printed": set(),
    }

    office = models.ForeignKey(Office, models.CASCADE, related_name="print_jobs")
    printer = models.ForeignKey(Printer, models.CASCADE, related_name="jobs")
    ticket = models.ForeignKey(Ticket, models.CASCADE, null=True, blank=True, related_name="print_jobs")
    site = models.CharField(max_length=200, blank=True)
    copy = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            # A second tap makes no second slip.
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(copy=False), name="one_first_slip_per_ticket"
            ),
        ]
        indexes = [models.Index(fields=["printer"], condition=Q(state="queued"), name="print_jobs_waiting")]

    def __str__(self) -> str:
        return f"{self.ticket or _('Cetak percobaan')} → {self.printer}"


class PrintStep(Step):
    """Trace of a print job."""

    subject = models.ForeignKey(PrintJob, models.CASCADE, related_name="steps")
