"""The supervisor's form of an interruption."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from queueing.entry_forms import ClockField, PastDayForm
from services.guestbook.models import Interruption


class InterruptionForm(PastDayForm):
    """A day, from when until when, and why."""

    too_long_ago = gettext_lazy("Gangguan dicatat paling lambat %d hari sesudahnya.")

    kind = forms.ChoiceField(
        label=gettext_lazy("Jenis gangguan"), choices=Interruption.Kind.choices, widget=forms.RadioSelect
    )
    began = ClockField(label=gettext_lazy("Dari pukul"))
    ended = ClockField(label=gettext_lazy("Sampai pukul"))
    note = forms.CharField(label=gettext_lazy("Keterangan"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.in_order("began", "ended")
        if data.get("began") and data.get("began") == data.get("ended"):
            self.add_error("ended", _("Isi jam sesudah jam mulai."))
        return data

    def interruption(self) -> dict[str, Any]:
        data = self.cleaned_data
        times = {"started_at": self.instant(data["began"]), "ended_at": self.instant(data["ended"])}
        return {"kind": data["kind"], "note": data["note"], **times}
