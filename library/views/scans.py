"""Requests for scans (requirement row 19): what waits, and what became of it."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from library.models import ScanRequest
from library.workflows import use as work
from services.accounts import access
from services.accounts.http import Request
from services.responses import changed, explains

LIST = "library:scans"
SHOWN = 30


class RefuseForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Alasan"), max_length=200)


@access.staff
@never_cache
def scans(request: Request) -> HttpResponse:
    return _page(request, None, None)


def _page(request: Request, refused: ScanRequest | None, form: RefuseForm | None) -> HttpResponse:
    """`refused`: whose reason stands in `form` and is not accepted."""
    rows = request.office.scan_requests.select_related(
        "use__publication", "use__copy", "use__received__visit__visitor"
    )
    waiting = list(rows.filter(state=ScanRequest.State.REQUESTED))
    context = {
        "waiting": [
            (row, form if row == refused else RefuseForm(auto_id=f"id_{row.pk}_%s")) for row in waiting
        ],
        "wrong": refused,
        "answered": rows.exclude(state=ScanRequest.State.REQUESTED).order_by("-answered_at")[:SHOWN],
        "offered": work.scans_offered(request.office),
    }
    return render(request, "library/scans.html", context, status=422 if refused else 200)


@access.staff
@require_POST
@never_cache
@explains(LIST)
def act(request: Request, pk: int, action: str) -> HttpResponse:
    asked = get_object_or_404(request.office.scan_requests, pk=pk)
    if action == "selesai":
        work.scan_done(asked, by=request.actor)
        return changed(request, LIST, _("Dicatat: sudah dipindai."))
    if action != "tolak":
        raise Http404
    form = RefuseForm(request.POST, auto_id=f"id_{asked.pk}_%s")
    if not form.is_valid() and asked.state == ScanRequest.State.REQUESTED:
        return _page(request, asked, form)
    work.refuse_scan(asked, reason=form.cleaned_data.get("reason", "-"), by=request.actor)
    return changed(request, LIST, _("Penolakan dicatat."))
