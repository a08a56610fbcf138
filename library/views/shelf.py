"""The library's desk: one field for a barcode, a queue number, a title or a name; books out and back."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from library.models import Copy, Hold, Loan
from library.search import engine
from library.views import out
from library.views.handing import softcopies_of
from library.views.people import borrower, chosen_visit, present
from library.workflows import circulation as work
from library.workflows import procedure, shelves
from services.accounts import access
from services.accounts.http import Request
from services.audit import trail
from services.codes import queue_number
from services.guestbook import returning
from services.guestbook.models import Visit, VisitService
from services.responses import changed, explains
from services.workflow import IllegalMove

HERE = "library:shelf"
LONGEST = 300


@access.staff
@never_cache
@explains(HERE)
def shelf(request: Request) -> HttpResponse:
    """GET shows what is out and, with `eksemplar`, one copy; POST takes what was scanned or typed."""
    if request.method == "POST":
        return _typed(request, " ".join(request.POST.get("typed", "").replace("\0", "")[:LONGEST].split()))
    chosen = request.GET.get("eksemplar", "")
    copy = None
    if chosen.isascii() and chosen.isdecimal() and len(chosen) < 19:
        copy = get_object_or_404(_copies(request), pk=int(chosen))
    return render(request, "library/shelf.html", _context(request) | _copy_context(request, copy))


def _copies(request: Request) -> Any:
    return request.office.copies.select_related("publication", "office")


def _typed(request: Request, typed: str) -> HttpResponse:
    """A barcode of a book that is out brings it back; of one on the shelf shows it. Names are searched masked and
    logged, and stand in no address."""
    if not typed:
        return redirect(HERE)
    if copy := _copies(request).filter(barcode__iexact=typed).first():
        if copy.state in (Copy.State.OUT, Copy.State.LOST):
            return _bring_back(request, copy)
        return redirect(f"{reverse(HERE)}?eksemplar={copy.pk}")
    if number := queue_number(typed):
        received = _received(request, f"{number[0]}{number[1]:03d}")
        if received:
            return redirect("library:use", pk=received.pk)
    found = engine.search(typed, engine.Filters(office=request.office))
    people = returning.search(request.office, typed)
    if people:
        trail.record(
            "visitor.searched", None, by=request.actor, office_id=request.office.pk, found=len(people)
        )
    copies = _copies_of(request, [p.pk for p in found.page])
    shown = set() if found.near else {p.pk for p in found.page}
    context = {
        "typed": typed,
        "softcopies": [
            row for row in softcopies_of(request.office, typed) if row.publication_id not in shown
        ],
        "titles": [] if found.near else [(p, copies.get(p.pk, [])) for p in found.page],
        "people": _with_visits(request, people[: returning.MOST_SHOWN]),
    }
    return render(request, "library/shelf.html", _context(request) | context)


def _received(request: Request, number: str) -> VisitService | None:
    rows = VisitService.objects.filter(
        office=request.office, number=number, visit__day=request.office.today()
    )
    return rows.filter(service__work_url_name="library:use").first()


def _copies_of(request: Request, pks: list[int]) -> dict[int, list[Copy]]:
    found: dict[int, list[Copy]] = {}
    for copy in _copies(request).filter(publication__in=pks).exclude(state=Copy.State.WITHDRAWN):
        found.setdefault(copy.publication_id, []).append(copy)
    return found


def _with_visits(
    request: Request, people: list[returning.Found]
) -> list[tuple[returning.Found, Visit | None]]:
    """Each with the visit they are here for."""
    numbers = [returning.number_of(request.office, person.key) for person in people]
    visits = request.office.visits.open().filter(visitor__in=[n for n in numbers if n is not None])
    here = {visit.visitor_id: visit for visit in visits.order_by("pk")}
    return [(person, here.get(number)) for person, number in zip(people, numbers, strict=True)]


def _context(request: Request) -> dict[str, Any]:
    """What is out, what is due first on top, and what is kept for somebody."""
    return {
        **out.context(request),
        "kept": request.office.holds.filter(state=Hold.State.READY).select_related(
            "copy", "publication", "visitor"
        ),
        "lends": procedure.lends(request.office),
    }


def _copy_context(request: Request, copy: Copy | None) -> dict[str, Any]:
    """The copy and who in the house may take it: whoever is here today."""
    if copy is None:
        return {}
    return {
        "copy": copy,
        "visits": present(request),
        "kept_here": copy.holds.filter(state=Hold.State.READY).first(),
    }


def _bring_back(request: Request, copy: Copy, *, damaged: bool = False) -> HttpResponse:
    if damaged:
        _loan, kept = work.bring_back(copy, by=request.actor, damaged=True)
    else:
        kept = shelves.turn_up(copy, by=request.actor)
    text = _("Kembali: %s.") % copy.publication
    if kept:
        text += " " + _("Simpan untuk pemesan sampai %s.") % procedure.in_words(kept.kept_until)
    return changed(request, HERE, text)


def _hand_out(request: Request, copy: Copy, visit: Visit | None, action: str) -> str:
    if action == "read":
        work.read_here(copy, by=request.actor, visit=visit)
        return _("Dibaca di tempat: %s.") % copy.publication
    if action == "permit":
        if visit is None:
            raise IllegalMove(_("Pilih dahulu siapa yang membawa buku ini."))
        work.permit(copy, visit, by=request.actor, note=request.POST.get("note", "").replace("\0", "")[:200])
        return _("Izin keluar diberikan; kembali hari ini.")
    loan = work.lend(copy, borrower(visit), by=request.actor, visit=visit)
    return _("Dipinjamkan sampai %s.") % procedure.in_words(loan.due_on)


@access.staff
@require_POST
@explains(HERE)
def act(request: Request, pk: int, action: str) -> HttpResponse:
    """A copy on the shelf goes out, or one that is out comes back damaged or is lost. `visit`: who takes it."""
    copy = get_object_or_404(_copies(request), pk=pk)
    visit = chosen_visit(request)
    if action in ("read", "permit", "lend"):
        try:
            text = _hand_out(request, copy, visit, action)
        except IllegalMove as problem:  # the book is still in the officer's hand: its card stays
            return changed(request, f"{reverse(HERE)}?eksemplar={copy.pk}", str(problem), level="error")
    elif action == "damaged":
        return _bring_back(request, copy, damaged=True)
    elif action == "lost":
        work.lose(get_object_or_404(copy.loans, state=Loan.State.OUT), by=request.actor)
        text = _("Dicatat hilang.")
    elif action == "renew":
        loan = work.renew(get_object_or_404(copy.loans, state=Loan.State.OUT), by=request.actor)
        text = _("Diperpanjang sampai %s.") % procedure.in_words(loan.due_on)
    elif action == "back":
        return _bring_back(request, copy)
    else:
        raise Http404
    return changed(request, HERE, text)
