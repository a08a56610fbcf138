"""Which questionnaire the office uses, and whom it asks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from services.accounts import access
from services.accounts.http import Request
from services.responses import changed
from services.surveys import workflows
from services.surveys.models import Instrument, SurveyRule

MOST_EVERY = 100
FIRST = {
    "skm": {"instrument": "skm-2017", "offer": "always", "every": 5},
    "skd": {"offer": "never", "every": 5},
}


class RuleForm(forms.Form):
    instrument = forms.ChoiceField(label=gettext_lazy("Kuesioner"))
    offer = forms.ChoiceField(
        label=gettext_lazy("Ditawarkan"), choices=SurveyRule.Offer.choices, widget=forms.RadioSelect
    )
    every = forms.IntegerField(
        label=gettext_lazy("Satu dari berapa pengguna"),
        min_value=2,
        max_value=MOST_EVERY,
        required=False,
        help_text=gettext_lazy("Untuk “Kepada sebagian pengguna”. Sistem yang mengundi, bukan petugas."),
    )

    def __init__(self, *args: Any, instruments: list[Instrument], **more: Any):
        super().__init__(*args, **more)
        self.instruments = {row.key: row for row in instruments}
        self.fields["instrument"].choices = [(key, str(row)) for key, row in self.instruments.items()]  # type: ignore[attr-defined]

    def clean(self):
        said = super().clean() or {}
        if (
            said.get("offer") == SurveyRule.Offer.SAMPLE
            and not said.get("every")
            and "every" not in self.errors
        ):
            self.add_error("every", _("Isi angka dari 2."))
        return said


@access.supervisor
@never_cache
def settings(request: Request) -> HttpResponse:
    """A form for each kind of survey; `kind` says which was sent."""
    sent = request.POST.get("kind", "") if request.method == "POST" else ""
    forms_ = {kind: _form(request, kind, kind == sent) for kind in Instrument.Kind.values}
    if sent in forms_ and forms_[sent].is_valid():
        said = forms_[sent].cleaned_data
        instrument = forms_[sent].instruments[said["instrument"]]
        workflows.set_rule(
            office=request.office, kind=sent, instrument=instrument, offer=said["offer"], every=said["every"] or 5,
            by=request.actor,
        )  # fmt: skip
        return changed(request, "surveys:settings", _("Aturan survei disimpan."))
    rows = [(kind, Instrument.Kind(kind).label, form) for kind, form in forms_.items()]
    status = 422 if any(form.errors for form in forms_.values()) else 200
    return render(request, "surveys/settings.html", {"rows": rows}, status=status)


def _form(request: Request, kind: str, sent: bool) -> RuleForm:
    instruments = list(Instrument.objects.filter(kind=kind, retired=False))
    rule = SurveyRule.objects.filter(office=request.office, kind=kind).select_related("instrument").first()
    now = (
        {"instrument": rule.instrument.key, "offer": rule.offer, "every": rule.every} if rule else FIRST[kind]
    )
    return RuleForm(request.POST if sent else None, instruments=instruments, initial=now, prefix=kind)
