"""Complaining (public, on the tablet, from the ticket's page), following it, and the office's list."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from complaints.forms import ComplaintForm, ReplyForm, StatusForm
from complaints.models import Complaint
from queueing.qr import qr_svg
from services.accounts import access, limits
from services.accounts.http import Request
from services.audit import trail
from services.guestbook.models import Visit
from services.offices.current import enter, speak
from services.responses import changed, explains
from services.workflow import IllegalMove

LIST = "complaints:list"


def _take(request: Request, *, channel: str, template: str, received=None, **extra) -> HttpResponse:
    form = ComplaintForm(request.POST or None)
    sent = request.method == "POST" and form.is_valid()
    # A paired tablet is the office's own; everybody else may complain so often an hour.
    if sent and not request.device and limits.exceeded(request, "complaint"):
        form.add_error(None, limits.words())
        return render(request, template, {"form": form, **extra}, status=429)
    if sent:
        complaint, secret = workflows.lodge(
            office=request.office, channel=channel, by=request.actor, received=received, **form.cleaned_data
        )
        address = request.build_absolute_uri(reverse("complaints:status", args=[complaint.office.code]))
        found = {"complaint": complaint, "secret": secret, "address": address, "qr": qr_svg(address)}
        return render(request, template, {**found, **extra})
    return render(request, template, {"form": form, **extra}, status=422 if form.errors else 200)


@access.public
@never_cache
def public(request: Request, code: str) -> HttpResponse:
    if not request.office.services.filter(active=True).exists():
        raise Http404  # a unit that only holds the tree together: nobody there would read it
    return _take(request, channel=Complaint.Channel.ONLINE, template="complaints/form.html")


@access.public
@never_cache
def from_visit(request: Request, token: str) -> HttpResponse:
    """From the page of one's own visit: the complaint knows which service it is about."""
    visit = get_object_or_404(
        Visit.objects.select_related("office").prefetch_related("services"), token=token
    )
    enter(request, visit.office)
    speak(request, visit.language)
    back = reverse("queueing:visit", args=[token])
    return _take(
        request,
        channel=Complaint.Channel.PHONE,
        template="complaints/form.html",
        received=visit.main,
        back=back,
    )


@access.device("kiosk")
@never_cache
def kiosk(request: Request) -> HttpResponse:
    return _take(request, channel=Complaint.Channel.TABLET, template="complaints/kiosk.html")


@access.public
@never_cache
def status(request: Request, code: str) -> HttpResponse:
    """Where the complaint stands, for whoever knows number and secret."""
    form = StatusForm(request.POST or None)
    complaint = None
    if request.method == "POST" and form.is_valid() and limits.exceeded(request, "complaint status"):
        form.add_error(None, limits.words())
        return render(request, "complaints/status.html", {"form": form}, status=429)
    if request.method == "POST" and form.is_valid():
        complaint = workflows.find(**form.cleaned_data)
        if complaint is None or complaint.office_id != request.office.pk:
            complaint = None
            form.add_error(None, _("Nomor dan kode rahasia tidak cocok. Periksa kembali ejaannya."))
    context = {"form": form, "complaint": complaint, "steps": complaint.steps.all() if complaint else []}
    return render(request, "complaints/status.html", context, status=422 if form.errors else 200)


@access.staff
@never_cache
def complaint_list(request: Request) -> HttpResponse:
    rows = request.office.complaints.select_related("received__service")[:200]
    return render(request, "complaints/list.html", {"complaints": rows})


@access.staff
@never_cache
def detail(request: Request, pk: int) -> HttpResponse:
    complaint = get_object_or_404(request.office.complaints.select_related("received__service"), pk=pk)
    trail.record_read(complaint, by=request.actor, office_id=request.office.pk)
    context = {
        "complaint": complaint,
        "steps": complaint.steps.select_related("by_user"),
        "form": ReplyForm(),
    }
    return render(request, "complaints/detail.html", context)


@access.staff
@require_POST
@explains(LIST)
def act(request: Request, pk: int, action: str) -> HttpResponse:
    complaint = get_object_or_404(request.office.complaints, pk=pk)
    page = reverse("complaints:detail", args=[pk])
    was = request.POST.get("was", "")
    if was and was != complaint.state:
        raise IllegalMove(_("Pengaduan ini sekarang berstatus “%s”.") % complaint.get_state_display())
    if action != "answer":
        {"take-up": workflows.take_up, "close": workflows.close}[action](complaint, by=request.actor)
        return changed(request, page)
    form = ReplyForm(request.POST)
    if form.is_valid():
        try:
            workflows.answer(complaint, by=request.actor, **form.cleaned_data)
        except IllegalMove as problem:  # a colleague was faster: what was typed stays on the screen
            form.add_error(None, str(problem))
            complaint.refresh_from_db()
        else:
            return changed(request, page, _("Tanggapan disimpan."))
    trail.record_read(complaint, by=request.actor, office_id=request.office.pk)
    context = {"complaint": complaint, "steps": complaint.steps.select_related("by_user"), "form": form}
    return render(request, "complaints/detail.html", context, status=422)
