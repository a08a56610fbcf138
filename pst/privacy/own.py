"""The visitor's own way to their data, by a link that only their mailbox gets (UU 27/2022 art. 5 to 9).

Seeing, taking along and correcting happen at once; withdrawing and erasing go to the office with the law's clock.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from library import readers
from pst.privacy import retention, words, workflows
from pst.privacy.models import PrivacyRequest
from pst.privacy.views import CorrectForm
from queueing.qr import qr_svg
from services.accounts import access, limits
from services.accounts.http import Request
from services.audit import trail
from services.guestbook import contact, recognition
from services.guestbook.fields import ADULT_AT, PERSON, REFERENCES
from services.guestbook.models import ContactCode, ReferenceItem, Visitor
from services.offices.current import enter
from services.workflow import IllegalMove

KINDS = (PrivacyRequest.Kind.WITHDRAWAL, PrivacyRequest.Kind.ERASURE)


@dataclass(frozen=True)
class Way:
    """How the person came to their page, and with it the addresses of what can be done there: by the link in their
    mailbox, or signed in to their account."""

    names: str  # "privacy:own_" or "account:own_"
    key: str  # the link's secret, or the office's code
    account: bool = False

    @property
    def page(self) -> str:
        return reverse(f"{self.names}data", args=[self.key])

    @property
    def file(self) -> str:
        return reverse(f"{self.names}file", args=[self.key])

    @property
    def code(self) -> str:
        return reverse(f"{self.names}code", args=[self.key])

    @property
    def request(self) -> str:
        return reverse(f"{self.names}request", args=[self.key])

    @property
    def books(self) -> str:
        """What is done to a book follows: what, and which."""
        return self.page + "buku/"


class AddressForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("E-mail yang Anda tulis di buku tamu"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )


class OwnForm(CorrectForm):
    """All but the address, by which the visitor is known here."""

    class Meta(CorrectForm.Meta):
        fields = [name for name in CorrectForm.Meta.fields if name != "email"]


@access.public
@never_cache
def ask(request: Request, code: str) -> HttpResponse:
    """Asks for the link. Says the same whether the address is known or not."""
    form = AddressForm(request.POST or None)
    sent = False
    if request.method == "POST" and form.is_valid() and settings.MAIL_IS_SENT:
        if limits.exceeded(request, "contact code"):
            form.add_error("email", limits.words())
        else:
            contact.ask(
                office=request.office, email=form.cleaned_data["email"], purpose=ContactCode.Purpose.OWN_DATA,
                site=request.build_absolute_uri("/").rstrip("/"), by=request.actor,
                language=get_language() or "id",
            )  # fmt: skip
            sent = True
    context = {"form": form, "sent": sent, "by_mail": settings.MAIL_IS_SENT}
    return render(request, "privacy/own_ask.html", context, status=422 if form.errors else 200)


def of_whom(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Gives the view the visitor of the link. An old link: 410, and how to get a new one; one to data that were
    erased: 410, and that they were."""

    @wraps(view)
    def guarded(request: Request, token: str, **more: Any) -> HttpResponseBase:
        visitor = contact.of_link(token)
        if visitor is None:
            return render(request, "privacy/own_expired.html", status=410)
        enter(request, visitor.office)
        if not visitor.name:
            return render(request, "privacy/own_erased.html", status=410)
        return view(request, visitor, Way("privacy:own_", token), **more)

    return guarded


def show(request: Request, visitor: Visitor, way: Way) -> HttpResponse:
    """Everything the office keeps about this person. POST corrects what stands in the form."""
    form = OwnForm(request.POST or None, instance=Visitor.objects.get(pk=visitor.pk))
    if way.account:
        del form.fields["name"]  # theirs at every office, so it stands in their profile
    if visitor.birth_year and timezone.now().year - visitor.birth_year < ADULT_AT:
        del form.fields["birth_year"]  # a child does not grow up by writing so
    if request.method == "POST" and form.is_valid():
        try:
            workflows.corrected_by_owner(visitor, fields=form.cleaned_data, by=request.actor)
        except IllegalMove as problem:  # erased in this very moment
            messages.error(request, str(problem))
        else:
            messages.success(request, _("Data Anda diperbaiki."))
        return redirect(way.page)
    if request.method != "POST":
        trail.record("visitor.own_read", visitor, by=request.actor, office_id=visitor.office_id)
    found = workflows.everything(visitor, proven=True, named=way.account)
    shown_above = ("visits", "consents", Visitor._meta.label)
    context = {
        "form": form,
        "way": way,
        "person": _person(visitor),
        "found": found,
        "kept": words.described({k: v for k, v in found.items() if k not in shown_above}, visitor.office),
        "requests": visitor.privacy_requests.order_by("-received_at")[:10],
        "asked": {r.kind for r in visitor.privacy_requests.filter(state=PrivacyRequest.State.OPEN)},
        "kinds": KINDS,
        **_code(visitor),
        **readers.books(retention.everyone(visitor, proven=True), visitor.office.today()),
    }
    return render(request, "privacy/own_data.html", context, status=422 if form.errors else 200)


def _person(visitor: Visitor) -> list[tuple[str, Any]]:
    """The record in words: the names of the columns and of the answers in the lists."""
    labels: dict[tuple[str, str], str] = {}
    for item in ReferenceItem.objects.order_by("effective_from"):
        labels[item.list, item.code] = str(item)
    rows = []
    for name in PERSON:
        value = getattr(visitor, name)
        label = str(Visitor._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        rows.append((label, labels.get((REFERENCES.get(name, ""), str(value)), value)))
    return rows


def _code(visitor: Visitor) -> dict[str, Any]:
    if not visitor.personal_code:
        return {}
    code = recognition.personal_code(visitor)
    return {"code": code, "qr": qr_svg(code)}


def take_along(request: Request, visitor: Visitor, way: Way) -> HttpResponse:
    """The same as a file (UU 27/2022 art. 13: in a form that machines read)."""
    trail.record_export("own_data", visitor, by=request.actor, office_id=visitor.office_id, form="json")
    answer = JsonResponse(
        workflows.everything(visitor, proven=True, named=way.account),
        json_dumps_params={"ensure_ascii": False, "indent": 1},
    )
    answer["Content-Disposition"] = 'attachment; filename="data-saya.json"'
    return answer


def make_code(request: Request, visitor: Visitor, way: Way) -> HttpResponse:
    """The personal code for the next visit; `new`: instead of one that others may know."""
    if request.POST.get("new") == "1":
        recognition.forget_code(visitor)
    recognition.personal_code(visitor)
    return redirect(way.page)


def request_it(request: Request, visitor: Visitor, way: Way) -> HttpResponse:
    """Withdraw consent or erase: taken down for the office, with the clock of 3 × 24 hours."""
    kind = request.POST.get("kind", "")
    if kind not in KINDS:
        messages.error(request, _("Pilih permintaannya."))
        return redirect(way.page)
    try:
        taken = workflows.receive(visitor, kind=kind, channel=PrivacyRequest.Channel.ONLINE, by=request.actor)
    except IllegalMove as problem:
        messages.error(request, str(problem))
    else:
        due = visitor.office.local(taken.due_at)
        messages.success(
            request, _("Dicatat. Kantor menjawab paling lambat %s.") % date_format(due, "DATETIME_FORMAT")
        )
    return redirect(way.page)


data = access.public(never_cache(of_whom(show)))
file = access.public(never_cache(of_whom(take_along)))
code = access.public(require_POST(of_whom(make_code)))
ask_office = access.public(require_POST(of_whom(request_it)))
