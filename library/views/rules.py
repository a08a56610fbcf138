"""The supervisor's page of the office's procedure of lending (requirement row 20)."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from library.models import LendingRules
from library.workflows import procedure
from services.accounts import access
from services.accounts.http import Request
from services.responses import changed


class LendingForm(forms.ModelForm):
    class Meta:
        model = LendingRules
        fields = ["most", "days", "renewals", "hold_days", "contact_needed"]


@access.supervisor
@never_cache
def lending(request: Request) -> HttpResponse:
    """Only where the standard lends; elsewhere the page says why there is nothing to set."""
    office = request.office
    lends = procedure.lends(office)
    form = LendingForm(
        request.POST if request.method == "POST" else None, instance=procedure.rules_of(office)
    )
    if request.method == "POST" and not lends:
        return changed(request, "library:lending", str(procedure.NOT_LENT), level="error")
    if request.method == "POST" and form.is_valid():
        procedure.save_rules(form.instance, office, form.changed_data, by=request.actor)
        messages.success(request, _("Aturan peminjaman disimpan dan berlaku untuk pinjaman berikutnya."))
        return redirect("library:lending")
    context = {"form": form, "lends": lends, "not_lent": procedure.NOT_LENT}
    return render(request, "library/lending.html", context, status=422 if form.errors else 200)
