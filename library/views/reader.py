"""The reader: one publication in the browser, page by page. Without a script it shows one page and goes on by links."""

from __future__ import annotations

import json
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from library.digital import inside, pages, rights
from library.digital.rights import Reading
from library.models import DigitalCopy, Publication, PublicationUse
from library.models.catalogue import Access
from library.views import hits_again
from library.views.counting import by_a_reader
from library.views.reader_pages import page_text, said, too_many
from library.workflows import statistics
from services.accounts import access, limits
from services.accounts.http import Request
from services.accounts.models import Purpose
from services.offices.models import Office

PANELS = ("cari", "isi")
RESERVED = {"cari"}  # an address below this one (library/urls.py)
FIRST_WIDTHS = (480, 900, 1400)
SHOWN_WIDTH = 900
OFFICES = 12
A4 = (595, 842)
MOST_OUTLINE = 1_000
# Which publications were counted in this browser, until it is closed. No session: nobody is to be known by what they read.
COUNTED, MOST_COUNTED = "pst_read", 60


def address(publication: Publication, page: int = 0, typed: str = "") -> str:
    slug = slugify(publication.title)[:60] or "-"
    place = reverse("library:read", args=[publication.pk, "-" if slug in RESERVED else slug])
    query = {name: value for name, value in (("hal", page), ("q", typed)) if value}
    return f"{place}?{urlencode(query)}" if query else place


@access.public
@require_safe
@never_cache
def read(request: Request, pk: int, slug: str) -> HttpResponse:
    """`hal`: the page; `q`: what is sought inside; `panel`: what stands open beside the page."""
    try:
        digital = rights.softcopy(pk)
    except rights.NoLonger as gone:
        return _no_longer(request, gone.publication)
    publication: Any = digital.publication
    if request.path != address(publication):
        query = request.GET.urlencode()
        return redirect(address(publication) + (f"?{query}" if query else ""), permanent=True)
    found = rights.reading(request, digital)
    if found is None:
        return _refused(request, publication)
    if too_many(request, found):  # its text stands in the page
        return said(limits.words(), 429)
    response = render(request, "library/reader.html", _context(request, found, publication))
    _count(request, response, found, publication)
    return response


def _context(request: Request, found: Reading, publication: Publication) -> dict[str, Any]:
    digital = DigitalCopy.objects.only("sizes", "outline", "pages").get(pk=found.digital.pk)
    count = digital.pages or 1
    page = _number(request.GET.get("hal", ""), count)
    typed = inside.typed_in(request.GET.get("q", ""))
    panel = request.GET.get("panel", "")
    width, height = digital.sizes[page - 1] if page <= len(digital.sizes) else A4
    picture = _picture(publication.pk, page, found, typed)
    return {
        "publication": publication,
        "reading": found,
        "page": page,
        "pages": count,
        "previous": address(publication, page - 1, typed) if page > 1 else "",
        "next": address(publication, page + 1, typed) if page < count else "",
        "here": address(publication),
        "back": hits_again.address(request),
        "to_search": f"?{urlencode({'hal': page, 'panel': 'cari'})}",
        "to_contents": f"?{urlencode({'hal': page, 'panel': 'isi'})}",
        "width": SHOWN_WIDTH,
        "height": round(SHOWN_WIDTH * height / width),
        "src": picture(SHOWN_WIDTH),
        "srcset": ", ".join(f"{picture(w)} {w}w" for w in FIRST_WIDTHS),
        "text": page_text(found, page),
        "version": pages.version(found),
        "sizes": json.dumps(_runs(digital.sizes), separators=(",", ":")),
        "outline": [
            {"level": min(int(level), 4), "title": title, "page": number}
            for level, title, number in digital.outline[:MOST_OUTLINE]
        ],
        "typed": typed,
        "hits": inside.hits(found.digital, typed) if typed else None,
        "panel": panel if panel in PANELS else "",
        "guarded": rights.guarded(found, publication),
    }  # fmt: skip


def _number(typed: str, count: int) -> int:
    """What makes no sense is the first page; beyond the end is the last."""
    number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 9 else 1
    return min(max(number, 1), count)


def _picture(pk: int, page: int, found: Reading, typed: str) -> Any:
    query = urlencode({"v": pages.version(found), **({"q": typed} if typed else {})})
    return lambda width: f"{reverse('library:read_page', args=[pk, page, width])}?{query}"


def _runs(sizes: list[list[float]]) -> list[list[float]]:
    """[how many, width, height]: most books have pages of one size."""
    whole = ([round(across), round(down)] for across, down in sizes)
    return [[len(list(rows)), *size] for size, rows in groupby(whole)]


def _no_longer(request: Request, publication: Publication) -> HttpResponse:
    """Withdrawn: the address was right, the book is still in the catalogue."""
    return render(request, "library/reader_gone.html", {"publication": publication}, status=410)


def _refused(request: Request, publication: Publication) -> HttpResponse:
    """Why not, and where or how one may."""
    offices = (
        Office.objects.filter(devices__purpose=Purpose.READER, devices__revoked_at=None)
        .distinct()
        .order_by("name")[:OFFICES]
    )
    context = {
        "publication": publication,
        "offices": offices,
        "in_house": publication.access == Access.IN_HOUSE,
        "keeper": publication.keeper,
    }
    return render(request, "library/reader_refused.html", context, status=403)


def _count(request: Request, response: HttpResponse, found: Reading, publication: Publication) -> None:
    """Once for a browser and publication, however many pages are read."""
    typed = request.COOKIES.get(COUNTED, "")[:1000]
    counted = [key for key in typed.split(".") if key.isdecimal()]
    if not by_a_reader(request) or str(publication.pk) in counted:
        return
    statistics.count(PublicationUse.Kind.READ_ONLINE, [publication.pk], found.office)
    kept = ".".join([*counted, str(publication.pk)][-MOST_COUNTED:])
    response.set_cookie(COUNTED, kept, httponly=True, secure=request.is_secure(), samesite="Lax")
