"""What of the results is asked for, by the address of a panel page: questionnaire, period, service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from services import periods
from services.offices.models import Office
from services.periods import Period
from services.surveys.models import Instrument
from services.surveys.results import Selection

KINDS = [("skm", gettext_lazy("SKM: kepuasan masyarakat")), ("skd", gettext_lazy("SKD: kebutuhan data"))]


class AskedForm(forms.Form):
    jenis = forms.ChoiceField(label=gettext_lazy("Survei"), choices=KINDS, required=False)
    periode = forms.ChoiceField(label=gettext_lazy("Periode"), required=False)
    dari = forms.DateField(
        label=gettext_lazy("Dari tanggal"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )  # fmt: skip
    sampai = forms.DateField(
        label=gettext_lazy("Sampai tanggal"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )  # fmt: skip
    layanan = forms.ChoiceField(label=gettext_lazy("Layanan"), required=False)

    def __init__(self, data: QueryDict | dict, *, office: Office, today: date):
        first = {"jenis": "skm", "periode": periods.of_kind("q", today).key}
        super().__init__({**first, **{name: data.get(name) for name in self.base_fields if data.get(name)}})
        self.today = today
        self.services = {service.slug: service for service in office.services.filter(active=True)}
        names = [(slug, str(service)) for slug, service in self.services.items()]
        self.fields["layanan"].choices = [("", _("Semua layanan")), *names]  # type: ignore[attr-defined]
        self.fields["periode"].choices = [  # type: ignore[attr-defined]
            *periods.choices(today), ("own", _("Tanggal sendiri")),
        ]  # fmt: skip

    def clean(self):
        said = super().clean() or {}
        since, until = said.get("dari"), said.get("sampai")
        if said.get("periode") == "own" and not (since and until and since <= until):
            self.add_error("sampai", _("Isi kedua tanggal, yang pertama lebih dahulu."))
        return said


@dataclass(frozen=True)
class Wanted:
    form: AskedForm
    selection: Selection
    period: Period

    @property
    def query(self) -> str:
        """The same in another address."""
        said = {"jenis": self.selection.kind, "periode": self.period.key}
        if self.period.key == "own":
            said |= {"dari": self.period.since.isoformat(), "sampai": self.period.until.isoformat()}
        if self.selection.service:
            said["layanan"] = self.selection.service.slug
        return urlencode(said)

    @property
    def is_skm(self) -> bool:
        return self.selection.kind == Instrument.Kind.SKM

    def before(self) -> Selection:
        """The same in the period before."""
        last = self.period.before
        s = self.selection
        return Selection(s.offices, s.kind, last.since, last.until, s.service)


def read(data: QueryDict | dict, office: Office) -> Wanted:
    """What is none of the choices is as if nothing had been asked."""
    today = office.today(timezone.now())
    form = AskedForm(data, office=office, today=today)
    form.is_valid()
    said = form.cleaned_data
    period = periods.read(said.get("periode") or "", today, said.get("dari"), said.get("sampai"))
    service = form.services.get(said.get("layanan") or "")
    kind = said.get("jenis") or Instrument.Kind.SKM.value
    return Wanted(form, Selection([office], kind, period.since, period.until, service), period)
