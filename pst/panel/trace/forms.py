"""What the trace is asked for; field names stand in addresses, a person's name never does (views.py)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from pst.panel.trace import words
from pst.panel.trace.search import Asked
from pst.panel.trace.showing import ACTORS
from services.accounts.models import User
from services.days import DayField
from services.offices.models import Office

LAST = timedelta(days=29)
OTHERS = [(kind, name) for kind, name in ACTORS.items() if kind != "officer"]


def _day(label: Any) -> DayField:
    return DayField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class TraceForm(forms.Form):
    dari = _day(_("Dari"))
    sampai = _day(_("Sampai"))
    kelompok = forms.ChoiceField(
        label=_("Apa"), required=False, choices=[("", _("Semua")), *words.GROUPS.items()]
    )
    siapa = forms.ChoiceField(label=_("Siapa"), required=False)
    catatan = forms.CharField(
        label=_("Catatan siapa"),
        max_length=254,
        required=False,
        help_text=_("Nomor konsultasi, pengaduan, atau seri; atau nama atau e-mail tamu, persis."),
    )
    kantor = forms.ChoiceField(label=_("Kantor"), required=False)

    def __init__(self, data: Any, *, office: Office, offices: list[Office]):
        place = next((other for other in offices if other.code == data.get("kantor")), office)
        today = place.today()  # over there it may be tomorrow already
        super().__init__({"dari": today - LAST, "sampai": today} | data.dict())
        self.today = today
        fields: dict[str, Any] = self.fields
        people = User.objects.filter(memberships__office=office).order_by("name", "pk")
        fields["siapa"].choices = [("", _("Semua")), *((str(u.pk), str(u)) for u in people), *OTHERS]
        fields["kantor"].choices = [
            ("", _("Kantor ini")),
            *((o.code, o.area) for o in offices if o != office),
        ]
        if len(offices) < 2:
            del fields["kantor"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("dari"), cleaned.get("sampai")
        if since and until and until < since:
            self.add_error("sampai", _("Sesudah tanggal “Dari”."))
        return cleaned

    def asked(self) -> Asked:
        good: dict[str, Any] = self.cleaned_data if self.is_valid() else {}
        since: date = good.get("dari") or self.today - LAST
        until: date = good.get("sampai") or self.today
        record = good.get("catatan", "").replace("\0", "").strip()
        return Asked(since, max(since, until), good.get("siapa", ""), good.get("kelompok", ""), record)

    def query(self, **more: str) -> str:
        good: dict[str, Any] = self.cleaned_data if self.is_valid() else {}
        return urlencode({name: value for name, value in {**good, **more}.items() if value})

    def used(self) -> list[str]:
        """Which fields narrow the search: their names, never what was typed."""
        good: dict[str, Any] = self.cleaned_data if self.is_valid() else {}
        return sorted(name for name in ("kelompok", "siapa", "catatan", "kantor") if good.get(name))


class TakeForm(forms.Form):
    """Why somebody takes the lines along."""

    alasan = forms.CharField(
        label=_("Alasan mengunduh"),
        min_length=5,
        max_length=200,
        help_text=_("Dicatat dalam daftar ekspor. Tanpa nama orang."),
    )
    bentuk = forms.ChoiceField(label=_("Bentuk"), choices=[("xlsx", "Excel (XLSX)"), ("csv", "CSV")])
