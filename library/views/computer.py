"""The PST computer in the library room: searching and reading, with nothing kept of whoever sat there."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from library.handed_out import rules_of
from library.models import DigitalCopy, Publication
from library.views import hits_again
from library.views.reader import COUNTED, address
from services.accounts import access
from services.accounts.http import Request

NEWEST = 12


@access.device("reader")
@require_safe
@never_cache
def computer(request: Request) -> HttpResponse:
    """Where the computer goes back to. `?baru=1`: the next reader, in the office's language, counted anew."""
    if "baru" in request.GET:
        begun = redirect("library:computer")
        begun.delete_cookie(COUNTED, samesite="Lax")
        hits_again.forget(begun)
        begun.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, settings.LANGUAGE_CODE, samesite="Lax", secure=settings.HTTPS
        )
        return begun
    newest = (
        Publication.objects.released()
        .filter(digital_copies__state=DigitalCopy.State.READY)
        .defer("search", "abstract")
        .order_by("-digital_copies__id")[:NEWEST]
    )
    context = {
        "newest": [(publication, address(publication)) for publication in newest],
        "rules": rules_of(None, request.office),
    }
    response = render(request, "library/computer.html", context)
    hits_again.forget(response)
    return response


@access.device("reader")
@never_cache
def here(request: Request) -> HttpResponse:
    """The computer's sign of life (static/js/here.js); the access check has noted it."""
    return HttpResponse(status=204)
