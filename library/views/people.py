"""Who in the house may take a book: the visits that are open, and the person of one."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from services.accounts.http import Request
from services.guestbook.models import Visit, Visitor
from services.workflow import IllegalMove

MOST = 60


def present(request: Request) -> list[Visit]:
    """Whoever is here today, the latest first."""
    visits = request.office.visits.open().filter(day=request.office.today())
    rows = visits.select_related("visitor", "office").prefetch_related("services")
    return list(rows.order_by("-arrived_at")[:MOST])


def chosen_visit(request: Request) -> Visit | None:
    typed = request.POST.get("visit", "")
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 19):
        return None
    return get_object_or_404(request.office.visits.open().select_related("visitor", "office"), pk=int(typed))


def borrower(visit: Visit | None) -> Visitor:
    if visit is None or visit.visitor is None:
        raise IllegalMove(_("Pilih peminjam yang sudah mengisi buku tamu."))
    return visit.visitor
