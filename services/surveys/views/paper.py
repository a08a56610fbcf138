"""Forms filled in on paper, typed in afterwards: one after the other, without the mouse."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from services import days
from services.accounts import access
from services.accounts.http import Request
from services.codes import new_key
from services.days import DayField
from services.offices.models import Office
from services.responses import changed, explains
from services.surveys import answering, offering, workflows
from services.surveys.forms import SurveyForm
from services.surveys.models import Instrument, Response
from services.surveys.views.filling import with_another_row
from services.workflow import IllegalMove

OLDEST = timedelta(days=366)


class SheetForm(forms.Form):
    """When and for what: both stay for the next form of the pile."""

    day = DayField(
        label=gettext_lazy("Tanggal pada formulir"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    service = forms.ChoiceField(label=gettext_lazy("Layanan"), required=False)
    key = forms.CharField(max_length=40, required=False, initial=new_key, widget=forms.HiddenInput)

    def __init__(self, *args: Any, office: Office, **more: Any):
        super().__init__(*args, **more)
        self.today = office.today()
        self.services = {service.slug: service for service in office.services.filter(active=True)}
        names = [(slug, str(service)) for slug, service in self.services.items()]
        self.fields["service"].choices = [("", _("Tidak disebut")), *names]  # type: ignore[attr-defined]

    def clean_day(self):
        day = self.cleaned_data["day"]
        if not self.today - OLDEST <= day <= self.today:
            raise forms.ValidationError(_("Tanggal dari setahun terakhir, paling akhir hari ini."))
        return day


@access.staff
@never_cache
def paper(request: Request) -> HttpResponse:
    """`?jenis=skd`: the other questionnaire. The next empty form stands there at once."""
    office = request.office
    kind = "skd" if request.GET.get("jenis") == "skd" else "skm"
    instrument = _instrument(office, kind)
    first = {
        "day": days.read(request.GET.get("hari", "")) or office.today(),
        "service": request.GET.get("layanan", ""),
    }
    sheet = SheetForm(request.POST or None, office=office, initial=first)
    form = SurveyForm(request.POST or None, instrument=instrument, office=office, typed=True)
    if form.wants_more:
        form = with_another_row(form, office)
    elif request.method == "POST" and sheet.is_valid() & form.is_valid():
        said = sheet.cleaned_data
        try:
            answering.answer(
                instrument, office=office, service=sheet.services.get(said["service"]), day=said["day"],
                channel=Response.Channel.PAPER, submission=said["key"] or new_key(), by=request.actor, **form.answers(),
            )  # fmt: skip
        except IllegalMove:
            return changed(request, _next(kind, said), _("Formulir itu sudah tersimpan."), level="info")
        return changed(request, _next(kind, said), _("Tersimpan. Formulir berikutnya."))
    context = {
        "sheet": sheet, "form": form, "instrument": instrument, "kind": kind,
        "count": workflows.entered_today(office, by=request.actor).count(),
        "last": workflows.last_entered(office, by=request.actor), "reasons": workflows.TakenBack.choices,
    }  # fmt: skip
    return render(request, "surveys/paper.html", context, status=422 if form.errors or sheet.errors else 200)


def _instrument(office: Office, kind: str) -> Instrument:
    """The office's; where it has none of this kind, the newest."""
    rule = offering.rule_of(office, kind)
    if rule:
        return rule.instrument
    return Instrument.objects.filter(kind=kind, retired=False).order_by("-key")[0]


def _next(kind: str, said: dict[str, Any]) -> str:
    query = {"jenis": kind, "hari": said["day"].isoformat(), "layanan": said["service"]}
    return f"{reverse('surveys:paper')}?{urlencode(query)}"


@access.staff
@require_POST
@explains("surveys:paper")
def take_back(request: Request, pk: int) -> HttpResponse:
    """The officer's last form of today, with the reason."""
    response = get_object_or_404(Response, pk=pk, office=request.office, channel=Response.Channel.PAPER)
    reason = request.POST.get("reason", "")
    if reason not in workflows.TakenBack.values:
        return changed(request, "surveys:paper", _("Pilih alasannya."), level="error")
    workflows.take_back(response, reason=reason, by=request.actor)
    return changed(request, "surveys:paper", _("Isian terakhir ditarik."))
