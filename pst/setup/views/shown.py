"""Rooms that only show: where complaints come in, and the guest book's lists. Both are changed elsewhere."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from pst.setup import channels
from services import channels as configured
from services.accounts import access
from services.accounts.http import Request
from services.guestbook import reference
from services.guestbook.models import ReferenceItem


@access.supervisor
@require_safe
@never_cache
def complaint_channels(request: Request) -> HttpResponse:
    """Every channel a standard of the office names, where the standards differ, and what nobody reads here."""
    services = [s for s in request.office.services.filter(active=True).with_standard() if s.standard]
    rows = channels.rows(services)
    context = {
        "services": services, "rows": rows, "differ": [row for row in rows if not row.everywhere],
        "elsewhere": channels.not_read_here(request.office, rows),
        "mailbox": configured.mailbox(request.office), "whatsapp": configured.whatsapp(request.office),
    }  # fmt: skip
    return render(request, "setup/channels.html", context)


@access.supervisor
@require_safe
@never_cache
def lists(request: Request) -> HttpResponse:
    """What a visitor can choose from today."""
    found = reference.on(request.office.today())
    rows = [(label, found.get(code, [])) for code, label in ReferenceItem.List.choices]
    return render(request, "setup/lists.html", {"rows": rows})
