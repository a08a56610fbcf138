"""The officer's desk: who waits, who is at the counter, who is in the house, and what comes next for each."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django_htmx.http import push_url, reswap, retarget, trigger_client_event

from queueing import roster, selectors
from queueing.models import Counter, Ticket
from queueing.models.rules import of_office
from queueing.views.desk_visit import card_of, on_the_desk, own_counter
from queueing.views.party import MOST_PEOPLE, party_size
from queueing.workflows import counters
from queueing.workflows import desk as work
from queueing.workflows import undo as taking_back
from queueing.workflows.issue import issue
from services.accounts import access
from services.accounts.http import Request
from services.guestbook import filling
from services.guestbook.models import Visit
from services.guestbook.workflows import arrive_once
from services.lockers import selectors as lockers
from services.offices.calendar import OfficeCalendar
from services.responses import CHANGED, changed, explains
from services.workflow import IllegalMove

DESK = "queueing:desk"
TICKET_ACTIONS = {
    "arrived": work.arrived,
    "skip": work.skip,
    "put-back": work.put_back,
    "hold": work.hold,
    "rejoin": work.rejoin,
    "no-show": work.no_show,
    "cancel": work.cancel,
}


@access.staff
@never_cache
def desk(request: Request) -> HttpResponse:
    """The page; its queue, the people in the house and the line about the door are fetched by themselves."""
    office = request.office
    if request.htmx and request.htmx.target == "door":
        return _door(request)
    counters = list(office.counters.filter(active=True).select_related("officer"))
    counter = next((c for c in counters if c.officer_id == request.user.pk), None)
    services = list(office.services.filter(active=True).with_rules())
    chosen = request.GET.get("kunjungan", "")
    context = {
        "counter": counter,
        "counters": counters,
        "pause_reasons": Counter.PauseReason.choices,
        "queues": any(selectors.takes_numbers(s) for s in services),
        "services_here": services,
        "most_people": MOST_PEOPLE,
        **(_opened(request, _whole(chosen), counter) if chosen else _at(request, counter)),
    }
    if chosen and not context["open_visit"]:
        messages.error(request, _("Kunjungan itu tidak ada di kantor ini."))
    return render(request, "queueing/desk.html", context)


def _door(request: Request) -> HttpResponse:
    calendar = OfficeCalendar(request.office)
    context = {
        "door": calendar.state(), "to_hand_back": lockers.to_hand_back(request.office, calendar),
        "on_duty": roster.on(request.office, request.office.today()),
    }  # fmt: skip
    return render(request, "queueing/_door.html", context)


@access.staff
@never_cache
def queue(request: Request) -> HttpResponse:
    """Fragment: the queue of this counter. A desk whose officer sits elsewhere by now is shown anew."""
    counter = own_counter(request)
    sat = request.GET.get("loket", "")
    if request.htmx and sat and _whole(sat) != (counter.number if counter else 0):
        if counter is None:
            messages.warning(request, _("Anda tidak lagi di loket %s: petugas lain duduk di sana.") % sat)
        return HttpResponse(headers={"HX-Refresh": "true"})
    current = selectors.at_counter(counter) if counter else None
    context = {
        "counter": counter,
        "queue": selectors.queue(request.office, counter),
        "queue_rules": of_office(request.office),
        "current": current,
        "filling": filling.open_on(current.received.visit) if current else "",
    }
    return render(request, "queueing/_queue.html", context)


@access.staff
@never_cache
def present(request: Request) -> HttpResponse:
    """Fragment: everybody in the house, with the step each is at. Numbers only: the screen faces the room."""
    context = {
        "present": selectors.present(request.office),
        "left_behind": lockers.left_behind(request.office),
    }
    return render(request, "queueing/_present.html", context)


@access.staff
@never_cache
def current(request: Request) -> HttpResponse:
    """Fragment: whoever is at this counter, for a desk that has no visit open."""
    return render(request, "queueing/_open_visit.html", _at(request, own_counter(request)))


def _open(request: Request, visit_id: int) -> HttpResponse:
    return render(request, "queueing/_open_visit.html", _opened(request, visit_id))


def _at(request: Request, counter: Counter | None) -> dict[str, Any]:
    """Whoever is at this counter."""
    tickets = counter.tickets.at_counter() if counter else Ticket.objects.none()
    return _shown(request, on_the_desk(request).filter(services__ticket__in=tickets).first(), counter)


def _opened(request: Request, visit_id: int, counter: Counter | None = None) -> dict[str, Any]:
    return _shown(request, on_the_desk(request).filter(pk=visit_id).first(), counter)


def _shown(request: Request, visit: Visit | None, counter: Counter | None) -> dict[str, Any]:
    """The visit in the middle of the desk, with all its card shows: no second request, nothing blank between."""
    return {"open_visit": visit.pk, **card_of(request, visit, counter)} if visit else {"open_visit": None}


@access.staff
@require_POST
@explains(DESK)
def open_counter(request: Request) -> HttpResponse:
    counter = get_object_or_404(request.office.counters, number=_whole(request.POST.get("counter")))
    taken = counter.officer_id and counter.officer_id != request.user.pk
    counters.open_counter(counter, by=request.actor)
    taking_back.nothing_before_this(request.office, request.user.pk)
    # One's own counter stands in the header; only what one may not have meant is said.
    return changed(request, DESK, _("Anda menggantikan petugas lain di %s.") % counter if taken else "")


@access.staff
@require_POST
@explains(DESK)
def counter_action(request: Request, action: str) -> HttpResponse:
    """Pause, go on, or leave one's own counter."""
    counter = own_counter(request)
    if counter is None:
        return changed(request, DESK, _("Pilih loket Anda dahulu."), level="error")
    if action == "pause":
        reason = request.POST.get("reason", "")
        if reason not in Counter.PauseReason.values:
            return changed(request, DESK, _("Pilih alasan jeda."), level="error")
        counters.pause(counter, reason=reason, by=request.actor)
    elif action == "resume":
        counters.resume(counter, by=request.actor)
    else:
        counters.leave_seat(counter, by=request.actor)
    taking_back.nothing_before_this(request.office, request.user.pk)
    return changed(request, DESK)


@access.staff
@require_POST
@explains(DESK)
def call_next(request: Request, pk: int | None = None) -> HttpResponse:
    """Call the next person, or (`pk`) the ticket chosen in the list."""
    counter = own_counter(request)
    if counter is None:
        return changed(request, DESK, _("Pilih loket Anda dahulu."), level="error")
    text = request.POST.get("seen", "")
    seen = int(text) if text.isdecimal() and len(text) < 19 else None
    if pk is None:
        ticket = work.call_next(counter, by=request.actor, seen=seen, seated=True)
    else:
        chosen = get_object_or_404(request.office.tickets, pk=pk)
        ticket = work.call_chosen(counter, chosen, by=request.actor, seen=seen, seated=True)
    if ticket is None:
        return changed(request, DESK, _("Tidak ada yang menunggu."), level="info")
    if not request.htmx:
        return changed(request, DESK, _("Memanggil %s.") % ticket)
    response = push_url(_open(request, ticket.received.visit_id), reverse(DESK))
    return trigger_client_event(response, CHANGED, {})


@access.staff
@require_POST
@explains(DESK)
def ticket_action(request: Request, pk: int, action: str) -> HttpResponse:
    ticket = get_object_or_404(Ticket.objects.select_related("office"), pk=pk, office=request.office)
    if was := request.POST.get("was", ""):
        work.as_seen(ticket, was)
    if action == "resume":
        return _resume(request, ticket)
    if action == "recall":
        calls = request.POST.get("calls", "")
        seen = int(calls) if calls.isascii() and calls.isdecimal() and len(calls) < 4 else None
        ticket = work.recall(ticket, by=request.actor, seen=seen)
    else:
        ticket = TICKET_ACTIONS[action](ticket, by=request.actor)
    # What was done stands beside "undo", except a recall, which cannot be taken back.
    said = "" if request.htmx and action != "recall" else f"{ticket}: {ticket.get_state_display()}"
    return changed(request, DESK, said)


def _resume(request: Request, ticket: Ticket) -> HttpResponse:
    """Somebody put aside goes on at this officer's counter, and their card opens."""
    counter = own_counter(request)
    if counter is None:
        return changed(request, DESK, _("Pilih loket Anda dahulu."), level="error")
    ticket = work.resume(ticket, counter, by=request.actor, seated=True)
    if not request.htmx:
        return changed(request, DESK, f"{ticket}: {ticket.get_state_display()}")
    return trigger_client_event(_open(request, ticket.received.visit_id), CHANGED, {})


@access.staff
@require_POST
@explains(DESK)
def transfer(request: Request, pk: int) -> HttpResponse:
    """To another service or counter; the value is `service:<slug>` or `counter:<number>`."""
    ticket = get_object_or_404(
        Ticket.objects.select_related("office", "received"), pk=pk, office=request.office
    )
    if was := request.POST.get("was", ""):
        work.as_seen(ticket, was)
    kind, _colon, which = request.POST.get("to", "").partition(":")
    service = counter = None
    if kind == "service":
        service = request.office.services.filter(active=True, slug=which).first()
    elif kind == "counter":
        counter = request.office.counters.filter(number=_whole(which), active=True).first()
    if service is None and counter is None:
        return changed(request, DESK, _("Pilih layanan atau loket tujuan."), level="error")
    ticket = work.transfer(ticket, service=service, counter=counter, by=request.actor)
    return changed(
        request, DESK, _("%(number)s dialihkan ke %(to)s.") % {"number": ticket, "to": counter or service}
    )


@access.staff
@never_cache
@explains(DESK)
def undo(request: Request) -> HttpResponse:
    """GET, fragment: what this officer did last and may take back within seconds. POST: take it back."""
    action = taking_back.last_action(request.office, request.user.pk)
    if request.method != "POST":
        left = taking_back.seconds_left(action) if action else 0
        return render(request, "queueing/_undo.html", {"action": action, "left": left})
    if action is None or request.POST.get("action") != str(action.pk):
        raise IllegalMove(_("Tindakan ini tidak dapat diurungkan lagi."))
    try:
        taking_back.undo(action, by=request.actor)
    except taking_back.TooLate:
        taking_back.give_up(action)
        raise
    said = _("Diurungkan: %s.") % action.name
    counter = own_counter(request)
    here = selectors.at_counter(counter) if counter else None
    if not request.htmx or here is None:
        return changed(request, DESK, said)
    # Whoever stands at the counter again is who the officer goes on with.
    response = reswap(retarget(_open(request, here.received.visit_id), "#visit"), "outerHTML")
    toast = {"level": "success", "text": said}
    return trigger_client_event(trigger_client_event(response, CHANGED, {}), "toast", toast)


@access.staff
@require_POST
@explains(DESK)
def new_visit(request: Request) -> HttpResponse:
    """A walk-in: with a number where this service queues (who came for somebody without a tablet), else a visit."""
    services = request.office.services.filter(active=True).with_rules()
    service = services.filter(slug=request.POST.get("service", "").replace("\0", "")).first()
    if service is None:
        return changed(request, DESK, _("Pilih layanan yang ada di kantor ini."), level="error")
    taking_back.nothing_before_this(request.office, request.user.pk)
    key = request.POST.get("key", "")[:40] or str(timezone.now().timestamp())
    if selectors.takes_numbers(service):
        ticket = issue(
            office=request.office,
            service=service,
            submission=f"desk-{request.user.pk}-{key}",
            by=request.actor,
            priority=request.POST.get("priority") == "1",
            party_size=party_size(request.POST.get("party", "")),
            beyond_quota=True,  # the officer decides, and sees how many wait
        )
        return changed(request, DESK, _("Nomor %s diberikan.") % ticket)
    visit = arrive_once(
        office=request.office,
        service=service,
        submission=f"desk-{request.user.pk}-{key}",
        by=request.actor,
    )
    return redirect(f"{reverse(DESK)}?kunjungan={visit.pk}")


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 19 else 0
