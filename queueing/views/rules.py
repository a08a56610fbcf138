"""The supervisor's page of the queue's rules, beside how right the estimates were."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from queueing import estimates
from queueing.forms import OfficeQueueForm, PromiseForm, ServiceQueueForm
from queueing.models.rules import of_office, of_service
from queueing.workflows.rules import save_rules
from services.accounts import access
from services.accounts.http import Request

MEASURED_DAYS = 30


@access.supervisor
@never_cache
def rules(request: Request) -> HttpResponse:
    """One form: the office's rules and those of each service. Saved together, or nothing is."""
    office = request.office
    posted = request.POST if request.method == "POST" else None
    office_form = OfficeQueueForm(posted, instance=of_office(office), prefix="kantor")
    promise_form = PromiseForm(posted, instance=office, prefix="janji")
    services = list(office.services.filter(active=True).select_related("queue_rules"))
    service_forms = [
        (service, ServiceQueueForm(posted, instance=of_service(service), prefix=service.slug))
        for service in services
    ]
    forms = [office_form, promise_form, *(form for _service, form in service_forms)]
    wrong = [form for form in forms if form.errors]  # of all forms, so that every error is shown
    if posted is not None and not wrong:
        save_rules(office, forms, by=request.actor)
        messages.success(request, _("Aturan antrian disimpan dan langsung berlaku."))
        return redirect("queueing:rules")
    today = office.today(timezone.now())
    found = estimates.accuracy(office, today - timedelta(days=MEASURED_DAYS), today)
    context = {
        "office_form": office_form,
        "promise_form": promise_form,
        "breaks": office.hours.exclude(break_start=None),
        "service_forms": service_forms,
        "accuracy": [(service, found.get(service.pk)) for service in services],
        "measured_days": MEASURED_DAYS,
        "wrong": wrong,
    }
    return render(request, "queueing/rules.html", context, status=422 if wrong else 200)
