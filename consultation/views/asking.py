"""Asking on the portal: first the question, with what may answer it already; then everything else (docs/decisions/030)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from consultation import knowledge, matching, selectors, whatsapp_out
from consultation.forms import AskForm
from consultation.models import Classification, Consultation, Suggested
from consultation.views.classification import by_words
from consultation.workflows import asking, suggesting
from services.accounts import access, devices, limits, visitors
from services.accounts.http import Request
from services.guestbook import accounts
from services.guestbook.models import Visitor
from services.offices.models import Office

MOST_SUGGESTED = 3
SHORTEST = 3
LONGEST = 8_000  # of what is carried from one step to the next
KEPT = "asking"  # in the session, while somebody goes to sign in
DOORS = {"login": "account_login", "signup": "account_signup"}


@access.public
@never_cache
def ask(request: Request) -> HttpResponse:
    """GET: `q` what was sought, `pustaka` the publication it is about, `kantor` the office. POST `step=more`: the question
    is written, the rest is asked for; without it: it is sent."""
    offices = list(selectors.askable())
    signed_in = account_of(request) is not None
    if request.method != "POST":
        kept = request.session.pop(KEPT, None)
        begun = kept or _begun(request, offices)
        return _page(request, AskForm(initial=begun, offices=offices, signed_in=signed_in), first=not kept)
    if request.POST.get("step") in DOORS:
        request.session[KEPT] = _again(request, offices)
        door = reverse(DOORS[request.POST["step"]])
        return redirect(f"{door}?{urlencode({'next': reverse('consultation:ask')})}")
    if request.POST.get("step") == "more":
        begun = _again(request, offices)
        form = AskForm(initial=begun, offices=offices, signed_in=signed_in)
        return _page(request, form, first=not begun["question"].strip())
    form = AskForm(request.POST, request.FILES, offices=offices, signed_in=signed_in)
    if not form.is_valid():
        return _page(request, form, status=422)
    if limits.exceeded(request, "consultation"):
        form.add_error(None, limits.words())
        return _page(request, form, status=429)
    asked = _send(request, form)
    if asked.account_id and asked.account_id == request.user.pk:
        return redirect("consultation:mine", asked.number)
    return redirect("consultation:thread", asked.token)


def _begun(request: Request, offices: list[Office]) -> dict[str, Any]:
    typed = " ".join(request.GET.get("q", "").replace("\0", "")[:300].split())
    return {
        "question": typed, "sought": typed, "pustaka": _key(request.GET.get("pustaka", "")),
        "office": _office(request.GET.get("kantor", ""), typed, offices),
    }  # fmt: skip


def _again(request: Request, offices: list[Office]) -> dict[str, Any]:
    """What stands in the form so far; from one step to the other nothing is judged. Who they are is not kept."""
    left_out = {
        "csrfmiddlewaretoken",
        "step",
        *AskForm.PERSON,
        *(() if request.POST.get("key") else ("key",)),
    }
    begun: dict[str, Any] = {n: request.POST[n][:LONGEST] for n in request.POST if n not in left_out}
    begun["question"] = begun.get("question", "")
    begun["office"] = _office(begun.get("office", ""), begun["question"], offices)
    return begun


def _office(code: str, question: str, offices: list[Office]) -> str:
    """The one that was chosen, else the one whose place the question names; the only one there is."""
    if any(office.code == code for office in offices):
        return code
    named = selectors.named_in(question, offices) or (offices[0] if len(offices) == 1 else None)
    return named.code if named else ""


def _key(text: str) -> str:
    return text if text.isascii() and text.isdecimal() and len(text) < 19 else ""


def _page(request: Request, form: AskForm, *, first: bool = False, status: int = 200) -> HttpResponse:
    question = form["question"].value() or ""
    context = {
        "form": form,
        "first": first,
        "question": question,
        "sought": form["sought"].value() or "",
        "asks_here": devices.on_one(request),
        "office": form.offices.get(form["office"].value() or ""),
        "chat": _chat(form.offices.get(form["office"].value() or ""), question),
        **_suggested(request, question, form["office"].value() or ""),
    }
    return render(request, "consultation/ask.html", context, status=status)


def _chat(office: Office | None, question: str) -> str:
    """The same question in a WhatsApp chat with the office, ready to be sent; "" where it has no such number."""
    return whatsapp_out.prepared_chat(whatsapp_out.number_of(office), question) if office else ""


def _send(request: Request, form: AskForm) -> Consultation:
    given = form.cleaned_data
    account, office = account_of(request), given["office"]
    publication = _key(given["pustaka"])
    return asking.ask(
        office=office, question=given["question"], subject=given["subject"], use_of_data=given["use_of_data"],
        sought=given["sought"][:300], wanted=form.wanted(), files=given["attachments"], submission=given["key"][:64],
        language=(get_language() or "id")[:2],
        publication=(int(publication), given["sought"] or given["question"]) if publication else None,
        account=account, visitor=record_of(request, office) if account else None,
        person=None if account else form.person(), whatsapp=given.get("whatsapp", False), by=request.actor,
        receipt=bool(account) or _may_get_receipt(request, form),
    )  # fmt: skip


def _may_get_receipt(request: Request, form: AskForm) -> bool:
    """Nobody fills a stranger's mailbox through us; the address of the thread is shown to who asked anyway."""
    mailbox = form.cleaned_data["email"]
    return not (mailbox and limits.exceeded(request, "consultation receipt", whose=mailbox))


def account_of(request: Request) -> Any:
    """Who is signed in and has shown that the account's mailbox is theirs; never on a device of the office."""
    return request.user if visitors.mailbox(request.user) and not devices.on_one(request) else None


def record_of(request: Request, office: Office) -> Visitor:
    """The record of this account's owner at that office."""
    return accounts.record_for(office=office, user=request.user, by=request.actor)


@access.public
@never_cache
@require_POST
def suggestions(request: Request) -> HttpResponse:
    """Fragment: what may answer the question as typed so far. Posted, so that it stands in no log."""
    typed = request.POST.get("question", "")[: matching.MOST_TYPED]
    office = request.POST.get("office", "")[:4]
    return render(request, "consultation/_suggested.html", _suggested(request, typed, office))


def _suggested(request: Request, typed: str, office: str) -> dict[str, Any]:
    if len(typed.strip()) < SHORTEST:
        return {"suggested": False}
    answers = list(knowledge.found(typed)[:MOST_SUGGESTED])
    codes = list(by_words(typed, Classification.objects.defer("search"))[:MOST_SUGGESTED])
    return {
        "suggested": True,
        "answers": [(answer, knowledge.address(answer)) for answer in answers],
        "codes": codes,
        "catalogue": reverse("library:suggest_for_question"),
        "kantor": office,
    }


@access.public
@require_POST
def enough(request: Request) -> HttpResponse:
    """ "Ini sudah menjawab": counted without a name, once for each press of the button; and thanks."""
    kind, key = request.POST.get("kind", ""), request.POST.get("key", "")[:40]
    if kind == Suggested.Kind.ANSWER:
        get_object_or_404(knowledge.published(), pk=_key(key) or 0)
    elif kind == Suggested.Kind.CLASSIFICATION:
        get_object_or_404(Classification, pk=_key(key) or 0)
    elif kind != Suggested.Kind.PUBLICATION or not _key(key):
        return render(request, "consultation/thanks.html", status=400)
    office = Office.objects.filter(code=request.POST.get("kantor", "")[:4]).first()
    if not limits.exceeded(request, "suggestion enough"):
        suggesting.enough(kind=kind, key=key, office=office)
    return redirect("consultation:thanks")


@access.public
def thanks(request: Request) -> HttpResponse:
    return render(request, "consultation/thanks.html", {"ask": reverse("consultation:ask")})
