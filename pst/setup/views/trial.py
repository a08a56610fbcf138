"""The printed test ticket: by the way of every slip, marked as a test, counted nowhere; as a PDF where there is no printer."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from pst.setup import steps
from pst.setup.state import TRIAL_SEEN
from queueing.models import Printer, PrintJob
from queueing.printing.faults import words
from queueing.printing.paper import slip_pdf
from queueing.printing.slip import sample_slip
from queueing.printing.tablet import site_of
from queueing.workflows import printing as work
from services.accounts import access
from services.accounts.http import Request
from services.audit import trail

HERE = "setup:trial"


@access.supervisor
@never_cache
def trial(request: Request) -> HttpResponse:
    """`do`: print (with `printer`), or seen: somebody has read it, and it is right."""
    if request.method == "POST":
        if request.POST.get("do") == "seen":
            trail.record(TRIAL_SEEN, request.office, by=request.actor, office_id=request.office.pk)
            messages.success(request, _("Tiket uji dibaca dan benar. Kantor siap menerima tamu."))
            return steps.back(request, "setup:start")
        said = request.POST.get("printer", "")
        networked = request.office.printers.filter(active=True, kind=Printer.Kind.NETWORK)
        key = int(said[:18]) if said.isascii() and said.isdecimal() else 0
        printer = get_object_or_404(networked.select_related("office"), pk=key)
        work.trial(printer, by=request.actor, site=site_of(request))
        messages.success(request, _("Tiket uji dikirim ke %s.") % printer.name)
        return steps.back(request, HERE)
    printers = list(request.office.printers.filter(active=True))
    last = (
        PrintJob.objects.filter(office=request.office, ticket=None)
        .select_related("printer")
        .order_by("-pk")[:3]
    )
    context = {
        "printers": [p for p in printers if p.kind == Printer.Kind.NETWORK],
        "by_tablet": [p for p in printers if p.kind != Printer.Kind.NETWORK],
        "jobs": [(job, words(job.error) if job.error else "") for job in last],
        "services": request.office.services.filter(active=True),
    }  # fmt: skip
    return steps.page(request, "setup/trial.html", context)


@access.supervisor
@require_safe
def trial_pdf(request: Request, slug: str) -> HttpResponseBase:
    service = get_object_or_404(request.office.services.select_related("office"), slug=slug, active=True)
    slip = sample_slip(request.office, service, site=site_of(request))
    return FileResponse(slip_pdf(slip), filename=f"tiket-uji-{slug}.pdf", content_type="application/pdf")
