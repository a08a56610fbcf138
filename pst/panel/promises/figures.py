"""What the cases of a promise come to: how many kept, missed, not counted; how long it took; when; beside the time before.

No share and no time is told of fewer than FEW cases: it could be read as one person's, or one officer's. Counts are: the
supervisor can open the cases themselves (docs/decisions/042).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import (
    Aggregate,
    Case,
    Count,
    DateField,
    F,
    FloatField,
    Func,
    IntegerField,
    Max,
    Q,
    QuerySet,
    Value,
    When,
)

from pst.panel.promises.cases import EXCLUDED, KEPT, MISSED, RUNNING, Scope
from services.ratings.insight import FEW

TOLD = Q(c_result__in=(KEPT, MISSED))
COUNTS = {name: Count("pk", filter=Q(c_result=name)) for name in (KEPT, MISSED, EXCLUDED, RUNNING)}
# Edges of the histogram by unit, in seconds; the last bucket is open.
EDGES = {
    "minutes": [n * 60 for n in (0, 1, 2, 3, 4, 5, 7.5, 10, 15, 20, 30, 60)],
    "days": [n * 86400 for n in (0, 0.5, 1, 2, 3, 4, 5, 7, 10, 14, 30, 60)],
}
SECONDS = {"minutes": 60, "days": 86400}


class Percentile(Aggregate):
    """`fraction` of the values are at most this; between two values, in proportion (SQL's percentile_cont)."""

    function = "percentile_cont"
    template = "%(function)s(%(fraction)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()

    def __init__(self, expression: str, fraction: float, **extra: Any):
        super().__init__(expression, fraction=fraction, **extra)


@dataclass(frozen=True)
class Tally:
    kept: int = 0
    missed: int = 0
    excluded: int = 0
    running: int = 0

    @property
    def told(self) -> int:
        return self.kept + self.missed

    @property
    def whole(self) -> int:
        return self.told + self.excluded + self.running

    @property
    def share(self) -> float | None:
        """Per cent kept of those that can be told; None below FEW."""
        return 100 * self.kept / self.told if self.told >= FEW else None

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.kept + other.kept, self.missed + other.missed, self.excluded + other.excluded, self.running + other.running
        )  # fmt: skip


@dataclass(frozen=True)
class Waits:
    """In seconds, of the kept and the missed; None below FEW."""

    median: float | None = None
    most: float | None = None  # nine of ten at most
    worst: float | None = None
    count: int = 0


def tally(rows: QuerySet) -> Tally:
    return Tally(**rows.aggregate(**COUNTS))


def now_and_before(find: Callable[[Scope], QuerySet], scope: Scope) -> tuple[Tally, Tally]:
    """Of the days asked for, and of as many before them, in one question."""
    before = scope.before()
    rows = find(replace(scope, since=before.since))
    found = rows.aggregate(**{
        f"{name}_{when}": Count("pk", filter=Q(c_result=name, c_day__range=days))
        for name in COUNTS
        for when, days in (("now", (scope.since, scope.until)), ("before", (before.since, before.until)))
    })  # fmt: skip
    return tuple(Tally(**{name: found[f"{name}_{when}"] for name in COUNTS}) for when in ("now", "before"))  # type: ignore[return-value]


def tally_and_waits(rows: QuerySet) -> tuple[Tally, Waits]:
    timed = TOLD & Q(c_seconds__isnull=False)
    found = rows.aggregate(
        **COUNTS,
        n=Count("pk", filter=timed),
        median=Percentile("c_seconds", 0.5, filter=timed),
        most=Percentile("c_seconds", 0.9, filter=timed),
        worst=Max("c_seconds", filter=timed),
    )
    n = found.pop("n")
    waits = {name: found.pop(name) for name in ("median", "most", "worst")}
    return Tally(**found), Waits(**waits, count=n) if n >= FEW else Waits(count=n)


STEPS = {"hari": "day", "minggu": "week", "bulan": "month"}


def by_time(rows: QuerySet, step: str) -> list[tuple[date, Tally]]:
    """In order of time; a day, week (from its Monday) or month without a case is not among them."""
    start = Func(
        Value(STEPS[step]), F("c_day"), function="date_trunc", template="%(function)s(%(expressions)s::timestamp)::date",
        output_field=DateField(),
    )  # fmt: skip
    grouped = rows.annotate(c_step=start).values("c_step").annotate(**COUNTS).order_by("c_step")
    return [(row.pop("c_step"), Tally(**row)) for row in grouped]


def by_reason(rows: QuerySet) -> list[tuple[str, int]]:
    grouped = rows.filter(c_result=EXCLUDED).values_list("c_reason").annotate(n=Count("pk"))
    return list(grouped.order_by("-n", "c_reason"))


@dataclass
class Parts:
    """The same cases by office, by service and by version of the standard."""

    offices: dict[int, Tally] = field(default_factory=dict)
    services: dict[int | None, Tally] = field(default_factory=dict)
    standards: dict[int | None, Tally] = field(default_factory=dict)


def parts(rows: QuerySet) -> Parts:
    """One question for all three."""
    found = Parts()
    grouped = rows.values("c_office", "c_service", "c_standard").annotate(**COUNTS).order_by()
    for row in grouped:
        keys = [row.pop(name) for name in ("c_office", "c_service", "c_standard")]
        one = Tally(**row)
        places: tuple[dict[Any, Tally], ...] = (found.offices, found.services, found.standards)
        for key, place in zip(keys, places, strict=True):
            place[key] = place.get(key, Tally()) + one
    return found


def by_clock(rows: QuerySet) -> dict[tuple[int, int], Tally]:
    """By hour and weekday (Monday is 1), on the office's own clock."""
    grouped = rows.values("c_hour", "c_weekday").annotate(**COUNTS).order_by()
    return {(row.pop("c_hour"), row.pop("c_weekday")): Tally(**row) for row in grouped}


def spread(rows: QuerySet, unit: str) -> list[tuple[float, float | None, int]]:
    """How many took how long, in the unit: (from, below, how many); cut off after the last that anybody took."""
    edges = EDGES[unit]
    whens = [When(c_seconds__lt=edge, then=Value(n)) for n, edge in enumerate(edges[1:])]
    place = Case(*whens, default=Value(len(edges) - 1), output_field=IntegerField())
    timed = rows.filter(TOLD, c_seconds__isnull=False).annotate(c_bucket=place)
    counted = dict(timed.values_list("c_bucket").annotate(n=Count("pk")).order_by())
    if sum(counted.values()) < FEW:
        return []
    per, last = SECONDS[unit], max(5, max(counted))
    limits: Sequence[float | None] = [*(edge / per for edge in edges), None]
    return [(edges[n] / per, limits[n + 1], counted.get(n, 0)) for n in range(last + 1)]


def filled(found: Iterable[tuple[date, Tally]], key: Callable[[date], str]) -> tuple[list[str], list[Tally]]:
    rows = list(found)
    return [key(start) for start, _tally in rows], [one for _start, one in rows]
