"""Books that are damaged or lost; a supervisor puts them back on the shelf, or takes them out of the collection."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from library.models import Copy
from library.workflows import shelves
from services.accounts import access
from services.accounts.http import Request
from services.accounts.models import Role
from services.responses import changed, explains

LIST = "library:aside"
PER_PAGE = 40
STATES = (Copy.State.DAMAGED, Copy.State.LOST)


@access.staff
@never_cache
def aside(request: Request) -> HttpResponse:
    copies = request.office.copies.filter(state__in=STATES).select_related("publication")
    page = Paginator(copies.order_by("state", "barcode"), PER_PAGE).get_page(request.GET.get("page", "1"))
    return render(request, "library/aside.html", {"page": page, "may_act": request.role == Role.SUPERVISOR})


@access.supervisor
@require_POST
@explains(LIST)
def act(request: Request, pk: int, action: str) -> HttpResponse:
    copy = get_object_or_404(request.office.copies.filter(state__in=STATES), pk=pk)
    if action == "rak":
        shelves.back(copy, by=request.actor)
        text = _("Kembali di rak: %s.") % copy
    elif action == "tarik":
        shelves.withdraw(copy, by=request.actor)
        text = _("Ditarik dari koleksi: %s.") % copy
    else:
        raise Http404
    return changed(request, LIST, text)
