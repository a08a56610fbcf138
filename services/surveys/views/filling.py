"""Filling in a questionnaire, the same on tablet, phone and by the account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _

from services.accounts.http import Request
from services.guestbook.models import Visit, VisitService
from services.offices.models import Office
from services.surveys import answering, offering
from services.surveys.forms import SurveyForm
from services.surveys.models import Instrument
from services.workflow import IllegalMove

COOKIE = "pst_survey"


def take_survey(
    request: Request,
    received: VisitService,
    instrument: Instrument,
    *,
    channel: str,
    template: str,
    done: str,
    remember: Callable[[HttpResponse], HttpResponse] = lambda response: response,
    place_of: Callable[[Instrument, VisitService], int | None] = offering.free_place,
    thanks: str = "",
    **context: Any,
) -> HttpResponse:
    """Show the questions, or store the answers. What cannot be stored (twice, too late) is told in words; what was
    tapped stays when something is missing, and when another language is asked for (`language`). `place_of`: which person of the
    party answers; `thanks`: said once it is stored."""
    form = SurveyForm(request.POST or None, instrument=instrument, office=received.visit.office)
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        return _in_another_language(request, form, received, language, template, context)
    if request.method == "POST" and not form.wants_more and form.is_valid():
        try:
            _store(form, received, place_of=place_of, channel=channel, by=request.actor)
        except IllegalMove as problem:
            messages.info(request, str(problem))
        else:
            if thanks:
                messages.success(request, thanks)
        return remember(redirect(done))
    invalid = request.method == "POST" and not form.wants_more
    if form.wants_more:
        form = with_another_row(form, received.visit.office)
    context |= {"form": form, "received": received, "visit": received.visit, "instrument": instrument}
    return render(request, template, context, status=422 if invalid else 200)


def _in_another_language(
    request: Request,
    form: SurveyForm,
    received: VisitService,
    language: str,
    template: str,
    context: dict[str, Any],
) -> HttpResponse:
    """The same page, with what was answered so far, in the language that was touched; the next pages too, as by the
    switch of any other page."""
    translation.activate(language)
    request.LANGUAGE_CODE = language
    instrument = form.instrument
    form = with_another_row(form, received.visit.office)
    context |= {"form": form, "received": received, "visit": received.visit, "instrument": instrument}
    response = render(request, template, context)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, path=settings.LANGUAGE_COOKIE_PATH, samesite="Lax",
        secure=settings.LANGUAGE_COOKIE_SECURE, httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
    )  # fmt: skip
    return response


def with_another_row(form: SurveyForm, office: Office) -> SurveyForm:
    """The same page with what was answered so far; nothing is said to be missing yet."""
    typed = {name: form.data.get(name, "") for name in form.fields}
    return SurveyForm(
        None, instrument=form.instrument, office=office, typed=form.typed, rows=form.rows, initial=typed
    )


def _store(
    form: SurveyForm,
    received: VisitService,
    *,
    place_of: Callable[[Instrument, VisitService], int | None],
    channel: str,
    by: Any,
) -> None:
    """Of a party everybody answers once; two at once for the same place try the next."""
    while place := place_of(form.instrument, received):
        try:
            answering.answer(
                form.instrument, office=received.visit.office, received=received, place=place, channel=channel, by=by,
                **form.answers(),
            )  # fmt: skip
        except IllegalMove:
            if place_of(form.instrument, received) == place:
                raise  # not taken: over
            continue
        return
    raise IllegalMove(_("Survei untuk layanan ini sudah diisi. Terima kasih."))


def given(request: Request) -> set[str]:
    """What this phone has answered at this visit; the cookie goes to this visit's pages only and names nobody."""
    return set(request.COOKIES.get(COOKIE, "")[:400].split("-")) - {""}


def mark(received: VisitService, instrument: Instrument) -> str:
    return f"{instrument.kind}{received.pk}"


def to_survey(request: Request, visit: Visit, *, own: bool = False) -> list[tuple[VisitService, Instrument]]:
    """What this phone may still fill in about the visit, the latest service first. `own`: as `offering.open_for`."""
    if visit.main is None:
        return []
    answered = given(request)
    services = [r for r in visit.services.all() if r.state == VisitService.State.DONE]
    asked = offering.open_for(visit.office, services, own=own)
    pairs = [(r, instrument) for r in reversed(services) for instrument in asked.get(r.pk, [])]
    return [pair for pair in pairs if mark(*pair) not in answered]
