"""Cleaning what comes in before anything else reads it."""

from __future__ import annotations

import re

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, QueryDict

# Also what only becomes %00 when a %00 inside it is taken out.
NUL_IN_QUERY = re.compile(r"(?:%00|\x00)+")


def clean_input(get_response):
    """Drop NUL characters from query, form data and cookies: PostgreSQL cannot store them and nobody types them.

    Everything else a person typed stays as it is. An address with a NUL in it leads nowhere, and only UTF-8
    is read: other charsets smuggle in half characters that cannot be stored.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.encoding and request.encoding.lower() not in {"utf-8", "utf8"}:
            # Not an exception: the error page would read the form once more.
            return HttpResponseBadRequest("only UTF-8 is read here", content_type="text/plain")
        if "\x00" in request.path_info:
            raise Http404
        query = request.META.get("QUERY_STRING", "")
        while NUL_IN_QUERY.search(query):
            query = NUL_IN_QUERY.sub("", query)
            request.META["QUERY_STRING"] = query
        _clean_cookies(request)
        if request.method == "POST":
            _clean_post(request)
        return get_response(request)

    return middleware


def _clean_cookies(request: HttpRequest) -> None:
    """A quoted cookie may spell NUL as \\000."""
    if any("\x00" in value for value in request.COOKIES.values()):
        request.COOKIES = {k: v for k, v in request.COOKIES.items() if "\x00" not in v}


def _clean_post(request: HttpRequest) -> None:
    post = request.POST
    if not any("\x00" in value for values in (post.getlist(k) for k in post) for value in values):
        return
    cleaned = QueryDict(mutable=True)
    for key in post:
        cleaned.setlist(key, [v.replace("\x00", "") for v in post.getlist(key)])
    cleaned._mutable = False
    request._post = cleaned  # type: ignore[attr-defined]
