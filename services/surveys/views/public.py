"""Results everybody may see (PermenPANRB 14/2017: they are published), as they stood when the office published them."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from services.accounts import access, limits
from services.accounts.http import Request
from services.surveys.models import Published
from services.surveys.report import of_published
from services.surveys.showing import said, show
from services.surveys.views.panel import pdf_answer, plans_of

MOST = 60


def _published(request: Request):
    rows = Published.objects.filter(office=request.office, withdrawn_at=None)
    return rows.select_related("office", "instrument", "service")


def _plans(row: Published):
    return plans_of(row.office, row.since, row.until, row.instrument.kind)


@access.public
def results(request: Request, code: str) -> HttpResponse:
    """The latest, or `?hasil=` one of the others."""
    rows = list(_published(request)[:MOST])
    asked = request.GET.get("hasil", "")
    chosen = next((row for row in rows if str(row.pk) == asked), rows[0] if rows else None)
    for row in rows:
        row.ikm = said(row.figures["ikm"])
    context = {
        "rows": rows,
        "chosen": chosen,
        "shown": show(chosen.figures, chosen.since, chosen.until) if chosen else None,
        "plans": _plans(chosen) if chosen else [],
    }
    return render(request, "surveys/public.html", context)


@access.public
@access.takes_away
def result_pdf(request: Request, code: str, pk: int) -> HttpResponse:
    row = get_object_or_404(_published(request), pk=pk)
    data = of_published(row, _plans(row), may_draw=lambda: not limits.exceeded(request, "survey report"))
    if data is None:
        return render(request, "429.html", status=429)
    return pdf_answer(data, f"{row.instrument.kind}-{code}-{row.since}.pdf")
