"""The slip on the tablet's ticket page: which printer serves it, whether to print, and what has become of the slip."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.utils import timezone

from queueing.models import Printer, PrintJob, Ticket
from queueing.printing.faults import MILD, UNCERTAIN
from queueing.printing.paper import slip_context
from queueing.printing.slip import slip_for
from queueing.workflows import printing as work
from services.accounts.http import Request
from services.accounts.models import Device

log = logging.getLogger(__name__)

# A slip that has not come by then is told to be in trouble, also when nobody knows why (no worker runs).
SOON = timedelta(seconds=20)
OFFERED = timedelta(minutes=10)


def site_of(request: Request) -> str:
    """Where this site is, as whoever asks knows it: goes into the QR code."""
    return request.build_absolute_uri("/").rstrip("/")


def printer_of(device: Device) -> Printer | None:
    return device.printers.filter(active=True).select_related("office").first()


def print_automatically(request: Request, ticket: Ticket) -> None:
    """Where the office wants every number on paper. Whatever goes wrong here, the number is already given."""
    try:
        printer = printer_of(request.device)
        if printer and printer.automatic:
            work.first_slip(ticket, printer, by=request.actor, site=site_of(request))
    except Exception:
        log.exception("the slip of ticket %s was not sent to a printer", ticket.pk)


def print_context(request: Request, ticket: Ticket, now: datetime | None = None) -> dict:
    """For queueing/_kiosk_print.html: nothing, when no printer serves this tablet."""
    now = now or timezone.now()
    printer = printer_of(request.device)
    if printer is None:
        return {}
    jobs = PrintJob.objects.select_related(
        "printer__office", "ticket__office", "ticket__service", "ticket__received__visit"
    )
    job = jobs.filter(ticket=ticket, copy=False).first()
    context = {
        "slip_printer": printer,
        "slip_job": job,
        "slip_state": state(job, now) or ("trouble" if trouble(printer) else ""),
        "may_print": ticket.state not in Ticket.OVER
        and now - ticket.issued_at < OFFERED
        and (job is None or (job.state == "failed" and job.error not in UNCERTAIN)),
    }
    if job and _for_this_browser(job) and now - job.created_at < OFFERED:
        context |= slip_context(slip_for(job, now), job.printer.width)
    return context


def _for_this_browser(job: PrintJob) -> bool:
    return job.printer.kind == Printer.Kind.BROWSER and job.state == PrintJob.State.QUEUED


def trouble(printer: Printer) -> bool:
    """Whether nothing comes out of it now, as far as is known."""
    return bool(printer.fault) and printer.fault not in MILD


def state(job: PrintJob | None, now: datetime) -> str:
    """ "" (not asked for), "printing", "printed" or "trouble"."""
    if job is None:
        return ""
    if job.state == PrintJob.State.PRINTED:
        return "printed"
    if job.state == PrintJob.State.FAILED:
        return "trouble"
    return "trouble" if job.error or trouble(job.printer) or now - job.created_at > SOON else "printing"
