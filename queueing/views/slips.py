"""Paper slips for power cuts: print a block, enter afterwards what was written on them."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from queueing import slips
from queueing.slip_forms import EntryForm, PrintForm
from queueing.slip_sheet import sheet_pdf
from queueing.workflows import slips as work
from services import days
from services.accounts import access
from services.accounts.http import Request
from services.audit import trail
from services.workflow import IllegalMove


@access.staff
@never_cache
def blocks(request: Request) -> HttpResponse:
    """Which numbers exist on paper, and a form for more of them."""
    reserves = slips.reserves(request.office)
    form = PrintForm(request.POST or None, reserves=reserves)
    if request.method == "POST" and form.is_valid():
        service = form.cleaned_data["service"]
        try:
            block = work.print_block(
                service,
                count=form.cleaned_data["count"],
                seen=_whole(request.POST.get(f"next-{service.slug}")),
                by=request.actor,
            )
        except IllegalMove as problem:
            form.add_error("count", str(problem))
        else:
            messages.success(request, _("Slip %s siap dicetak.") % block)
            return redirect("queueing:slips")
    context = {"form": form, "reserves": reserves, "printed": slips.printed(request.office)}
    return render(request, "queueing/slips.html", context, status=422 if form.errors else 200)


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 5 else 0


@access.staff
@never_cache
def sheet(request: Request, pk: int) -> HttpResponse:
    """The block as a PDF to print; again, when the paper was lost."""
    block = get_object_or_404(request.office.slip_blocks.select_related("service", "office"), pk=pk)
    trail.record("slips.fetched", block, by=request.actor, office_id=request.office.pk, numbers=str(block))
    response = HttpResponse(sheet_pdf(block), content_type="application/pdf")
    name = f"slip-{block.service.prefix}{block.first:03d}-{block.last:03d}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


@access.staff
@never_cache
def enter(request: Request) -> HttpResponse:
    """One slip after the other; the day stays for the next. Below the form: what that day already has."""
    office = request.office
    shown = day_of(request.GET.get("hari", "")) or office.today(timezone.now())
    form = EntryForm(
        request.POST or None,
        office=office,
        initial={"day": shown, "number": slips.following(office, request.GET.get("sesudah", ""))},
    )
    if request.method == "POST" and form.is_valid():
        try:
            ticket = work.enter(form.slip(), submission=form.submission, by=request.actor)
        except work.AlreadyEntered as problem:
            form.add_error("number", str(problem))
        else:
            text = _("%s masuk antrian hari ini.") if ticket.state == "waiting" else _("%s tercatat.")
            messages.success(request, text % ticket)
            return redirect(f"{reverse('queueing:slip_entry')}?hari={ticket.day}&sesudah={ticket}")
    context = {
        "form": form,
        "shown": shown,
        "entered": slips.entered(office, shown),
        "on_paper": office.slip_blocks.exists(),
    }
    return render(request, "queueing/slip_entry.html", context, status=422 if form.errors else 200)


def day_of(text: str) -> date | None:
    """The day in an address, if it is one."""
    return days.read(text)
