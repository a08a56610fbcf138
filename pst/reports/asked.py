"""What is asked for by an address: period, service, with the offices below or not."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pst.reports.scope import Scope
from services import periods
from services.days import DayField
from services.offices.models import Office
from services.periods import Period

KINDS = "ysqm"
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class AskedForm(forms.Form):
    periode = forms.ChoiceField(label=gettext_lazy("Periode"), required=False)
    dari = DayField(label=gettext_lazy("Dari tanggal"), required=False, widget=DAY)
    sampai = DayField(label=gettext_lazy("Sampai tanggal"), required=False, widget=DAY)
    layanan = forms.ChoiceField(label=gettext_lazy("Layanan"), required=False)
    bawah = forms.BooleanField(
        label=gettext_lazy("Bersama kantor di bawahnya"),
        required=False,
        help_text=gettext_lazy("Selalu bulan penuh."),
    )

    def __init__(self, data: QueryDict | dict, *, office: Office):
        today = office.today(timezone.now())
        first = {"periode": periods.of_kind("m", today).key}
        self.below = below(office)
        if self.below and "periode" not in data and not _serves(office):
            first["bawah"] = "on"  # a province without counters of its own asks for those below it
        super().__init__({**first, **{name: data.get(name) for name in self.base_fields if data.get(name)}})
        self.today = today
        self.services = {service.slug: service for service in office.services.filter(active=True)}
        names = [(slug, str(service)) for slug, service in self.services.items()]
        self.fields["layanan"].choices = [("", _("Semua layanan")), *names]  # type: ignore[attr-defined]
        self.fields["periode"].choices = [  # type: ignore[attr-defined]
            ("own", _("Tanggal sendiri")), *periods.choices(today, kinds=KINDS),
        ]  # fmt: skip
        if not self.below:
            del self.fields["bawah"]

    def clean(self):
        said = super().clean() or {}
        since, until = said.get("dari"), said.get("sampai")
        if said.get("periode") == "own" and not (since and until and since <= until):
            self.add_error("sampai", _("Isi kedua tanggal, yang lebih awal di “Dari tanggal”."))
        return said


@dataclass(frozen=True)
class Wanted:
    form: AskedForm
    scope: Scope

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The same as fields of a form."""
        period = self.scope.period
        said = {"periode": period.key}
        if period.key == "own":
            said |= {"dari": period.since.isoformat(), "sampai": period.until.isoformat()}
        if self.scope.service:
            said["layanan"] = self.scope.service.slug
        if self.scope.several:
            said["bawah"] = "on"
        return list(said.items())

    @property
    def query(self) -> str:
        """The same in another address."""
        return urlencode(self.pairs)

    @property
    def of_all_services(self) -> str:
        """The same of every service, in another address."""
        return urlencode([(name, value) for name, value in self.pairs if name != "layanan"])


def _serves(office: Office) -> bool:
    return office.services.filter(active=True).exists()


def below(office: Office) -> list[Office]:
    """The office's own and every office under it that receives visitors; empty where there is none under it."""
    under = Office.objects.filter(parent=office) | Office.objects.filter(parent__parent=office)
    found = list(under.filter(services__active=True).distinct().order_by("code"))
    return [office, *found] if found else []


def read(data: QueryDict | dict, office: Office) -> Wanted:
    """What is none of the choices is as if nothing had been asked; several offices are asked for whole months."""
    form = AskedForm(data, office=office)
    form.is_valid()
    said = form.cleaned_data
    key = said.get("periode") or ""
    period = periods.read(key, form.today, said.get("dari"), said.get("sampai"), otherwise="m")
    offices = form.below if said.get("bawah") else [office]
    if said.get("bawah") and period.key == "own":  # two sums a day apart would tell of one visitor below
        last = period.until.replace(day=monthrange(period.until.year, period.until.month)[1])
        period = Period("own", period.since.replace(day=1), last)
    service = None if said.get("bawah") else form.services.get(said.get("layanan") or "")
    return Wanted(form, Scope(office, offices, period, service))
