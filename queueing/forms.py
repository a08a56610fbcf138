"""Forms of the queue."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from queueing.models import OfficeQueue, ServiceQueue
from services.offices.models import Office


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
