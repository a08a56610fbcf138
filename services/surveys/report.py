"""The report of a period on A4, as the regulation expects it (PermenPANRB 14/2017), drawn from plain values."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.template.loader import render_to_string

from services.offices.models import Office, Service
from services.pdf import draw
from services.surveys.models import FollowUp
from services.surveys.showing import show


def report(
    office: Office,
    figures: dict[str, Any],
    *,
    since: date,
    until: date,
    service: Service | None,
    plans: Iterable[FollowUp],
    kind: str,
    day: date,
) -> bytes:
    """`day`: the date above the signature."""
    context = {
        "office": office, "shown": show(figures, since, until), "service": service, "plans": list(plans), "kind": kind, "day": day,
    }  # fmt: skip
    return draw(render_to_string("surveys/report.html", context), "survey-report.css")
