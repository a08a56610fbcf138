"""The slip of a number: from the tablet, from the desk once more, and as a PDF."""

from __future__ import annotations

from django.contrib import messages
from django.core.cache import cache
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from queueing import finding, selectors
from queueing.models import Printer, PrintJob, Ticket
from queueing.printing.faults import words
from queueing.printing.paper import slip_pdf
from queueing.printing.slip import slip_of
from queueing.printing.tablet import print_context, printer_of, site_of, trouble
from queueing.views.visit import find, while_it_is_good
from queueing.workflows import printing as work
from services.accounts import access
from services.accounts.http import Request
from services.audit import trail
from services.codes import queue_number
from services.responses import changed, explains
from services.workflow import IllegalMove

SLIPS_AN_HOUR = 20  # of one number


def _ticket_of_today(request: Request, token: str) -> Ticket:
    visit = get_object_or_404(
        request.office.visits.select_related("office"), token=token, day=request.office.today(timezone.now())
    )
    ticket = selectors.ticket_of(visit)
    if ticket is None:
        raise Http404
    return ticket


@access.device("kiosk")
@never_cache
def kiosk_print(request: Request, token: str) -> HttpResponse:
    """Fragment: what has become of the slip. POST: print it, or (`done`) the tablet's own printer has."""
    ticket = _ticket_of_today(request, token)
    page = reverse("queueing:kiosk_ticket", args=[token])
    if request.method == "POST":
        printer = printer_of(request.device)
        if "done" in request.POST:
            _printed_here(request, ticket)
        elif printer and print_context(request, ticket)["may_print"]:
            work.first_slip(ticket, printer, by=request.actor, site=site_of(request))
        return redirect(page)
    if not request.htmx:
        return redirect(page)
    context = {"ticket": ticket, **print_context(request, ticket)}
    return render(request, "queueing/_kiosk_print.html#state", context)


def _printed_here(request: Request, ticket: Ticket) -> None:
    job = PrintJob.objects.filter(
        ticket=ticket, copy=False, state=PrintJob.State.QUEUED, printer__kind=Printer.Kind.BROWSER,
        printer__tablets=request.device,
    ).first()  # fmt: skip
    if job:
        try:
            work.printed(job, by=request.actor)
        except IllegalMove:
            return  # told twice


@access.staff
@require_POST
@explains("queueing:desk")
def desk_print(request: Request, pk: int) -> HttpResponse:
    """The number on paper, from the desk: the first slip, or the same number again (audited)."""
    ticket = get_object_or_404(request.office.tickets.select_related("office", "received"), pk=pk)
    text = request.POST.get("printer", "")
    printers = request.office.printers.filter(active=True, kind=Printer.Kind.NETWORK)
    printer = printers.filter(pk=int(text)).first() if text.isdecimal() and len(text) < 19 else None
    desk = f"{reverse('queueing:desk')}?kunjungan={ticket.received.visit_id}"
    if printer is None:
        return changed(request, desk, _("Pilih printer yang menyala."), level="error")
    first = not PrintJob.objects.filter(ticket=ticket, copy=False).exists()
    make = work.first_slip if first else work.copy_slip
    make(ticket, printer, by=request.actor, site=site_of(request))
    said = {"number": ticket, "printer": printer.name}
    if trouble(printer):
        said["fault"] = words(printer.fault)
        text = _("%(printer)s bermasalah (%(fault)s). Slip %(number)s keluar setelah printer pulih.")
        return changed(request, desk, text % said, level="warning")
    return changed(request, desk, _("Slip %(number)s dikirim ke %(printer)s.") % said)


@access.staff
@never_cache
def desk_slip(request: Request, pk: int) -> FileResponse:
    """The slip as a PDF for an ordinary printer. It is a copy like any other, and noted as one."""
    ticket = get_object_or_404(
        request.office.tickets.select_related("office", "service", "received__visit"), pk=pk
    )
    work.note_copy(ticket, by=request.actor, on="pdf")
    return _pdf(request, ticket, copy=True)


@access.staff
@never_cache
def find_number(request: Request) -> HttpResponse:
    """Today's visit by the number on the slip. POST: also by name, phone, e-mail or time, for who lost the slip; what
    was asked for is in no address and no log, that somebody asked is in the log."""
    typed = (request.POST if request.method == "POST" else request.GET).get("nomor", "")[:254]
    ticket = finding.by_number(request.office, typed)
    if ticket:
        return redirect(f"{reverse('queueing:desk')}?kunjungan={ticket.received.visit_id}")
    if request.method != "POST" or queue_number(typed):
        messages.error(request, _("Nomor “%s” tidak ada hari ini.") % typed.strip()[:20])
        return redirect("queueing:desk")
    found = finding.search(request.office, typed)
    trail.record(
        "ticket.searched", None, by=request.actor, office_id=request.office.pk, found=len(found),
        how=finding.kind_of(typed),
    )  # fmt: skip
    selectors.with_deposits([row.ticket.received.visit for row in found])
    context = {"found": found[: finding.MOST_SHOWN], "more": len(found) > finding.MOST_SHOWN}
    return render(request, "queueing/found_numbers.html", context)


@access.public
@never_cache
@while_it_is_good
def visit_slip(request: Request, token: str) -> HttpResponseBase:
    """The visitor's own number as a PDF, for a phone that will be without a connection."""
    ticket = selectors.ticket_of(find(request, token))
    if ticket is None:
        raise Http404
    counter = f"slips-of-{ticket.pk}"
    saved = cache.get(counter, 0)
    cache.set(counter, saved + 1, 3600)
    if saved >= SLIPS_AN_HOUR:  # drawing one costs the server half a second
        messages.error(
            request, _("Nomor ini sudah sering disimpan. Coba lagi nanti; halaman ini tetap berlaku.")
        )
        return redirect("queueing:visit", token=token)
    return _pdf(request, ticket, copy=False)


def _pdf(request: Request, ticket: Ticket, *, copy: bool) -> FileResponse:
    slip = slip_of(ticket, site=site_of(request), copy=copy)
    return FileResponse(slip_pdf(slip), content_type="application/pdf", filename=f"nomor-{slip.number}.pdf")
