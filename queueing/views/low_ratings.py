"""A supervisor hears at once of one or two stars by somebody who has not gone home yet.

Which service and when, never which number: a rating is anonymous towards the office, and an officer must not go and ask who it
was. Whoever is in the house can be spoken to.
"""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from services.accounts import access
from services.accounts.http import Request
from services.ratings import workflows
from services.responses import changed


@access.supervisor
@never_cache
def low_ratings(request: Request) -> HttpResponse:
    """Fragment of the desk. POST: seen."""
    if request.method == "POST":
        keys = [int(key) for key in request.POST.getlist("key") if key.isdecimal() and len(key) < 19]
        workflows.notice(request.office, keys, by=request.actor)
        if not request.htmx:
            return changed(request, "queueing:desk")
    context = {"low": list(workflows.low_and_still_here(request.office)[:5])}
    return render(request, "queueing/_low_ratings.html#notice", context)
