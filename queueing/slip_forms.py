"""The two forms about paper slips: print a block, and enter one slip after another from the keyboard."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from queueing import slips
from queueing.entry_forms import WrittenForm
from queueing.workflows.slips import Slip
from services.guestbook.paper import sent
from services.offices.models import Office, Service


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


class EntryForm(WrittenForm):
    """One slip: its number says the service."""

    STILL = ("waiting", gettext_lazy("Masih menunggu sekarang"))
    still_only_today = gettext_lazy("Yang masih menunggu datang hari ini.")
    too_long_ago = gettext_lazy("Slip dicatat paling lambat %d hari sesudah listrik padam.")

    number = forms.CharField(
        label=gettext_lazy("Nomor slip"),
        max_length=8,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "placeholder": "A900"}),
    )  # fmt: skip

    def __init__(self, *args: Any, office: Office, **more: Any):
        super().__init__(*args, office=office, **more)
        if not self.is_bound:
            first = "arrived" if self.initial.get("number") else "number"
            self.fields[first].widget.attrs["data-autofocus"] = True

    def clean_number(self) -> tuple[Service, int]:
        block, number = slips.find_block(self.office, self.cleaned_data["number"])
        if block is None:
            raise ValidationError(_("Nomor ini tidak ada pada slip yang dicetak kantor ini. Contoh: A900."))
        return block.service, number

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("number") and data.get("day"):
            self._unused(*data["number"])
        return data

    def _unused(self, service: Service, number: int) -> None:
        used = self.office.tickets.of_day(self.cleaned_data["day"]).filter(
            prefix=service.prefix, number=number
        )
        # What is wrong elsewhere is told first: only a whole slip can be the one that was sent before.
        mine = "" if self.errors else sent(self.slip(), self.submission)
        if used.exclude(submission=mine).exists():
            label = f"{service.prefix}{number:03d}"
            self.add_error("number", _("%s sudah tercatat pada tanggal itu.") % label)

    @property
    def submission(self) -> str:
        return f"slip-{self.cleaned_data.get('key', '')}"

    def slip(self) -> Slip:
        service, number = self.cleaned_data["number"]
        return Slip(service=service, number=number, **self.written())
