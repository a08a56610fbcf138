"""How many stars of what, for the months somebody asks for, and whether that may be told (services/differences.py).

One office or several, each by its own clock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Count, DateField, F, Func, IntegerField, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, TruncMonth

from services import differences
from services.offices.models import Office, Service
from services.ratings import reasons
from services.ratings.models import Rating

ZONES = timedelta(days=1)  # no office's clock is further from UTC
Cell = tuple[
    date, int, int, int
]  # month, stars, how many of the months asked for, how many of the whole years


class LocalDay(Func):
    """The day of an instant by the office's own clock."""

    template = "CAST(timezone(%(expressions)s) AS date)"
    output_field = DateField()


class LocalHour(Func):
    """The hour, 0 to 23, by the office's own clock."""

    template = "CAST(EXTRACT(hour FROM timezone(%(expressions)s)) AS integer)"
    output_field = IntegerField()


def day() -> LocalDay:
    return LocalDay(F("office__time_zone"), F("at"))


def hour() -> LocalHour:
    return LocalHour(F("office__time_zone"), F("at"))


@dataclass(frozen=True)
class Counted:
    """By one key: of each value how many within the months asked for and their mean; and of the whole years how many by month."""

    within: dict[Any, tuple[int, float]]
    years: dict[int, differences.Year]


@dataclass(frozen=True)
class Asked:
    """The months that are asked for, both days included, and the years they are in: other months of these can be asked for too.
    `service`: only what was rated of this one."""

    offices: Sequence[Office]
    since: date
    until: date
    service: Service | None = None

    @cached_property
    def rows(self) -> QuerySet[Rating]:
        return self._between(self.since, self.until)

    @cached_property
    def by_stars(self) -> list[Cell]:
        return [(month, stars, n, all_n) for month, stars, n, _sum, all_n in self._cells(F("stars"))]

    @cached_property
    def count(self) -> int:
        return sum(n for _month, _stars, n, _all in self.by_stars)

    @cached_property
    def whole(self) -> dict[int, differences.Year]:
        return differences.years((month, None, all_n) for month, _stars, _n, all_n in self.by_stars)

    @cached_property
    def tells(self) -> bool:
        """Whether anything of all of them together may be told."""
        return self.may_tell(self.whole, None)

    @cached_property
    def said(self) -> Counter[tuple[str, bool]]:
        """(code of the reason, praised or not): how often."""
        found: Counter[tuple[str, bool]] = Counter()
        one = Func("reasons", function="unnest")
        rows = self.rows.exclude(reasons=[]).annotate(code=one).values_list("code", "stars")
        for code, stars, count in rows.annotate(n=Count("pk")):
            found[code, stars >= reasons.GOOD] += count
        return found

    def by(self, key: Any, among: Sequence[Any] = ()) -> Counted:
        """What has no row of its own is None: no value, or none of `among`."""
        within: dict[Any, tuple[int, int]] = {}
        months = []
        for month, found, n, stars, all_n in self._cells(key):
            value = found if not among or found in among else None
            months.append((month, value, all_n))
            if n:
                before = within.get(value, (0, 0))
                within[value] = (before[0] + n, before[1] + stars)
        means = {value: (n, stars / n) for value, (n, stars) in within.items()}
        return Counted(means, differences.years(months))

    def month(self, at: date) -> Asked:
        """One month of these, as a period of its own."""
        return Asked(self.offices, at, at, self.service)

    def may_tell(self, found: Mapping[int, differences.Year], value: Any) -> bool:
        today = self.offices[0].today()
        return differences.may_be_told(found, value, self.since, self.until, today=today)

    def _between(self, since: date, until: date) -> QuerySet[Rating]:
        first = datetime.combine(since, time.min, tzinfo=UTC) - ZONES  # for the index; the day decides
        after = datetime.combine(until, time.max, tzinfo=UTC) + ZONES
        rows = Rating.objects.filter(office__in=self.offices, at__range=(first, after))
        days = {"local_day__gte": since, "local_day__lte": until}
        rows = rows.annotate(local_day=day()).filter(**days).order_by()
        return rows.filter(service=self.service) if self.service else rows

    def _cells(self, key: Any) -> list[tuple[date, Any, int, int, int]]:
        """One question for the months asked for and their years."""
        rows = self._between(date(self.since.year, 1, 1), date(self.until.year, 12, 31))
        inside = Q(local_day__gte=self.since, local_day__lte=self.until)
        cells = rows.annotate(month=TruncMonth("local_day"), key=key).values_list("month", "key")
        counted: Any = cells.annotate(
            n=Count("pk", filter=inside), sum=Coalesce(Sum("stars", filter=inside), 0), all_n=Count("pk")
        )
        return list(counted.order_by("month", "key"))
