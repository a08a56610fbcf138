"""Forms of the service hours."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pst.setup import seen
from services.offices import settings
from services.offices.models import HoursException
from services.offices.models.calendar import Weekday
from services.offices.settings import CLOCKS

LABELS = {
    "opens": gettext_lazy("Buka"), "closes": gettext_lazy("Tutup"),
    "break_start": gettext_lazy("Istirahat mulai"), "break_end": gettext_lazy("Istirahat selesai"),
}  # fmt: skip


def problems(given: dict[str, time | None]) -> dict[str, str]:
    """What is wrong with one day's four times, by name."""
    opens, closes, begin, end = (given.get(name) for name in CLOCKS)
    wrong = {}
    if opens and not closes:
        wrong["closes"] = _("Isi jam tutup.")
    elif closes and not opens:
        wrong["opens"] = _("Isi jam buka, atau kosongkan keduanya bila tutup.")
    elif opens and closes and closes <= opens:
        wrong["closes"] = _("Jam tutup harus sesudah jam buka.")
    if begin and not end:
        wrong["break_end"] = _("Isi akhir istirahat.")
    elif end and not begin:
        wrong["break_start"] = _("Isi awal istirahat.")
    elif begin and end and end <= begin:
        wrong["break_end"] = _("Istirahat harus berakhir sesudah mulai.")
    elif begin and end and opens and closes and not (opens < begin and end < closes):
        wrong["break_start"] = _("Istirahat harus di antara jam buka dan jam tutup.")
    elif begin and not opens and not closes:
        wrong["opens"] = _("Isi jam buka, atau hapus istirahatnya.")
    return wrong


class WeekForm(seen.Seen, forms.Form):
    """Seven days of four times; a day without them is closed."""

    seen = seen.hidden()

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for day in Weekday.values:
            for name in CLOCKS:
                self.fields[f"d{day}_{name}"] = forms.TimeField(
                    label=LABELS[name], required=False, widget=seen.time_input()
                )

    def days(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [
            (str(Weekday(day).label), [self[f"d{day}_{name}"] for name in CLOCKS]) for day in Weekday.values
        ]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for day in Weekday.values:
            if any(f"d{day}_{name}" in self.errors for name in CLOCKS):
                continue
            for name, text in problems({name: said.get(f"d{day}_{name}") for name in CLOCKS}).items():
                # the name of the day too: the summary above the form lists seven days that all have a "Tutup"
                self.add_error(f"d{day}_{name}", f"{Weekday(day).label}: {text}")
        return said

    def week(self) -> dict[int, dict[str, time | None]]:
        """By weekday, of the days that are open."""
        said = self.cleaned_data
        rows = {day: {name: said[f"d{day}_{name}"] for name in CLOCKS} for day in Weekday.values}
        return {day: row for day, row in rows.items() if row["opens"]}


class ExceptionForm(seen.Seen, forms.ModelForm):
    """One date. Without times the office is closed."""

    seen = seen.hidden()

    class Meta:
        model = HoursException
        fields = ["date", "reason", *CLOCKS]
        widgets = {"date": seen.day_input(), **{name: seen.time_input() for name in CLOCKS}}
        labels = LABELS
        help_texts = {
            "reason": gettext_lazy(
                "Dibaca semua orang di halaman kantor. Misalnya: rapat kerja. Tanpa nama orang."
            ),
            "opens": gettext_lazy("Kosong: tutup sepanjang hari."),
        }

    def clean_reason(self) -> str:
        return " ".join(self.cleaned_data["reason"].split())

    def clean_date(self):
        day = self.cleaned_data["date"]
        if day < self.instance.office.today() and "date" in self.changed_data:
            raise forms.ValidationError(_("Tanggal ini sudah lewat."))
        taken = self.instance.office.hours_exceptions.filter(date=day).exclude(pk=self.instance.pk)
        if taken.exists():
            raise forms.ValidationError(str(settings.DayTaken()))
        return seen.near(day, self.instance.office.today())

    @property
    def mark(self) -> str:
        """Of which day, with which hours, the effect was shown."""
        return " ".join(str(self.cleaned_data.get(name) or "-") for name in ("date", *CLOCKS))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if not any(name in self.errors for name in CLOCKS):
            for name, text in problems({name: said.get(name) for name in CLOCKS}).items():
                self.add_error(name, text)
        return said

    def row(self) -> HoursException:
        """What was typed, not stored."""
        said = {name: self.cleaned_data.get(name) for name in ("date", "reason", *CLOCKS)}
        return HoursException(office=self.instance.office, **said)
