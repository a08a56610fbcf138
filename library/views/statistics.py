"""What is used and what is sought, a month at a time: for the collection, never about anybody."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from library import statistics
from services import sheets
from services.accounts import access
from services.accounts.http import Request
from services.audit import trail

PAGE = 50
ALL_OFFICES = "umum"


def _asked(request: Request) -> tuple[statistics.Scope, dict[str, Any]]:
    """`bulan` (2026-03) and `lingkup`; what makes no sense is this month, this office."""
    offered = statistics.months(request.office.today())
    known = dict(offered)
    month = request.GET.get("bulan", "")
    month = month if month in known else offered[0][0]
    everywhere = request.GET.get("lingkup") == ALL_OFFICES
    year, number = month.split("-")
    scope = statistics.Scope(None if everywhere else request.office, date(int(year), int(number), 1))
    context = {
        "months": offered,
        "month": month,
        "month_words": known[month],
        "everywhere": everywhere,
        "query": f"bulan={month}" + (f"&lingkup={ALL_OFFICES}" if everywhere else ""),
    }
    return scope, context


@access.staff
@never_cache
def uses(request: Request) -> HttpResponse:
    scope, context = _asked(request)
    rows = statistics.totals(scope)
    context |= {
        "totals": rows,
        "chart": statistics.chart(rows, scope.month) if any(times for _k, _l, times in rows) else None,
        "top": statistics.top(scope),
    }
    return render(request, "library/statistics.html", context)


@access.staff
@never_cache
def unused(request: Request) -> HttpResponse:
    """Candidates to weed out."""
    rows = statistics.unused(request.office, request.office.today())
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "since": statistics.counted_since()}
    return render(request, "library/unused.html", context)


@access.staff
@never_cache
def sought(request: Request) -> HttpResponse:
    """What the collection lacks, and what people come for."""
    scope, context = _asked(request)
    context |= {
        "missing": list(statistics.sought(scope, found=False)[: statistics.MOST_SOUGHT]),
        "top": list(statistics.sought(scope, found=True)[: statistics.MOST_SOUGHT]),
        "most": statistics.MOST_SOUGHT,
    }
    return render(request, "library/sought.html", context)


@access.staff
@never_cache
def file(request: Request, what: str) -> HttpResponse:
    """The same as tables, whole."""
    scope, context = _asked(request)
    tables = {"pemakaian": _uses_table, "dicari": _sought_table}
    if what == "tidak-dipakai":
        trail.record_export("unused_books", by=request.actor, office_id=request.office.pk, form="csv")
        return sheets.csv_answer("pustaka-tidak-dipakai.csv", _unused_table(request))
    if what not in tables:
        raise Http404
    trail.record_export(
        "library_statistics", by=request.actor, office_id=request.office.pk, form="csv", kind=what
    )
    place = ALL_OFFICES if context["everywhere"] else request.office.code
    return sheets.csv_answer(f"pustaka-{what}-{place}-{context['month']}.csv", tables[what](scope))


def _uses_table(scope: statistics.Scope) -> list[list[Any]]:
    head = [_("Bulan"), _("Pemakaian"), _("Kali"), _("Judul"), _("Nomor katalog")]
    month = f"{scope.month:%Y-%m}"
    return [
        head,
        *(
            [
                month,
                row.get_kind_display(),
                row.times,
                row.publication.title,
                row.publication.catalogue_number,
            ]
            for row in statistics.of_month(scope)
        ),
    ]


def _unused_table(request: Request) -> list[list[Any]]:
    rows = statistics.unused(request.office, request.office.today())
    head = [_("Judul"), _("Tahun terbit"), _("Nomor katalog"), _("Eksemplar")]
    return [head, *([p.title, p.year, p.catalogue_number, p.copies_here] for p in rows)]


def _sought_table(scope: statistics.Scope) -> list[list[Any]]:
    head = [_("Yang dicari"), _("Kali"), _("Terakhir"), _("Ditemukan")]
    return [
        head,
        *(
            [row["text"], row["times_all"], row["last"].isoformat(), _("ya") if found else _("tidak")]
            for found in (False, True)
            for row in statistics.sought(scope, found=found)
        ),
    ]
