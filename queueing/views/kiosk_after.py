"""The tablet at the end of a visit: rate, and go on to the survey."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from queueing.views.kiosk import visit_of
from services.accounts import access
from services.accounts.http import Request
from services.guestbook.models import VisitService
from services.ratings.views import take_rating
from services.ratings.workflows import offered_on_tablet
from services.surveys.offering import asks_here, just_served


@access.device("kiosk")
@never_cache
def rate_list(request: Request) -> HttpResponse:
    """Services just received: choose one's own number and rate it."""
    context = {
        "services": offered_on_tablet(request.office)[:24],
        "to_survey": not request.htmx and asks_here(request.office),
    }
    template = "queueing/kiosk_rate.html#numbers" if request.htmx else "queueing/kiosk_rate.html"
    return render(request, template, context)


@access.device("kiosk")
@never_cache
def rate(request: Request, token: str, pk: int) -> HttpResponse:
    received: Any = get_object_or_404(
        VisitService.objects.select_related("visit__office", "service"), pk=pk, visit=visit_of(request, token)
    )
    return take_rating(
        request,
        received,
        channel="tablet",
        rater="tablet",  # once, also of a party: a second tap counts nothing; the others rate by the code
        template="queueing/kiosk_rating.html",
        done=f"{reverse('queueing:kiosk_thanks')}?nilai=1&layanan={received.pk}",
    )


@access.device("kiosk")
@never_cache
def thanks(request: Request) -> HttpResponse:
    """After the guest book, the rating, the survey; who rated may go on to the survey."""
    rated = "nilai" in request.GET
    context = {
        "rated": rated,
        "surveyed": "survei" in request.GET,
        "to_survey": _after_rating(request) if rated else None,
    }
    return render(request, "queueing/kiosk_thanks.html", context)


def _after_rating(request: Request) -> VisitService | None:
    """The service just rated (`?layanan=`), where the survey is still open for it."""
    asked = request.GET.get("layanan", "")
    if not asked.isdecimal() or len(asked) > 18:
        return None
    return next((r for r in just_served(request.office) if r.pk == int(asked)), None)
