"""The supervisor's page of power cuts and the like: what ran meanwhile is not counted (docs/decisions/017)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from queueing.interruption_forms import InterruptionForm
from services.accounts import access
from services.accounts.http import Request
from services.guestbook import interruptions as work


@access.supervisor
@never_cache
def interruptions(request: Request) -> HttpResponse:
    """A form for one more, and those recorded with what each cost."""
    office = request.office
    form = InterruptionForm(
        request.POST or None, office=office, initial={"day": office.today(timezone.now())}
    )
    if request.method == "POST" and form.is_valid():
        recorded = work.record(office=office, by=request.actor, **form.interruption())
        count = work.promises(recorded)
        text = ngettext(
            "Gangguan dicatat. %d janji waktu tidak dihitung.",
            "Gangguan dicatat. %d janji waktu tidak dihitung.",
            count,
        )
        messages.success(request, text % count)
        return redirect("queueing:interruptions")
    context = {"form": form, "listed": work.listed(office)}
    return render(request, "queueing/interruptions.html", context, status=422 if form.errors else 200)


@access.supervisor
@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    """It was entered by mistake."""
    interruption = get_object_or_404(request.office.interruptions, pk=pk)
    work.withdraw(interruption, by=request.actor)
    messages.success(request, _("Gangguan dibatalkan. Janji waktu dihitung lagi menurut jamnya."))
    return redirect("queueing:interruptions")
