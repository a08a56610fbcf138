"""What is out of the shelf, by pages, what is due first on top; and whom to call because no mail reaches them."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from library.models import Copy, ExcerptRequest, Hold, Loan, ScanRequest
from library.models.notices import MOST_NOTICES
from services.accounts import access
from services.accounts.http import Request
from services.audit import trail
from services.guestbook.returning import mask_phone
from services.offices.models import Office

PER_PAGE = 40
LISTS = {
    "": gettext_lazy("Semua"),
    "hari-ini": gettext_lazy("Kembali hari ini"),
    "terlambat": gettext_lazy("Lewat jatuh tempo"),
}


def context(request: Request) -> dict[str, Any]:
    """`daftar` chooses the list, `page` the page of it."""
    chosen = request.GET.get("daftar", "")
    chosen = chosen if chosen in LISTS else ""
    today = request.office.today()
    loans = request.office.loans.filter(state=Loan.State.OUT)
    narrowed = {
        "": Q(),
        "hari-ini": Q(due_on=today) | Q(kind=Loan.Kind.READING),
        "terlambat": Q(due_on__lt=today),
    }
    counts = loans.aggregate(**{f"n{n}": Count("pk", filter=narrowed[name]) for n, name in enumerate(LISTS)})
    shown = loans.filter(narrowed[chosen]).annotate(told=Count("notices"))
    page = _Counted(_with_names(shown), PER_PAGE)
    page.total = counts[f"n{list(LISTS).index(chosen)}"]
    found = page.get_page(request.GET.get("page", "1"))
    found.object_list = [(loan, late := loan.overdue(today), late and to_call(loan)) for loan in found]
    return {
        "out": found,
        "out_lists": [(name, LISTS[name], counts[f"n{n}"], name == chosen) for n, name in enumerate(LISTS)],
        "out_query": f"daftar={chosen}" if chosen else "",
        "rooms": _rooms(request),
    }


def _with_names(loans: QuerySet[Loan]) -> QuerySet[Loan]:
    return loans.select_related("copy__publication", "visitor", "visit").order_by("due_on", "out_at", "pk")


class _Counted(Paginator):
    total = 0

    @property
    def count(self) -> int:
        return self.total


def to_call(row: Any) -> str:
    """The masked number of who gets no mail about it: without an address, or after the last notice."""
    person = row.visitor
    if person is None or (person.email and getattr(row, "told", 0) < MOST_NOTICES):
        return ""
    return mask_phone(person.phone)


def _rooms(request: Request) -> dict[str, int]:
    """How much waits on the other pages of this desk."""
    office = request.office
    rows: dict[str, QuerySet] = {
        "holds": office.holds.filter(state__in=(Hold.State.WAITING, Hold.State.READY)),
        "scans": office.scan_requests.filter(state=ScanRequest.State.REQUESTED),
        "permissions": office.excerpt_requests.filter(state=ExcerptRequest.State.ASKED),
        "aside": office.copies.filter(state__in=(Copy.State.DAMAGED, Copy.State.LOST)),
    }
    counts = [_counted(found) for found in rows.values()]
    found = Office.objects.filter(pk=office.pk).values_list(*counts).get()
    return dict(zip(rows, found, strict=True))


def _counted(rows: QuerySet) -> Coalesce:
    """How many of an office's own: all of them in one question."""
    number = rows.order_by().values("office").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(number), 0)


@access.staff
@require_POST
@never_cache
def call(request: Request, what: str, pk: int) -> HttpResponse:
    """The whole number of a borrower or of whom a book is kept for; opening it is logged."""
    rows: Any = {
        "pinjaman": request.office.loans.filter(state=Loan.State.OUT, kind=Loan.Kind.LOAN),
        "pesanan": request.office.holds.filter(state=Hold.State.READY),
    }.get(what)
    if rows is None:
        raise Http404
    row = get_object_or_404(rows.select_related("visitor", "copy__publication"), pk=pk)
    if row.visitor is None or not row.visitor.phone:
        raise Http404
    trail.record_read(row.visitor, by=request.actor, office_id=request.office.pk, why="phone")
    return render(request, "library/call.html", {"row": row, "day": getattr(row, "due_on", None)})
