"""What came from one place within an hour, for the supervisor: look through it, untick the honest ones, set the rest aside."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from complaints.models import Complaint, Flood
from complaints.views.desk_common import seen
from complaints.workflows import aside
from services.accounts import access
from services.accounts.http import Request
from services.audit import trail
from services.responses import changed

MOST = 200  # the limit of an hour is far below


@access.supervisor
@never_cache
def flood_page(request: Request, pk: int) -> HttpResponse:
    """The words stand here, so that seventy need not be opened one by one; that they were read is written down."""
    flood = get_object_or_404(Flood, pk=pk, office=request.office)
    rows = seen(request).filter(flood=flood).order_by("created_at", "pk")
    if request.method == "POST":
        return _do(request, flood, rows)
    found = list(rows[:MOST])
    trail.record_reads(found, by=request.actor, office_id=request.office.pk, why="flood")
    context: dict[str, Any] = {
        "flood": flood,
        "waiting": [c for c in found if c.state == Complaint.State.RECEIVED and not c.handler_id],
        "aside": [c for c in found if c.state == Complaint.State.SET_ASIDE],
        "others": [c for c in found if c.state != Complaint.State.SET_ASIDE and (c.state != Complaint.State.RECEIVED or c.handler_id)],
    }  # fmt: skip
    return render(request, "complaints/flood.html", context)


def _do(request: Request, flood: Flood, rows: Any) -> HttpResponse:
    """All that are ticked, in one transaction."""
    keys = [int(key) for key in request.POST.getlist("pengaduan") if key.isdecimal() and len(key) < 19]
    chosen = list(rows.filter(pk__in=keys)[:MOST])
    do = request.POST.get("do")
    if do == "aside":
        n = aside.set_aside(chosen, by=request.actor)
        words = ngettext("%(n)d pengaduan disisihkan.", "%(n)d pengaduan disisihkan.", n)
    elif do == "back":
        n = aside.take_back(chosen, by=request.actor)
        words = ngettext("%(n)d pengaduan dikembalikan.", "%(n)d pengaduan dikembalikan.", n)
    else:
        raise Http404
    here = reverse("complaints:flood", args=[flood.pk])
    return changed(request, here, words % {"n": n} if n else _("Tidak ada yang dicentang."))
