"""What is typed in afterwards: a day not long ago, and times of day. Shared by paper slips, paper guest books and
interruptions."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from services.codes import new_key
from services.days import DayField
from services.offices.models import Office

ENTRY_DAYS = 7  # how long afterwards something may still be entered
CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[.:]?([0-5][0-9])")


def earliest_day(today: date) -> date:
    return date.fromordinal(today.toordinal() - ENTRY_DAYS)


class ClockField(forms.CharField):
    """A time of day as it is typed fast: 0915, 9.15 or 09:15."""

    def __init__(self, **more: Any):
        attrs = {"autocomplete": "off", "inputmode": "numeric", "placeholder": "09.15"}
        super().__init__(max_length=8, widget=forms.TextInput(attrs=attrs), **more)

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if not typed:
            return None
        found = CLOCK.fullmatch(typed)
        if not found:
            raise ValidationError(_("Tulis jam seperti 09.15 atau 0915."))
        return time(int(found[1]), int(found[2]))


class PastDayForm(forms.Form):
    """A day that is not over for long. The times are the office's own; what is wrong is told at its own field."""

    too_long_ago = gettext_lazy("Paling lambat %d hari sesudahnya.")

    day = DayField(
        label=gettext_lazy("Tanggal"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, office: Office, **more: Any):
        super().__init__(*args, **more)
        self.office = office
        self.now = timezone.now()
        self.today = office.today(self.now)
        day = self.fields["day"]
        day.widget.attrs |= {"min": str(earliest_day(self.today)), "max": str(self.today)}

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > self.today:
            raise ValidationError(_("Tanggal ini belum terjadi."))
        if day < earliest_day(self.today):
            raise ValidationError(self.too_long_ago % ENTRY_DAYS)
        return day

    def in_order(self, *names: str) -> None:
        """One after the other; none of it in the future."""
        data = self.cleaned_data
        before: tuple[str, time] | None = None
        for name in names:
            clock = data.get(name)
            if clock is None:
                continue
            if before and clock < before[1]:
                what = {"label": self.fields[before[0]].label, "time": time_format(before[1])}
                self.add_error(name, _("Lebih awal daripada “%(label)s” (%(time)s).") % what)
            elif data.get("day") and self.instant(clock) > self.now:
                self.add_error(name, _("Jam ini belum terjadi."))
            before = (name, clock)

    def instant(self, clock: time) -> datetime:
        return datetime.combine(self.cleaned_data["day"], clock, tzinfo=self.office.zone)


class WrittenForm(PastDayForm):
    """A visit as it was written down: came, was served or left, or is still here. From the keyboard, one after another."""

    STILL = ("", gettext_lazy("Masih di sini"))  # the outcome of somebody who has not gone, and its words
    MAY_HAVE_BEGUN = False  # whether somebody who is still here may be in the middle of being served
    still_only_today = gettext_lazy("Yang masih di sini datang hari ini.")

    key = forms.CharField(max_length=40, required=False, initial=new_key, widget=forms.HiddenInput)
    people = forms.IntegerField(label=gettext_lazy("Jumlah orang"), min_value=1, max_value=200, initial=1)
    arrived = ClockField(label=gettext_lazy("Datang pukul"))
    began = ClockField(label=gettext_lazy("Mulai dilayani pukul"), required=False)
    ended = ClockField(label=gettext_lazy("Selesai atau pulang pukul"), required=False)
    outcome = forms.ChoiceField(label=gettext_lazy("Hasil"), initial="served", widget=forms.RadioSelect)

    def __init__(self, *args: Any, office: Office, **more: Any):
        super().__init__(*args, office=office, **more)
        self.fields["outcome"].choices = [  # type: ignore[attr-defined]
            ("served", _("Dilayani")),
            ("left", _("Pulang sebelum dilayani")),
            self.STILL,
        ]

    def clean_key(self) -> str:
        return self.cleaned_data["key"] or new_key()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        outcome = data.get("outcome")
        if outcome == self.STILL[0] and data.get("day") not in (None, self.today):
            self.add_error("day", self.still_only_today)
        wanted = {"served": ("began", "ended"), "left": ("ended",)}.get(outcome or "", ())
        for name in ("began", "ended"):
            if name in self.errors or not outcome:
                continue
            if name in wanted and not data.get(name):
                self.add_error(name, _("Isi jamnya, atau pilih “%s”.") % self.STILL[1])
            elif name not in wanted and data.get(name) and not self._begun(name, outcome):
                self.add_error(name, _("Kosongkan: tidak cocok dengan hasil yang dipilih."))
        self.in_order("arrived", "began", "ended")
        return data

    def _begun(self, name: str, outcome: str) -> bool:
        return self.MAY_HAVE_BEGUN and name == "began" and outcome == self.STILL[0]

    def written(self) -> dict[str, Any]:
        """What was written, as aware instants."""
        data = self.cleaned_data
        times = {n: self.instant(data[n]) if data[n] else None for n in ("arrived", "began", "ended")}
        return {"day": data["day"], "outcome": data["outcome"], "people": data["people"], **times}
