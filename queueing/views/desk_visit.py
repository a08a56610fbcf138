"""One visit on the desk: the steps of *this* office's standard in *its* order, each with what can be done."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.cache import cache
from django.db import DatabaseError
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from queueing import selectors
from queueing.models import Counter
from queueing.models.rules import of_office
from queueing.qr import qr_svg
from queueing.workflows import desk as work
from services.accounts import access
from services.accounts.http import Request
from services.audit import trail
from services.guestbook import clocks, correcting, filling, reference, steps, workflows
from services.guestbook.models import ReferenceItem, Visit, VisitQuerySet, VisitService
from services.lockers.models import Deposit, Locker
from services.responses import changed, explains
from services.workflow import IllegalMove

DESK = "queueing:desk"
READ_AGAIN_SECONDS = 600
MOST_DEPOSITS = 200


def find(request: Request, pk: int) -> Visit:
    """A visit of the active office; another office's does not exist here."""
    return get_object_or_404(on_the_desk(request), pk=pk)


def own_counter(request: Request) -> Counter | None:
    """The counter this officer sits at: the database says, so that a second browser of the desk agrees."""
    return request.office.counters.filter(officer=request.user).first()


def on_the_desk(request: Request) -> VisitQuerySet:
    """Visits with all that their cards show."""
    return request.office.visits.with_services(selectors.TICKET, count="ratings")


def desk_url(visit: Visit) -> str:
    return f"{reverse(DESK)}?kunjungan={visit.pk}"


@access.staff
@never_cache
def card(request: Request, pk: int) -> HttpResponse:
    """Fragment: the visit with its steps."""
    return render(request, "queueing/_visit.html", card_of(request, find(request, pk)))


def card_of(request: Request, visit: Visit, counter: Counter | None = None) -> dict[str, Any]:
    """What the card shows; that the person's record was read is noted. `counter`: the officer's own, if known. What
    only some states show is lazy: a card asks the database ten times at most (tests/queueing/test_query_counts.py)."""
    _note_read(request, visit)
    ticket = selectors.ticket_of(visit)
    services = [(r, clocks.read(r)) for r in visit.services.all()]
    rules = visit.main.standard.rules if visit.main and visit.main.standard else None
    deposits = list(visit.deposits.select_related("locker").open()) if visit.held_items else []
    address = request.build_absolute_uri(reverse("queueing:visit", args=[visit.token]))
    own: Any = counter or SimpleLazyObject(lambda: own_counter(request))
    cards = reference.on(visit.day).get(ReferenceItem.List.CARD, [])
    return {
        "visit": visit,
        "ticket": ticket,
        "filling": filling.open_on(visit),
        "card_to_check": workflows.card_to_check(visit),
        "cards_to_check": cards,
        "queue_rules": SimpleLazyObject(lambda: of_office(request.office)),
        "own_counter": own,
        "may_call": SimpleLazyObject(lambda: selectors.may_be_called(ticket, own)),
        "at_counter": SimpleLazyObject(lambda: selectors.at_counter(own)),
        "may_pass_on": ticket is not None and ticket.state in ("arrived", "serving"),
        "services": services,
        "to_start": next((r for r, _clock in services if r.state == "waiting"), None),
        "steps": steps.progress(visit),
        "rules": rules,
        "deposits": deposits,
        "held": {d.what for d in deposits},
        **(_lockers(visit, deposits) if rules and rules.locker != "none" else {}),
        "cards": [card for card in cards if card.code != "none"],
        "qr": qr_svg(address),
        "to_rate": selectors.to_rate(visit),
        "party_ratings": selectors.party_ratings(visit),
        "leaving": not visit.ended_at and all(r.state in ("done", "cancelled") for r, _clock in services),
    }


def _lockers(visit: Visit, deposits: list[Deposit]) -> dict[str, Any]:
    """What may be given to this visit, read once and only if shown. The locker of which it has only the key, or only
    the inside, is offered first; for a bag, never one with a bag of theirs."""
    bags = {d.locker_id for d in deposits if d.what == Deposit.What.BAG}
    keys = {d.locker_id for d in deposits if d.locker_id and d.what != Deposit.What.BAG}
    free = SimpleLazyObject(lambda: list(Locker.objects.filter(office=visit.office_id).free(visit)))
    return {
        "free_lockers": free,
        "bag_lockers": SimpleLazyObject(lambda: [locker for locker in free if locker.pk not in bags]),
        "own_locker": next(iter(keys - bags or bags - keys), None),
    }


@access.staff
@never_cache
def more(request: Request, pk: int) -> HttpResponse:
    """Fragment, fetched when its line is opened: what is rarely done."""
    services = Prefetch("services", VisitService.objects.select_related("service", selectors.TICKET))
    visits = request.office.visits.select_related("visitor", "office").prefetch_related(services)
    visit = get_object_or_404(visits, pk=pk)
    ticket = selectors.ticket_of(visit)
    here = {r.service_id for r in visit.services.all()}
    context = {
        "visit": visit,
        "ticket": ticket,
        "other_services": request.office.services.filter(active=True).exclude(pk__in=here),
        "printers": visit.office.printers.filter(active=True, kind="network") if ticket else [],
        "address": request.build_absolute_uri(reverse("queueing:visit", args=[visit.token])),
        "signed_for": correcting.candidates(visit, request.office)
        if visit.guest_book_at and not visit.ended_at
        else [],
    }
    return piece(request, "queueing/_visit_more.html", context)


@access.staff
@never_cache
def pass_on(request: Request, pk: int) -> HttpResponse:
    """Fragment, fetched when its line is opened: to which counter or service somebody may be passed on."""
    visit = find(request, pk)
    ticket = selectors.ticket_of(visit)
    if ticket is None:
        raise Http404
    context = {"visit": visit, "ticket": ticket, "destinations": selectors.destinations(ticket)}
    return piece(request, "queueing/_pass_on.html", context)


def piece(request: Request, template: str, context: dict[str, Any]) -> HttpResponse:
    """A fragment of the card; without a script, a page of its own."""
    if request.htmx:
        return render(request, template, context)
    return render(request, "queueing/visit_more.html", {**context, "body": template})


def _note_read(request: Request, visit: Visit) -> None:
    """Reading a person's record is logged; the refreshes of an open card within ten minutes count as one.

    Each server process remembers for itself, so that several may log it once each; none logs it never.
    """
    if visit.visitor is None:
        return
    key = f"read:{request.user.pk}:{visit.visitor_id}"
    if not cache.add(key, 1, READ_AGAIN_SECONDS):
        return
    try:
        trail.record_read(visit.visitor, by=request.actor, office_id=request.office.pk, why="desk")
    except DatabaseError:
        cache.delete(key)  # what could not be noted is not shown either, nor at the next try
        raise


@access.staff
@require_POST
@explains(DESK)
def step(request: Request, pk: int, kind: str) -> HttpResponse:
    """A step without a form of its own is done, or a skippable one passed over."""
    visit = find(request, pk)
    skip = request.POST.get("skip") == "1"
    allowed = steps.SKIPPABLE if skip else {"triage", "rating"}
    if kind not in allowed or not any(s.kind == kind for s in steps.procedure(visit)):
        raise Http404
    if visit.ended_at:
        raise IllegalMove(_("Kunjungan ini sudah berakhir."))
    workflows.record_step(visit, kind, by=request.actor, skipped=skip)
    return changed(request, desk_url(visit))


@access.staff
@require_POST
@explains(DESK)
def card_check(request: Request, pk: int) -> HttpResponse:
    """The officer has looked at the identity card of somebody who signed on the tablet or phone."""
    visit = find(request, pk)
    code = request.POST.get("card_type", "")[:30]
    if not code:
        return changed(request, desk_url(visit), _("Pilih jenis kartu dahulu."), level="error")
    card = get_object_or_404(ReferenceItem.objects.on(visit.day), list=ReferenceItem.List.CARD, code=code)
    workflows.note_card(visit, card_type=card.code, by=request.actor)
    return changed(request, desk_url(visit), _("Dicatat: %s.") % card)


@access.staff
@require_POST
@explains(DESK)
def service(request: Request, pk: int, action: str) -> HttpResponse:
    """Start or end a service of the visit."""
    received = get_object_or_404(
        VisitService.objects.select_related("service", "visit__office"), pk=pk, office=request.office
    )
    received = {"start": work.start, "end": work.end}[action](received, by=request.actor)
    return changed(request, desk_url(received.visit), f"{received.service}: {received.get_state_display()}")


@access.staff
@require_POST
@explains(DESK)
def add_service(request: Request, pk: int) -> HttpResponse:
    """The visitor also wants another service: same visit, same guest book, a clock of its own."""
    visit = find(request, pk)
    wanted = get_object_or_404(
        request.office.services.filter(active=True), slug=request.POST.get("service", "")
    )
    received = workflows.add_service(visit=visit, service=wanted, by=request.actor)
    return changed(request, desk_url(visit), _("%s ditambahkan.") % received.service)


class EndForm(forms.Form):
    reason = forms.ChoiceField(
        label=gettext_lazy("Alasan"),
        choices=[c for c in Visit.EndReason.choices if c[0] in ("finished", "left")],
        initial="finished",
    )


@access.staff
@require_POST
@explains(DESK)
def close(request: Request, pk: int) -> HttpResponse:
    """The visitor goes home. Only a bag or card of theirs that we still hold stands in the way."""
    visit = find(request, pk)
    if "nothing_left" in request.POST:
        seen = {int(d) for d in request.POST.getlist("seen")[:MOST_DEPOSITS] if d.isdecimal() and len(d) < 19}
        work.check_out(visit, seen=seen, by=request.actor)
        return changed(request, DESK, _("Kunjungan selesai."))
    form = EndForm(request.POST or {"reason": "finished"})
    reason = form.cleaned_data["reason"] if form.is_valid() else "finished"
    work.close_visit(visit, by=request.actor, reason=reason)
    return changed(request, DESK, _("Kunjungan selesai."))
