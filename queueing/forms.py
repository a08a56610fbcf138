"""Forms of the queue."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from queueing.models import OfficeQueue, ServiceQueue
from queueing.visit_list import OPEN, SERVING, WAITING, Asked
from services.codes import queue_number
from services.days import DayField
from services.guestbook.models import Visit
from services.offices.models import Office

# How a visit may have ended; "passed on" is only said of one service of it.
OUTCOMES = [
    ("", _("Semua")),
    (OPEN, _("Belum berakhir")),
    (WAITING, _("Menunggu sekarang")),
    (SERVING, _("Dilayani sekarang")),
    *[(code, label) for code, label in Visit.EndReason.choices if code != Visit.EndReason.TRANSFERRED],
]


def _day(label: Any) -> DayField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return DayField(label=label, input_formats=["%Y-%m-%d"], required=False, widget=widget)


class OfficeQueueForm(forms.ModelForm):
    """How the office calls people."""

    class Meta:
        model = OfficeQueue
        fields = [
            "most_calls",
            "priority_run",
            "more_minutes",
            "more_times",
            "numbers_when_closed",
            "voice",
            "voice_english",
        ]


class PromiseForm(forms.ModelForm):
    """What the roster says about the break (docs/decisions/017)."""

    class Meta:
        model = Office
        fields = ["break_pauses_promise"]


class ServiceQueueForm(forms.ModelForm):
    """Numbers, quota and appointments of one service."""

    class Meta:
        model = ServiceQueue
        fields = [
            "hint",
            "first",
            "last",
            "quota",
            "usual_minutes",
            "slot_people",
            "slot_minutes",
            "days_ahead",
            "early_minutes",
            "late_minutes",
        ]

    def clean(self):
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", _("Nomor terakhir harus sesudah nomor pertama."))
        return data


class VisitFilterForm(forms.Form):
    """Which visits the list shows. Its field names stand in the page's address. Nothing said: today's, all of them."""

    dari = _day(_("Dari tanggal"))
    sampai = _day(_("Sampai tanggal"))
    layanan = forms.ChoiceField(label=_("Layanan"), required=False)
    hasil = forms.ChoiceField(label=_("Berakhir dengan"), choices=OUTCOMES, required=False)
    nomor = forms.CharField(label=_("Nomor antrian"), max_length=8, required=False)

    def __init__(self, data: Any, *args: Any, office: Office, today: date, **more: Any):
        day = today.isoformat()
        super().__init__({"dari": day, "sampai": day} | data.dict(), *args, **more)
        self.today = today
        services = [(s.slug, str(s)) for s in office.services.all()]
        self.fields["layanan"].choices = [("", _("Semua")), *services]  # type: ignore[attr-defined]

    def clean_nomor(self) -> str:
        """As tickets have it: "a 7" is A007. A number from an imported book may be digits alone."""
        typed: str = self.cleaned_data["nomor"]
        if found := queue_number(typed):
            return f"{found[0]}{found[1]:03d}"
        if typed and not (typed.isascii() and typed.isdecimal()):
            raise ValidationError(_("Tulis nomor seperti A012."))
        return typed

    def clean(self) -> dict[str, Any]:
        """A day left empty is the other one."""
        data = super().clean() or {}
        if "dari" in self.errors or "sampai" in self.errors:
            return data
        since = data["dari"] or data["sampai"] or self.today
        until = data["sampai"] or max(since, self.today)
        if until < since:
            self.add_error("sampai", _("Tanggal ini sebelum tanggal awal."))
        return data | {"dari": since, "sampai": until}

    def asked(self) -> Asked:
        data = self.cleaned_data
        return Asked(data["dari"], data["sampai"], data["layanan"], data["hasil"], data["nomor"])

    def query(self) -> str:
        """For the links to further pages."""
        return urlencode({name: self.cleaned_data[name] for name in self.fields})
