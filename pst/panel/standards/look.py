"""How a version will look before it is published: as the public page, as the poster, beside another version."""

from __future__ import annotations

from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache

from pst.panel.standards.versions import of_office, version
from pst.poster import poster_pdf
from services.accounts import access
from services.accounts.http import Request
from services.offices.models import Standard
from services.offices.sections import sections
from services.offices.standards import difference


@access.supervisor
@never_cache
def preview(request: Request, pk: int) -> HttpResponse:
    """The public page of this version, marked."""
    found = version(request, pk)
    context = {
        "standard": found,
        "sections": sections(found),
        "rules": found.rules,
        "preview": found.status != Standard.Status.PUBLISHED,
    }
    return render(request, "portal/standard.html", context)


@access.supervisor
@never_cache
def poster(request: Request, pk: int) -> FileResponse:
    """The poster of this version; across it stands that it is a draft."""
    found = version(request, pk)
    marked = found.status != Standard.Status.PUBLISHED
    name = f"standar-pelayanan-{found.service.office.code}-{found.service.slug}-v{found.version}.pdf"
    data = poster_pdf(found, sections(found), draft=marked)
    return FileResponse(data, filename=name, content_type="application/pdf")


@access.supervisor
@never_cache
def compare(request: Request, pk: int) -> HttpResponse:
    """`dengan`: the other version; the one it was made from, or the one in force, unless somebody chooses."""
    new = version(request, pk)
    rows = of_office(request).light().filter(service=new.service_id).exclude(pk=pk)
    others = list(rows.order_by("-version"))
    wanted = request.GET.get("dengan", "")
    chosen = int(wanted) if wanted.isdecimal() and len(wanted) < 19 else None
    usual = [o.pk for o in others if o.pk == new.base_id] + [o.pk for o in others if o.status == "published"]
    usual += [o.pk for o in others]
    old = None
    if chosen is not None or usual:
        whole = rows.prefetch_related("items", "rule_set")
        old = get_object_or_404(whole, pk=usual[0] if chosen is None else chosen)
    parts = difference.compare(old, new) if old else []
    context = {
        "standard": new,
        "old": old,
        "others": others,
        "parts": parts,
        "changes": sum(p.changes for p in parts),
    }
    return render(request, "panel/standards/compare.html", context)
