"""People written down twice: side by side, put together, taken apart."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from services.accounts import access
from services.accounts.http import Request
from services.audit import trail
from services.guestbook import merging
from services.guestbook.models import VisitorMerge
from services.responses import changed, explains

HERE = "queueing:duplicates"
MERGES_SHOWN = 20


@access.supervisor
@never_cache
def duplicates(request: Request) -> HttpResponse:
    """Reading the records is logged once for each person shown."""
    groups = merging.suspects(request.office)
    merges = VisitorMerge.objects.filter(office=request.office).select_related("kept", "other")[:MERGES_SHOWN]
    shown = [p for group in groups for p in group] + [
        p for merged in merges for p in (merged.kept, merged.other)
    ]
    people = {p.pk: p for p in shown if p.name}.values()
    trail.record_reads(people, by=request.actor, office_id=request.office.pk, why="duplicates")
    context = {"groups": groups, "merges": merges}
    return render(request, "queueing/duplicates.html", context)


@access.supervisor
@require_POST
@explains(HERE)
def merge(request: Request) -> HttpResponse:
    """`keep` and `other` are rows of this office."""
    people = [request.POST.get(name, "") for name in ("keep", "other")]
    kept, other = (
        get_object_or_404(request.office.visitors, pk=int(pk) if pk.isdecimal() and len(pk) < 19 else 0)
        for pk in people
    )
    merging.merge(kept, other, by=request.actor)
    return changed(request, HERE, _("Digabungkan. Dapat diurungkan di bawah."))


@access.supervisor
@require_POST
@explains(HERE)
def part(request: Request, pk: int) -> HttpResponse:
    """They are two people after all."""
    merging.undo(
        get_object_or_404(VisitorMerge.objects.filter(office=request.office), pk=pk), by=request.actor
    )
    return changed(request, HERE, _("Dipisahkan lagi."))
