"""What the pages of promises are asked for: days, office, service, version of the standard. Field names stand in addresses."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Prefetch
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from complaints import visibility
from pst.panel.offices import scope as overseen
from pst.panel.promises.cases import Scope
from services.accounts.http import Request
from services.days import DayField
from services.offices.models import Office, Standard

ALL = "semua"
LAST = timedelta(days=29)
LONGEST = timedelta(days=5 * 366)
STEPS = [("hari", _("per hari")), ("minggu", _("per minggu")), ("bulan", _("per bulan"))]
MOST_BARS = 62


class AskedForm(forms.Form):
    dari = DayField(label=_("Dari"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    sampai = DayField(label=_("Sampai"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    per = forms.ChoiceField(label=_("Digambar"), choices=STEPS, required=False)
    kantor = forms.ChoiceField(label=_("Kantor"), required=False)
    layanan = forms.ChoiceField(label=_("Layanan"), required=False)
    versi = forms.ChoiceField(label=_("Versi standar"), required=False)

    def __init__(
        self,
        data: Any,
        *,
        offices: list[Office],
        services: dict[str, str],
        versions: dict[int, str],
        start: dict[str, Any],
        here: bool,
    ):
        """`here`: whether the office one works in serves visitors itself."""
        super().__init__({**start, **data.dict()})
        fields: dict[str, Any] = self.fields
        fields["kantor"].choices = [
            *([("", _("Kantor ini"))] if here else []),
            (ALL, _("Semua yang Anda awasi")),
            *((o.code, o.area) for o in offices),
        ]
        fields["layanan"].choices = [("", _("Semua")), *services.items()]
        fields["versi"].choices = [("", _("Semua")), *((str(pk), text) for pk, text in versions.items())]
        if len(offices) < 2 and here:
            del fields["kantor"]
        if len(versions) < 2:
            del fields["versi"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("dari"), cleaned.get("sampai")
        if since and until and until < since:
            self.add_error("sampai", _("Sesudah tanggal “Dari”."))
        elif since and until and until - since > LONGEST:
            self.add_error("sampai", _("Paling lama lima tahun."))
        return cleaned


class Asked:
    """The form, and what it comes to. `offices` by key: those somebody oversees (docs/decisions/041)."""

    def __init__(self, request: Request):
        today = request.office.today()
        standards = Prefetch(
            "services__standards", Standard.objects.light()
        )  # of 550 offices: not their documents
        here = list(overseen.overseen(request.memberships).prefetch_related(standards))
        self.offices = {office.pk: office for office in here}
        services = {s.slug: str(s) for o in here for s in o.services.all()}
        self.services = {s.pk: s for o in here for s in o.services.all()}
        self.standards = {
            st.pk: st for s in self.services.values() for st in s.standards.all() if st.status != "draft"
        }
        mine = request.office.pk
        versions = {
            st.pk: f"{self.services[st.service_id]} v{st.version}"
            for st in self.standards.values()
            if self.services[st.service_id].office_id == mine
        }
        start = {"dari": today - LAST, "sampai": today, "per": ""}
        serves = mine in self.offices or not self.offices
        if not serves and not request.GET.get("kantor"):
            start["kantor"] = ALL
        self.form = AskedForm(
            request.GET, offices=here, services=services, versions=versions, start=start, here=serves
        )
        good = self.form.cleaned_data if self.form.is_valid() else {}
        self.since: date = good.get("dari") or start["dari"]  # type: ignore[assignment]
        self.until: date = good.get("sampai") or today
        if self.until < self.since:
            self.since, self.until = today - LAST, today
        self.step = good.get("per") or _step(self.since, self.until)
        self.form.data = {**self.form.data, "per": self.step}
        wanted = good.get("kantor", "")
        chosen = (
            list(self.offices)
            if wanted == ALL
            else [pk for pk, o in self.offices.items() if o.code == wanted]
        )
        version = good.get("versi", "")
        self.scope = Scope(
            tuple(chosen or ([mine] if serves else self.offices)), self.since, self.until, good.get("layanan", ""), int(version) if version else None,
            visibility.visible(request.user, request.office, request.role or ""),
        )  # fmt: skip
        self.many = len(self.scope.offices) > 1
        self.opens = self.scope.offices == (mine,)  # cases are read in one's own office alone
        self.query = urlencode({k: v for k, v in self._said(good).items() if v})

    def _said(self, good: dict[str, Any]) -> dict[str, str]:
        said = {name: str(good.get(name) or "") for name in ("kantor", "layanan", "versi")}
        return {"dari": self.since.isoformat(), "sampai": self.until.isoformat(), "per": self.step, **said}

    @property
    def days(self) -> str:
        if self.since == self.until:
            return date_format(self.since, "j F Y")
        return f"{date_format(self.since, 'j F Y')} – {date_format(self.until, 'j F Y')}"


def _step(since: date, until: date) -> str:
    days = (until - since).days + 1
    return "hari" if days <= 31 else "minggu" if days <= 7 * 26 else "bulan"
