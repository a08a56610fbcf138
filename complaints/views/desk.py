"""One complaint at the desk: what was said, how the clocks stand, and the next word."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from complaints import clocks, reaching, visibility
from complaints.desk_forms import DeskForm, WriteForm
from complaints.files import SHELF
from complaints.models import Complaint, Identity, Privacy
from complaints.views.desk_common import again, back, find, in_time, links, may_decide, note_read
from complaints.workflows import ending, handling, telling_by_hand
from complaints.workflows.changing import topic
from services.accounts import access
from services.accounts.http import Request
from services.audit import trail
from services.workflow import IllegalMove

State = Complaint.State
# What is done with the words: the workflow, and what is told when it is done.
WRITES = {
    "answer": (handling.answer, gettext_lazy("Jawaban dikirim.")),
    "say": (handling.say, gettext_lazy("Kabar dikirim.")),
    "ask": (
        handling.ask_completion,
        gettext_lazy("Pertanyaan dikirim; sekarang giliran pelapor."),
    ),
    "note": (handling.note, gettext_lazy("Catatan disimpan.")),
    "close": (ending.close, gettext_lazy("Pengaduan ditutup.")),
}  # fmt: skip


@access.staff
@never_cache
def detail(request: Request, pk: int) -> HttpResponse:
    """The page; what was said by itself when something changed (HTMX); POST: the next word."""
    complaint = find(request, pk)
    if request.method == "POST":
        return _write(request, complaint)
    if request.htmx:
        note_read(request, complaint)
        context = {"complaint": complaint, **_said(complaint, _openly(complaint))}
        return render(request, "complaints/detail.html#said", context)
    return page(request, complaint)


def _openly(complaint: Complaint) -> Identity | None:
    """Whose an open one is, for a part of a page that was read already."""
    return reaching.identity_of(complaint) if complaint.privacy == Privacy.OPEN else None


def _said(complaint: Complaint, identity: Identity | None) -> dict[str, Any]:
    """The conversation with the clocks as they stand, and what is still to be told by hand. `identity`: as far as it is shown."""
    found = clocks.Clocks(complaint.place)
    awaited = None
    if complaint.state in Complaint.THEIRS:
        awaited = found.awaited(complaint, clocks.awaited_since(complaint) or complaint.updated_at)
    said: list[Any] = list(
        complaint.messages.select_related("by_user", "told_by").prefetch_related("attachments")
    )
    for message in said:
        if message.is_untold:
            message.hand = reaching.by_hand(complaint, identity, message.body)
    return {
        "said": said,
        "due": found.stands(complaint),
        "awaited": awaited,
        "forward_by": found.forward_by(complaint) if complaint.state == State.RECEIVED else None,
        "lodged_late": found.lodged_late(complaint),
        "steps": (steps := list(complaint.steps.select_related("by_user"))),
        "asked_times": sum(step.state == State.INCOMPLETE for step in steps),
        "at": timezone.now(),
    }


def page(
    request: Request, complaint: Complaint, form: DeskForm | None = None, shown: Identity | None = None
) -> HttpResponse:
    """Reading it is written down; whose it is as well, each time it is shown."""
    note_read(request, complaint)
    if complaint.privacy == Privacy.OPEN:
        shown = visibility.identity(complaint, by=request.actor)
    moves = Complaint.MOVES[complaint.state]
    context = {
        "complaint": complaint,
        **_said(complaint, shown),
        **reaching.answering(complaint, shown),
        "form": form or WriteForm(complaint=complaint),
        "identity": shown,
        "may_show": complaint.privacy == Privacy.CONFIDENTIAL and shown is None,
        "about": list(complaint.about.all()),
        "actions": list(
            visibility.with_owner(
                complaint.actions.select_related("owner", "file").prefetch_related("proofs")
            )
        ),
        "files": list(complaint.attachments.filter(message=None, proof_of=None, proves=None)),
        "live_topic": topic(complaint),
        **links(request, complaint),
        "may": {
            "answer": State.ANSWERED in moves,
            "ask": State.INCOMPLETE in moves,
            "say": not complaint.is_over,
            "close": State.CLOSED in moves,
        },
        "decides": may_decide(request),
    }
    return render(request, "complaints/detail.html", context, status=422 if form else 200)


def _write(request: Request, complaint: Complaint) -> HttpResponse:
    form = WriteForm(request.POST, request.FILES, complaint=complaint)
    if not form.is_valid():
        return page(request, complaint, form)
    work, words = WRITES.get(request.POST.get("what", ""), (None, ""))
    if work is None:
        raise Http404
    try:
        with transaction.atomic():
            in_time(form)
            work(
                complaint, form.cleaned_data["body"], files=form.cleaned_data["attachments"], by=request.actor
            )
    except IllegalMove as problem:  # a colleague was faster: what was typed stays on the screen
        return page(request, complaint, again(form, str(problem)))
    return back(request, complaint.pk, str(words))


@access.staff
@never_cache
@require_safe
def file(request: Request, pk: int, key: int) -> HttpResponseBase:
    """For whoever may read the complaint; the reading is written down."""
    complaint = find(request, pk)
    found = get_object_or_404(complaint.attachments, pk=key)
    trail.record_read(complaint, by=request.actor, office_id=request.office.pk, why="file")
    return SHELF.response(found)


@access.staff
@never_cache
@require_POST
def identity(request: Request, pk: int) -> HttpResponse:
    """Whose a confidential one is: asked for on purpose, and written down."""
    complaint = find(request, pk)
    return page(request, complaint, shown=visibility.identity(complaint, by=request.actor))


@access.staff
@never_cache
@require_POST
def told(request: Request, pk: int, key: int) -> HttpResponse:
    """An officer told the complainant what no channel carries."""
    complaint = find(request, pk)
    try:
        telling_by_hand.told(get_object_or_404(complaint.messages, pk=key), by=request.actor)
    except IllegalMove as problem:  # a colleague was faster
        messages.info(request, str(problem))
        return back(request, pk, "")
    return back(request, pk, _("Dicatat: pelapor sudah diberi tahu."))
