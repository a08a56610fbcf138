"""Rating a visit by the address in a mail. Opening it rates nothing: mail servers follow links too.

`?n=4`: the star that was chosen in the mail; one tap confirms it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from queueing import mailed, selectors
from queueing.views.surveys import KEPT
from services.accounts import access, limits
from services.accounts.http import Request
from services.guestbook.models import Visit
from services.offices import hourly
from services.offices.current import enter, speak
from services.ratings.forms import WhyForm
from services.ratings.models import Rating
from services.ratings.views import take_rating, tell_if_lost
from services.ratings.workflows import explain, just_given, rules_of, signed
from services.surveys import offering
from services.surveys.views.filling import COOKIE, given, mark, take_survey, to_survey


def of_visit(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Gives the view its visit. Addresses nobody was given are counted, so that nobody keeps us busy with trying."""

    @wraps(view)
    def guarded(request: Request, key: str) -> HttpResponse:
        visit = mailed.of(key)
        if visit is None:
            if limits.exceeded(request, "rating link"):
                return render(request, "429.html", status=429)
            raise Http404
        enter(request, visit.office)
        speak(request, visit.language)
        if mailed.is_over(visit):
            return render(request, "queueing/mailed_over.html", {"visit": visit}, status=410)
        what = "survey" if view.__name__ == "survey" else "rating"
        if request.method == "POST" and limits.exceeded(request, what, whose=f"visit {visit.token}"):
            hourly.tell(visit.office, f"{what}.flood")
            return render(request, "429.html", status=429)
        return view(request, visit, key)

    return guarded


@access.public
@never_cache
@of_visit
def rate(request: Request, visit: Visit, key: str) -> HttpResponse:
    """The stars of the service that was received last and has none yet; then thanks, why, and the way to the survey."""
    page = reverse("queueing:mailed", args=[key])
    if "t" in request.GET:
        return _thanks(request, visit, key)
    received = selectors.served(visit, mailed.RATER)
    if received is None:
        return redirect(f"{page}?t=-")
    received.visit = visit
    return take_rating(
        request, received, channel=Rating.Channel.MAIL, rater=mailed.RATER, template="queueing/mailed_rating.html",
        done=f"{page}?t=-", after=lambda rating: f"{page}?{urlencode({'t': signed(rating)})}",
    )  # fmt: skip


def _thanks(request: Request, visit: Visit, key: str) -> HttpResponse:
    rating = just_given(request.GET["t"])
    if rating and not (rating.received and rating.received.visit_id == visit.pk):
        rating = None  # of something else
    form = None
    if rating:
        chips = rules_of(visit.office).ask_reasons
        form = WhyForm(rating.stars, request.POST or None, chips=chips)
    if rating and form and request.method == "POST" and form.is_valid():
        explain(rating, **form.cleaned_data)
        return redirect(f"{reverse('queueing:mailed', args=[key])}?t=-")
    if request.method == "POST" and not rating:
        tell_if_lost(request, request.GET["t"])
    context = {
        "visit": visit, "form": form, "key": key, "left": to_survey(request, visit, own=True),
        "to_rate": selectors.served(visit, mailed.RATER),
    }  # fmt: skip
    return render(
        request, "queueing/mailed_thanks.html", context, status=422 if form and form.errors else 200
    )


@access.public
@never_cache
@of_visit
def survey(request: Request, visit: Visit, key: str) -> HttpResponse:
    """The next questionnaire of this visit; `?jenis=skd` chooses."""
    pairs = to_survey(request, visit, own=True)
    page = reverse("queueing:mailed", args=[key])
    if not pairs:
        return redirect(f"{page}?t=-")
    kind = request.GET.get("jenis", "")
    received, instrument = next((pair for pair in pairs if pair[1].kind == kind), pairs[0])
    received.visit = visit
    return take_survey(
        request, received, instrument, channel="online", template="queueing/visit_survey.html", done=f"{page}?t=-",
        remember=partial(_remember, request, page=page, said=mark(received, instrument)), back=page,
        place_of=offering.own_place,
    )  # fmt: skip


def _remember(request: Request, response: HttpResponse, *, page: str, said: str) -> HttpResponse:
    marks = "-".join(sorted(given(request) | {said}))
    response.set_cookie(
        COOKIE, marks, max_age=KEPT, path=page, httponly=True, samesite="Lax", secure=settings.HTTPS
    )
    return response
