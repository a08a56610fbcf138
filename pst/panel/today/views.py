"""The panel's first page: how the office stands at this moment. It refetches itself when something happens."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from complaints import visibility
from pst.panel.today import figures, tiles
from services.accounts import access
from services.accounts.http import Request
from services.offices.calendar import OfficeCalendar
from services.offices.models import Office, Standard


@access.supervisor
@require_safe
@never_cache
def today(request: Request) -> HttpResponse:
    """The page, and (HTMX) its figures alone."""
    office, now = request.office, timezone.now()
    visible = visibility.visible(request.user, office, request.role or "")
    found = figures.of_offices([office], visible, now)[office.pk]
    door = OfficeCalendar(office).state(now)
    context = {
        "groups": tiles.groups(office, found, door, now),
        "door": tiles.door_words(office, door),
        "at": now,
        "unready": "" if request.htmx else _unready(office),
        "quiet": door.state == "closed" and not (found.waiting or found.serving),
    }
    return render(request, "panel/today.html#figures" if request.htmx else "panel/today.html", context)


def _unready(office: Office) -> str:
    """Why nobody can be served here: "above", it only oversees others; "here", no service has a standard in force."""
    offered = office.services.filter(active=True)
    if offered.filter(standards__status=Standard.Status.PUBLISHED).exists():
        return ""
    oversees = office.level in (Office.Level.NATIONAL, Office.Level.PROVINCE)
    return "above" if oversees and not offered.exists() else "here"
