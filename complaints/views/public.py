"""Complaining: on the portal, on the tablet, from the ticket's page, from the account; and fetching the secret of what an
officer wrote down."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from complaints import flood, telling
from complaints.forms import ComplaintForm
from complaints.models import Channel, Complaint, Privacy
from complaints.workflows import claiming, lodging
from queueing.qr import qr_svg
from services.accounts import access, devices, limits, visitors
from services.accounts.http import Request
from services.accounts.models import User
from services.audit.actors import VISITOR, Actor
from services.files.shelf import FileRefused
from services.guestbook.models import Visit
from services.offices.current import enter, speak


def account_of(request: Request) -> User | None:
    """Who is signed in and has shown that the account's mailbox is theirs; never on a device of the office."""
    return request.user if visitors.mailbox(request.user) and not devices.on_one(request) else None


def actor_of(request: Request) -> Actor:
    """An officer who uses the public form does so as anybody: it was not their work to write it down."""
    return VISITOR if request.actor.kind == "officer" else request.actor


def _take(
    request: Request, *, channel: str, template: str, form: ComplaintForm, **extra: Any
) -> HttpResponse:
    """The form; what was typed stays in it when a limit says no. Sent: number and secret, told this once."""
    sent = request.method == "POST" and form.is_valid()
    visit = extra.get("token", "")
    if sent and flood.too_many(request, visit):
        flood.held(request.office, flood.source(request, visit))
        form.add_error(None, limits.words())
        return render(request, template, {"form": form, **extra}, status=429)
    if not sent:
        return render(request, template, {"form": form, **extra}, status=422 if form.errors else 200)
    try:
        complaint, secret = lodging.lodge(
            office=request.office, channel=channel, by=actor_of(request), language=(get_language() or "id")[:2],
            source=flood.joined(request, visit), **_receipt_once(request, form.facts()),
        )  # fmt: skip
    except FileRefused as refused:  # a picture that cannot be drawn anew
        form.add_error("attachments", str(refused))
        return render(request, template, {"form": form, **extra}, status=422)
    found = {"complaint": complaint, "secret": secret, **receipt(request, complaint)}
    return render(request, template, {**found, **extra})


def _receipt_once(request: Request, facts: dict[str, Any]) -> dict[str, Any]:
    """Anybody may write anybody's address into the form: so many receipts an hour go to one mailbox."""
    mailbox = facts["person"]["email"] if facts["privacy"] != Privacy.ANONYMOUS else ""
    return {
        **facts,
        "confirm": not (mailbox and limits.exceeded(request, "complaint receipt", whose=mailbox)),
    }


def receipt(request: Request, complaint: Complaint) -> dict[str, Any]:
    """Where it is followed, and what comes next."""
    address = request.build_absolute_uri(reverse("complaints:status", args=[complaint.office.code]))
    return {"address": address, "qr": qr_svg(address), "told": telling.told(complaint)}


@access.public
@never_cache
def public(request: Request, code: str) -> HttpResponse:
    if not request.office.services.filter(active=True).exists():
        raise Http404  # a unit that only holds the tree together: nobody there would read it
    account = account_of(request)
    form = ComplaintForm(request.POST or None, request.FILES or None, office=request.office, account=account)
    channel = Channel.PORTAL if account else Channel.ONLINE
    return _take(request, channel=channel, template="complaints/form.html", form=form)


@access.public
@never_cache
def from_visit(request: Request, token: str) -> HttpResponse:
    """From the page of one's own visit: the complaint knows which service it is about, and who served."""
    visit = get_object_or_404(
        Visit.objects.select_related("office").prefetch_related("services__service", "services__officer"),
        token=token,
    )
    enter(request, visit.office)
    speak(request, visit.language)
    given = sorted(visit.services.all(), key=lambda one: one != visit.main)
    return _take(
        request,
        channel=Channel.PHONE,
        template="complaints/form.html",
        form=ComplaintForm(request.POST or None, request.FILES or None, office=visit.office, given=given),
        back=reverse("queueing:visit", args=[token]),
        token=token,
    )


@access.device("kiosk")
@never_cache
def kiosk(request: Request) -> HttpResponse:
    form = ComplaintForm(request.POST or None, office=request.office, files=False)
    return _take(request, channel=Channel.TABLET, template="complaints/kiosk.html", form=form)


@access.public
@require_safe
def published(request: Request, code: str) -> HttpResponse:
    """ "You said, we did": in the office's own words, which name nobody."""
    rows = Complaint.objects.filter(office=request.office).exclude(published_at=None)
    shown = rows.order_by("-published_at").values("said", "did", "published_at")[:100]
    return render(request, "complaints/published.html", {"rows": list(shown)})


@access.public
@never_cache
def claim(request: Request, code: str, token: str) -> HttpResponse:
    """The address in the receipt of a complaint that an officer wrote down. Opening it tells nothing, because mail servers open
    addresses too; the button tells the secret, once."""
    if limits.reached(request, "complaint status"):
        return render(request, "complaints/claim.html", {"problem": limits.words()}, status=429)
    found = claiming.standing(token)
    if found is None or found.office_id != request.office.pk:
        limits.count(request, "complaint status")
        return render(request, "complaints/claim.html", {"gone": True}, status=410)
    done = claiming.claim(token) if request.method == "POST" else None
    if done is None:
        gone = request.method == "POST"
        return render(request, "complaints/claim.html", {"gone": gone}, status=410 if gone else 200)
    complaint, secret = done
    context = {"complaint": complaint, "secret": secret, **receipt(request, complaint)}
    return render(request, "complaints/claim.html", context)
