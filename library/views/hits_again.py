"""On the PST computer there is no back button of the browser: the reader and a publication's page lead back to the hits.

A cookie of that computer holds what was sought last, until the next reader begins (/komputer/).
"""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse

from services.accounts import reading_only
from services.accounts.http import Request

COOKIE, MOST = "pst_hits", 1_000


def note(request: Request, response: HttpResponse) -> None:
    """This search is what to go back to."""
    query = request.GET.urlencode()
    if reading_only.at(request) and len(query) <= MOST:
        response.set_cookie(COOKIE, query, httponly=True, secure=request.is_secure(), samesite="Lax")


def address(request: Request) -> str:
    """Of the last search on this computer; "" on any other device and before the first search."""
    if not reading_only.at(request) or COOKIE not in request.COOKIES:
        return ""
    return f"{reverse('library:search')}?{request.COOKIES[COOKIE][:MOST]}"


def forget(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, samesite="Lax")
