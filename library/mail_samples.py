"""The library's mails, each with an example of invented people."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy

from services.mail import kinds
from services.offices.models import Office

TITLE = "Kabupaten Dalam Angka 2025"
DAY = date(2026, 3, 25)


def _loans(office: Office) -> dict[str, Any]:
    return {"books": [(TITLE, DAY, True), ("Statistik Daerah 2025", DAY, False)], "late": True}


def _hold(office: Office) -> dict[str, Any]:
    return {"hold": {"publication": {"title": TITLE}, "kept_until": DAY}}


def _link(office: Office) -> dict[str, Any]:
    link = {"kind": "download", "digital": {"publication": TITLE}, "copy": {"serial": "7411-2026-000012"}}
    return {"link": link, "secret": "contoh", "days": 7}


def register() -> None:
    kinds.register("loans", gettext_lazy("Pengingat pinjaman buku"), _loans)
    kinds.register("hold_ready", gettext_lazy("Buku pesanan siap diambil"), _hold)
    kinds.register("copy_link", gettext_lazy("Tautan ke softcopy"), _link)
