"""The visitor's own books on their page: what they have and had, what they wait for; renewing and giving up a place.

Nobody else sees what somebody read: the desk only knows what is out (docs/decisions/021).
"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from library.models import Hold, Loan
from library.workflows import circulation as work
from library.workflows import holds, procedure
from pst.privacy import retention
from pst.privacy.own import Way, of_whom
from services.accounts import access
from services.accounts.http import Request
from services.guestbook.models import Visitor
from services.workflow import IllegalMove


def act(request: Request, visitor: Visitor, way: Way, what: str, pk: int) -> HttpResponse:
    """Somebody else's book or place is a 404."""
    people = retention.everyone(visitor, proven=True)
    try:
        if what == "batal":
            asked = get_object_or_404(Hold.objects.select_related("copy"), pk=pk, visitor__in=people)
            holds.end(asked, by=request.actor)
            text = _("Pesanan dibatalkan.")
        elif what == "perpanjang":
            loan = get_object_or_404(Loan.objects.select_related("copy"), pk=pk, visitor__in=people)
            text = _("Diperpanjang sampai %s.") % procedure.in_words(
                work.renew(loan, by=request.actor).due_on
            )
        else:
            raise Http404
    except IllegalMove as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, text)
    return redirect(way.page)


book = access.public(never_cache(require_POST(of_whom(act))))
