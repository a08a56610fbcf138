"""The consultation in the office: the visitor's question and what the officer told them."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consultation.models import Consultation
from consultation.workflows import onsite as work
from services.accounts import access
from services.accounts.http import Request
from services.audit import trail
from services.guestbook.models import VisitService


class ConsultationForm(forms.Form):
    question = forms.CharField(
        label=_("Pertanyaan"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    answer = forms.CharField(
        label=_("Informasi yang diberikan"),
        max_length=8000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)


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
    question, answer = work.said(record)
    begun = {"question": question, "answer": answer, "seen": work.version_of(record)}
    form = ConsultationForm(request.POST or None, initial=begun)
    stored = None
    if request.method == "POST" and form.is_valid():
        try:
            work.write(received, by=request.actor, **form.cleaned_data)
        except work.WrittenMeanwhile as meanwhile:
            trail.record_read(meanwhile.stored, by=request.actor, office_id=request.office.pk)
            stored = work.said(meanwhile.stored)
            form.add_error(
                None,
                gettext(
                    "%s menyimpan catatan ini ketika Anda menulis. Catatannya ada di bawah; gabungkan, lalu simpan lagi."
                )
                % meanwhile.stored.officer,
            )
            form.data = {**request.POST.dict(), "seen": work.version_of(meanwhile.stored)}
        else:
            messages.success(request, gettext("Konsultasi disimpan."))
            return redirect("consultation:onsite", pk=pk)
    context = {
        "received": received,
        "visit": received.visit,
        "form": form,
        "stored": stored,
        "record": record,
    }
    return render(request, "consultation/onsite.html", context, status=422 if form.errors else 200)
