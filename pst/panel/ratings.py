"""What visitors thought, for the supervisor: how many of each number of stars, and the words beside them.

A rating of a visit leads to no person here (services/ratings/models.py): the day stands there, not the time, and those of a day in
an order that does not tell who went first. One of a consultation leads to what was said, and
whoever gives it is told so.
"""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Avg, CharField, Count, QuerySet, Value
from django.db.models.functions import MD5, Cast, Concat, TruncDate
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from services import days
from services.accounts import access
from services.accounts.http import Request
from services.audit import trail
from services.ratings.forms import STARS
from services.ratings.insight import FEW
from services.ratings.models import Rating

# By the word in the address: heading, whether of a visit.
ROOMS = {
    "konsultasi": (gettext_lazy("Konsultasi, unduhan, dan pinjaman"), False),
    "kunjungan": (gettext_lazy("Kunjungan"), True),
}
ON_A_PAGE = 50


def _by_day(rows: QuerySet[Rating], request: Request) -> QuerySet[Rating]:
    drawn = MD5(Concat(Value("rating "), Cast("at", CharField()), Cast("pk", CharField())))
    return rows.annotate(day=TruncDate("at", tzinfo=request.office.zone)).order_by("-day", drawn)


def _rooms(of_day: QuerySet[Rating] | None) -> list[tuple[str, Any, int | None]]:
    """Word in the address, heading, and of one day how many: together they are the number on the panel's first page."""
    counts: dict[str, int] = {}
    if of_day is not None:
        counts = of_day.order_by().aggregate(whole=Count("pk"), kunjungan=Count("received"))
        counts["konsultasi"] = counts["whole"] - counts["kunjungan"]
    return [(key, text, counts.get(key)) for key, (text, _of_visits) in ROOMS.items()]


@access.supervisor
@require_safe
@never_cache
def ratings(request: Request) -> HttpResponse:
    here = request.GET.get("untuk", "konsultasi")
    if here not in ROOMS:
        raise Http404
    of_visits = ROOMS[here][1]
    day, everything = days.read(request.GET.get("hari", "")), Rating.objects.filter(office=request.office)
    if day:
        everything = everything.filter(at__date=day)  # the office's zone is the request's
    rows = everything.filter(received__isnull=not of_visits)
    rows = _by_day(rows, request) if of_visits else rows.order_by("-at", "-pk")
    counts = dict(rows.order_by().values_list("stars").annotate(Count("pk")))
    page = Paginator(rows.select_related("received__service", "consultation"), ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    # In the order they came in, whatever the page's is: the trace would say which of those shown came when.
    read = sorted(page, key=lambda row: row.pk)
    trail.record_reads(read, by=request.actor, office_id=request.office.pk, why="ratings")
    context = {
        "rooms": _rooms(everything if day else None), "here": here, "page": page,
        "query": f"untuk={here}&hari={day}" if day else f"untuk={here}", "day": day,
        "mean": rows.aggregate(mean=Avg("stars"))["mean"] if sum(counts.values()) >= FEW else None,
        "of_visits": of_visits, "spread": [(score, word, counts.get(score, 0)) for score, word in reversed(STARS)],
    }  # fmt: skip
    return render(request, "panel/ratings.html", context)
