"""The report of a period on A4, as the regulation expects it (PermenPANRB 14/2017), drawn from plain values."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import get_language

from services.offices.models import Office, Service
from services.pdf import draw
from services.surveys.models import FollowUp, Published, PublishedReport
from services.surveys.showing import show

SHEETS = ("report-paper.css", "survey-report.css")


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
    html = _page(office, figures, since=since, until=until, service=service, plans=plans, kind=kind, day=day)
    return draw(html, SHEETS)


def _page(office: Office, figures: dict[str, Any], *, plans: Iterable[FollowUp], **more: Any) -> str:
    since, until = more.pop("since"), more.pop("until")
    context = {
        "office": office, "shown": show(figures, since, until), "plans": list(plans), **more,
    }  # fmt: skip
    return render_to_string("surveys/report.html", context)


def of_published(row: Published, plans: Iterable[FollowUp], *, may_draw: Callable[[], bool]) -> bytes | None:
    """The report everybody may take: drawn once in each language, and again when what stands in it has changed (its follow-up).
    None where it would have to be drawn and `may_draw` says no: drawing takes seconds, one at a time for the whole server."""
    html = _page(
        row.office, row.figures, since=row.since, until=row.until, service=row.service, plans=plans,
        kind=row.instrument.kind, day=row.office.local(row.at).date(),
    )  # fmt: skip
    language, digest = get_language() or "id", hashlib.sha256(html.encode()).hexdigest()
    if found := _stored(row, language, digest):
        return found
    if not may_draw():
        return None
    with transaction.atomic():
        Published.objects.select_for_update(of=("self",)).get(pk=row.pk)
        if found := _stored(row, language, digest):  # somebody else's waiting was enough
            return found
        data = draw(html, SHEETS)
        PublishedReport.objects.update_or_create(
            published=row, language=language, defaults={"digest": digest, "pdf": data}
        )
        return data


def _stored(row: Published, language: str, digest: str) -> bytes | None:
    found = PublishedReport.objects.filter(published=row, language=language, digest=digest).first()
    return bytes(found.pdf) if found else None
