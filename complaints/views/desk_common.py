"""What the desk's pages about one complaint share: finding it behind the wall of who may see it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from complaints import finding, visibility
from complaints.desk_forms import DeskForm
from complaints.models import Complaint
from services.accounts.http import Request
from services.accounts.models import Role
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


def may_decide(request: Request) -> bool:
    """Who gives it to somebody, sends it up, links and publishes."""
    return request.role == Role.SUPERVISOR


def in_time(form: DeskForm) -> None:
    """Raises IllegalMove when the complaint is in another state by now than on the officer's screen."""
    was = form.cleaned_data.get("was")
    if was and was != form.complaint.state:
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
