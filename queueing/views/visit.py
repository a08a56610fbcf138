"""The visitor's own page, by the unguessable address on the ticket: place in the queue, guest book, rating.

It never shows a name, also not the visitor's own: a ticket can be lost.
"""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from queueing import selectors
from queueing.models import Ticket
from queueing.views.guestbook import fill_guest_book
from queueing.workflows import desk
from services.accounts import access
from services.accounts.http import Request
from services.guestbook import clocks
from services.guestbook.models import Visit
from services.offices.current import enter
from services.ratings.views import take_rating
from services.responses import changed
from services.workflow import IllegalMove

MAY_LEAVE = ("waiting", "skipped")


def _visit(request: Request, token: str) -> Visit:
    visits = Visit.objects.select_related("office__parent").prefetch_related(
        "services__standard__rule_set", "services__service"
    )
    visit = get_object_or_404(visits, token=token)
    enter(request, visit.office)
    return visit


@access.public
@never_cache
def visit(request: Request, token: str) -> HttpResponse:
    visit = _visit(request, token)
    ticket = selectors.ticket_of(visit)
    context = {
        "visit": visit,
        "ticket": ticket,
        "before": selectors.people_before(ticket)
        if ticket and ticket.state == Ticket.State.WAITING
        else None,
        "clock": clocks.read(visit.main) if visit.main else None,
        "to_rate": selectors.served(visit),
        "now": next((r for r in visit.services.all() if r.state in ("serving", "waiting")), visit.main),
        "may_sign": not visit.guest_book_at and not visit.ended_at,
        "may_leave": ticket is not None and ticket.state in MAY_LEAVE,
    }
    template = "queueing/visit.html#status" if request.htmx else "queueing/visit.html"
    return render(request, template, context)


@access.public
@never_cache
def guest_book(request: Request, token: str) -> HttpResponse:
    visit = _visit(request, token)
    page = reverse("queueing:visit", args=[token])
    if visit.ended_at:
        return redirect(page)
    return fill_guest_book(
        request,
        visit,
        channel=Visit.Channel.PHONE,
        template="queueing/visit_guest_book.html",
        done=page,
        back=page,
    )


@access.public
@never_cache
def rate(request: Request, token: str) -> HttpResponse:
    visit = _visit(request, token)
    received = selectors.served(visit)
    page = reverse("queueing:visit", args=[token])
    if received is None:
        return redirect(page)
    return take_rating(request, received, channel="phone", template="queueing/visit_rating.html", done=page)


@access.public
@require_POST
def leave(request: Request, token: str) -> HttpResponse:
    """ "I'm leaving": the number is given up, the next one moves up."""
    visit = _visit(request, token)
    ticket = selectors.ticket_of(visit)
    page = reverse("queueing:visit", args=[token])
    if ticket is None or ticket.state not in MAY_LEAVE:
        return changed(request, page, _("Nomor ini tidak dapat dibatalkan lagi."), level="error")
    try:
        desk.cancel(ticket, by=request.actor)
    except IllegalMove as problem:
        return changed(request, page, str(problem), level="error")
    return changed(request, page, _("Nomor Anda sudah dibatalkan."))
