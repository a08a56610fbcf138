"""Booking a place, and the code typed or scanned in the office. Nothing personal is asked."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django import forms
from django.utils.formats import time_format
from django.utils.translation import gettext_lazy

from queueing.slots import Slot
from services.codes import as_readable, new_key
from services.offices.models import Office

# A scanner may send the whole address of the appointment's page.
ADDRESS = re.compile(r"/j/([A-Za-z0-9_-]{8,32})")


class BookingForm(forms.Form):
    """A time of the day that was chosen before, how many come, and priority: one tick, no proof."""

    key = forms.CharField(max_length=40, required=False, initial=new_key, widget=forms.HiddenInput)
    starts_at = forms.ChoiceField(
        label=gettext_lazy("Pukul"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Pilih waktu."),
            "invalid_choice": gettext_lazy("Waktu ini sudah penuh atau tidak ditawarkan. Pilih waktu lain."),
        },
    )
    party_size = forms.IntegerField(
        label=gettext_lazy("Jumlah orang"), min_value=1, max_value=200, initial=1,
        help_text=gettext_lazy("Satu orang boleh memesan untuk rombongannya."),
    )  # fmt: skip
    priority = forms.BooleanField(
        label=gettext_lazy("Saya memerlukan prioritas (lansia, hamil, disabilitas, membawa anak kecil)"),
        required=False,
    )

    def __init__(self, *args: Any, office: Office, slots: list[Slot], **more: Any):
        super().__init__(*args, **more)
        self.fields["starts_at"].choices = [  # type: ignore[attr-defined]
            (slot.starts_at.isoformat(), _hours(office, slot)) for slot in slots if slot.free
        ]

    def clean_key(self) -> str:
        return self.cleaned_data["key"] or new_key()

    def clean_starts_at(self) -> datetime:
        return datetime.fromisoformat(self.cleaned_data["starts_at"])

    def wanted(self) -> datetime | None:
        """The time that was asked for, also where it is no longer to be had."""
        try:
            at = datetime.fromisoformat(str(self.data.get("starts_at", "")))
        except ValueError:
            return None
        return at if at.tzinfo else None


def _hours(office: Office, slot: Slot) -> str:
    begin, end = (time_format(office.local(at).time()) for at in (slot.starts_at, slot.ends_at))
    return f"{begin}–{end}"


class CodeForm(forms.Form):
    """The code of an appointment. A scanner types it and presses Enter."""

    code = forms.CharField(
        label=gettext_lazy("Kode janji temu"),
        max_length=200,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "data-autofocus": True,
                "data-scanner": True,
            }
        ),
    )

    def lookup(self) -> dict[str, str]:
        """What to look for: the token of an address, else the code without gaps, in capitals."""
        typed = self.cleaned_data["code"]
        if address := ADDRESS.search(typed):
            return {"token": address[1]}
        return {"code": as_readable(typed)[:8]}
