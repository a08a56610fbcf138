"""How the office has itself rated: the supervisor's page."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from services.accounts import access
from services.accounts.http import Request
from services.mail import sending
from services.ratings import workflows
from services.ratings.models import RatingRules
from services.responses import changed


class RulesForm(forms.ModelForm):
    class Meta:
        model = RatingRules
        fields = ("of_officers", "ask_reasons", "by_mail", "days_between", "link_days")


@access.supervisor
@never_cache
def rules(request: Request) -> HttpResponse:
    form = RulesForm(
        request.POST if request.method == "POST" else None, instance=workflows.rules_of(request.office)
    )
    if request.method == "POST" and form.is_valid():
        workflows.set_rules(request.office, by=request.actor, **form.cleaned_data)
        return changed(request, "ratings:rules", _("Aturan penilaian disimpan."))
    context = {
        "form": form,
        "mail_fields": [form[name] for name in ("by_mail", "days_between", "link_days")],
        "can_mail": sending.can_send(request.office),
    }
    return render(request, "ratings/rules.html", context, status=422 if form.errors else 200)
