"""The office's canned answers: written here, put into answers on a consultation's page."""

from __future__ import annotations

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from consultation import canned as texts
from consultation.desk_forms import CannedForm
from consultation.models import CannedAnswer
from services.accounts import access
from services.accounts.http import Request
from services.audit import trail


@access.staff
def canned_list(request: Request) -> HttpResponse:
    """All of them, and a new one."""
    form = CannedForm(request.POST or None)
    if request.method == "POST" and _saved(request, form, CannedAnswer(office=request.office)):
        return redirect("consultation:canned")
    rows = request.office.canned_answers.order_by("title")
    context = {"form": form, "rows": rows, "fields": texts.FIELDS}
    return render(request, "consultation/canned.html", context, status=422 if form.errors else 200)


@access.staff
def canned_edit(request: Request, pk: int) -> HttpResponse:
    answer = get_object_or_404(request.office.canned_answers, pk=pk)
    form = CannedForm(request.POST or None, instance=answer)
    if request.method == "POST" and _saved(request, form, answer):
        return redirect("consultation:canned")
    context = {"form": form, "answer": answer, "fields": texts.FIELDS}
    return render(request, "consultation/canned.html", context, status=422 if form.errors else 200)


@access.staff
@require_POST
def canned_delete(request: Request, pk: int) -> HttpResponse:
    answer = get_object_or_404(request.office.canned_answers, pk=pk)
    with transaction.atomic():
        trail.record("canned.deleted", answer, by=request.actor, office_id=request.office.pk)
        answer.delete()
    messages.success(request, _("Dihapus."))
    return redirect("consultation:canned")


def _saved(request: Request, form: CannedForm, answer: CannedAnswer) -> bool:
    if not form.is_valid():
        return False
    answer.title, answer.body = form.cleaned_data["title"], form.cleaned_data["body"]
    answer.updated_at = timezone.now()
    try:
        with transaction.atomic():
            answer.save()
            trail.record("canned.saved", answer, by=request.actor, office_id=request.office.pk)
    except IntegrityError:
        form.add_error("title", _("Judul ini sudah dipakai."))
        return False
    messages.success(request, _("Disimpan."))
    return True
