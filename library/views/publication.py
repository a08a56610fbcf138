"""One publication: its facts, its copies, its other editions."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet
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
    digital = (
        found.digital_copies.filter(state=DigitalCopy.State.READY).first() if found.has_digital else None
    )
    address = request.build_absolute_uri(found.get_absolute_url())
    context = {
        "publication": found,
        "copies": _copies(found),
        "editions": _editions(found)[:EDITIONS],
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


def _copies(found: Publication) -> list[dict[str, Any]]:
    """Where it is on paper: by office, how many there are, stand on the shelf, and are waited for."""
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
    return [{**row, "waiting": waiting.get(row["office__code"], 0)} for row in copies]


def _editions(found: Publication) -> QuerySet[Publication]:
    """The others of its series, and of the series that came before and after."""
    if not found.series:
        return Publication.objects.none()
    of_series = (
        Q(series=found.series) | Q(series__continues=found.series) | Q(series__continued_by=found.series)
    )
    rows = Publication.objects.released().filter(of_series).exclude(pk=found.pk)
    return rows.defer("search", "abstract").distinct()
