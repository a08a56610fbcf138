"""Promises kept: all of them at a glance, one of them closely, and the cases behind a number."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from pst.panel import levels
from pst.panel.promises import cases, figures, registry, showing
from pst.panel.promises.asked import Asked
from pst.panel.promises.registry import BY_KEY, PROMISES, Promise, Sentence, reason_words, sources
from services.accounts import access
from services.accounts.http import Request

ON_A_PAGE = 50
RESULTS = {
    cases.KEPT: (gettext_lazy("Ditepati"), "ok"),
    cases.MISSED: (gettext_lazy("Terlewat"), "danger"),
    cases.EXCLUDED: (gettext_lazy("Tidak dihitung"), ""),
    cases.RUNNING: (gettext_lazy("Masih berjalan"), "info"),
}


@access.supervisor
@require_safe
@never_cache
def promises(request: Request) -> HttpResponse:
    asked = Asked(request)
    made = registry.made(asked.scope.offices, asked.scope.service)
    rows, absent = [], []
    for one in PROMISES:
        tally, before = figures.now_and_before(one.find, asked.scope)
        if tally.whole or (one.key in made and not one.law):
            rows.append((one, tally, showing.beside(tally, before), levels.of_share(tally.share)))
        elif not one.law:
            absent.append(one.title)
    context = {"asked": asked, "form": asked.form, "rows": rows, "absent": absent}
    return render(request, "panel/promises.html", context, status=422 if asked.form.errors else 200)


def _promise(key: str) -> Promise:
    if key not in BY_KEY:
        raise Http404
    return BY_KEY[key]


@access.supervisor
@require_safe
@never_cache
def promise(request: Request, key: str) -> HttpResponse:
    one, asked = _promise(key), Asked(request)
    rows = one.find(asked.scope)
    tally, waits = figures.tally_and_waits(rows)
    before = figures.tally(one.find(asked.scope.before()))
    said = sources(one, asked.scope.offices) if not asked.many else []
    context: dict[str, Any] = {
        "promise": one, "asked": asked, "form": asked.form, "tally": tally, "waits": showing.waits(waits, one.unit), "timed": waits.count,
        "before": before, "beside": showing.beside(tally, before), "sources": said,
    }  # fmt: skip
    if tally.whole:
        context |= {
            "reasons": [(reason_words(code), code, n) for code, n in figures.by_reason(rows)] if tally.excluded else [],
            "time": showing.over_time(figures.by_time(rows, asked.step), asked.step),
            "spread": showing.distribution(figures.spread(rows, one.unit), one.unit, _limit(one, said)) if one.unit else None,
            "clock": showing.clock_field(figures.by_clock(rows)),
            "parts": _parts(asked, figures.parts(rows)),
        }  # fmt: skip
    return render(request, "panel/promise.html", context, status=422 if asked.form.errors else 200)


def _limit(one: Promise, said: list[Sentence]) -> int | None:
    """The mark in the histogram: only where all of these standards promise the same."""
    name = {"minutes": "minutes", "days": "working_days"}.get(one.unit, "")
    found = {s.standard.value.get(name) for s in said if isinstance(s.standard.value, dict)}
    return found.pop() if len(found) == 1 else None


def _parts(asked: Asked, found: figures.Parts) -> list[tuple[Any, list[tuple[str, figures.Tally]]]]:
    """By office, service and version; only where there are several."""
    offices = [(asked.offices[pk].area, one) for pk, one in found.offices.items() if pk in asked.offices]
    services = [(_service(asked, pk), one) for pk, one in found.services.items()]
    versions = [(_version(asked, pk), one) for pk, one in found.standards.items()]
    named = [
        (gettext_lazy("Kantor"), offices), (gettext_lazy("Layanan"), services), (gettext_lazy("Versi standar"), versions),
    ]  # fmt: skip
    return [(title, sorted(rows, key=lambda row: row[0])) for title, rows in named if len(rows) > 1]


def _service(asked: Asked, pk: int | None) -> str:
    service = asked.services.get(pk or 0)
    if service is None:
        return str(gettext_lazy("tanpa layanan"))
    return f"{service} · {asked.offices[service.office_id].area}" if asked.many else str(service)


def _version(asked: Asked, pk: int | None) -> str:
    standard = asked.standards.get(pk or 0)
    if standard is None:
        return str(gettext_lazy("tanpa standar"))
    return f"{_service(asked, standard.service_id)} v{standard.version}"


@access.supervisor
@require_safe
@never_cache
def promise_cases(request: Request, key: str) -> HttpResponse:
    """Numbers and times, no names. Only of the own office: what stands behind a number is opened there, and reading it is
    written down by the page that shows it."""
    one, asked = _promise(key), Asked(request)
    if set(asked.scope.offices) != {request.office.pk}:
        raise Http404
    rows = one.find(asked.scope)
    result, reason = request.GET.get("hasil", ""), request.GET.get("sebab", "")
    if result in RESULTS:
        rows = rows.filter(c_result=result)
    if reason:
        rows = rows.filter(c_reason=reason)
    page = Paginator(rows.select_related(*one.related).order_by("-c_at", "-pk"), ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    shown = [
        {
            "name": one.shown(row)[0], "url": one.shown(row)[1], "at": row.c_at, "result": RESULTS[row.c_result],
            "reason": reason_words(row.c_reason), "took": showing.said(row.c_seconds, one.unit),
        }
        for row in page
    ]  # fmt: skip
    context = {
        "promise": one, "asked": asked, "page": page, "rows": shown, "here": result,
        "tabs": [("", gettext_lazy("Semua")), *((name, text) for name, (text, _level) in RESULTS.items())],
        "reason": reason and reason_words(reason),
        "query": f"{asked.query}&{urlencode({'hasil': result, 'sebab': reason})}",
    }  # fmt: skip
    return render(request, "panel/promise_cases.html", context)
