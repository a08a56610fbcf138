"""The supervisor's page of the times the office gives itself (domain.md §6)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from complaints import clocks
from complaints.models import ComplaintRules
from complaints.workflows import ruling
from services.accounts import access
from services.accounts.http import Request


class RulesForm(forms.ModelForm):
    """The law's own figure stands beside each field; the model refuses what goes beyond it."""

    class Meta:
        model = ComplaintRules
        fields = [*ComplaintRules.OFFICES, *ComplaintRules.COMPLAINANTS]

    def __init__(self, *args: Any, **more: Any):
        super().__init__(*args, **more)
        for name, field in self.fields.items():
            law = ComplaintRules.law(name)
            ours = name in ComplaintRules.OFFICES
            field.help_text = (_("Paling lama %d") if ours else _("Paling sedikit %d")) % law


@access.supervisor
@never_cache
def rules(request: Request) -> HttpResponse:
    form = RulesForm(
        request.POST if request.method == "POST" else None, instance=clocks.rules_of(request.office)
    )
    if request.method == "POST" and form.is_valid():
        ruling.save(form.instance, by=request.actor)
        messages.success(
            request,
            _("Aturan pengaduan disimpan. Batas waktu yang berjalan dihitung ulang dalam lima menit."),
        )
        return redirect("complaints:rules")
    context = {
        "form": form,
        "ours": [form[name] for name in ComplaintRules.OFFICES],
        "theirs": [form[name] for name in ComplaintRules.COMPLAINANTS],
    }
    return render(request, "complaints/rules.html", context, status=422 if form.errors else 200)
