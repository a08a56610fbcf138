"""The survey at the visitor's own page and at the tablet by the exit; the questions are services.surveys'."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from queueing.views.visit import find, so_often, while_it_is_good
from services.accounts import access
from services.accounts.http import Request
from services.guestbook.models import VisitService
from services.surveys import offering
from services.surveys.models import Instrument
from services.surveys.views.filling import COOKIE, given, mark, take_survey, to_survey

KEPT = timedelta(days=8)  # a day longer than one may answer


@access.public
@never_cache
@while_it_is_good
@so_often("survey")
def visit_survey(request: Request, token: str) -> HttpResponse:
    """The next questionnaire of this visit, or thanks; `?jenis=skd` chooses."""
    visit = find(request, token)
    pairs = to_survey(request, visit)
    kind = request.GET.get("jenis", "")
    here = reverse("queueing:visit_survey", args=[token])
    if not pairs or "selesai" in request.GET:
        return render(request, "queueing/visit_survey_thanks.html", {"visit": visit, "left": pairs})
    received, instrument = next((pair for pair in pairs if pair[1].kind == kind), pairs[0])
    received.visit = visit

    def remember(response: HttpResponse) -> HttpResponse:
        marks = "-".join(sorted(given(request) | {mark(received, instrument)}))
        page = reverse("queueing:visit", args=[token])
        response.set_cookie(
            COOKIE, marks, max_age=KEPT, path=page, httponly=True, samesite="Lax", secure=settings.HTTPS
        )
        return response

    return take_survey(
        request, received, instrument, channel="phone", template="queueing/visit_survey.html",
        done=f"{here}?selesai=1", remember=remember,
    )  # fmt: skip


@access.device("kiosk")
@never_cache
def kiosk_surveys(request: Request) -> HttpResponse:
    """Who was served a short while ago: choose one's own number."""
    context = {"services": offering.just_served(request.office)[:24]}
    template = "queueing/kiosk_surveys.html#numbers" if request.htmx else "queueing/kiosk_surveys.html"
    return render(request, template, context)


@access.device("kiosk")
@never_cache
def kiosk_survey(request: Request, token: str, pk: int) -> HttpResponse:
    """Nine questions, one a screen. A visit of today, by its unguessable token."""
    rows = VisitService.objects.select_related("visit__office", "service")
    received = get_object_or_404(
        rows,
        pk=pk,
        visit__token=token,
        office=request.office,
        visit__day=request.office.today(timezone.now()),
    )
    thanks = f"{reverse('queueing:kiosk_thanks')}?survei=1"
    asked = offering.open_for(request.office, [received], kinds=(Instrument.Kind.SKM,))
    if not asked.get(received.pk):
        return redirect("queueing:kiosk" if request.method == "GET" else thanks)
    return take_survey(
        request, received, asked[received.pk][0], channel="tablet", template="queueing/kiosk_survey.html", done=thanks
    )  # fmt: skip
