"""The page that the closing mail leads to: stars, a word if one likes, thanks. Nothing of the question stands on it.

Opening it rates nothing: mail servers open links too. It works without a script and without an account.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from consultation.models import Consultation
from consultation.workflows import rating
from services.accounts import access, limits
from services.accounts.http import Request
from services.offices.current import enter, speak
from services.ratings.forms import RatingForm, chosen
from services.workflow import IllegalMove


@access.public
@never_cache
def rate(request: Request, signed: str) -> HttpResponse:
    found = rating.of(signed)
    if found is None:
        return _unknown(request)
    enter(request, found.office)
    speak(request, found.language)
    form = RatingForm(request.POST or None, initial=chosen(request.GET.get("n", "")))
    if request.method != "POST":
        return _page(request, found, form)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    try:
        rating.rate(found, by=request.actor, **form.cleaned_data)
    except IllegalMove as problem:  # a second tap
        messages.info(request, str(problem))
    else:
        messages.success(request, _("Terima kasih. Penilaian Anda tersimpan."))
    return redirect(request.path)


def _unknown(request: Request) -> HttpResponse:
    """Counted with the wrong addresses of threads, so that nobody keeps us busy with trying."""
    if limits.exceeded(request, "consultation link"):
        return render(request, "consultation/unknown.html", {"problem": limits.words()}, status=429)
    raise Http404


def _page(request: Request, found: Consultation, form: RatingForm, status: int = 200) -> HttpResponse:
    context = {"asked": found, "form": form, "may_rate": rating.may_rate(found)}
    return render(request, "consultation/rate.html", context, status=status)
