"""The office's lockers: added by a range of numbers, deleted while unused. Taken out of service they are at the desk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from pst.setup import steps
from services.accounts import access
from services.accounts.http import Request
from services.lockers import furnishing
from services.lockers.models import Locker
from services.workflow import IllegalMove

HERE = "setup:lockers"
HIGHEST = 9999


class RangeForm(forms.Form):
    first = forms.IntegerField(label=gettext_lazy("Dari nomor"), min_value=1, max_value=HIGHEST)
    last = forms.IntegerField(label=gettext_lazy("Sampai nomor"), min_value=1, max_value=HIGHEST)
    size = forms.ChoiceField(
        label=gettext_lazy("Ukuran"), choices=Locker.Size.choices, initial=Locker.Size.MEDIUM
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        first, last = said.get("first"), said.get("last")
        if first and last and last < first:
            self.add_error("last", _("Nomor terakhir harus sesudah nomor pertama."))
        elif first and last and last - first >= furnishing.MOST:
            self.add_error("last", _("Paling banyak %d loker sekaligus.") % furnishing.MOST)
        return said


@access.supervisor
@never_cache
def lockers(request: Request) -> HttpResponse:
    form = RangeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        added = furnishing.add(request.office, by=request.actor, **form.cleaned_data)
        if added:
            text = ngettext("%d loker ditambahkan.", "%d loker ditambahkan.", len(added))
            messages.success(request, text % len(added))
        else:
            messages.info(request, _("Loker dengan nomor itu sudah ada semua."))
        return steps.back(request, HERE)
    unused = furnishing.unused(request.office)
    rows = [(row, row.pk in unused) for row in request.office.lockers.with_held()]
    context = {"form": form, "rows": rows}
    return steps.page(request, "setup/lockers.html", context, status=422 if form.errors else 200)


@access.supervisor
@require_POST
def locker_delete(request: Request, pk: int) -> HttpResponse:
    row = get_object_or_404(request.office.lockers.select_related("office"), pk=pk)
    try:
        furnishing.delete(row, by=request.actor)
        messages.success(request, _("%s dihapus.") % row)
    except IllegalMove as problem:
        messages.error(request, str(problem))
    return steps.back(request, HERE)
