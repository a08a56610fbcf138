"""What every template may use."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from complaints import finding as complaints
from consultation import finding
from pst import panel_nav
from services.accounts import devices
from services.accounts.models import Role


def office(request: HttpRequest) -> dict:
    """The office the request is about (set by services.accounts.middleware), and the officer's role there."""
    return {
        "office": getattr(request, "office", None),
        "role": getattr(request, "role", None),
        "device": getattr(request, "device", None),
        "memberships": getattr(request, "memberships", []),
        "account_door": not devices.on_one(request),
        "nav": _nav(request),
        "side_nav": panel_nav.groups(request),
    }


def _nav(request: HttpRequest) -> list[dict]:
    """The officer's rooms; nothing for visitors and devices."""
    role = getattr(request, "role", None)
    if not role:
        return []
    rooms = [
        ("queueing:desk", _("Meja"), "desk", True),
        ("consultation:list", _("Konsultasi"), "chat", True),
        ("library:shelf", _("Pustaka"), "book", True),
        ("complaints:list", _("Pengaduan"), "flag", True),
        ("queueing:devices", _("Perangkat"), "tablet", True),
        ("panel:today", _("Panel"), "chart", role == Role.SUPERVISOR),
    ]
    here = request.path
    office: Any = getattr(request, "office", None)
    user: Any = request.user
    counts = {
        "consultation:list": finding.to_answer(office),
        "complaints:list": complaints.waiting(user, office, role),
    }
    return [
        {"url": url, "text": text, "icon": icon, "current": _is_in(here, url), "count": counts.get(name)}
        for name, text, icon, shown in rooms
        if shown and (url := reverse(name))
    ]


def _is_in(here: str, room: str) -> bool:
    """The desk's address is the start of all others', so it counts only for its own pages."""
    if room.count("/") > 2 or room == reverse("panel:today"):
        return here.startswith(room)
    return here.startswith(room) and not here.startswith(
        tuple(
            reverse(room)
            for room in ("consultation:list", "library:shelf", "complaints:list", "queueing:devices")
        )
    )
