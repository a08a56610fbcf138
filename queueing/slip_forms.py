"""The two forms about paper slips: print a block, and enter one slip after another from the keyboard."""

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

from queueing import slips
from queueing.workflows.slips import Slip
from services.codes import new_key
from services.offices.models import Office, Service

CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[.:]?([0-5][0-9])")
OUTCOMES = [
    ("served", gettext_lazy("Dilayani")),
    ("left", gettext_lazy("Pulang sebelum dilayani")),
    ("waiting", gettext_lazy("Masih menunggu sekarang")),
]


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


class PrintForm(forms.Form):
    """How many slips of which service."""

    service = forms.ChoiceField(label=gettext_lazy("Layanan"), widget=forms.RadioSelect)
    count = forms.IntegerField(
        label=gettext_lazy("Jumlah slip"),
        min_value=1,
        max_value=999,
        initial=24,
        help_text=gettext_lazy("Delapan slip pada satu lembar A4."),
    )

    def __init__(self, *args: Any, reserves: list[slips.Reserve], **more: Any):
        super().__init__(*args, **more)
        self.reserves = {r.service.slug: r for r in reserves}
        self.fields["service"].choices = [  # type: ignore[attr-defined]
            (slug, f"{r.service} · " + (f"{r.next_label}–{r.last_label}" if r.left else _("cadangan habis")))
            for slug, r in self.reserves.items()
        ]
        if len(reserves) == 1:
            self.fields["service"].initial = reserves[0].service.slug

    def clean_service(self) -> Service:
        return self.reserves[self.cleaned_data["service"]].service


class EntryForm(forms.Form):
    """One slip. The times are the office's own; what is wrong is told at its own field."""

    key = forms.CharField(max_length=40, required=False, initial=new_key, widget=forms.HiddenInput)
    number = forms.CharField(
        label=gettext_lazy("Nomor slip"),
        max_length=8,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "placeholder": "A900"}),
    )  # fmt: skip
    day = forms.DateField(
        label=gettext_lazy("Tanggal"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    people = forms.IntegerField(label=gettext_lazy("Jumlah orang"), min_value=1, max_value=200, initial=1)
    arrived = ClockField(label=gettext_lazy("Datang pukul"))
    began = ClockField(label=gettext_lazy("Mulai dilayani pukul"), required=False)
    ended = ClockField(label=gettext_lazy("Selesai atau pulang pukul"), required=False)
    outcome = forms.ChoiceField(
        label=gettext_lazy("Hasil"), choices=OUTCOMES, initial="served", widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, office: Office, **more: Any):
        super().__init__(*args, **more)
        self.office = office
        self.now = timezone.now()
        self.today = office.today(self.now)
        if not self.is_bound:
            first = "arrived" if self.initial.get("number") else "number"
            self.fields[first].widget.attrs["data-autofocus"] = True
        day = self.fields["day"]
        day.widget.attrs |= {"min": str(slips.earliest_day(self.today)), "max": str(self.today)}

    def clean_key(self) -> str:
        return self.cleaned_data["key"] or new_key()

    def clean_number(self) -> tuple[Service, int]:
        block, number = slips.find_block(self.office, self.cleaned_data["number"])
        if block is None:
            raise ValidationError(_("Nomor ini tidak ada pada slip yang dicetak kantor ini. Contoh: A900."))
        return block.service, number

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > self.today:
            raise ValidationError(_("Tanggal ini belum terjadi."))
        if day < slips.earliest_day(self.today):
            raise ValidationError(
                _("Slip dicatat paling lambat %d hari sesudah listrik padam.") % slips.ENTRY_DAYS
            )
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("number") and data.get("day"):
            service, number = data["number"]
            self._unused(service, number, data["day"])
        outcome = data.get("outcome")
        if outcome == "waiting" and data.get("day") not in (None, self.today):
            self.add_error("day", _("Yang masih menunggu datang hari ini."))
        wanted = {"served": ("began", "ended"), "left": ("ended",)}.get(outcome or "", ())
        for name in ("began", "ended"):
            if name in self.errors or not outcome:
                continue
            if name in wanted and not data.get(name):
                self.add_error(name, _("Isi jamnya, atau pilih “Masih menunggu sekarang”."))
            elif name not in wanted and data.get(name):
                self.add_error(name, _("Kosongkan: tidak cocok dengan hasil yang dipilih."))
        self._in_order(data)
        return data

    def _unused(self, service: Service, number: int, day: date) -> None:
        used = self.office.tickets.of_day(day).filter(prefix=service.prefix, number=number)
        if used.exclude(submission=self.submission).exists():
            label = f"{service.prefix}{number:03d}"
            self.add_error("number", _("%s sudah tercatat pada tanggal itu.") % label)

    def _in_order(self, data: dict[str, Any]) -> None:
        """Arrived, began, ended; none of it in the future."""
        before: tuple[str, time] | None = None
        for name in ("arrived", "began", "ended"):
            at = data.get(name)
            if at is None:
                continue
            if before and at < before[1]:
                what = {"label": self.fields[before[0]].label, "time": time_format(before[1])}
                self.add_error(name, _("Lebih awal daripada “%(label)s” (%(time)s).") % what)
            elif data.get("day") and self._at(data["day"], at) > self.now:
                self.add_error(name, _("Jam ini belum terjadi."))
            before = (name, at)

    def _at(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, tzinfo=self.office.zone)

    @property
    def submission(self) -> str:
        return f"slip-{self.cleaned_data.get('key', '')}"

    def slip(self) -> Slip:
        data = self.cleaned_data
        service, number = data["number"]
        day = data["day"]
        began, ended = (self._at(day, data[n]) if data[n] else None for n in ("began", "ended"))
        return Slip(
            service=service, day=day, number=number, arrived=self._at(day, data["arrived"]),
            outcome=data["outcome"], began=began, ended=ended, people=data["people"],
        )  # fmt: skip
