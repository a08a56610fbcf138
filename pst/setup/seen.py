"""A form that notices when somebody else changed the same meanwhile: it carries the stamp of what it was opened on, and is sent back
with everything that was typed when that is not so any more."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from services.audit.settings import stamp, values


class Seen(forms.BaseForm):
    """For forms with a hidden field `seen`."""

    def told(self) -> str:
        return str(self.cleaned_data.get("seen", ""))

    def clash(self, problem: Exception, now: str) -> None:
        """Say it above the fields. Saved once more, it is saved over what is there now."""
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data[self.add_prefix("seen")] = now  # type: ignore[index]
        self.add_error(None, str(problem))


def hidden() -> forms.CharField:
    return forms.CharField(max_length=32, required=False, widget=forms.HiddenInput)


def stamp_of(row: Any, fields: tuple[str, ...]) -> str:
    return stamp(values(row, fields)) if row.pk else ""


def time_input() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


LONGEST_AHEAD = timedelta(days=3 * 366)


def near(day: date, today: date) -> date:
    """A day somebody may mean. Raises ValidationError."""
    if not today - LONGEST_AHEAD <= day <= today + LONGEST_AHEAD:
        raise forms.ValidationError(_("Tanggal ini terlalu jauh. Periksa tahunnya."))
    return day


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
