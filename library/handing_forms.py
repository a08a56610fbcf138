"""The desk's form for an excerpt: pages by ranges and by ticks, how it is handed over, a supervisor's reason."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from library.digital import ranges
from library.models import MarkedCopy
from services.codes import new_key

Handed = MarkedCopy.Handed


class ExcerptForm(forms.Form):
    submission = forms.CharField(max_length=40, required=False, initial=new_key, widget=forms.HiddenInput)
    pages = forms.CharField(
        label=gettext_lazy("Halaman"),
        required=False,
        max_length=ranges.LONGEST,
        help_text=gettext_lazy("Misalnya 1-3, 7, 12–15. Nomor halaman berkas, mulai dari sampul."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-pages": ""}),
    )
    handed = forms.ChoiceField(
        label=gettext_lazy("Diserahkan"),
        choices=[
            (Handed.LINK, gettext_lazy("Tautan ke e-mail tamu")),
            (Handed.DESK, gettext_lazy("Unduh di meja ini (untuk USB)")),
            (Handed.PRINT, gettext_lazy("Cetak")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("Alasan atasan bila melebihi batas"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Hanya dipakai bila batas terlampaui; tercatat dengan nama Anda."),
    )

    note = forms.CharField(
        label=gettext_lazy("Keperluan tamu"),
        required=False,
        max_length=200,
        help_text=gettext_lazy(
            "Dibaca atasan sebelum menjawab, misalnya “skripsi, butuh semua tabel bab 4”."
        ),
    )
    over = False  # the cap stands against it

    def __init__(self, data: Any = None, *, last: int, by_mail: bool, supervisor: bool) -> None:
        self.last = last
        super().__init__(data, initial={"handed": Handed.LINK if by_mail else Handed.DESK})
        if not by_mail:
            choices = self.fields["handed"].choices  # type: ignore[attr-defined]
            self.fields["handed"].choices = [c for c in choices if c[0] != Handed.LINK]  # type: ignore[attr-defined]
        del self.fields["note" if supervisor else "reason"]  # who may allow it asks nobody
        self.ticked_now = set(self._ticks())  # when the page is shown again

    def _ticks(self) -> list[int]:
        found = self.data.getlist("tick") if hasattr(self.data, "getlist") else []
        keys = [int(key) for key in found if key.isascii() and key.isdecimal() and len(key) < 7]
        return [key for key in keys if 1 <= key <= self.last]

    def clean_pages(self) -> list[int]:
        """Ranges and ticks together: with the script they say the same."""
        chosen = sorted({*ranges.parse(self.cleaned_data["pages"], self.last), *self._ticks()})
        if not chosen:
            raise ValidationError(_("Pilih halaman yang diminta tamu."))
        return chosen
