"""What the desk's pages about one complaint share: finding it behind the wall of who may see it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from complaints import finding, visibility
from complaints.desk_forms import DeskForm
from complaints.models import Complaint
from complaints.workflows import handling
from complaints.workflows.changing import with_linked
from services.accounts.http import Request
from services.accounts.models import Role
from services.audit import trail
from services.workflow import IllegalMove

RELATED = (
    "office__parent__parent", "place__parent__parent", "service", "handler", "received__service", "duplicate_of",
    "escalated_to", "entered_by",
)  # fmt: skip


def seen(request: Request) -> Any:
    """The rows this person may read here."""
    return visibility.visible(request.user, request.office, request.role or "")


def find(request: Request, pk: int) -> Complaint:
    """To whoever may not see it, it does not exist."""
    return get_object_or_404(seen(request).select_related(*RELATED), pk=pk)


LOOKS_ON = timedelta(minutes=30)  # a page that refetches its parts is one look


def note_read(request: Request, complaint: Complaint) -> None:
    """Reading it is written down; a part that the page fetches by itself only when the last line is old."""
    trail.record_reads(
        [complaint], by=request.actor, office_id=request.office.pk, unless_within=LOOKS_ON if request.htmx else None
    )  # fmt: skip


def may_decide(request: Request) -> bool:
    """Who gives it to somebody, sends it up, links and publishes."""
    return request.role == Role.SUPERVISOR


def links(request: Request, complaint: Complaint) -> dict[str, Any]:
    """The same thing told by others, as far as this person may read it; `more_answered`: the answer also goes to such."""
    rows = list(complaint.duplicates.all())
    of = [complaint.duplicate_of_id] if complaint.duplicate_of_id else []
    known = (
        set(seen(request).filter(pk__in=[*(row.pk for row in rows), *of]).values_list("pk", flat=True))
        if rows or of
        else set()
    )
    return {
        "duplicates": [row for row in rows if row.pk in known],
        "main": complaint.duplicate_of if complaint.duplicate_of_id in known else None,
        "more_answered": any(handling.goes_with(row, complaint, request.actor) for row in rows),
    }


def in_time(form: DeskForm) -> None:
    """Inside the transaction of what is done: raises IllegalMove when the complaint is in another state by now than on the
    officer's screen. It and what is linked to it stay locked."""
    found, _linked = with_linked(form.complaint)
    form.complaint.state = found.state
    was = form.cleaned_data.get("was")
    if was and was != found.state:
        raise IllegalMove(
            _("Pengaduan ini sekarang berstatus “%s”. Tulisan Anda masih ada; periksa, lalu kirim lagi.")
            % form.complaint.get_state_display()
        )


def back(request: Request, pk: int, words: str) -> HttpResponse:
    """To its page; to the list when it is somebody else's from now on."""
    finding.forget_count(request.user, request.office)
    if words:
        messages.success(request, words)
    if seen(request).filter(pk=pk).exists():
        return redirect("complaints:detail", pk)
    messages.info(request, _("Pengaduan ini sekarang ditangani pihak lain; Anda tidak melihatnya lagi."))
    return redirect(reverse("complaints:list"))


def again(form: DeskForm, problem: str) -> DeskForm:
    """The same words on a form that knows the present state: sent once more, it goes through if it may."""
    form.add_error(None, problem)
    form.complaint.refresh_from_db(fields=["state"])
    typed: Any = form.data
    data = typed.copy()
    data[form.add_prefix("was")] = form.complaint.state
    form.data = data
    return form
