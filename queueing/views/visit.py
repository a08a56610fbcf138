"""The visitor's own page, by the unguessable address on the ticket: place in the queue, guest book, rating.

It never shows a name, also not the visitor's own: a ticket can be lost.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from queueing import estimates, selectors
from queueing.models import Ticket
from queueing.models.rules import of_office
from queueing.views.guestbook import fill_guest_book
from queueing.workflows import desk, visitor
from services.accounts import access, limits
from services.accounts.http import Request
from services.guestbook import clocks, filling
from services.guestbook.models import Visit
from services.offices import hourly
from services.offices.current import enter, speak
from services.ratings import raters
from services.ratings.forms import STARS
from services.ratings.views import take_rating
from services.responses import changed
from services.surveys.views.filling import to_survey
from services.workflow import IllegalMove

MAY_LEAVE = ("waiting", "skipped")
GOOD_FOR = timedelta(days=1)  # after the end of the visit; long enough to rate it in the evening


def find(request: Request, token: str) -> Visit:
    visits = Visit.objects.select_related("office__parent").prefetch_related(
        "services__standard__rule_set", "services__service"
    )
    visit = get_object_or_404(visits, token=token)
    enter(request, visit.office)
    speak(request, visit.language)
    if timezone.now() > (visit.ended_at or visit.arrived_at + GOOD_FOR) + GOOD_FOR:
        raise Expired
    return visit


class Expired(Exception):
    """The address on an old ticket says nothing any more."""


def while_it_is_good(
    view: Callable[..., HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """An old ticket found in a pocket: 410 and where to go instead, on every page of the visit."""

    @wraps(view)
    def guarded(request: Request, token: str) -> HttpResponseBase:
        try:
            return view(request, token)
        except Expired:
            return render(request, "queueing/visit_expired.html", status=410)

    return guarded


@access.public
@never_cache
@while_it_is_good
def visit(request: Request, token: str) -> HttpResponse:
    visit = find(request, token)
    ticket = selectors.ticket_of(visit)
    key = raters.known(request)
    to_rate = selectors.served(visit, key)
    context = {
        "visit": visit,
        "ticket": ticket,
        **_wait(ticket),
        "clock": clocks.read(visit.main) if visit.main else None,
        "to_rate": to_rate,
        "stars": STARS,
        "to_survey": bool(to_survey(request, visit)),
        "now": next((r for r in visit.services.all() if r.state in ("serving", "waiting")), visit.main),
        "may_sign": not visit.guest_book_at and not visit.ended_at,
        "may_leave": ticket is not None and ticket.state in MAY_LEAVE,
        "may_rejoin": ticket is not None and ticket.state == Ticket.State.SKIPPED and not ticket.rejoined,
    }
    template = "queueing/visit.html#status" if request.htmx else "queueing/visit.html"
    response = render(request, template, context)
    if to_rate and not key:  # two taps on a star are one phone's
        raters.remember(response, raters.new(), reverse("queueing:visit", args=[token]))
    return response


def _wait(ticket: Ticket | None) -> dict[str, object]:
    """How many are before this one, how long that may take, and whether they may be called later."""
    if ticket is None or ticket.state != Ticket.State.WAITING:
        return {}
    wait = estimates.Forecast(ticket.office).of_ticket(ticket)
    estimates.told(ticket, wait)
    rules = of_office(ticket.office)
    later = ticket.not_before if ticket.not_before and ticket.not_before > timezone.now() else None
    return {
        "before": selectors.people_before(ticket),
        "wait": wait,
        "later": later,
        "slot": ticket.slot_ahead(),
        "more_minutes": rules.more_minutes if visitor.may_ask_for_more(ticket, rules) else 0,
    }


@access.public
@never_cache
@while_it_is_good
def guest_book(request: Request, token: str) -> HttpResponse:
    visit = find(request, token)
    page = reverse("queueing:visit", args=[token])
    ticket = selectors.ticket_of(visit)
    filling.seen_open(visit, Visit.Channel.PHONE)
    if request.htmx:
        return render(request, "queueing/_called.html#called", {"visit": visit, "ticket": ticket})
    if visit.ended_at:
        return redirect(page)
    return fill_guest_book(
        request,
        visit,
        channel=Visit.Channel.PHONE,
        template="queueing/visit_guest_book.html",
        done=page,
        back=page,
        ticket=ticket,
    )


def so_often(what: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Sending is counted for each visit's own page (`limits.LIMITS`), so that whoever floods one stops nobody else, not on the
    same Wi-Fi either. The office is told, and nothing more happens: no lock, no search."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def counted(request: Request, token: str) -> HttpResponse:
            if request.method == "POST" and limits.exceeded(request, what, whose=f"visit {token}"):
                hourly.tell(find(request, token).office, f"{what}.flood")
                return render(request, "queueing/visit_too_often.html", {"token": token}, status=429)
            return view(request, token)

        return counted

    return decorate


@access.public
@never_cache
@while_it_is_good
@so_often("rating")
def rate(request: Request, token: str) -> HttpResponse:
    visit = find(request, token)
    key = raters.known(request) or raters.new()
    received = selectors.served(visit, key)
    page = reverse("queueing:visit", args=[token])
    if received is None:
        return redirect(page)
    response = take_rating(
        request, received, channel="phone", template="queueing/visit_rating.html", done=page, rater=key
    )
    return raters.remember(response, key, page)


@access.public
@require_POST
@while_it_is_good
def leave(request: Request, token: str) -> HttpResponse:
    """ "I'm leaving": the number is given up, the next one moves up."""
    visit = find(request, token)
    ticket = selectors.ticket_of(visit)
    page = reverse("queueing:visit", args=[token])
    if ticket is None or ticket.state not in MAY_LEAVE:
        return changed(request, page, _("Nomor ini tidak dapat dibatalkan lagi."), level="error")
    try:
        desk.cancel(ticket, by=request.actor)
    except IllegalMove as problem:
        return changed(request, page, str(problem), level="error")
    return changed(request, page, _("Nomor Anda sudah dibatalkan."))


@access.public
@require_POST
@while_it_is_good
def more_time(request: Request, token: str) -> HttpResponse:
    """ "I need more time": others are called first for a while. With `ready`: not any more."""
    visit = find(request, token)
    ticket = selectors.ticket_of(visit)
    page = reverse("queueing:visit", args=[token])
    if ticket is None:
        return changed(request, page)
    try:
        change = visitor.ready_after_all if request.POST.get("ready") == "1" else visitor.more_time
        change(ticket, by=request.actor)
    except IllegalMove as problem:
        return changed(request, page, str(problem), level="error")
    return changed(request, page)  # the page itself says until when


@access.public
@require_POST
@while_it_is_good
def rejoin(request: Request, token: str) -> HttpResponse:
    """Skipped, and back: at the end of the queue, once."""
    visit = find(request, token)
    ticket = selectors.ticket_of(visit)
    page = reverse("queueing:visit", args=[token])
    if ticket is None or ticket.state != Ticket.State.SKIPPED:
        return changed(request, page)
    try:
        desk.rejoin(ticket, by=request.actor)
    except IllegalMove as problem:
        return changed(request, page, str(problem), level="error")
    return changed(request, page)
