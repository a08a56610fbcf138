"""One publication: its facts, its copies, its other editions."""

from __future__ import annotations

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify

from library.digital import rights
from library.export import citation
from library.models import Copy, DigitalCopy, Hold, Publication, PublicationUse
from library.views import downloading, hits_again, reader
from library.views.counting import by_a_reader
from library.workflows import statistics
from services.accounts import access
from services.accounts.http import Request

EDITIONS = 30
EXPORTS = [("bib", "BibTeX"), ("ris", "RIS"), ("mrc", "MARC21"), ("xml", "Dublin Core")]


@access.public
def publication(request: Request, pk: int, slug: str) -> HttpResponse:
    """The slug only reads well; a wrong one leads to the right address."""
    rows = (
        Publication.objects.released()
        .defer("search")
        .select_related("series__continues", "region", "subject", "keeper")
    )
    found = get_object_or_404(rows, pk=pk)
    if slug != (slugify(found.title)[:60] or "-"):
        return redirect(found, permanent=True)
    if by_a_reader(request):
        statistics.count(PublicationUse.Kind.OPENED, [found.pk], None)
    copies = (
        Copy.objects.filter(publication=found)
        .exclude(state=Copy.State.WITHDRAWN)
        .values("office__code", "office__name")
        .annotate(all=Count("pk"), shelf=Count("pk", filter=Q(state=Copy.State.SHELF)))
        .order_by("office__name")
    )
    waiting = dict(
        Hold.objects.filter(publication=found, state=Hold.State.WAITING)
        .values_list("office__code")
        .annotate(Count("pk"))
        .order_by()
    )
    editions = Publication.objects.none()
    if found.series:
        of_series = (
            Q(series=found.series) | Q(series__continues=found.series) | Q(series__continued_by=found.series)
        )
        editions = (
            Publication.objects.released()
            .filter(of_series)
            .exclude(pk=found.pk)
            .defer("search", "abstract")
            .distinct()
        )
    digital = (
        found.digital_copies.filter(state=DigitalCopy.State.READY).first() if found.has_digital else None
    )
    address = request.build_absolute_uri(found.get_absolute_url())
    context = {
        "publication": found,
        "copies": [{**row, "waiting": waiting.get(row["office__code"], 0)} for row in copies],
        "editions": editions[:EDITIONS],
        "reader": reader.address(found) if digital else "",
        "offered": downloading.offered(request, digital),
        "may_read": bool(digital and rights.reading(request, digital)),
        "address": address,
        "hits": hits_again.address(request),
        "tags": citation.tags(found, address),
        "dublin_core": citation.dublin_core(found, address),
        "schema_org": citation.schema_org(found, address),
        "apa": citation.apa(found, address),
        "exports": EXPORTS,
    }
    return render(request, "library/publication.html", context)
