"""The office's visits of a day or of many, found by service, end and number; each leads to its card on the desk."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from queueing import visit_list
from queueing.forms import VisitFilterForm
from services.accounts import access
from services.accounts.http import Request


@access.staff
@require_safe
@never_cache
def visits(request: Request) -> HttpResponse:
    """No record of a person is read here: numbers and times only."""
    today = request.office.today(timezone.now())
    form = VisitFilterForm(request.GET, office=request.office, today=today)
    if not form.is_valid():
        return render(request, "queueing/visits.html", {"form": form}, status=422)
    asked = form.asked()
    found = visit_list.find(request.office, asked)
    totals = visit_list.count(found, asked.service)
    context = {
        "form": form,
        "asked": asked,
        "totals": totals,
        "page": visit_list.page_of(found, request.GET.get("page", ""), totals.visits),
        "query": form.query(),
    }
    return render(request, "queueing/visits.html", context)
