"""The tablet at the end of a visit: one tap beside one's own number, why if one likes to say, and on to the survey.

The tablet at the exit stands at `/kios/keluar/` and always comes back there; any other comes back to its first screen.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from queueing.views.kiosk import visit_of
from services.accounts import access
from services.accounts.http import Request
from services.guestbook.models import VisitService
from services.ratings.forms import STARS, WhyForm
from services.ratings.models import Rating
from services.ratings.views import take_rating, tell_if_lost
from services.ratings.workflows import explain, just_given, offered_on_tablet, rules_of, signed
from services.surveys.offering import asks_here, just_served

MOST = 24
AT_EXIT = "keluar"


def _at_exit(request: Request) -> bool:
    return request.POST.get(AT_EXIT, request.GET.get(AT_EXIT, "")) == "1"


def _home(at_exit: bool) -> str:
    return reverse("queueing:kiosk_exit") if at_exit else f"{reverse('queueing:kiosk')}?baru=1"


def _thanks(key: str, at_exit: bool) -> str:
    return reverse("queueing:kiosk_rated", args=[key]) + (f"?{AT_EXIT}=1" if at_exit else "")


@access.device("kiosk")
@never_cache
def rate_list(request: Request, at_exit: bool = False) -> HttpResponse:
    """Services just received, each with its five buttons."""
    context = {
        "services": offered_on_tablet(request.office)[:MOST], "stars": STARS, "at_exit": at_exit, "home": _home(at_exit),
        "to_survey": not request.htmx and asks_here(request.office),
    }  # fmt: skip
    template = "queueing/kiosk_rate.html#numbers" if request.htmx else "queueing/kiosk_rate.html"
    return render(request, template, context)


@access.device("kiosk")
@never_cache
def rate(request: Request, token: str, pk: int) -> HttpResponse:
    rows = VisitService.objects.select_related("visit__office", "service")
    received: Any = get_object_or_404(rows, pk=pk, visit=visit_of(request, token))
    at_exit = _at_exit(request)
    return take_rating(
        request,
        received,
        channel="tablet",
        rater="tablet",  # once, also of a party: a second tap counts nothing; the others rate by the code
        template="queueing/kiosk_rating.html",
        done=_thanks("-", at_exit),
        after=lambda rating: _thanks(signed(rating), at_exit),
    )


@access.device("kiosk")
@never_cache
def rated(request: Request, key: str) -> HttpResponse:
    """Thanks; what was good, or not; and the way to the survey, where it is open for this service."""
    at_exit = _at_exit(request)
    rating: Rating | None = just_given(key)
    if rating and rating.office_id != request.office.pk:
        rating = None  # of another office's tablet
    chips = rules_of(request.office).ask_reasons
    form = WhyForm(rating.stars, request.POST or None, chips=chips) if rating else None
    if rating and form and request.method == "POST" and form.is_valid():
        explain(rating, **form.cleaned_data)
        return redirect(_home(at_exit))
    if request.method == "POST" and not rating:
        tell_if_lost(request, key)
    asked = rating.received_id if rating else None
    context = {
        "form": form, "at_exit": at_exit, "home": _home(at_exit),
        "to_survey": next((r for r in just_served(request.office) if r.pk == asked), None) if asked else None,
    }  # fmt: skip
    return render(request, "queueing/kiosk_rated.html", context, status=422 if form and form.errors else 200)


@access.device("kiosk")
@never_cache
def thanks(request: Request) -> HttpResponse:
    """After the guest book and after the survey."""
    return render(request, "queueing/kiosk_thanks.html", {"surveyed": "survei" in request.GET})
