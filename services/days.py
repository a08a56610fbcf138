"""Days that somebody types or that stand in an address: from 2000 to 2100. Of a day at either end of the calendar neither the
midnight in another zone nor the day before can be reckoned."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

FIRST, LAST = date(2000, 1, 1), date(2100, 12, 31)


def read(text: str) -> date | None:
    """The day in an address (2026-03-31), if it is one of these."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST <= day <= LAST else None


class DayField(forms.DateField):
    """Another day is told at the field."""

    def clean(self, value: Any) -> date | None:
        day = super().clean(value)
        if day is not None and not FIRST <= day <= LAST:
            raise ValidationError(_("Tahun dari 2000 sampai 2100."))
        return day
