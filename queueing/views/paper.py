"""Visits written down in a paper guest book, typed in afterwards; for every service, with numbers or without."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from queueing import slips
from queueing.paper_forms import PaperForm
from queueing.views.slips import day_of
from services.accounts import access
from services.accounts.http import Request
from services.guestbook import paper


@access.staff
@never_cache
def enter(request: Request) -> HttpResponse:
    """One line after the other: first when and what, then its guest book; day and service stay for the next."""
    office = request.office
    shown = day_of(request.GET.get("hari", "")) or office.today(timezone.now())
    service = request.GET.get("layanan", "")[:40]
    form = PaperForm(request.POST or None, office=office, initial={"day": shown, "service": service})
    if request.method == "POST" and form.is_valid():
        visit = paper.enter(form.visit(), submission=form.submission, by=request.actor)
        messages.success(request, _("Tercatat. Sekarang isi buku tamunya."))
        return redirect("queueing:desk_guest_book", visit.pk)
    context = {"form": form, "shown": shown, "entered": slips.entered_without_number(office, shown)}
    return render(request, "queueing/paper_entry.html", context, status=422 if form.errors else 200)
