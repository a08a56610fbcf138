"""The months a report is about: those of two dates, whole, so that no two reports differ by a day's visitors; the last twelve
unless somebody chose."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from services.accounts.http import Request
from services.days import DayField

LONGEST = timedelta(days=5 * 366)


class PeriodForm(forms.Form):
    dari = DayField(label=_("Dari"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    sampai = DayField(
        label=_("Sampai"),
        help_text=_("Selalu bulan penuh: dari awal bulan yang pertama sampai akhir bulan yang terakhir."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

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
        since, until = form.cleaned_data["dari"], form.cleaned_data["sampai"]
        return form, since.replace(day=1), until.replace(day=monthrange(until.year, until.month)[1])
    return form, start["dari"], today
