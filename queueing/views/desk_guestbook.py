"""The guest book at the desk: one form, kept while it is typed, and somebody who was here before recognised."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from queueing import selectors
from queueing.models import Ticket
from queueing.qr import qr_svg
from queueing.views.desk_visit import desk_url, find, piece
from queueing.views.guestbook import fill_guest_book
from queueing.workflows.clocks import is_away
from services.accounts import access
from services.accounts.http import Request
from services.audit import trail
from services.guestbook import correcting, drafts, recognition, returning
from services.guestbook.fields import PERSON
from services.guestbook.forms import GuestBookForm
from services.guestbook.models import GuestBookDraft, Visit, Visitor
from services.responses import changed, explains
from services.workflow import IllegalMove

STALE = gettext_lazy("Pilihan itu sudah terlalu lama. Cari lagi, atau isi seperti tamu baru.")


@access.staff
@never_cache
def guest_book(request: Request, pk: int) -> HttpResponse:
    """`?dikenal=<key>` (`known` in the form): the record of somebody recognised fills the form.

    Of somebody who was entered from paper, the book was on paper as well: typed afterwards, also of a visit that is over.
    Who had a slip and still waits signs like everybody.
    """
    visit = find(request, pk)
    ticket = selectors.ticket_of(visit)
    paper = bool(visit.entered_at and (visit.ended_at or ticket is None))
    back = _entry_url(visit, ticket) if paper else desk_url(visit)
    draft = GuestBookDraft.objects.filter(visit=visit).first() if not visit.guest_book_at else None
    key = request.POST.get("known", "") if request.method == "POST" else request.GET.get("dikenal", "")
    if request.method == "GET" and not key and draft:
        key = draft.values.get("known", "")
    known = returning.of_key(request.office, key) if key else None
    stale = bool(key) and known is None
    if stale and request.method == "GET" and "dikenal" in request.GET:
        messages.warning(request, STALE)
    initial = _initial(request, visit, known, draft) if request.method == "GET" else {}
    return fill_guest_book(
        request,
        visit,
        channel=Visit.Channel.PAPER if paper else Visit.Channel.DESK,
        template="queueing/desk_guest_book.html",
        done=back,
        back=back,
        known=known,
        fault=str(STALE) if stale and request.method == "POST" else "",
        initial=initial,
        known_key=key if known else "",
        draft=draft,
    )


def _entry_url(visit: Visit, ticket: Ticket | None) -> str:
    """Where the next one is typed in."""
    if ticket:
        return f"{reverse('queueing:slip_entry')}?hari={visit.day}"
    service = visit.main.service.slug if visit.main else ""
    return f"{reverse('queueing:paper_entry')}?hari={visit.day}&layanan={service}"


def _initial(
    request: Request, visit: Visit, known: Visitor | None, draft: GuestBookDraft | None
) -> dict[str, Any]:
    """What fills the form at first: the record of somebody recognised, and over it what was typed already. Reading a
    person's record, or a colleague's draft of one, is logged."""
    initial: dict[str, Any] = {}
    if visit.guest_book_at:
        return initial
    if known:
        trail.record_read(known, by=request.actor, office_id=request.office.pk, why="recognised")
        initial = {field: getattr(known, field) for field in PERSON}
    if draft:
        trail.record_read(visit, by=request.actor, office_id=request.office.pk, why="draft")
        initial |= {name: value for name, value in draft.values.items() if value and name != "known"}
    return initial


@access.staff
@require_POST
def keep_draft(request: Request, pk: int) -> HttpResponse:
    """What stands in the form right now (static/js/autosave.js)."""
    visit = find(request, pk)
    draft = drafts.keep(visit, GuestBookForm(visit=visit, by_officer=True), request.POST)
    return HttpResponse(status=204, headers={"X-Kept": "1" if draft else "0"})


@access.staff
@require_POST
@never_cache
def recognise(request: Request, pk: int) -> HttpResponse:
    """Fragment: who this may be, masked. What was asked for is in no address and no log."""
    visit = find(request, pk)
    asked = request.POST.get("asked", "")[:254]
    found = returning.search(request.office, asked)
    trail.record("visitor.searched", visit, by=request.actor, office_id=request.office.pk, found=len(found))
    context = {
        "visit": visit,
        "asked": bool(asked.strip()),
        "found": found[: returning.MOST_SHOWN],
        "more": len(found) > returning.MOST_SHOWN,
    }
    if request.htmx:
        return render(request, "queueing/_recognised.html", context)
    return render(request, "queueing/recognise.html", context)


@access.staff
@require_POST
@never_cache
def personal_code(request: Request, pk: int) -> HttpResponse:
    """Fragment: the visitor's own code, for them to take a picture of; made at the first need. Showing it is logged."""
    visit = find(request, pk)
    if visit.visitor is None or not visit.visitor.name:
        raise Http404
    trail.record_read(visit.visitor, by=request.actor, office_id=request.office.pk, why="personal code")
    code = recognition.personal_code(visit.visitor)
    return piece(request, "queueing/_personal_code.html", {"visit": visit, "code": code, "qr": qr_svg(code)})


@access.staff
@require_POST
@explains("queueing:desk")
def hand_over(request: Request, pk: int) -> HttpResponse:
    """Somebody signed for a number that is not theirs."""
    visit = find(request, pk)
    typed = request.POST.get("to", "")
    other = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 19 else 0
    to = get_object_or_404(request.office.visits, pk=other)
    typed_seen = request.POST.get("seen", "")
    seen = _moment(typed_seen)
    if typed_seen and seen is None:
        raise IllegalMove(_("Halaman ini sudah lama. Muat ulang, lalu coba lagi."))
    correcting.hand_over(visit, to, by=request.actor, seen=seen, away=is_away)
    return changed(request, desk_url(to), _("Buku tamu dipindahkan ke %s.") % to.public_label)


def _moment(typed: str) -> datetime | None:
    """As the page wrote it."""
    try:
        found = parse_datetime(typed)
    except ValueError:
        return None
    return found if found and found.tzinfo else None
