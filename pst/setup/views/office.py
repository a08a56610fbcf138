"""The office's facts, as published."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from pst.setup import seen, steps
from services.accounts import access
from services.accounts.http import Request
from services.offices import settings
from services.offices.models import Office


class FactsForm(seen.Seen, forms.ModelForm):
    """Code, level, area and the unit above follow from the tree: an administrator's."""

    seen = seen.hidden()
    website = forms.URLField(
        label=gettext_lazy("Situs web"), max_length=200, required=False, assume_scheme="https"
    )

    class Meta:
        model = Office
        fields = [*settings.FACTS]
        widgets = {"time_zone": forms.RadioSelect}
        help_texts = {
            "name": gettext_lazy("Seperti tertulis pada standar pelayanan yang diterbitkan."),
            "phone": gettext_lazy("Seperti diterbitkan; boleh dengan tanda hubung."),
            "time_zone": gettext_lazy("Menentukan “hari ini”, jam layanan, dan semua batas waktu."),
        }

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())


@access.supervisor
@never_cache
def office(request: Request) -> HttpResponse:
    row = Office.objects.select_related("parent__parent").get(pk=request.office.pk)
    now = seen.stamp_of(row, settings.FACTS)
    form = FactsForm(
        request.POST if request.method == "POST" else None,
        instance=Office.objects.get(pk=row.pk),
        initial={"seen": now},
    )
    if request.method == "POST" and form.is_valid():
        try:
            changed = settings.save_facts(row, form.cleaned_data, by=request.actor, seen=form.told())
        except settings.SomebodyElse as problem:
            form.clash(problem, now)
        else:
            messages.success(
                request,
                _("Data kantor disimpan.") if changed else _("Tidak ada yang berubah."),
            )
            return steps.back(request, "setup:office")
    context: dict[str, Any] = {"form": form, "stored": row}
    return steps.page(request, "setup/office.html", context, status=422 if form.errors else 200)
