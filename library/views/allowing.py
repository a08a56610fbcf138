"""Requests for more pages than the standard's share: what waits, and a supervisor's answer in writing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from library.digital import ranges
from library.models import ExcerptRequest
from library.views.handing import site_of
from library.workflows import allowing as work
from library.workflows.excerpts import ReasonMissing
from services.accounts import access
from services.accounts.http import Request
from services.accounts.models import Role
from services.audit import trail
from services.responses import changed, explains

LIST = "library:excerpt_requests"
SHOWN = 30
State = ExcerptRequest.State


class AnswerForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Alasan tertulis"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Tulis alasannya; tercatat dengan nama Anda.")},
    )


@access.staff
@never_cache
def requests(request: Request) -> HttpResponse:
    """Officers see what became of theirs; a supervisor answers. HTMX asks for the list anew."""
    return _page(request, None, None)


def _page(request: Request, wrong: ExcerptRequest | None, form: AnswerForm | None) -> HttpResponse:
    """`wrong`: whose answer stands in `form` and is not accepted."""
    rows = request.office.excerpt_requests.select_related(
        "received__visit__visitor", "digital__publication", "asked_by", "answered_by", "copy"
    ).defer("digital__sizes", "digital__outline", "digital__publication__search")
    waiting = list(rows.filter(state=State.ASKED).order_by("pk"))
    people = [row.received.visit.visitor for row in waiting if row.received.visit.visitor]
    trail.record_reads(people, by=request.actor, office_id=request.office.pk, why="more pages asked for")
    context: dict[str, Any] = {
        "waiting": [
            (row, ranges.words(row.pages), form if row == wrong else AnswerForm(auto_id=f"id_{row.pk}_%s"))
            for row in waiting
        ],
        "answered": [
            (row, ranges.words(row.pages)) for row in rows.exclude(state=State.ASKED).order_by("-pk")[:SHOWN]
        ],
        "may_answer": request.role == Role.SUPERVISOR,
    }
    template = "library/excerpt_requests.html#list" if request.htmx else "library/excerpt_requests.html"
    return render(request, template, context, status=422 if wrong else 200)


@access.supervisor
@require_POST
@never_cache
@explains(LIST)
def act(request: Request, pk: int, action: str) -> HttpResponse:
    """`beri`: the excerpt is made, in the supervisor's name. `tolak`: it is not. Both with a reason."""
    rows = request.office.excerpt_requests.select_related(
        "received__visit__office", "received__visit__visitor", "received__standard", "digital__publication"
    )
    asked = get_object_or_404(rows, pk=pk)
    if action not in ("beri", "tolak"):
        raise Http404
    form = AnswerForm(request.POST, auto_id=f"id_{asked.pk}_%s")
    if not form.is_valid():
        return _page(request, asked, form)
    reason = form.cleaned_data["reason"]
    try:
        if action == "tolak":
            work.refuse(asked, reason=reason, by=request.actor)
            return changed(request, LIST, _("Penolakan dicatat. Petugas melihatnya di halaman tamu ini."))
        row = work.grant(asked, reason=reason, by=request.actor, site=site_of(request))
    except ReasonMissing as problem:
        form.add_error("reason", str(problem))
        return _page(request, asked, form)
    return changed(
        request, LIST, _("Diizinkan: salinan %s dibuat. Petugas dapat menyerahkannya.") % row.serial
    )
