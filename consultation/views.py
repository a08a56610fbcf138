"""The consultation in the office: the visitor's question and what the officer told them."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from consultation import workflows
from consultation.models import Consultation
from services.accounts import access
from services.accounts.http import Request
from services.audit import trail
from services.guestbook.models import VisitService


class ConsultationForm(forms.ModelForm):
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    class Meta:
        model = Consultation
        fields = ["question", "answer"]
        widgets = {"question": forms.Textarea(attrs={"rows": 4}), "answer": forms.Textarea(attrs={"rows": 8})}


@access.staff
def onsite(request: Request, pk: int) -> HttpResponse:
    received = get_object_or_404(
        VisitService.objects.select_related("visit__office", "visit__visitor", "service"),
        pk=pk,
        office=request.office,
        service__work_url_name="consultation:onsite",
    )
    record = Consultation.objects.filter(received=received).first()
    if record and request.method != "POST":
        trail.record_read(record, by=request.actor, office_id=request.office.pk)
    form = ConsultationForm(
        request.POST or None, instance=record, initial={"seen": workflows.version_of(record)}
    )
    stored = None
    if request.method == "POST" and form.is_valid():
        try:
            workflows.write(received, by=request.actor, **form.cleaned_data)
        except workflows.WrittenMeanwhile as meanwhile:
            stored = meanwhile.stored
            trail.record_read(stored, by=request.actor, office_id=request.office.pk)
            form.add_error(
                None,
                _(
                    "%s menyimpan catatan ini ketika Anda menulis. Catatannya ada di bawah; gabungkan, lalu simpan lagi."
                )
                % stored.officer,
            )
            form.data = {**request.POST.dict(), "seen": workflows.version_of(stored)}
        else:
            messages.success(request, _("Konsultasi disimpan."))
            return redirect("consultation:onsite", pk=pk)
    context = {"received": received, "visit": received.visit, "form": form, "stored": stored}
    return render(request, "consultation/onsite.html", context, status=422 if form.errors else 200)
