"""One consultation at the officer's desk: what was said, and the next word."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from consultation import canned, delivery, files, finding, presence, promise, whatsapp_out
from consultation.desk_forms import AnswerForm
from consultation.models import Attachment, CannedAnswer, Consultation, HandOver, Message
from consultation.views.desk_common import find, page_of, person_of, whole
from consultation.workflows import thread as work
from services.accounts import access
from services.accounts.http import Request
from services.audit import trail
from services.workflow import IllegalMove, can_move

State = Consultation.State
SENT = {
    "answer": gettext_lazy("Jawaban dikirim."),
    "ask": gettext_lazy("Pertanyaan dikirim; batas waktu berhenti sampai pengguna menjawab."),
    "note": gettext_lazy("Catatan disimpan."),
}


@access.staff
@never_cache
def thread_desk(request: Request, number: str) -> HttpResponse:
    """The page; its messages by themselves when something was said (HTMX); POST: the next word."""
    try:
        consultation = find(request, number)
    except Http404:
        return _handed_away(request, number)
    if request.method == "POST":
        return _write(request, consultation)
    if request.htmx:
        context = {"consultation": consultation, **_said(consultation)}
        return render(request, "consultation/thread.html#messages", context)
    trail.record_read(consultation, by=request.actor, office_id=request.office.pk)
    return _page(request, consultation)


def _handed_away(request: Request, number: str) -> HttpResponse:
    """The office that gave it away sees its number and where it went; to any other it does not exist."""
    rows = HandOver.objects.filter(from_office=request.office, consultation__number=number)
    gone = rows.select_related("consultation__office").order_by("-pk").first()
    if gone is None or gone.consultation.office_id == request.office.pk or request.method != "GET":
        raise Http404
    return render(request, "consultation/handed_away.html", {"gone": gone})


def _said(consultation: Consultation) -> dict[str, Any]:
    """The messages with their files, and how the clocks stand."""
    rows = consultation.messages.select_related("by_user").prefetch_related("attachments")
    said = list(rows)
    _prepare_chats(consultation, said)
    return {
        "said": said,
        "last": max((m.pk for m in said), default=0),
        "rules": promise.of([consultation.standard_id])[consultation.standard_id],
        "at": timezone.now(),
    }


def _prepare_chats(consultation: Consultation, said: list[Message]) -> None:
    """Answers by WhatsApp that no carrier took: the officer opens the chat with the text in it, and sends it by hand."""
    by_hand = [m for m in said if (m.kind, m.channel, m.delivery) == (Message.Kind.OFFICER, "whatsapp", "")]
    phone = whatsapp_out.phone_of(consultation) if by_hand else ""
    for message in by_hand:
        if phone:
            message.prepared = whatsapp_out.prepared_chat(phone, whatsapp_out.words(message))  # type: ignore[attr-defined]


def _whatsapp(consultation: Consultation) -> dict[str, Any]:
    """How an answer would go by WhatsApp now; else the way to a chat by hand."""
    reach = whatsapp_out.reach(consultation)
    if reach:
        return {"reach": reach, "contact": whatsapp_out.contact_of(consultation)}
    chat = whatsapp_out.prepared_chat(whatsapp_out.phone_of(consultation), f"{consultation.number}: ")
    return {"reach": None, "chat": chat}


def _page(
    request: Request, consultation: Consultation, form: AnswerForm | None = None, new: list[Message] | None = None
) -> HttpResponse:  # fmt: skip
    said = _said(consultation)
    here = list(consultation.presences.select_related("user"))
    mine = next((p for p in here if p.user_id == request.user.pk), None)
    person = person_of(consultation)
    if form is None or new is not None:
        draft = {"body": mine.draft if mine else "", "seen": said["last"], "channel": consultation.channel}
        form = form or AnswerForm(initial=draft, channels=_channels(consultation))
    context = {
        "consultation": consultation,
        **said,
        "person": person,
        **_whatsapp(consultation),
        "form": form,
        "new": new,
        "draft_kept": bool(mine and mine.draft) and not form.is_bound,
        "files_again": bool(request.FILES),  # no browser fills a file field by itself
        "others": presence.fresh(here, request.user, said["at"]),
        "canned": _canned(request) if "siap" in request.GET else None,
        "may_take": consultation.officer_id != request.user.pk and not consultation.is_over,
        "may_release": consultation.officer_id == request.user.pk and can_move(consultation, State.SUBMITTED),
        "may_close": can_move(consultation, State.CLOSED),
        "may_answer": can_move(consultation, State.ANSWERED),
    }
    return render(request, "consultation/thread.html", context, status=422 if form.errors or new else 200)


def _channels(consultation: Consultation) -> list[str]:
    person = person_of(consultation)
    return delivery.possible(
        consultation, email=person.email if person else "", phone=person.phone if person else ""
    )


def _write(request: Request, consultation: Consultation) -> HttpResponse:
    form = AnswerForm(request.POST, request.FILES, channels=_channels(consultation))
    what = request.POST.get("what", "")
    if what == "canned":
        return _insert(request, consultation)
    if what not in SENT:
        raise Http404
    if not form.is_valid():
        _keep(request, consultation)
        return _page(request, consultation, form)
    try:
        _store(request, consultation, what, form.cleaned_data)
    except work.WrittenMeanwhile as meanwhile:
        _keep(request, consultation)
        form = _again(request, consultation)
        return _page(request, consultation, form, new=meanwhile.new)
    except (IllegalMove, files.FileRefused) as problem:
        _keep(request, consultation)
        form.add_error("attached" if isinstance(problem, files.FileRefused) else None, str(problem))
        return _page(request, consultation, form)
    presence.leave(consultation, request.user)
    finding.forget_count(request.office)
    messages.success(request, SENT[what])
    return redirect(page_of(consultation))


def _keep(request: Request, consultation: Consultation) -> None:
    """What was typed is not lost, whatever was wrong with it."""
    typed = request.POST.get("body", "")
    presence.look(consultation, request.user, timezone.now(), typed=typed, writing=True)


def _again(request: Request, consultation: Consultation) -> AnswerForm:
    """The same form, as if begun after the messages that came in: sent once more it goes out."""
    last = consultation.messages.order_by("-pk").values_list("pk", flat=True).first() or 0
    initial = {**request.POST.dict(), "seen": last}
    return AnswerForm(initial=initial, channels=_channels(consultation))


@transaction.atomic
def _store(request: Request, consultation: Consultation, what: str, data: dict[str, Any]) -> None:
    attach = partial(_attach, request, consultation, data)
    if what == "note":
        work.note(consultation, data["body"], by=request.actor, attach=attach)
        return
    work.answer(
        consultation, data["body"], by=request.actor, seen=data["seen"], ask_back=what == "ask",
        channel=data["channel"], attach=attach,
    )  # fmt: skip


def _attach(request: Request, consultation: Consultation, data: dict[str, Any], message: Message) -> None:
    """Files, and a publication of the catalogue: by its key, title and address."""
    given = data["attached"]
    if len(given) > files.MOST:
        raise files.FileRefused("too_many")
    for file in given:
        files.take(consultation, message, file, name=file.name or "", by=request.actor)
    if item := data.get("item"):
        key, title, address = item
        Attachment.objects.create(
            consultation=consultation, message=message, name=title[:200], state=Attachment.State.READY,
            publication=key, address=address, by_user_id=request.actor.user_id, at=timezone.now(),
        )  # fmt: skip


def _insert(request: Request, consultation: Consultation) -> HttpResponse:
    """A canned answer behind what was typed so far."""
    answer = get_object_or_404(request.office.canned_answers, pk=whole(request.POST.get("canned", "")))
    person = person_of(consultation)
    text = canned.use(answer, consultation, request.user, person.name if person else "")
    typed = request.POST.get("body", "").rstrip()
    body = f"{typed}\n\n{text}" if typed else text
    presence.look(consultation, request.user, timezone.now(), typed=body, writing=True)
    initial = {**request.POST.dict(), "body": body}
    return _page(request, consultation, AnswerForm(initial=initial, channels=_channels(consultation)))


@access.staff
@require_POST
def thread_presence(request: Request, number: str) -> HttpResponse:
    """Fragment: who else is here. Asked every few seconds, with what is typed; nothing of it is logged as a read."""
    consultation = find(request, number)
    at = timezone.now()
    typed = request.POST.get("body")
    seen = request.POST.get("seen", "")
    new = 0
    if seen.isascii() and seen.isdecimal() and len(seen) < 19:
        rows = consultation.messages.filter(pk__gt=int(seen)).exclude(by_user=request.user)
        new = rows.count()
        if typed and presence.already_said(consultation, request.user, seen=int(seen), typed=typed):
            typed = None
    writing = bool(typed and typed.strip())
    presence.look(consultation, request.user, at, typed=typed, writing=writing)
    others = presence.fresh(consultation.presences.select_related("user"), request.user, at)
    context = {"others": others, "new_since": new, "kept": at if writing else None}
    return render(request, "consultation/_presence.html", context)


@access.staff
@require_safe
@never_cache
def thread_whatsapp(request: Request, number: str) -> HttpResponse:
    """Fragment above the buttons: what an answer by WhatsApp would go as. Asked every minute, because windows close."""
    consultation = find(request, number)
    context = {"consultation": consultation, **_whatsapp(consultation)}
    return render(request, "consultation/_whatsapp.html", context)


@access.staff
@require_safe
def thread_canned(request: Request, number: str) -> HttpResponse:
    """Fragment inside the answer's form: the office's canned answers, the most used first."""
    context = {"canned": _canned(request), "consultation": find(request, number)}
    return render(request, "consultation/_canned.html", context)


def _canned(request: Request) -> list[CannedAnswer]:
    return list(request.office.canned_answers.order_by("-used", "title").only("pk", "title"))


@access.staff
@require_safe
@never_cache
def thread_file(request: Request, number: str, pk: int) -> HttpResponseBase:
    consultation = find(request, number)
    attachment = get_object_or_404(consultation.attachments, pk=pk)
    trail.record_read(attachment, by=request.actor, office_id=request.office.pk)
    return files.response(attachment)
