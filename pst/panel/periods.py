"""The days a report is about: chosen by two dates, both included; the last twelve months unless somebody chose."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from services.accounts.http import Request

LONGEST = timedelta(days=5 * 366)


class PeriodForm(forms.Form):
    dari = forms.DateField(label=_("Dari"), widget=forms.DateInput(attrs={"type": "date"}))
    sampai = forms.DateField(label=_("Sampai"), widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("dari"), cleaned.get("sampai")
        if since and until and until < since:
            self.add_error("sampai", _("Sesudah tanggal “Dari”."))
        elif since and until and until - since > LONGEST:
            self.add_error("sampai", _("Paling lama lima tahun."))
        return cleaned


def chosen(request: Request) -> tuple[PeriodForm, date, date]:
    """The form as it is to be shown, and the days; those of the start where the form has none that can be used."""
    today = request.office.today()
    first = today.replace(day=1)
    start = {"dari": first.replace(year=first.year - 1), "sampai": today}
    if "dari" not in request.GET and "sampai" not in request.GET:
        return PeriodForm(initial=start), start["dari"], today
    form = PeriodForm(request.GET)
    if form.is_valid():
        return form, form.cleaned_data["dari"], form.cleaned_data["sampai"]
    return form, start["dari"], today
