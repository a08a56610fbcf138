"""The catalogue for other software: one record, harvesters (OAI-PMH), e-readers (OPDS)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from library.export import citation, marc, oai, opds
from library.export.xml import document
from library.models import Publication
from library.search import engine
from services.accounts import access
from services.accounts.http import Request

NAME = "Pelayanan Statistik Terpadu BPS"
ONE: dict[str, tuple[str, Callable[[Publication, str], Any]]] = {
    "bib": ("application/x-bibtex; charset=utf-8", citation.bibtex),
    "ris": ("application/x-research-info-systems; charset=utf-8", citation.ris),
    "txt": ("text/plain; charset=utf-8", citation.apa),
    "mrc": ("application/marc", lambda p, address: marc.record(p, address).as_marc()),
    "xml": ("application/xml; charset=utf-8", lambda p, address: document(oai.dc(p, address))),
}


def full() -> Any:
    return Publication.objects.released().defer("search").select_related("series", "region", "subject")


@access.public
@access.takes_away
@require_safe
def one(request: Request, pk: int, form: str) -> HttpResponse:
    """A record to take along: BibTeX, RIS, APA, MARC21, Dublin Core."""
    if form not in ONE:
        raise Http404
    publication = get_object_or_404(full(), pk=pk)
    kind, write = ONE[form]
    answer = HttpResponse(
        write(publication, request.build_absolute_uri(publication.get_absolute_url())), content_type=kind
    )
    if form != "txt":
        answer["Content-Disposition"] = f'attachment; filename="pustaka-{pk}.{form}"'
    return answer


@access.public
@access.takes_away
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def oai_pmh(request: Request) -> HttpResponse:
    """GET or POST, as the protocol wants; nothing is changed by either, so no token against forged forms."""
    asked = request.POST if request.method == "POST" else request.GET
    site = oai.Site(
        url=request.build_absolute_uri(reverse("library:oai")),
        host=request.get_host().split(":")[0],
        email=settings.DEFAULT_FROM_EMAIL,
        name=NAME,
    )
    root = oai.answer({name: asked.getlist(name) for name in asked}, site)
    return HttpResponse(document(root), content_type="text/xml; charset=utf-8")


def _feed(root: ET.Element, kind: str) -> HttpResponse:
    return HttpResponse(document(root), content_type=f"application/atom+xml;profile=opds-catalog;kind={kind}")


@access.public
@access.takes_away
@require_safe
def opds_root(request: Request) -> HttpResponse:
    return _feed(opds.root(request.build_absolute_uri, timezone.now()), "navigation")


@access.public
@access.takes_away
@require_safe
def opds_list(request: Request) -> HttpResponse:
    """`q`: a search; without it the newest. `hal`: the page."""
    typed = request.GET.get("q", "").replace("\0", "")[:300]
    page = request.GET.get("hal", "1")
    number = int(page) if page.isascii() and page.isdecimal() and len(page) < 4 else 1
    sort = "relevance" if typed else "newest"
    found = engine.search(typed, engine.Filters(sort=sort), number)
    return _feed(opds.listing(request.build_absolute_uri, found, typed, timezone.now()), "acquisition")


@access.public
@access.takes_away
@require_safe
def opds_search(request: Request) -> HttpResponse:
    return HttpResponse(
        document(opds.description(request.build_absolute_uri)),
        content_type="application/opensearchdescription+xml",
    )
