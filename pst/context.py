"""What every template may use."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from complaints import finding as complaints
from consultation import finding
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
        "side_nav": _panel_nav(request),
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


def _panel_nav(request: HttpRequest) -> list[dict]:
    """The rooms of the supervisor's panel, beside its pages."""
    here = request.path
    if getattr(request, "role", None) != Role.SUPERVISOR or not here.startswith(reverse("panel:today")):
        return []
    rooms = [
        (reverse("panel:offices"), _("Kantor berdampingan"), "grid"),
        (reverse("panel:promises"), _("Janji ditepati"), "check"),
        (reverse("panel:standards"), _("Standar pelayanan"), "file"),
        (reverse("setup:overview"), _("Atur kantor"), "settings"),
        (reverse("queueing:rules"), _("Aturan antrian"), "ticket"),
        (reverse("queueing:interruptions"), _("Gangguan layanan"), "warning"),
        (reverse("library:lending"), _("Aturan peminjaman"), "book"),
        (reverse("complaints:rules"), _("Aturan pengaduan"), "flag"),
        (reverse("queueing:announcements"), _("Pengumuman di TV"), "tv"),
        (reverse("queueing:duplicates"), _("Tamu ganda"), "users"),
        (reverse("library:imports"), _("Impor katalog"), "book"),
        (reverse("library:marked"), _("Salinan softcopy"), "file"),
        (reverse("reports:list"), _("Laporan"), "file"),
        (reverse("panel:insight"), _("Wawasan"), "chart"),
        (reverse("panel:below"), _("Kepuasan semua kantor"), "home"),
        (reverse("panel:ratings"), _("Penilaian"), "star"),
        (reverse("surveys:panel"), _("Survei kepuasan"), "chart"),
        (reverse("panel:mail"), _("Surat keluar"), "mail"),
        (reverse("panel:mail_in"), _("Surat masuk"), "mail"),
        (reverse("panel:whatsapp"), "WhatsApp", "chat"),
        (reverse("privacy:policy"), _("Data pribadi"), "lock"),
        (reverse("panel:trace"), _("Jejak"), "eye"),
    ]
    first = {"url": reverse("panel:today"), "text": _("Hari ini"), "icon": "clock"}
    return [
        {**first, "current": here == first["url"]},
        *({"url": u, "text": t, "icon": i, "current": here.startswith(u)} for u, t, i in rooms),
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
