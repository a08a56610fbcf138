"""The visitor's page of a consultation: by its unguessable address, or of their own account (docs/decisions/030).

Opening it changes nothing: mail servers open links too. It shows no note, no officer's name, no contact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.vary import vary_on_headers

from consultation import files, telling
from consultation.forms import ReplyForm
from consultation.models import Attachment, Consultation, Message
from consultation.workflows import rating as rates
from consultation.workflows import visiting
from services.accounts import access, limits
from services.accounts.http import Request
from services.guestbook import accounts
from services.offices.current import enter, speak
from services.ratings.forms import RatingForm
from services.workflow import IllegalMove

SHOWN = (Message.Kind.VISITOR, Message.Kind.OFFICER, Message.Kind.SYSTEM)


@dataclass(frozen=True)
class Door:
    """Which way somebody came to it: what its addresses are made of."""

    name: str
    key: str

    @property
    def page(self) -> str:
        return reverse(f"consultation:{self.name}", args=[self.key])

    def file(self, attachment: Attachment) -> str:
        name = "visitor_file" if self.name == "thread" else "mine_file"
        return reverse(f"consultation:{name}", args=[self.key, attachment.pk])


@access.public
@never_cache
@vary_on_headers("HX-Request")
def thread(request: Request, token: str) -> HttpResponse:
    found = _by_token(request, token)
    if found is None:
        return _unknown(request)
    return _answered(request, found, Door("thread", token))


@access.visitor
@never_cache
@vary_on_headers("HX-Request")
def mine(request: Request, number: str) -> HttpResponse:
    return _answered(request, _own(request, number), Door("mine", number))


@access.takes_away
@access.public
@never_cache
def visitor_file(request: Request, token: str, pk: int) -> HttpResponseBase:
    found = _by_token(request, token)
    return _unknown(request) if found is None else _file(found, pk)


@access.visitor
@never_cache
def mine_file(request: Request, number: str, pk: int) -> HttpResponseBase:
    return _file(_own(request, number), pk)


def _rows() -> Any:
    return Consultation.objects.select_related("office__parent__parent", "standard", "rating", "merged_into")


def _by_token(request: Request, token: str) -> Consultation | None:
    """None: no such address, which is counted, so that nobody keeps us busy with trying."""
    found = _rows().filter(token=token).first()
    if found is None and not limits.reached(request, "consultation link"):
        limits.count(request, "consultation link")
    return found


def _unknown(request: Request) -> HttpResponse:
    if limits.reached(request, "consultation link"):
        return render(request, "consultation/unknown.html", {"problem": limits.words()}, status=429)
    raise Http404


def _own(request: Request, number: str) -> Consultation:
    """Asked with this account, or by one of the records that are its owner's (services/guestbook/accounts.py); any other
    does not exist."""
    people = accounts.people_of(request.user)
    mine = Q(account=request.user) | Q(visitor__in=people) | Q(received__visit__visitor__in=people)
    return get_object_or_404(_rows().filter(mine), number=number)


def _file(found: Consultation, pk: int) -> HttpResponseBase:
    rows = found.attachments.filter(message__kind__in=SHOWN)
    return files.response(get_object_or_404(rows, pk=pk))


def _answered(request: Request, found: Consultation, door: Door) -> HttpResponse:
    enter(request, found.office)
    speak(request, found.language)
    if request.method != "POST":
        return _page(request, found, door)
    do = request.POST.get("do", "")
    work = {"close": _close, "rate": _rate}.get(do, _reply)
    try:
        return work(request, found, door)
    except IllegalMove as problem:  # an officer, or their own second tap, was faster
        messages.info(request, str(problem))
        return redirect(door.page)


def _reply(request: Request, found: Consultation, door: Door) -> HttpResponse:
    form = ReplyForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, found, door, form=form, status=422)
    if limits.exceeded(request, "consultation"):
        form.add_error(None, limits.words())
        return _page(request, found, door, form=form, status=429)
    given = form.cleaned_data
    visiting.reply(
        found, given["body"], by=request.actor, seen=given["seen"] or 0, files=given["attachments"]
    )
    messages.success(request, _("Balasan Anda terkirim."))
    return redirect(f"{door.page}#akhir")


def _close(request: Request, found: Consultation, door: Door) -> HttpResponse:
    visiting.close(found, by=request.actor)
    messages.success(request, _("Terima kasih. Konsultasi ini selesai."))
    return redirect(door.page)


def _rate(request: Request, found: Consultation, door: Door) -> HttpResponse:
    form = RatingForm(request.POST)
    if not form.is_valid():
        return _page(request, found, door, rating=form, status=422)
    rates.rate(found, by=request.actor, **form.cleaned_data)
    messages.success(request, _("Terima kasih. Penilaian Anda tersimpan."))
    return redirect(door.page)


def _page(
    request: Request, found: Consultation, door: Door, *, form: ReplyForm | None = None,
    rating: RatingForm | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    said = _said(found, door)
    last = said[-1]["message"].pk if said else 0
    context = {
        "asked": found,
        "told": telling.told(found),
        "said": said,
        "wanted": list(found.wanted.all()),
        "history": [(step.at, state_name(step.state)) for step in found.steps.all()],
        "page": door.page,
        "by_link": door.name == "thread",
        "form": form or ReplyForm(initial={"seen": last}),
        "may_close": not found.is_over,
        "rating": (rating or RatingForm()) if rates.may_rate(found) else None,
    }
    partial_only = request.htmx and status == 200
    template = "consultation/mine.html#now" if partial_only else "consultation/mine.html"
    return render(request, template, context, status=status)


def _said(found: Consultation, door: Door) -> list[dict[str, Any]]:
    rows = found.messages.filter(kind__in=SHOWN).prefetch_related("attachments")
    return [{"message": m, "files": [_shown(a, door) for a in m.attachments.all()]} for m in rows]


def _shown(attachment: Attachment, door: Door) -> dict[str, Any]:
    ready = attachment.state == Attachment.State.READY
    address = attachment.address if attachment.publication else door.file(attachment)
    return {
        "file": attachment, "address": address if ready else "",
        "picture": ready and attachment.content_type.startswith("image/"),
    }  # fmt: skip


def state_name(state: str) -> str:
    return str(Consultation.State(state).label) if state in Consultation.State.values else state
