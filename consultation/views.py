"""The consultation in the office: the visitor's question and what the officer told them."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from consultation.models import Consultation
from services.accounts import access
from services.accounts.http import Request
from services.audit import trail
from services.guestbook.models import VisitService


class ConsultationForm(forms.ModelForm):
    class Meta:
        model = Consultation
        fields = ["question", "answer"]
        widgets = {"question": forms.Textarea(attrs={"rows": 4}), "answer": forms.Textarea(attrs={"rows": 8})}


@access.staff
@transaction.atomic
def onsite(request: Request, pk: int) -> HttpResponse:
    received = get_object_or_404(
        VisitService.objects.select_related("visit__office", "visit__visitor", "service"),
        pk=pk,
        office=request.office,
    )
    now = timezone.now()
    if request.method == "POST":
        VisitService.objects.select_for_update(no_key=True).get(pk=pk)  # one record, however often it is sent
    record = Consultation.objects.filter(received=received).first()
    if record and request.method != "POST":
        trail.record_read(record, by=request.actor, office_id=request.office.pk)
    form = ConsultationForm(
        request.POST or None,
        instance=record or Consultation(office=request.office, received=received, created_at=now),
    )
    if request.method == "POST" and form.is_valid():
        record = form.save(commit=False)
        record.updated_at, record.officer = now, request.user
        record.save()
        trail.record("consultation.saved", record, by=request.actor, office_id=request.office.pk)
        messages.success(request, _("Konsultasi disimpan."))
        return redirect("consultation:onsite", pk=pk)
    context = {"received": received, "visit": received.visit, "form": form}
    return render(request, "consultation/onsite.html", context, status=422 if form.errors else 200)
