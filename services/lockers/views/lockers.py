"""The office's lockers at a glance, and the records of lost keys and of things left behind."""

from __future__ import annotations

from collections import Counter as Tally

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from services.accounts import access
from services.accounts.http import Request
from services.codes import new_key
from services.lockers import selectors, workflows
from services.lockers.models import Deposit, Incident, Locker
from services.responses import changed, explains

HERE = "lockers:lockers"
RESOLVED_SHOWN = 20


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Alasan"), max_length=200, help_text=gettext_lazy("Misalnya: engsel rusak")
    )


class ItemForm(forms.Form):
    """A thing found in the house. Of a wallet or a card only what it is, never what stands on it."""

    what = forms.CharField(
        label=gettext_lazy("Barang"),
        max_length=120,
        help_text=gettext_lazy("Misalnya: payung hitam. Tanpa nama, nomor, atau isi kartu."),
    )
    place = forms.CharField(label=gettext_lazy("Ditemukan di"), max_length=120)
    submission = forms.CharField(max_length=40, required=False, initial=new_key, widget=forms.HiddenInput)


class OutcomeForm(forms.Form):
    outcome = forms.ChoiceField(label=gettext_lazy("Hasil"))
    note = forms.CharField(label=gettext_lazy("Catatan"), max_length=200, required=False)

    def __init__(self, *args, incident: Incident, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = incident.outcomes  # type: ignore[attr-defined]


@access.staff
@never_cache
def lockers(request: Request) -> HttpResponse:
    """The page; for HTMX the lockers and records, which follow what happens at other desks."""
    return _page(request, ItemForm())


def _page(request: Request, form: ItemForm, status: int = 200) -> HttpResponse:
    places = list(request.office.lockers.with_held())
    tally = Tally(locker.state for locker in places)
    records = request.office.incidents.select_related("locker", "visit__office").prefetch_related(
        "visit__services"
    )
    context = {
        "lockers": places,
        "tally": [(state, tally[state]) for state in Locker.State],
        "elsewhere": selectors.without_locker(request.office),
        "left_behind": selectors.left_behind(request.office),
        "open": records.filter(state=Incident.State.OPEN),
        "resolved": records.filter(state=Incident.State.RESOLVED)[:RESOLVED_SHOWN],
        "form": form,
    }
    template = "lockers/lockers.html#all" if request.htmx else "lockers/lockers.html"
    return render(request, template, context, status=status)


def _locker(request: Request, pk: int) -> Locker:
    return get_object_or_404(request.office.lockers, pk=pk)


@access.staff
@require_POST
@explains(HERE)
def key_lost(request: Request, pk: int) -> HttpResponse:
    """The key of this locker did not come back."""
    incident = workflows.lose_key(_locker(request, pk), by=request.actor)
    return changed(request, HERE, _("%s ditutup sampai kuncinya ada.") % incident.locker)


@access.staff
@require_POST
@explains(HERE)
def out_of_service(request: Request, pk: int) -> HttpResponse:
    form = ReasonForm(request.POST)
    locker = _locker(request, pk)
    if not form.is_valid():
        return changed(request, HERE, _("Tulis alasannya, paling banyak 200 huruf."), level="error")
    workflows.take_out_of_service(locker, reason=form.cleaned_data["reason"], by=request.actor)
    return changed(request, HERE, _("%s tidak dipakai dahulu.") % locker)


@access.staff
@require_POST
@explains(HERE)
def in_service(request: Request, pk: int) -> HttpResponse:
    locker = workflows.put_in_service(_locker(request, pk), by=request.actor)
    return changed(request, HERE, _("%s dipakai lagi.") % locker)


@access.staff
@require_POST
@explains(HERE)
def leave_behind(request: Request, pk: int) -> HttpResponse:
    """A bag or card of a visitor who went home is taken out of its locker and kept."""
    deposit = get_object_or_404(Deposit, pk=pk, office=request.office)
    incident = workflows.leave_behind(deposit, by=request.actor)
    return changed(request, HERE, _("Disimpan sebagai barang tertinggal: %s.") % incident.what)


@access.staff
@require_POST
def report_item(request: Request) -> HttpResponse:
    form = ItemForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    workflows.report_item(office=request.office, by=request.actor, **form.cleaned_data)
    return changed(request, HERE, _("Barang dicatat."))


@access.staff
@require_POST
@explains(HERE)
def resolve(request: Request, pk: int) -> HttpResponse:
    """What became of a key or a thing."""
    incident = get_object_or_404(request.office.incidents, pk=pk)
    form = OutcomeForm(request.POST, incident=incident)
    if not form.is_valid():
        return changed(request, HERE, _("Pilih hasilnya; catatan paling banyak 200 huruf."), level="error")
    workflows.resolve(incident, by=request.actor, **form.cleaned_data)
    return changed(request, HERE, _("Selesai: %s.") % incident)
