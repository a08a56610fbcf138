"""Who waits for a book: asking for a visitor who is here, the line, handing over what is ready."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from library import lines
from library.models import Copy, Hold, Publication
from library.views.out import to_call
from library.views.people import borrower, chosen_visit, present
from library.workflows import circulation, procedure
from library.workflows import holds as work
from services.accounts import access
from services.accounts.http import Request
from services.responses import changed, explains
from services.workflow import IllegalMove

LIST = "library:holds"


@access.staff
@never_cache
def title(request: Request, pk: int) -> HttpResponse:
    """A publication at this office's desk: its copies, who waits, and a place in the line for a visitor. POST takes it."""
    publication = get_object_or_404(Publication.objects.defer("search"), pk=pk)
    if (
        not publication.known_to(request.office)
        and not request.office.copies.filter(publication=publication).exists()
    ):
        raise Http404
    problem = ""
    if request.method == "POST":
        try:
            return _ask(request, publication)
        except IllegalMove as refused:
            problem = str(refused)
    copies = list(request.office.copies.filter(publication=publication).exclude(state=Copy.State.WITHDRAWN))
    context = {
        "publication": publication,
        "copies": copies,
        "free": [c for c in copies if c.state == Copy.State.SHELF],
        "line": lines.of(request.office, publication),
        "visits": present(request),
        "lends": procedure.lends(request.office),
        "not_lent": procedure.NOT_LENT,
        "problem": problem,
        "chosen": request.POST.get("visit", ""),
    }
    return render(request, "library/title.html", context, status=422 if problem else 200)


def _ask(request: Request, publication: Publication) -> HttpResponse:
    visitor = borrower(chosen_visit(request))
    made = work.ask(publication, request.office, visitor, by=request.actor)
    if made.state == Hold.State.READY:
        text = _("Ada di rak: simpan untuk tamu sampai %s.") % procedure.in_words(made.kept_until)
    else:
        text = _("Dipesan. Urutan ke-%d.") % lines.place(made)
    return changed(request, reverse("library:title", args=[publication.pk]), text)


@access.staff
@never_cache
def holds(request: Request) -> HttpResponse:
    """What is ready to be fetched, and the lines."""
    rows = list(
        request.office.holds.filter(state__in=(Hold.State.WAITING, Hold.State.READY))
        .select_related("publication", "copy", "visitor")
        .order_by("publication__title", "publication", "pk")
    )
    ready = [(hold, to_call(hold)) for hold in rows if hold.state == Hold.State.READY]
    lent = request.office.copies.filter(
        publication__in={hold.publication_id for hold in rows}, in_house_only=False,
        state__in=(Copy.State.SHELF, Copy.State.OUT),
    )  # fmt: skip
    context = {
        "ready": sorted(ready, key=lambda row: (row[0].kept_until, row[0].pk)),
        "waiting": lines.numbered([hold for hold in rows if hold.state == Hold.State.WAITING]),
        "lent": set(lent.values_list("publication_id", flat=True)),
    }
    return render(request, "library/holds.html", context)


@access.staff
@require_POST
@explains(LIST)
def act(request: Request, pk: int, action: str) -> HttpResponse:
    """Nobody waits any more, or the book goes out to whom it was kept for."""
    rows: Any = request.office.holds.select_related("visitor", "copy")
    hold = get_object_or_404(rows, pk=pk)
    if action == "batal":
        work.end(hold, by=request.actor)
        return changed(request, LIST, _("Pesanan dibatalkan."))
    if action != "serahkan":
        raise Http404
    if hold.state != Hold.State.READY or hold.copy is None or hold.visitor is None:
        raise IllegalMove(_("Pesanan ini belum siap atau sudah selesai."))
    visit = request.office.visits.open().filter(visitor=hold.visitor).last()
    loan = circulation.lend(hold.copy, hold.visitor, by=request.actor, visit=visit)
    return changed(request, LIST, _("Dipinjamkan sampai %s.") % procedure.in_words(loan.due_on))
