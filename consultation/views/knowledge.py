"""Published answers, for everybody; and writing, reviewing and withdrawing them, for officers."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from consultation import knowledge
from consultation.forms import KnowledgeForm
from consultation.models import Consultation, KnowledgeAnswer
from consultation.workflows import knowledge as work
from services.accounts import access
from services.accounts.http import Request
from services.audit import trail
from services.responses import changed
from services.workflow import IllegalMove

PAGE = 20
State = KnowledgeAnswer.State


@access.public
@require_safe
def answers(request: Request) -> HttpResponse:
    """`q` the words, `kata` a tag; without them what is newest."""
    typed = " ".join(request.GET.get("q", "").replace("\0", "")[:300].split())
    tag = request.GET.get("kata", "").replace("\0", "")[:60]
    rows = knowledge.found(typed) if typed else knowledge.published()
    rows = rows.filter(tags__contains=[tag]) if tag else rows
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "typed": typed, "tag": tag, "page": page, "query": urlencode({"q": typed, "kata": tag}),
        "rows": [(answer, knowledge.address(answer)) for answer in page],
    }  # fmt: skip
    return render(request, "consultation/answers.html", context)


@access.public
@require_safe
def answer(request: Request, pk: int, slug: str) -> HttpResponse:
    found = get_object_or_404(knowledge.published(), pk=pk)
    if slug != knowledge.slug(found):
        return redirect(knowledge.address(found), permanent=True)
    return render(request, "consultation/answer.html", {"answer": found})


@access.staff
@never_cache
def desk(request: Request) -> HttpResponse:
    """All of this office, what waits for somebody first; a new one without a consultation behind it."""
    form = KnowledgeForm(request.POST or None)
    if request.method == "POST" and (made := _made(request, form, None)):
        return redirect("consultation:knowledge_edit", made.pk)
    rows = list(request.office.knowledge.defer("search", "answer").select_related("written_by")[:300])
    order = [State.REVIEW, State.DRAFT, State.PUBLISHED, State.WITHDRAWN]
    groups = [(state.label, [row for row in rows if row.state == state]) for state in order]
    context = {"groups": [group for group in groups if group[1]], "form": form}
    return render(request, "consultation/knowledge_desk.html", context, status=422 if form.errors else 200)


def _made(request: Request, form: KnowledgeForm, source: Consultation | None) -> KnowledgeAnswer | None:
    if not form.is_valid():
        return None
    given = form.cleaned_data
    try:
        return work.write_new(
            request.office, question=given["question"], answer=given["answer"], tags=given["tags"], source=source,
            by=request.actor,
        )  # fmt: skip
    except IllegalMove as problem:
        form.add_error(None, str(problem))
        return None


@access.staff
@never_cache
def draft(request: Request, pk: int) -> HttpResponse:
    """From a consultation: the form with what was said there. Nothing is stored before the asker is out of it."""
    rows = request.office.consultations.select_related("visitor", "received__visit__visitor")
    source = get_object_or_404(rows, pk=pk)
    if there := work.draft_of(source):
        return redirect("consultation:knowledge_edit", there.pk)
    begun = work.begun_of(source)
    form = KnowledgeForm(request.POST or None, initial=begun | {"tags": ", ".join(begun["tags"])})
    if request.method == "POST" and (made := _made(request, form, source)):
        return redirect("consultation:knowledge_edit", made.pk)
    trail.record_read(source, by=request.actor, office_id=request.office.pk)
    return _edit_page(request, KnowledgeAnswer(office=request.office, source=source), form)


@access.staff
@never_cache
def edit(request: Request, pk: int) -> HttpResponse:
    found = _found(request, pk)
    begun = {
        "question": found.question, "answer": found.answer, "tags": ", ".join(found.tags),
        "seen": found.updated_at.isoformat(),
    }  # fmt: skip
    form = KnowledgeForm(request.POST or None, initial=begun)
    stored = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            work.change(
                found, question=given["question"], body=given["answer"], tags=given["tags"], seen=given["seen"],
                by=request.actor,
            )  # fmt: skip
            return redirect("consultation:knowledge_edit", pk)
        except IllegalMove as problem:
            form.add_error(None, str(problem))
        except work.WrittenMeanwhile as meanwhile:
            stored = meanwhile.stored
            form.add_error(
                None, _("Rancangan ini baru saja disimpan oleh rekan. Bandingkan, lalu simpan lagi.")
            )
            form.data = request.POST.copy()
            form.data["seen"] = stored.updated_at.isoformat()
    if found.source_id:  # whose question it was shows in what is marked
        trail.record_read(found, by=request.actor, office_id=request.office.pk)
    return _edit_page(request, found, form, stored)


def _found(request: Request, pk: int) -> KnowledgeAnswer:
    rows = request.office.knowledge.defer("search").select_related("office", "source__visitor", "written_by")
    return get_object_or_404(rows, pk=pk)


def _edit_page(
    request: Request, found: KnowledgeAnswer, form: KnowledgeForm, stored: KnowledgeAnswer | None = None
) -> HttpResponse:
    """What is marked is what stands in the form now."""
    text = f"{form['question'].value() or ''}\n\n{form['answer'].value() or ''}"
    things = knowledge.personal_in(text, found)
    context: dict[str, Any] = {
        "answer": found,
        "form": form,
        "stored": stored,
        "things": things,
        "marked": knowledge.marked(text, things),
        "own": found.written_by_id == request.user.pk,
        "alone": found.state == State.REVIEW and work.alone(request.office, request.user.pk),
        "shortest": work.SHORTEST_WHY,
        "longest": work.MOST_WHY,
        "steps": found.steps.select_related("by_user") if found.pk else [],
    }
    return render(request, "consultation/knowledge_edit.html", context, status=422 if form.errors else 200)


ACTIONS = {"periksa": work.to_review, "terbit": work.publish, "rancangan": work.back, "tarik": work.withdraw}


@access.staff
@require_POST
def act(request: Request, pk: int, action: str) -> HttpResponse:
    found = _found(request, pk)
    page = reverse("consultation:knowledge_edit", args=[pk])
    if action not in ACTIONS:
        return redirect(page)
    try:
        ACTIONS[action](found, why=request.POST.get("why", "").replace("\0", ""), by=request.actor)
    except IllegalMove as problem:
        return changed(request, page, str(problem), level="error")
    return changed(request, page, _("Tersimpan."))
