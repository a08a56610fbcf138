"""What the stars of a period say: how it goes, where, when, why, and whether a kept promise pleases.

Of fewer than FEW ratings nothing is told but their number: it could be read as somebody's own. Nor what follows from the whole
and the other rows (services/few.py), or from another period that can be asked for (services/differences.py): a mean of months whose
difference to others is one to four ratings is not told. Days and hours are the office's own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property, partial
from typing import Any

from django.db.models import Count, F, Func, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, ExtractHour, TruncMonth
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from services import differences
from services.few import FEWEST, hidden, is_few
from services.guestbook.models import VisitService
from services.offices.models import Office
from services.ratings import reasons
from services.ratings.models import Rating
from services.ratings.workflows import rules_of
from services.text import meaningful, tokens

FEW = FEWEST
MOST_WORDS = 20
AT_ONCE = 2_000
SHORTEST = 4  # letters of a word worth counting
KEPT_OR_MISSED = (VisitService.Result.KEPT, VisitService.Result.MISSED)


@dataclass(frozen=True)
class Row:
    """`mean` is None where fewer than FEW rated, or where theirs would follow from it, here or beside other months."""

    label: str
    count: int
    mean: float | None


Said = tuple[str, int | None, int | None]  # None: few


@dataclass(frozen=True)
class Insight:
    count: int
    mean: float | None
    stars: list[tuple[int, int | None]]  # None: few
    trend: list[Row]  # by month
    things: list[Row]  # visit, consultation, download, loan
    services: list[Row]
    hours: list[Row]
    promise: list[Row]  # kept, missed
    officers: list[Row]  # only where the office has them rated
    reasons: list[Said]  # words, praised, complained of
    elements: list[Said]  # the same by element of service
    words: list[tuple[str, int]]


@dataclass(frozen=True)
class Counted:
    """By one key: of each value how many within the months asked for and their mean; and of the whole years how many by month."""

    within: dict[Any, tuple[int, float]]
    years: dict[int, differences.Year]


@dataclass(frozen=True)
class Asked:
    """The months that are asked for, both days included, and the years they are in: other months of these can be asked for too."""

    office: Office
    since: date
    until: date

    @cached_property
    def rows(self) -> QuerySet[Rating]:
        return period(self.office, self.since, self.until)

    @cached_property
    def by_stars(self) -> list[tuple[datetime, int, int, int]]:
        """(month, stars, how many of the months asked for, how many of the whole years)."""
        return [(month, stars, n, all_n) for month, stars, n, _sum, all_n in self._cells(F("stars"))]

    @cached_property
    def whole(self) -> dict[int, differences.Year]:
        return differences.years((month, None, all_n) for month, _stars, _n, all_n in self.by_stars)

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

    def _cells(self, key: Any) -> list[tuple[datetime, Any, int, int, int]]:
        """One question for the months asked for and their years."""
        all_of_them = period(self.office, date(self.since.year, 1, 1), date(self.until.year, 12, 31))
        inside = Q(at__gte=_midnight(self.office, self.since), at__lt=_midnight(self.office, self.until, 1))
        rows = all_of_them.annotate(month=TruncMonth("at", tzinfo=self.office.zone), key=key)
        counted = rows.values_list("month", "key").annotate(
            n=Count("pk", filter=inside), sum=Coalesce(Sum("stars", filter=inside), 0), all_n=Count("pk")
        )
        return list(counted.order_by("month", "key"))

    def may_tell(self, found: Mapping[int, differences.Year], value: Any) -> bool:
        today = self.office.today()
        return differences.may_be_told(found, value, self.since, self.until, today=today)


def of(office: Office, since: date, until: date) -> Insight:
    """Both days included."""
    asked = Asked(office, since, until)
    rows = asked.rows
    by: Callable[..., list[Row]] = partial(_by, asked)
    count = sum(n for _month, _stars, n, _all in asked.by_stars)
    tells = asked.may_tell(asked.whole, None)
    said = _said(rows) if tells else Counter[tuple[str, bool]]()
    return Insight(
        count=count,
        mean=_mean(asked.by_stars) if tells and count >= FEW else None,
        stars=_stars(asked.by_stars) if tells else [],
        trend=_trend(asked),
        things=by(lambda about: str(Rating.About(about).label), F("about")),
        services=by(str, F("service__name")),
        hours=by(lambda hour: f"{hour:02d}", ExtractHour("at", tzinfo=office.zone)),
        promise=by(_promise, F("received__clock_result"), among=KEPT_OR_MISSED),
        officers=by(str, F("officer__name")) if rules_of(office).of_officers else [],
        reasons=_reasons(said),
        elements=_elements(said),
        words=_words(rows) if tells else [],
    )


def period(office: Office, since: date, until: date) -> QuerySet[Rating]:
    first, after = _midnight(office, since), _midnight(office, until, 1)
    return Rating.objects.filter(office=office, at__gte=first, at__lt=after).order_by()


def _midnight(office: Office, day: date, later: int = 0) -> datetime:
    return datetime.combine(day + timedelta(days=later), time.min, tzinfo=office.zone)


def _promise(result: str) -> str:
    return _("Dilayani tepat waktu") if result == VisitService.Result.KEPT else _("Dilayani terlambat")


def _mean(cells: Iterable[tuple[datetime, int, int, int]]) -> float:
    counts: Counter[int] = Counter()
    for _month, stars, n, _all in cells:
        counts[stars] += n
    return sum(stars * n for stars, n in counts.items()) / counts.total()


def _by(asked: Asked, words: Callable[[Any], str], key: Any, *, among: Sequence[Any] = ()) -> list[Row]:
    """What has no row of its own is a part of the whole all the same, from which the rows could be reckoned."""
    found = asked.by(key, among)
    rest, _rest_mean = found.within.get(None, (0, 0.0))
    own = {value: row for value, row in found.within.items() if value is not None}
    untold = hidden({value: n for value, (n, _mean) in own.items()} | {None: rest})
    untold |= {value for value in own if value not in untold and not asked.may_tell(found.years, value)}
    return [
        Row(words(value), n, None if value in untold else mean) for value, (n, mean) in sorted(own.items())
    ]


def _trend(asked: Asked) -> list[Row]:
    """By month; each is a period of its own."""
    months: dict[datetime, list[tuple[datetime, int, int, int]]] = {}
    for cell in asked.by_stars:
        if cell[2]:
            months.setdefault(cell[0], []).append(cell)
    counts = {at: sum(n for _month, _stars, n, _all in cells) for at, cells in months.items()}
    untold = hidden(counts)
    for at in counts:
        if at not in untold and not Asked(asked.office, at.date(), at.date()).may_tell(asked.whole, None):
            untold.add(at)
    return [
        Row(date_format(at, "M Y"), counts[at], None if at in untold else _mean(cells))
        for at, cells in sorted(months.items())
    ]


def _stars(cells: Iterable[tuple[datetime, int, int, int]]) -> list[tuple[int, int | None]]:
    counts: dict[int, int] = {}
    for _month, stars, n, _all in cells:
        if n:
            counts[stars] = counts.get(stars, 0) + n
    if 0 < sum(counts.values()) < FEW:
        return []
    untold = hidden(counts)
    return [(stars, None if stars in untold else counts.get(stars, 0)) for stars in range(5, 0, -1)]


def _said(rows: QuerySet[Rating]) -> Counter[tuple[str, bool]]:
    """(code of the reason, praised or not): how often."""
    one = Func("reasons", function="unnest")
    found: Counter[tuple[str, bool]] = Counter()
    said = rows.exclude(reasons=[]).annotate(code=one).values_list("code", "stars").annotate(n=Count("pk"))
    for code, stars, count in said:
        found[code, stars >= reasons.GOOD] += count
    return found


def _reasons(said: Mapping[tuple[str, bool], int]) -> list[Said]:
    counts = {f"{r.good} / {r.bad}": (said[r.code, True], said[r.code, False]) for r in reasons.REASONS}
    return _enough(counts)


def _enough(counts: dict[str, tuple[int, int]]) -> list[Said]:
    """What at least FEW praised, or complained of; few are not told beside them either."""
    return [
        (words, None if is_few(good) else good, None if is_few(bad) else bad)
        for words, (good, bad) in counts.items()
        if max(good, bad) >= FEW
    ]


def _elements(said: Mapping[tuple[str, bool], int]) -> list[Said]:
    found: dict[str, tuple[int, int]] = {}
    for reason in reasons.REASONS:
        good, bad = found.get(reason.element, (0, 0))
        found[reason.element] = (good + said[reason.code, True], bad + said[reason.code, False])
    return _enough(dict(sorted(found.items())))


def _words(rows: QuerySet[Rating]) -> list[tuple[str, int]]:
    """Words that at least FEW people wrote, each person counted once; read in pieces, so that a year fits."""
    found: Counter[str] = Counter()
    comments: Iterable[str] = rows.exclude(comment="").values_list("comment", flat=True).iterator(AT_ONCE)
    for comment in comments:
        found.update({w for w in meaningful(tokens(comment)) if len(w) >= SHORTEST and not w.isdigit()})
    return [(word, n) for word, n in found.most_common(MOST_WORDS) if n >= FEW]
