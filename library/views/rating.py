"""The stars of a download or a loan, at an address that only its reader has. Opening it rates nothing."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from library.workflows import rating
from services.accounts import access, limits
from services.accounts.http import Request
from services.offices.current import enter
from services.ratings.forms import RatingForm, chosen
from services.workflow import IllegalMove


@access.public
@never_cache
def rate(request: Request, signed: str) -> HttpResponse:
    found = rating.of(signed)
    if found is None:
        if limits.exceeded(request, "rating link"):
            return render(request, "429.html", status=429)
        raise Http404
    enter(request, found.office)
    form = RatingForm(request.POST or None, initial=chosen(request.GET.get("n", "")))
    if request.method == "POST" and form.is_valid():
        try:
            rating.rate(found, by=request.actor, **form.cleaned_data)
        except IllegalMove as problem:  # a second tap
            messages.info(request, str(problem))
        else:
            messages.success(request, _("Terima kasih. Penilaian Anda tersimpan."))
        return redirect(request.path)
    context = {"found": found, "given": found.rating, "may_rate": found.may_rate(), "form": form}
    return render(request, "library/rate.html", context, status=422 if form.errors else 200)
