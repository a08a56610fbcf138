"""What people ask about their own data, and the rules about what is kept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from complaints import visibility
from pst.privacy import retention, words, workflows
from pst.privacy.models import PrivacyRequest
from services.accounts import access
from services.accounts.http import Request
from services.accounts.models import Role
from services.audit import trail
from services.audit.models import AuditEntry
from services.guestbook import returning
from services.guestbook.fields import clean_birth_year, clean_phone
from services.guestbook.models import Visitor
from services.responses import changed, explains
from services.workflow import IllegalMove

LIST = "privacy:requests"
ANSWERED_SHOWN = 30
RUNS_SHOWN = 14


class TakeForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Permintaan"), choices=PrivacyRequest.Kind.choices)
    channel = forms.ChoiceField(
        label=gettext_lazy("Disampaikan lewat"),
        choices=[c for c in PrivacyRequest.Channel.choices if c[0] != PrivacyRequest.Channel.ONLINE],
    )


class CorrectForm(forms.ModelForm):
    class Meta:
        model = Visitor
        fields = ["name", "email", "phone", "birth_year", "institution", "assistance"]

    def clean_phone(self) -> str:
        """Stored as every other, so that the person is found again."""
        return clean_phone(self.cleaned_data.get("phone", ""))

    def clean_birth_year(self) -> int | None:
        """As in the guest book."""
        return clean_birth_year(self.cleaned_data.get("birth_year"), timezone.now().year)


class RefuseForm(forms.Form):
    answer = forms.CharField(label=gettext_lazy("Alasan"), max_length=300)


@access.staff
@never_cache
def requests(request: Request) -> HttpResponse:
    """Open requests by what is due next, the answered ones, and a search for whoever asks."""
    asked = request.POST.get("asked", "")[:254] if request.method == "POST" else ""
    found = returning.search(request.office, asked) if asked else []
    if asked:
        trail.record(
            "visitor.searched", None, by=request.actor, office_id=request.office.pk, found=len(found)
        )
    rows = request.office.privacy_requests.select_related("office")
    context = {
        "open": rows.filter(state=PrivacyRequest.State.OPEN),
        "answered": rows.exclude(state=PrivacyRequest.State.OPEN).order_by("-answered_at")[:ANSWERED_SHOWN],
        "now": timezone.now(),
        "asked": bool(asked.strip()),
        "found": found[: returning.MOST_SHOWN],
        "more": len(found) > returning.MOST_SHOWN,
        "form": TakeForm(),
        "may_answer": request.role == Role.SUPERVISOR,
    }
    return render(request, "privacy/requests.html", context)


@access.staff
@require_POST
@explains(LIST)
def take(request: Request) -> HttpResponse:
    """The request of the person chosen in the search is taken down."""
    form = TakeForm(request.POST)
    visitor = returning.of_key(request.office, request.POST.get("visitor", ""))
    if visitor is None:
        return changed(request, LIST, _("Pilihan itu sudah terlalu lama. Cari lagi."), level="error")
    if not form.is_valid():
        return changed(request, LIST, _("Pilih permintaan dan salurannya."), level="error")
    taken = workflows.receive(visitor, by=request.actor, **form.cleaned_data)
    due = request.office.local(taken.due_at)
    return changed(
        request, LIST, _("Dicatat. Dijawab paling lambat %s.") % date_format(due, "DATETIME_FORMAT")
    )


def _shown(request: Request) -> Visitor | None:
    """The record that stood in the form that was sent: merged since, it is not the request's any more."""
    pk = request.POST.get("record", "")
    known = pk.isascii() and pk.isdecimal() and len(pk) < 19
    return request.office.visitors.filter(pk=int(pk)).first() if known else None


def _find(request: Request, pk: int) -> PrivacyRequest:
    return get_object_or_404(request.office.privacy_requests.select_related("visitor", "office"), pk=pk)


@access.supervisor
@never_cache
@explains(LIST)
def answer(request: Request, pk: int) -> HttpResponse:
    """What is kept about the person, and what may be done. Reading it is logged. POST corrects the record."""
    asked = _find(request, pk)
    correcting = asked.kind == PrivacyRequest.Kind.CORRECTION and asked.state == PrivacyRequest.State.OPEN
    form = CorrectForm(request.POST or None, instance=asked.visitor) if correcting else None
    if request.method == "POST" and form is not None and form.is_valid():
        with transaction.atomic():
            answered = workflows.fulfil(asked, by=request.actor)
            workflows.correct(
                Visitor.objects.get(pk=answered.visitor_id), fields=form.cleaned_data, by=request.actor,
                filled_from=_shown(request),
            )  # fmt: skip
        messages.success(request, _("Data diperbaiki."))
        return redirect(LIST)
    found = []  # an answered request is no key to the record any more
    if asked.state == PrivacyRequest.State.OPEN:
        trail.record_read(asked.visitor, by=request.actor, office_id=request.office.pk, why="request")
        visitor = Visitor.objects.get(pk=asked.visitor_id)
        found = words.described(_everything(request, visitor, asked), request.office)
    context: dict[str, Any] = {
        "asked": asked,
        "form": form,
        "record": (_shown(request) or asked.visitor).pk,
        "found": found,
        "late": asked.late(timezone.now()),
    }
    return render(
        request, "privacy/answer.html", context, status=422 if form is not None and form.errors else 200
    )


def _everything(request: Request, visitor: Visitor, asked: PrivacyRequest) -> dict[str, Any]:
    """For the desk: of complaints what this officer may read; that this is whose they are is read with it."""
    seen = visibility.visible(request.user, request.office, request.role or "")
    lodged = retention.complaints_of(retention.everyone(visitor, proven=asked.proven), proven=asked.proven)
    trail.record_reads(
        lodged.filter(pk__in=seen.values("pk")), by=request.actor, office_id=request.office.pk, why="identity"
    )
    return workflows.everything(visitor, proven=asked.proven, complaints=seen)


@access.supervisor
@require_POST
@explains(LIST)
def export(request: Request, pk: int) -> HttpResponse:
    """Everything as a file for the person who asked (UU 27/2022 art. 13: in a form that machines read)."""
    asked = _find(request, pk)
    if asked.state != PrivacyRequest.State.OPEN:
        raise IllegalMove(_("Permintaan ini sudah dijawab."))
    trail.record_read(asked.visitor, by=request.actor, office_id=request.office.pk, why="export")
    trail.record_export("privacy_request", asked, by=request.actor, office_id=request.office.pk, form="json")
    answer = JsonResponse(
        _everything(request, asked.visitor, asked),
        json_dumps_params={"ensure_ascii": False, "indent": 1},
    )
    answer["Content-Disposition"] = f'attachment; filename="data-{asked.pk}.json"'
    return answer


@access.supervisor
@require_POST
@explains(LIST)
def fulfil(request: Request, pk: int) -> HttpResponse:
    workflows.fulfil(_find(request, pk), by=request.actor)
    return changed(request, LIST, _("Permintaan dipenuhi."))


@access.supervisor
@require_POST
@explains(LIST)
def refuse(request: Request, pk: int) -> HttpResponse:
    form = RefuseForm(request.POST)
    if not form.is_valid():
        return changed(request, LIST, _("Tulis alasan penolakan, paling banyak 300 huruf."), level="error")
    workflows.refuse(_find(request, pk), by=request.actor, **form.cleaned_data)
    return changed(request, LIST, _("Penolakan dicatat."))


@access.supervisor
@never_cache
def policy(request: Request) -> HttpResponse:
    """The numbers are those of all offices together: the rules are the deployment's, not an office's."""
    runs = AuditEntry.objects.filter(target_type="", action="retention.applied").order_by("-pk")[:RUNS_SHOWN]
    context = {
        "due": [
            (due, words.table(due.rule.table), words.columns(due.rule.table, due.rule.personal))
            for due in retention.preview()
        ],
        "elsewhere": [(row, words.table(row["table"])) for row in retention.policy().elsewhere.values()],
        "runs": [(run.at, sum(run.detail.get("rows", {}).values())) for run in runs],
    }
    return render(request, "panel/privacy.html", context)
