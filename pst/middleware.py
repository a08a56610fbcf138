"""Cleaning what comes in before anything else reads it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict


def clean_input(get_response):
    """Drop NUL characters from query and form data: PostgreSQL cannot store them and nobody types them.

    Everything else a person typed stays as it is.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", ""):
            request.META["QUERY_STRING"] = request.META["QUERY_STRING"].replace("%00", "")
        if request.method == "POST":
            _clean_post(request)
        return get_response(request)

    return middleware


def _clean_post(request: HttpRequest) -> None:
    post = request.POST
    if not any("\x00" in value for values in (post.getlist(k) for k in post) for value in values):
        return
    cleaned = QueryDict(mutable=True)
    for key in post:
        cleaned.setlist(key, [v.replace("\x00", "") for v in post.getlist(key)])
    cleaned._mutable = False
    request._post = cleaned  # type: ignore[attr-defined]
