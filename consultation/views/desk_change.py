"""What an officer does with a consultation beside answering: taking it, filing it, ending it; its whole history."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from consultation import finding, promise
from consultation.desk_forms import FilingForm
from consultation.models import Consultation
from consultation.views.desk_common import find, page_of, whole
from consultation.workflows import assigning, ending, filing
from services.accounts import access
from services.accounts.http import Request
from services.accounts.models import User
from services.audit.models import AuditEntry
from services.responses import changed
from services.workflow import IllegalMove

MOST_LINES = 200
ACTIONS = {
    "read": gettext_lazy("dibaca"),
    "consultation.submitted": gettext_lazy("diajukan"),
    "consultation.assigned": gettext_lazy("ditugaskan"),
    "consultation.answered": gettext_lazy("dijawab"),
    "consultation.waiting": gettext_lazy("ditanya balik"),
    "consultation.reopened": gettext_lazy("dibuka lagi"),
    "consultation.closed": gettext_lazy("ditutup"),
    "consultation.auto_closed": gettext_lazy("ditutup otomatis"),
    "consultation.visitor_wrote": gettext_lazy("pengguna menulis"),
    "consultation.note": gettext_lazy("catatan internal ditulis"),
    "consultation.saved": gettext_lazy("dicatat di kantor"),
    "consultation.filed": gettext_lazy("perihal, tag, atau rujukan diubah"),
    "consultation.deadline": gettext_lazy("batas waktu dihitung ulang"),
    "consultation.escalated": gettext_lazy("naik ke atasan"),
    "consultation.merged": gettext_lazy("konsultasi lain digabung ke sini"),
    "consultation.split": gettext_lazy("sebagian pesan dipisah"),
    "consultation.rated": gettext_lazy("dinilai pengguna"),
    "consultation.handed_over": gettext_lazy("dialihkan"),
}


@access.staff
@require_POST
def thread_act(request: Request, number: str, action: str) -> HttpResponse:
    """ambil, lepas, tugaskan (`officer`), tutup (`why`)."""
    consultation = find(request, number)
    to = page_of(consultation)
    try:
        words = _act(request, consultation, action)
    except IllegalMove as problem:
        return changed(request, to, str(problem), level="error")
    except assigning.NotOfThisOffice:
        return changed(request, to, _("Petugas itu tidak bekerja di kantor ini."), level="error")
    finding.forget_count(request.office)
    return changed(request, to, words)


def _act(request: Request, consultation: Consultation, action: str) -> str:
    by = request.actor
    if action == "ambil":
        assigning.assign(consultation, request.user, by=by)
        return _("Anda menangani konsultasi ini.")
    if action == "lepas":
        assigning.release(consultation, by=by)
        return _("Konsultasi dilepas.")
    if action == "tugaskan":
        officer = get_object_or_404(_officers(request), pk=whole(request.POST.get("officer", "")))
        assigning.assign(consultation, officer, by=by)
        return _("Ditugaskan kepada %s.") % officer
    if action == "tutup":
        ending.close(consultation, by=by, why=" ".join(request.POST.get("why", "").split())[:300])
        return _("Konsultasi ditutup.")
    raise Http404


def _officers(request: Request) -> Any:
    return User.objects.filter(memberships__office=request.office, is_active=True).order_by("name")


@access.staff
@never_cache
def thread_manage(request: Request, number: str) -> HttpResponse:
    """Assigning, filing, and the ways to merge, split, hand over and close; POST files."""
    consultation = find(request, number)
    begun = {
        "subject": consultation.subject,
        "tags": ", ".join(consultation.tags),
        "reference": consultation.reference,
    }
    form = FilingForm(request.POST or None, initial=begun)
    if request.method == "POST" and form.is_valid():
        filing.file(consultation, by=request.actor, **form.cleaned_data)
        return changed(request, page_of(consultation), _("Disimpan."))
    context = {
        "consultation": consultation,
        "form": form,
        "officers": _officers(request),
        "used_tags": finding.used_tags(request.office),
    }
    template = "consultation/manage.html#manage" if request.htmx else "consultation/manage.html"
    return render(request, template, context, status=422 if form.errors else 200)


@access.staff
@require_safe
@never_cache
def thread_history(request: Request, number: str) -> HttpResponse:
    """Every step, every deadline that moved, every hand-over, and who read it: the latest first."""
    consultation = find(request, number)
    entries = AuditEntry.objects.filter(target_type="consultation.consultation", target_id=consultation.pk)
    context = {
        "consultation": consultation,
        "steps": [
            (step, Consultation.State(step.state).label)
            for step in consultation.steps.select_related("by_user").order_by("-pk")[:MOST_LINES]
        ],
        "changes": consultation.clock_changes.order_by("-pk")[:MOST_LINES],
        "rounds": [(r, r.Result(r.result).label) for r in consultation.rounds.prefetch_related("pauses")],
        "entries": [
            (entry, ACTIONS.get(entry.action, entry.action))
            for entry in entries.select_related("user", "office")[:MOST_LINES]
        ],
        "rules": promise.of([consultation.standard_id])[consultation.standard_id],
    }
    template = "consultation/history.html#history" if request.htmx else "consultation/history.html"
    return render(request, template, context)
