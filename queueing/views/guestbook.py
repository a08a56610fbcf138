"""Filling in the guest book, the same for tablet, phone and desk."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from queueing import selectors
from queueing.workflows import desk
from services.accounts.http import Request
from services.audit.actors import Actor
from services.guestbook import recognition, workflows
from services.guestbook.forms import GuestBookForm
from services.guestbook.models import Visit, Visitor
from services.workflow import IllegalMove, can_move


def fill_guest_book(
    request: Request,
    visit: Visit,
    *,
    channel: str,
    template: str,
    done: str | Callable[[Visit], str],
    back: str,
    arrive: Callable[[], Visit] | None = None,
    known: Visitor | None = None,
    fault: str = "",
    **shown: Any,
) -> HttpResponse:
    """Show or store the form. A book that is signed already is never shown again, to nobody.

    `arrive` opens the visit of somebody who is only expected so far, in the transaction of the signature. `known`:
    somebody the desk or the tablet has recognised; the tablet asks them only what belongs to the visit. `fault`: why it cannot be stored as it is. `shown`: more for the page; `initial` fills the form.
    """
    if visit.guest_book_at:
        messages.info(request, _("Buku tamu untuk nomor ini sudah diisi. Terima kasih."))
        return redirect(back)
    form = GuestBookForm(
        request.POST or None,
        visit=visit,
        known=known if channel == Visit.Channel.TABLET else None,
        by_officer=channel in (Visit.Channel.DESK, Visit.Channel.PAPER),
        alone=channel == Visit.Channel.TABLET,
        initial=shown.pop("initial", None),
    )
    if fault:
        form.add_error(None, fault)
    if request.method == "POST" and form.is_valid():
        try:
            visit = _stored(form, visit, arrive, channel=channel, by=request.actor, known=known)
        except IllegalMove as problem:
            messages.info(request, str(problem))
            return redirect(back)
        if channel == Visit.Channel.TABLET:
            recognition.forget(request.device)
        if channel in (Visit.Channel.TABLET, Visit.Channel.DESK):
            _at_the_counter(visit, request)
        if channel in (Visit.Channel.PHONE, Visit.Channel.PAPER):
            messages.success(request, _("Buku tamu tersimpan. Terima kasih."))
        return redirect(done if isinstance(done, str) else done(visit))
    context = {"form": form, "visit": visit, "back": back, **shown}
    return render(request, template, context, status=422 if form.errors else 200)


@transaction.atomic
def _stored(
    form: GuestBookForm,
    visit: Visit,
    arrive: Callable[[], Visit] | None,
    *,
    channel: str,
    by: Actor,
    known: Visitor | None,
) -> Visit:
    """Signed, with the further services that were ticked. Raises IllegalMove."""
    visit = arrive() if arrive else visit
    visit = workflows.sign(visit=visit, channel=channel, by=by, visitor=known, **form.entry())
    for service in visit.office.services.filter(active=True, slug__in=form.further_services()):
        workflows.add_service(visit=visit, service=service, by=by, from_paper=channel == Visit.Channel.PAPER)
    return visit


def _at_the_counter(visit: Visit, request: Request) -> None:
    """Whoever signs on the tablet or at the desk after being called has come: no extra tap for the officer."""
    ticket = selectors.ticket_of(visit)
    if ticket and ticket.state == "called" and can_move(ticket, "arrived"):
        with suppress(IllegalMove):  # the officer tapped "Sudah datang" in the same instant
            desk.arrived(ticket, by=request.actor)
