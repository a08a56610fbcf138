"""What ratings and complaints of a period say together, for the supervisor."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from complaints.models import Complaint, Element, Kind
from complaints.models.record import Channel
from pst.panel import periods
from services.accounts import access
from services.accounts.http import Request
from services.charts import bar_chart
from services.offices import hourly
from services.ratings import insight
from services.ratings.insight import Row


@access.supervisor
@require_safe
@never_cache
def panel_insight(request: Request) -> HttpResponse:
    form, since, until = periods.chosen(request)
    found = insight.of(request.office, since, until)
    names = dict(Element.choices)
    groups = [
        (_("Per bulan"), found.trend), (_("Yang dinilai"), found.things), (_("Layanan"), found.services),
        (_("Jam"), found.hours), (_("Janji waktu"), found.promise), (_("Petugas"), found.officers),
    ]  # fmt: skip
    context = {
        "form": form, "since": since, "until": until, "found": found, "few": insight.FEW,
        "chart": _chart(found.trend) if found.trend else None,
        "groups": [(title, rows) for title, rows in groups if rows],
        "elements": [(names[code], good, bad) for code, good, bad in found.elements],
        "flood": hourly.told(request.office, "rating.flood", "survey.flood"),
        "complaints": _complaints(request, since, until),
    }  # fmt: skip
    return render(request, "panel/insight.html", context, status=422 if form.errors else 200)


def _chart(trend: list[Row]) -> dict[str, Any]:
    """Months with too few ratings are an empty place, not a zero: they carry no bar and no figure."""
    told = [(row.label, round(row.mean, 2)) for row in trend if row.mean is not None]
    if not told:
        return {}
    said = ", ".join(f"{label}: {localize(mean)}" for label, mean in told)
    return bar_chart("ratings-trend", _("Rata-rata bintang per bulan"), said, told[-12:], 5)


def _complaints(request: Request, since: Any, until: Any) -> list[tuple[str, list[tuple[str, int]]]]:
    """How many, by what; nothing of what they say. Not those about somebody who looks at this page,
    nor those of a flood that were set aside."""
    here = {"office": request.office, "place": request.office}  # sent above: not theirs to see
    rows = Complaint.objects.filter(**here, created_at__date__range=(since, until)).order_by()
    rows = rows.exclude(state=Complaint.State.SET_ASIDE).exclude(about=request.user.pk)
    fields = (
        (_("Jenis"), "kind", Kind.choices), (_("Unsur"), "element", Element.choices), (_("Saluran"), "channel", Channel.choices),
    )  # fmt: skip
    counts: dict[str, Counter[str]] = {field: Counter() for _title, field, _choices in fields}
    for row in rows.values(*counts).annotate(n=Count("pk")):  # one question for all three
        for field, counter in counts.items():
            counter[row[field]] += row["n"]
    found = []
    for title, field, choices in fields:
        words, counter = dict(choices), counts[field]
        said = sorted((v for v in counter if v), key=lambda value: (-counter[value], value))
        found.append((title, [(str(words[value]), counter[value]) for value in said]))
    return [(title, counted) for title, counted in found if counted]
