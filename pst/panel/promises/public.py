"""Whether, and of which time, the office's public page says how it kept its word; with what it would say today."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from pst.panel.models import PublishedPromises
from pst.panel.promises import published
from pst.setup import seen
from services.accounts import access
from services.accounts.http import Request
from services.audit.settings import stamp, values
from services.offices.settings import SomebodyElse


class PublicForm(seen.Seen, forms.ModelForm):
    seen = seen.hidden()

    class Meta:
        model = PublishedPromises
        fields = ["period"]
        widgets = {"period": forms.RadioSelect}


@access.supervisor
@never_cache
def promise_public(request: Request) -> HttpResponse:
    row = PublishedPromises.objects.filter(office=request.office).first() or PublishedPromises(
        office=request.office
    )
    now = stamp(values(row, published.FIELDS))
    form = PublicForm(request.POST if request.method == "POST" else None, instance=row, initial={"seen": now})
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data["period"]
        try:
            published.save(request.office, period=wanted, by=request.actor, seen=form.told())
        except SomebodyElse as problem:
            form.clash(problem, now)
        else:
            messages.success(request, _("Disimpan. Halaman publik kantor mengikuti mulai sekarang."))
            return redirect("panel:promise_public")
    period, told = published.shown(request.office)
    context = {"form": form, "period": period, "told": told}
    return render(request, "panel/promise_public.html", context, status=422 if form.errors else 200)
