"""The visitor's tablet: take a number, sign the guest book, rate. Shows numbers, never names."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from queueing import estimates, selectors, slots, tokens
from queueing.issuing import wanted
from queueing.printing.tablet import print_automatically, print_context
from queueing.qr import qr_svg
from queueing.views.guestbook import fill_guest_book
from queueing.views.kiosk_known import recognise
from queueing.views.party import MOST_PEOPLE, party_size
from queueing.workflows import tablet
from queueing.workflows.issue import NumbersUsedUp, issue
from services.accounts import access
from services.accounts.http import Request
from services.guestbook import filling, recognition
from services.guestbook.models import Visit
from services.guestbook.returning import mask_name
from services.guestbook.workflows import arrive_once, arrived, expected
from services.offices.calendar import OfficeCalendar
from services.ratings.workflows import offered_on_tablet


@access.device("kiosk")
@never_cache
def kiosk(request: Request, problem: str = "", status: int = 200) -> HttpResponse:
    """The first screen: what this office offers right now. `?baru=1`: the next visitor, in the office's language."""
    if not request.htmx:
        recognition.forget(request.device)
    if "baru" in request.GET:
        return _for_the_next_visitor()
    office = request.office
    calendar = OfficeCalendar(office)
    offers = selectors.offers(office, forecast=estimates.Forecast(office, calendar=calendar))
    door = calendar.state()
    context = {
        "offers": offers,
        "queues": any(o.queue for o in offers),
        "door": door,
        "stopped": selectors.numbers_stopped(office, door),
        "party_sizes": range(1, MOST_PEOPLE + 1),
        "priority": request.GET.get("priority") == "1",
        "party": party_size(request.GET.get("party", "")),
        "some_full": any(o.full for o in offers),
        "appointments": slots.offered_today(office),
        "to_sign": selectors.waiting_for_guest_book(office).count(),
        "to_rate": offered_on_tablet(office).count(),
        "token": tokens.make(request.device.pk),
        "problem": problem,
    }
    template = "queueing/kiosk.html#choices" if request.htmx else "queueing/kiosk.html"
    return render(request, template, context, status=status)


def _for_the_next_visitor() -> HttpResponse:
    response = redirect("queueing:kiosk")
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, settings.LANGUAGE_CODE, samesite="Lax", secure=settings.HTTPS
    )
    return response


@access.device("kiosk")
def take_number(request: Request) -> HttpResponse:
    """A tap on a service: a number, or (a standard without a queue) straight to the guest book."""
    if request.method != "POST":  # reloaded, or another language chosen: a tablet has no other way out
        return redirect("queueing:kiosk")
    try:
        page = tokens.read(request.POST.get("token", ""), request.device.pk).key
    except tokens.TokenRefused as problem:
        return kiosk(request, problem=str(problem), status=409)
    submission = tablet.key_of(page, request.POST.get("attempt", ""))
    tapped = wanted(
        request.office, request.POST.get("service", ""), device_id=request.device.pk, submission=submission
    )
    if tapped is None:
        return kiosk(
            request, problem=_("Layanan itu tidak ada di kantor ini. Silakan pilih lagi."), status=422
        )
    if tapped.withdrawn:  # called off meanwhile: nobody waits for the answer
        return kiosk(request, status=409)
    service = tapped.service
    if not selectors.takes_numbers(service):
        book = reverse("queueing:kiosk_new_guest", args=[service.slug])
        return _go(request, f"{book}?kunci={tokens.make(request.device.pk, submission)}")
    if not tapped.numbers_when_closed and selectors.numbers_stopped(request.office):
        return kiosk(request, status=409)
    try:
        ticket = issue(
            office=request.office,
            service=service,
            submission=submission,
            by=request.actor,
            priority=request.POST.get("priority") == "1",
            party_size=party_size(request.POST.get("party", "")),
            language=get_language() or "id",
        )
    except NumbersUsedUp as problem:
        return kiosk(request, problem=str(problem), status=409)
    if tablet.called_off_meanwhile(ticket, submission, by=request.actor):
        return kiosk(request, status=409)
    if tapped.on_paper:
        print_automatically(request, ticket)
    return _go(request, reverse("queueing:kiosk_ticket", args=[ticket.received.visit.token]))


@access.device("kiosk")
@require_POST
def withdraw(request: Request) -> HttpResponse:
    """Called off while the network was away. Also a page too old to be withdrawn from is done with."""
    with suppress(tokens.TokenRefused):
        key = tokens.read(request.POST.get("token", ""), request.device.pk).key
        submission = tablet.key_of(key, request.POST.get("attempt", ""))
        tablet.withdraw(office=request.office, submission=submission, by=request.actor)
    return HttpResponse(status=204)


def _go(request: Request, to: str) -> HttpResponse:
    """The tablet's script asks for the address as JSON, so that it can ask again when the answer got lost."""
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"to": to})
    return redirect(to)


@access.device("kiosk")
@never_cache
def help_choose(request: Request) -> HttpResponse:
    """ "Help me choose": what each service is for, in its own words. Priority and people come along."""
    office = request.office
    context = {
        "offers": selectors.offers(office, forecast=estimates.Forecast(office)),
        "stopped": selectors.numbers_stopped(office),
        "token": tokens.make(request.device.pk),
        "priority": request.GET.get("priority") == "1",
        "party": party_size(request.GET.get("party", "")),
    }
    return render(request, "queueing/kiosk_help.html", context)


@access.device("kiosk")
@never_cache
def new_guest(request: Request, slug: str) -> HttpResponse:
    """The guest book of a service without numbers. Signing it is the arrival: who walks away was not here."""
    service = get_object_or_404(request.office.services.filter(active=True).with_standard(), slug=slug)
    if selectors.takes_numbers(service):
        return redirect("queueing:kiosk")  # its standard changed while the page was open
    try:
        opened = tokens.read(request.GET.get("kunci", ""), request.device.pk)
    except tokens.TokenRefused as problem:
        return kiosk(request, problem=str(problem), status=409)

    if request.method != "POST" and arrived(request.office, opened.key):
        return redirect("queueing:kiosk")  # "back" after signing: the next visitor starts at the start
    here = f"{request.path}?kunci={quote(request.GET.get('kunci', ''))}"
    if "kenal" in request.GET:
        return recognise(request, opened.key, here)

    def arrive() -> Visit:
        return arrive_once(
            office=request.office,
            service=service,
            submission=opened.key,
            by=request.actor,
            language=get_language() or "id",
            at=opened.at,
        )

    return fill_guest_book(
        request,
        expected(service, opened.at),
        arrive=arrive,
        channel=Visit.Channel.TABLET,
        template="queueing/kiosk_guest_book.html",
        done=lambda visit: reverse("queueing:kiosk_welcome", args=[visit.token]),
        back=reverse("queueing:kiosk"),
        **_known(request, opened.key, here),
    )


def _known(request: Request, book: str, here: str) -> dict[str, Any]:
    """Who was recognised for this guest book, and the way to be; `?baru` is "that is not me"."""
    if "baru" in request.GET:
        recognition.forget(request.device)
    asking = f"{here}{'&' if '?' in here else '?'}kenal=1"
    visitor = recognition.at_tablet(request.device, book)
    name = mask_name(visitor.name) if visitor else ""
    return {
        "known": visitor,
        "known_name": name,
        "known_url": asking,
        "unknown_url": asking.replace("kenal=1", "baru=1"),
    }


@access.device("kiosk")
@never_cache
def welcome(request: Request, token: str) -> HttpResponse:
    """Signed in where nobody queues: the name the screens use for this visit, and its page for the phone."""
    visit = visit_of(request, token)
    address = request.build_absolute_uri(reverse("queueing:visit", args=[visit.token]))
    context = {"visit": visit, "qr": qr_svg(address), "address": address}
    return render(request, "queueing/kiosk_welcome.html", context)


def visit_of(request: Request, token: str) -> Visit:
    """A visit of today, by its unguessable token; yesterday's is over for the tablet."""
    visits = request.office.visits.select_related("office").prefetch_related("services__standard__rule_set")
    return get_object_or_404(visits, token=token, day=request.office.today(timezone.now()))


@access.device("kiosk")
@never_cache
def ticket(request: Request, token: str) -> HttpResponse:
    """The number just taken, with a code to carry it on a phone."""
    visit = visit_of(request, token)
    ticket = selectors.ticket_of(visit)
    if ticket is None:
        return redirect("queueing:kiosk")
    address = request.build_absolute_uri(reverse("queueing:visit", args=[visit.token]))
    wait = estimates.Forecast(request.office).of_ticket(ticket)
    estimates.told(ticket, wait)
    context = {
        "ticket": ticket,
        "before": selectors.people_before(ticket),
        "wait": wait,
        "slot": ticket.slot_ahead(),
        "qr": qr_svg(address),
        "address": address,
        "clock": ticket.received,
        **print_context(request, ticket),
    }
    return render(request, f"queueing/kiosk_ticket.html{'#place' if request.htmx else ''}", context)


@access.device("kiosk")
@never_cache
def sign_list(request: Request) -> HttpResponse:
    """Whose guest book is still empty: choose one's own number."""
    context = {"visits": selectors.waiting_for_guest_book(request.office)[:24]}
    template = "queueing/kiosk_sign.html#numbers" if request.htmx else "queueing/kiosk_sign.html"
    return render(request, template, context)


@access.device("kiosk")
@never_cache
def guest_book(request: Request, token: str) -> HttpResponse:
    visit = visit_of(request, token)
    ticket = selectors.ticket_of(visit)
    filling.seen_open(visit, Visit.Channel.TABLET)
    if request.htmx:
        return render(
            request, "queueing/_called.html#called", {"visit": visit, "ticket": ticket, "tablet": True}
        )
    if "kenal" in request.GET and not visit.guest_book_at:
        return recognise(request, visit.token, request.path, visit=visit, ticket=ticket)
    return fill_guest_book(
        request,
        visit,
        channel=Visit.Channel.TABLET,
        template="queueing/kiosk_guest_book.html",
        done=reverse("queueing:kiosk_thanks"),
        back=reverse("queueing:kiosk"),
        ticket=ticket,
        **_known(request, visit.token, request.path),
    )
