"""Merging two consultations, taking one apart, handing one over: a page each, because each is thought about."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from consultation import finding
from consultation.desk_forms import HandOverForm, MergeForm
from consultation.models import Consultation, Message
from consultation.views.desk_common import find, page_of, whole
from consultation.workflows import handover, joining
from services.accounts import access
from services.accounts.http import Request
from services.offices.models import Office
from services.workflow import IllegalMove


@access.staff
@never_cache
def thread_merge(request: Request, number: str) -> HttpResponse:
    """The other one goes into this one."""
    consultation = find(request, number)
    form = MergeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["number"]
        other = Consultation.objects.filter(office=request.office, number=number).first()
        try:
            if other is None:
                raise joining.CannotJoin(_("Tidak ada konsultasi dengan nomor ini di kantor ini."))
            joining.merge(consultation, other, by=request.actor, confirmed=form.cleaned_data["confirmed"])
        except joining.CannotJoin as problem:
            form.add_error("number", str(problem))
        except joining.NotTheSamePerson:
            form.add_error(
                "confirmed", _("Penanyanya tercatat berbeda. Pastikan orangnya sama, lalu centang di sini.")
            )
        else:
            finding.forget_count(request.office)
            messages.success(request, _("%s digabung ke sini.") % number)
            return redirect(page_of(consultation))
    near = _of_the_same(consultation)
    context = {"consultation": consultation, "form": form, "near": near}
    return render(request, "consultation/merge.html", context, status=422 if form.errors else 200)


def _of_the_same(consultation: Consultation) -> list[Consultation]:
    """Others of this person's: what is most often meant."""
    if not consultation.visitor_id:
        return []
    rows = Consultation.objects.filter(office=consultation.office, visitor=consultation.visitor_id)
    rows = rows.filter(merged_into=None, received=None).exclude(pk=consultation.pk)
    return list(rows.order_by("-submitted_at", "-pk").only("number", "subject", "state")[:10])


@access.staff
@never_cache
def thread_split(request: Request, number: str) -> HttpResponse:
    consultation = find(request, number)
    problem = ""
    chosen = [whole(key) for key in request.POST.getlist("message")[:500]]
    if request.method == "POST":
        subject = request.POST.get("subject", "")[:150]
        try:
            new = joining.split(consultation, chosen, by=request.actor, subject=subject)
        except joining.CannotJoin as refused:
            problem = str(refused)
        else:
            finding.forget_count(request.office)
            messages.success(request, _("Dipisah menjadi %s.") % new.number)
            return redirect(page_of(new))
    rows = consultation.messages.exclude(kind=Message.Kind.SYSTEM).select_related("by_user")
    context = {"consultation": consultation, "rows": rows, "chosen": chosen, "problem": problem}
    return render(request, "consultation/split.html", context, status=422 if problem else 200)


@access.staff
@never_cache
def thread_hand_over(request: Request, number: str) -> HttpResponse:
    consultation = find(request, number)
    form = HandOverForm(request.POST or None, office=request.office, consultation=consultation)
    if request.method == "POST" and form.is_valid():
        office, service = form.cleaned_data["target"]
        try:
            handover.hand_over(
                consultation, office=office, service=service, why=form.cleaned_data["why"], by=request.actor
            )
        except IllegalMove as problem:
            form.add_error(None, str(problem))
        else:
            finding.forget_count(request.office)
            there = service or office
            messages.success(
                request, _("%(number)s dialihkan ke %(there)s.") % {"number": number, "there": there}
            )
            return redirect(page_of(consultation) if office == request.office else "consultation:list")
    offices = Office.objects.serving().exclude(pk=request.office.pk).only("code", "name")
    context = {"consultation": consultation, "form": form, "offices": offices}
    return render(request, "consultation/hand_over.html", context, status=422 if form.errors else 200)
