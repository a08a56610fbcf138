"""Taking a rating, the same on tablet and phone."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from services.accounts.http import Request
from services.guestbook.models import VisitService
from services.ratings import workflows
from services.ratings.forms import RatingForm, chosen
from services.ratings.models import Rating
from services.workflow import IllegalMove


def take_rating(
    request: Request,
    received: VisitService,
    *,
    channel: str,
    template: str,
    done: str,
    rater: str = "",
    after: Callable[[Rating], str] | None = None,
) -> HttpResponse:
    """Show the stars, or store them; what cannot be rated (twice, too late) is told in words. `after`: the address of what comes
    after a rating; else it is `done`."""
    form = RatingForm(request.POST or None, initial=chosen(request.GET.get("n", "")))
    if request.method == "POST" and form.is_valid():
        try:
            rating = workflows.rate(
                received, channel=channel, rater=rater, by=request.actor, **form.cleaned_data
            )
        except IllegalMove as problem:
            messages.info(request, str(problem))
        else:
            if after:
                return redirect(after(rating))
            messages.success(request, _("Terima kasih. Penilaian untuk %s tersimpan.") % received.service)
        return redirect(done)
    context = {"form": form, "received": received, "visit": received.visit}
    return render(request, template, context, status=422 if form.errors else 200)


def tell_if_lost(request: Request, key: str) -> None:
    """A reason came that is not kept: too late, or another one was given already. The same sent twice is kept, and needs no word."""
    said = (sorted(request.POST.getlist("reasons")), request.POST.get("comment", "").strip())
    if said != ([], "") and said != workflows.explained(key):
        messages.info(
            request, _("Alasan itu tidak tersimpan: hanya satu, dalam beberapa menit sesudah menilai.")
        )
