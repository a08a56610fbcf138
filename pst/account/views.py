"""The owner's own pages: what there is, profile, safety, data, the end."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.email_verification import send_verification_email_for_user
from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from complaints import own as complaints
from pst.account import closing, linking, records, surveys
from pst.account.forms import MOST_NAME
from pst.privacy import own, own_library, retention, workflows
from pst.privacy.models import PrivacyRequest
from pst.privacy.own import Way
from services.accounts import access, visitors
from services.accounts.http import Request
from services.audit import trail
from services.guestbook import accounts
from services.offices.current import enter
from services.offices.models import Office
from services.workflow import IllegalMove

PAGE = 30  # of a list


class ProfileForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Nama lengkap"),
        max_length=MOST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class CloseForm(forms.Form):
    """Nothing is chosen beforehand."""

    records = forms.ChoiceField(
        label=gettext_lazy("Catatan Anda di kantor-kantor"),
        choices=[
            ("keep", gettext_lazy("Biarkan: hanya akunnya yang ditutup")),
            ("erase", gettext_lazy("Minta dihapus juga di semua kantor")),
        ],
        widget=forms.RadioSelect,
    )


@access.visitor
@never_cache
def home(request: Request) -> HttpResponse:
    """What there is, over all offices."""
    found = records.overview(request.user) | {"surveys": surveys.open_surveys(request.user)}
    trail.record("account.own_read", request.user, by=request.actor)
    return render(request, "account/home.html", found)


@access.login
@never_cache
def verify(request: Request) -> HttpResponse:
    """Somebody who logs in here already, for their work, shows that the mailbox is theirs."""
    back = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = reverse("account:home")
    if visitors.mailbox(request.user):
        return redirect(back)
    if request.method == "POST":
        send_verification_email_for_user(request, request.user)
        return redirect(f"{reverse('account_email_verification_sent')}?{urlencode({'next': back})}")
    return render(request, "account/verify.html")


@access.visitor
@never_cache
def downloads(request: Request) -> HttpResponse:
    """Softcopies taken home; each with the hour of its office."""
    page = Paginator(records.copies(accounts.people_of(request.user)), PAGE).get_page(request.GET.get("page"))
    trail.record("account.own_read", request.user, by=request.actor, what="copies")
    return render(request, "account/downloads.html", {"page": page})


@access.visitor
@never_cache
def profile(request: Request) -> HttpResponse:
    form = ProfileForm(request.POST or None, initial={"name": request.user.name})
    if request.method == "POST" and form.is_valid():
        linking.rename(request.user, name=form.cleaned_data["name"], by=request.actor)
        messages.success(request, _("Nama Anda disimpan, juga di catatan kantor-kantor."))
        return redirect("account:profile")
    known = records.offices(accounts.people_of(request.user))
    context = {"form": form, "offices": known, "officer": visitors.works_here(request.user)}
    return render(request, "account/profile.html", context, status=422 if form.errors else 200)


@access.visitor
@never_cache
def safety(request: Request) -> HttpResponse:
    context = {"second_step": is_mfa_enabled(request.user), "officer": visitors.works_here(request.user)}
    return render(request, "account/safety.html", context)


@access.visitor
@never_cache
def take_along(request: Request) -> HttpResponse:
    """Everything of all offices as one file."""
    trail.record_export("account", request.user, by=request.actor, office_id=None, form="json")
    answer = JsonResponse(
        records.everything(request.user), json_dumps_params={"ensure_ascii": False, "indent": 1}
    )
    answer["Content-Disposition"] = 'attachment; filename="akun-saya.json"'
    return answer


@access.visitor
@never_cache
@reauthentication_required(app="allauth.account", allow_get=True)
def close(request: Request) -> HttpResponse:
    """Closes the account, and hands on what the owner wants done with their records."""
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = 0
        if form.cleaned_data["records"] == "erase":
            asked = _ask_erasure(request)
            retention.empty_complaints(complaints.of_account(request.user), by=request.actor)
        closing.close(request.user, by=request.actor, why="owner")
        logout(request)
        return render(request, "account/closed.html", {"asked": asked})
    context = {"form": form, "offices": records.offices(accounts.people_of(request.user))}
    return render(request, "account/close.html", context, status=422 if form.errors else 200)


def _ask_erasure(request: Request) -> int:
    """A request at each office, each with the clock of the law; returns how many."""
    count = 0
    for office in records.offices(accounts.people_of(request.user)):
        known = accounts.known_at(office, request.user)
        if known and known.name:
            workflows.receive(
                known,
                kind=PrivacyRequest.Kind.ERASURE,
                channel=PrivacyRequest.Channel.ONLINE,
                by=request.actor,
            )
            count += 1
    return count


def of_office(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Gives one of the own-data views (pst/privacy/own.py) the account's record at an office; 404 without one."""

    @wraps(view)
    def guarded(request: Request, at: str, **more: Any) -> HttpResponseBase:
        office = get_object_or_404(Office, code=at)
        known = accounts.known_at(office, request.user)
        if known is None or not known.name:
            raise Http404
        if request.method == "POST":
            try:
                known = accounts.record_for(office=office, user=request.user, by=request.actor)
            except IllegalMove as problem:
                messages.error(request, str(problem))
                return redirect("account:home")
        enter(request, office)
        return view(request, known, Way("account:own_", at, account=True), **more)

    return guarded


data = access.visitor(never_cache(of_office(own.show)))
file = access.visitor(never_cache(of_office(own.take_along)))
code = access.visitor(require_POST(of_office(own.make_code)))
ask_office = access.visitor(require_POST(of_office(own.request_it)))
book = access.visitor(never_cache(require_POST(of_office(own_library.act))))
