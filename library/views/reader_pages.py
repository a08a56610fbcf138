"""What the reader fetches piece by piece: a page's picture, its text, the hits of a search inside the publication.

Every one of them asks anew who may read. The picture is the only way a page leaves the house here, and the mark is in
its pixels; a file never does.
"""

from __future__ import annotations

from django.core.cache import cache
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.crypto import salted_hmac
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from library.digital import inside, pages, rights
from library.digital.rights import Reading
from services.accounts import access, limits
from services.accounts.http import Request
from services.accounts.network import client_address

KEPT_SECONDS = 3600  # in the reader's own browser
# Whole books are not to be carried off page by page. One row in the table of limits stands for this many pages, so
# that a page costs no write: 3,000 an hour of one network address.
COUNTED = 50
LIMIT = "pages of softcopies"


@access.public
@require_safe
def picture(request: Request, pk: int, page: int, width: int) -> HttpResponse:
    """A page as WebP; `q`: with the words of a search coloured (where no script marks them)."""
    found = _reading(request, pk)
    if isinstance(found, HttpResponse):
        return found
    if width not in pages.WIDTHS or not 1 <= page <= (found.digital.pages or 0):
        raise Http404
    words = _words(found, page, request.GET.get("q", ""))
    etag = quote_etag(pages.tag(found, page, width, words))
    response = get_conditional_response(request, etag=etag)
    if response is None:
        if too_many(request, found):
            return said(limits.words(), 429)
        try:
            response = HttpResponse(pages.image(found, page, width, words), content_type="image/webp")
        except pages.NotDrawn as problem:
            return _not_drawn(problem)
    response["ETag"] = etag
    response["Cache-Control"] = f"private, max-age={KEPT_SECONDS}"
    response["X-Robots-Tag"] = "noindex"
    patch_vary_headers(response, ["Cookie"])
    return response


@access.public
@require_safe
@never_cache
def text(request: Request, pk: int, page: int) -> HttpResponse:
    """What stands on the page, for those who have it read to them; with `q` the places of the hits."""
    found = _reading(request, pk)
    if isinstance(found, HttpResponse):
        return found
    if not 1 <= page <= (found.digital.pages or 0):
        raise Http404
    if too_many(request, found):
        return said(limits.words(), 429)
    words = _words(found, page, request.GET.get("q", ""))
    boxes = pages.boxes(found.digital, page, list(words))
    hits = [[round(box[side], 4) for side in "xywh"] for box in boxes]
    return JsonResponse({"lines": page_text(found, page).splitlines(), "hits": hits})


@access.public
@require_safe
@never_cache
def hits(request: Request, pk: int) -> HttpResponse:
    """Fragment: the pages on which the words stand."""
    found = _reading(request, pk)
    if isinstance(found, HttpResponse):
        return found
    if too_many(request, found):
        return said(limits.words(), 429)
    return render(
        request, "library/_reader_hits.html", {"hits": inside.hits(found.digital, request.GET.get("q", ""))}
    )


def _reading(request: Request, pk: int) -> Reading | HttpResponse:
    """Raises Http404 for what nobody may know of."""
    found = rights.reading(request, rights.softcopy(pk))
    return found or said(_("Anda tidak dapat membaca publikasi ini di sini."), 403)


def page_text(found: Reading, page: int) -> str:
    return found.digital.texts.filter(number=page).values_list("text", flat=True).first() or ""


def _words(found: Reading, page: int, typed: str) -> tuple[str, ...]:
    return tuple(inside.words_on(page_text(found, page), typed)) if typed else ()


def said(words: str, status: int) -> HttpResponse:
    response = HttpResponse(f"{words}\n", status=status, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "private, no-store"
    return response


def _not_drawn(problem: pages.NotDrawn) -> HttpResponse:
    response = said(str(problem), 500 if problem.lasting else 503)
    if problem.busy:
        response["Retry-After"] = "1"
        response._has_been_logged = True  # type: ignore[attr-defined] # a busy moment; Django would log an error
    return response


def too_many(request: Request, found: Reading) -> bool:
    """Counts this one. Not of officers and the computer, who are known. Two processes may each let COUNTED pages more through."""
    if found.how in ("staff", "computer"):
        return False
    whom = salted_hmac("library.reader", client_address(request)).hexdigest()[:32]
    key = f"library.pages.{whom}"
    cache.add(key, 0, KEPT_SECONDS)
    try:
        counted = cache.incr(key)
    except ValueError:  # forgotten in this very moment
        return False
    over = cache.get(f"{key}.over") if (counted - 1) % COUNTED else None
    if (
        over is None
    ):  # a new fifty, or a minute after a refusal: whoever waits has not the rest of the fifty for nothing
        over = limits.exceeded(request, LIMIT)
        cache.set(f"{key}.over", over, 60 if over else KEPT_SECONDS)
    return bool(over)
