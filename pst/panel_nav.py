"""The rooms of the supervisor's panel, beside its pages: grouped by what one comes for, what is looked at daily first."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from services.accounts.models import Role

GROUPS: list[tuple[str | Promise, list[tuple[str, str | Promise, str]]]] = [
    (_("Pantau"), [
        ("panel:today", _("Hari ini"), "clock"),
        ("panel:offices", _("Kantor berdampingan"), "grid"),
        ("panel:promises", _("Janji ditepati"), "check"),
        ("reports:list", _("Laporan"), "file"),
    ]),
    (_("Suara pengunjung"), [
        ("panel:ratings", _("Penilaian"), "star"),
        ("surveys:panel", _("Survei kepuasan"), "chart"),
        ("panel:insight", _("Wawasan"), "search"),
        ("panel:below", _("Kepuasan semua kantor"), "contents"),
    ]),
    (_("Standar dan aturan"), [
        ("panel:standards", _("Standar pelayanan"), "file"),
        ("setup:overview", _("Atur kantor"), "settings"),
        ("queueing:rules", _("Aturan antrian"), "ticket"),
        ("library:lending", _("Aturan peminjaman"), "book"),
        ("complaints:rules", _("Aturan pengaduan"), "flag"),
        ("queueing:interruptions", _("Gangguan layanan"), "warning"),
        ("queueing:announcements", _("Pengumuman di TV"), "tv"),
    ]),
    (_("Koleksi dan tamu"), [
        ("library:imports", _("Impor katalog"), "upload"),
        ("library:marked", _("Salinan softcopy"), "download"),
        ("queueing:duplicates", _("Tamu ganda"), "users"),
    ]),
    (_("Surat dan pesan"), [
        ("panel:mail", _("Surat keluar"), "mail"),
        ("panel:mail_in", _("Surat masuk"), "inbox"),
        ("panel:whatsapp", "WhatsApp", "chat"),
    ]),
    (_("Data dan jejak"), [
        ("privacy:policy", _("Data pribadi"), "lock"),
        ("panel:trace", _("Jejak"), "eye"),
    ]),
]  # fmt: skip


def groups(request: HttpRequest) -> list[dict[str, Any]]:
    """Title, items, and whether the page is one of them; nothing outside the panel and for nobody but supervisors."""
    here, first = request.path, reverse("panel:today")
    if getattr(request, "role", None) != Role.SUPERVISOR or not here.startswith(first):
        return []
    found = []
    for title, rooms in GROUPS:
        items = []
        for name, text, icon in rooms:
            url = reverse(name)
            current = here == url if url == first else here.startswith(url)
            items.append({"url": url, "text": text, "icon": icon, "current": current})
        found.append({"title": title, "items": items})
    return found
