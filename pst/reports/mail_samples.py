"""The mail with a report, with an example for those who look at it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from pst.reports import scheduling
from services.mail import kinds
from services.offices.models import Office


def _due(office: Office) -> dict[str, Any]:
    return scheduling.context(office, "Kunjungan", "Oktober 2026", f"012/{office.code}/PST/2026")


def register() -> None:
    kinds.register(scheduling.KIND, gettext_lazy("Laporan berkala"), _due)
