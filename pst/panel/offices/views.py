"""Offices side by side, for who oversees several: the ones in trouble first."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from complaints import visibility
from pst.panel.offices import rows, scope
from pst.panel.today import figures
from services.accounts import access
from services.accounts.http import Request
from services.sparklines import small_multiples

ON_A_PAGE = 50
START = "keadaan"


class OfficesForm(forms.Form):
    """Field names stand in the page's address."""

    cari = forms.CharField(label=gettext_lazy("Cari kantor"), max_length=60, required=False)
    masalah = forms.BooleanField(label=gettext_lazy("Hanya yang perlu perhatian"), required=False)


@access.supervisor
@require_safe
@never_cache
def offices(request: Request) -> HttpResponse:
    """HTMX: the table alone, refetched every minute."""
    form = OfficesForm(request.GET)
    wanted: dict[str, Any] = form.cleaned_data if form.is_valid() else {"cari": "", "masalah": False}
    now, by = timezone.now(), request.GET.get("urut", START)
    by = by if by in rows.BY_NAME else START
    backwards = request.GET.get("arah", "turun" if rows.BY_NAME[by].most_first else "naik") != "naik"
    here = list(_found(request, wanted["cari"].strip()))
    counted = figures.of_offices(here, _complaints(request), now)
    lines = rows.in_order(rows.lines(here, counted), by, backwards)
    if wanted["masalah"]:
        lines = [line for line in lines if line.troubles]
    page = Paginator(lines, ON_A_PAGE).get_page(request.GET.get("page"))
    asked = {"cari": wanted["cari"], "masalah": "on" if wanted["masalah"] else ""}
    asked = {name: value for name, value in asked.items() if value}
    context = {
        "form": form, "page": page, "at": now, "columns": _columns(by, backwards, asked),
        "query": urlencode(asked | {"urut": by, "arah": "turun" if backwards else "naik"}),
        "mine": {m.office_id for m in request.memberships},
        "troubled": sum(1 for line in lines if line.troubles), "whole": len(lines),
        "multiples": _multiples(list(page), now),
    }  # fmt: skip
    return render(request, "panel/offices.html#rows" if request.htmx else "panel/offices.html", context)


def _found(request: Request, words: str) -> Any:
    found = scope.overseen(request.memberships)
    return (
        found.filter(Q(name__icontains=words) | Q(area__icontains=words) | Q(code__startswith=words))
        if words
        else found
    )


def _complaints(request: Request) -> Any:
    """Of every office they are supervisor of, what they may read there."""
    seen = visibility.visible(request.user, request.office, request.role or "")
    for member in request.memberships:
        if member.office_id != request.office.pk:
            seen = seen | visibility.visible(request.user, member.office, member.role)
    return seen


def _columns(by: str, backwards: bool, asked: dict[str, str]) -> list[dict[str, Any]]:
    """Heads that sort: the one chosen turns round, another begins the way that says most."""
    found = []
    for column in rows.COLUMNS:
        here = column.name == by
        down = not backwards if here else column.most_first
        query = urlencode(asked | {"urut": column.name, "arah": "turun" if down else "naik"})
        sort = ("descending" if backwards else "ascending") if here else ""
        found.append({"text": column.text, "url": f"?{query}", "sort": sort, "number": column.number})
    return found


def _multiples(lines: list[rows.Line], now: Any) -> list[dict[str, Any]]:
    told = rows.promise_by_day([line.office for line in lines], now)
    items, promises = [], reverse("panel:promises")
    for line in lines:
        values = told[line.office.pk]
        last = next((value for value in reversed(values) if value is not None), None)
        said = _("terakhir %s %%") % number_format(round(last)) if last is not None else _("belum cukup data")
        lowest = min((value for value in values if value is not None), default=None)
        if lowest is not None and lowest != last:
            said += " · " + _("terendah %s %%") % number_format(round(lowest))
        items.append(
            (line.office.area, f"{promises}?{urlencode({'kantor': line.office.code})}", values, said)
        )
    return small_multiples(items, top=100)
