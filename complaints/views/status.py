"""The complainant's page of their complaint: with number and secret, or of their own account.

By number and secret nothing is kept between two requests, neither in a session nor in an address: every form carries both,
and each sending proves them again. What the page says is enough to go on; who complained, and their first words, it does
not repeat.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from complaints import own, telling
from complaints.files import SHELF
from complaints.forms import JudgeForm, ReplyForm, StatusForm
from complaints.models import Channel, Complaint
from complaints.views.public import actor_of
from complaints.workflows import complainant, lodging
from services.accounts import access, limits
from services.accounts.http import Request
from services.files.shelf import FileRefused
from services.offices.current import enter
from services.workflow import IllegalMove


@dataclass
class Outcome:
    """Of what was sent: `done` in words, or the form that was not taken, with its status."""

    done: str = ""
    reply: ReplyForm | None = None
    judge: JudgeForm | None = None
    problem: str = ""
    status: int = 200


@access.public
@never_cache
def status(request: Request, code: str) -> HttpResponseBase:
    """Where the complaint stands, for whoever knows number and secret. Wrong tries are counted of an address, alike whether there is such a
    number; they close the page for nobody elsewhere (docs/decisions/038)."""
    form = StatusForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "complaints/find.html", {"form": form}, status=422 if form.errors else 200)
    number = form.cleaned_data["number"]
    here = limits.from_here(request, number)
    if limits.reached(request, "complaint status") or limits.reached(request, "complaint number", here):
        form.add_error(None, limits.words())
        return render(request, "complaints/find.html", {"form": form}, status=429)
    found = lodging.find(**form.cleaned_data)
    if found is None or found.office_id != request.office.pk:
        limits.count(request, "complaint status")
        limits.count(request, "complaint number", here)
        if limits.exceeded(request, "complaint number all", number):
            limits.slow_down()
        form.add_error(None, _("Nomor dan kode rahasia tidak cocok. Periksa kembali ejaannya."))
        return render(request, "complaints/find.html", {"form": form}, status=422)
    if request.POST.get("do") == "file":
        return _file(request, found)
    outcome = _do(request, found)
    if outcome.done or outcome.problem:
        found = Complaint.objects.select_related("office", "place").get(pk=found.pk)
    context = _page(found, outcome) | {"proof": form.cleaned_data, "page": request.path}
    return render(request, "complaints/status.html", context, status=outcome.status)


@access.visitor
@never_cache
def mine(request: Request, number: str) -> HttpResponseBase:
    """Of the signed-in account; anybody else's does not exist."""
    found = get_object_or_404(own.of_account(request.user), number=number)
    enter(request, found.office)
    page = reverse("complaints:mine", args=[found.number])
    if request.POST.get("do") == "file":
        return _file(request, found)
    outcome = _do(request, found) if request.method == "POST" else Outcome()
    if outcome.done or outcome.problem:
        messages.info(request, outcome.done or outcome.problem)
        return redirect(page)
    context = _page(found, outcome) | {"first_words": found.text, "page": page}
    return render(request, "complaints/status.html", context, status=outcome.status)


def _page(found: Complaint, outcome: Outcome) -> dict[str, Any]:
    said = telling.said(found)
    last = said[-1].pk if said else 0
    may_write = found.state != Complaint.State.WITHDRAWN
    return {
        "complaint": found,
        "told": telling.told(found),
        "said": said,
        "files": [file for file in telling.files(found) if file.message_id is None],
        "steps": found.steps.all(),
        "done": outcome.done,
        "problem": outcome.problem,
        "reply": (outcome.reply or ReplyForm(initial={"seen": last})) if may_write else None,
        "judge": (outcome.judge or JudgeForm()) if telling.may_judge(found) else None,
        "may_withdraw": telling.may_withdraw(found),
    }


def _file(request: Request, found: Complaint) -> HttpResponseBase:
    """One of their own, or of what the office said to them; asked for by the same proof as the page."""
    key = request.POST.get("file", "")
    rows = telling.files(found).filter(pk=int(key) if key.isdecimal() and len(key) < 19 else 0)
    return SHELF.response(get_object_or_404(rows))


def _do(request: Request, found: Complaint) -> Outcome:
    work = {"reply": _reply, "judge": _judge, "withdraw": _withdraw}.get(request.POST.get("do", ""))
    if work is None:
        return Outcome()
    try:
        return work(request, found)
    except IllegalMove as problem:  # an officer, or their own second tap, was faster
        body = request.POST.get("body", "")
        kept = ReplyForm(initial={"body": body}) if body else None
        return Outcome(problem=str(problem), reply=kept, status=422)


def _reply(request: Request, found: Complaint) -> Outcome:
    form = ReplyForm(request.POST, request.FILES)
    if not form.is_valid():
        return Outcome(reply=form, status=422)
    if limits.exceeded(request, "complaint"):
        form.add_error(None, limits.words())
        return Outcome(reply=form, status=429)
    given = form.cleaned_data
    channel = Channel.ONLINE if "secret" in request.POST else Channel.PORTAL
    try:
        complainant.reply(
            found, given["body"], seen=given["seen"] or 0, files=given["attachments"], by=actor_of(request), channel=channel
        )  # fmt: skip
    except FileRefused as refused:  # a picture that cannot be drawn anew
        form.add_error("attachments", str(refused))
        return Outcome(reply=form, status=422)
    return Outcome(done=_("Balasan Anda terkirim."))


def _judge(request: Request, found: Complaint) -> Outcome:
    form = JudgeForm(request.POST)
    if not form.is_valid():
        return Outcome(judge=form, status=422)
    complainant.judge(found, by=actor_of(request), **form.cleaned_data)
    return Outcome(done=_("Terima kasih. Penilaian Anda tersimpan."))


def _withdraw(request: Request, found: Complaint) -> Outcome:
    complainant.withdraw(found, by=actor_of(request))
    return Outcome(done=_("Pengaduan Anda dicabut."))
