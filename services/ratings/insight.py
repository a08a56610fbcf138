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

from django.db.models import Avg, Count, F, Func, IntegerField, QuerySet, Value
from django.db.models.functions import ExtractHour, TruncMonth
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
class Asked:
    """The months that are asked for, both days included, and the years they are in: other months of these can be asked for too."""

    office: Office
    since: date
    until: date

    @cached_property
    def rows(self) -> QuerySet[Rating]:
        return period(self.office, self.since, self.until)

    @cached_property
    def whole(self) -> dict[int, differences.Year]:
        return self.years(Value(None, output_field=IntegerField()))

    def years(self, key: Any, among: Sequence[Any] = ()) -> dict[int, differences.Year]:
        """How many of each key in each month; what has no row of its own is None."""
        all_of_them = period(self.office, date(self.since.year, 1, 1), date(self.until.year, 12, 31))
        month = TruncMonth("at", tzinfo=self.office.zone)
        counts = (
            all_of_them.annotate(month=month, key=key).values_list("month", "key").annotate(n=Count("pk"))
        )
        return differences.years(
            (at, value if not among or value in among else None, n) for at, value, n in counts.order_by()
        )

    def may_tell(self, found: Mapping[int, differences.Year], value: Any) -> bool:
        today = self.office.today()
        return differences.may_be_told(found, value, self.since, self.until, today=today)


def of(office: Office, since: date, until: date) -> Insight:
    """Both days included."""
    asked = Asked(office, since, until)
    rows = asked.rows
    whole = rows.aggregate(n=Count("pk"), mean=Avg("stars"))
    by: Callable[..., list[Row]] = partial(_by, asked)
    tells = asked.may_tell(asked.whole, None)
    return Insight(
        count=whole["n"],
        mean=_told(whole["n"], whole["mean"]) if tells else None,
        stars=_stars(rows) if tells else [],
        trend=_trend(asked),
        things=by(lambda about: str(Rating.About(about).label), F("about")),
        services=by(str, F("service__name")),
        hours=by(lambda hour: f"{hour:02d}", ExtractHour("at", tzinfo=office.zone)),
        promise=by(_promise, F("received__clock_result"), among=KEPT_OR_MISSED),
        officers=by(str, F("officer__name")) if rules_of(office).of_officers else [],
        reasons=_reasons(rows) if tells else [],
        elements=_elements(rows) if tells else [],
        words=_words(rows) if tells else [],
    )


def period(office: Office, since: date, until: date) -> QuerySet[Rating]:
    first = datetime.combine(since, time.min, tzinfo=office.zone)
    after = datetime.combine(until + timedelta(days=1), time.min, tzinfo=office.zone)
    return Rating.objects.filter(office=office, at__gte=first, at__lt=after).order_by()


def _promise(result: str) -> str:
    return _("Dilayani tepat waktu") if result == VisitService.Result.KEPT else _("Dilayani terlambat")


def _told(count: int, mean: Any) -> float | None:
    return float(mean) if count >= FEW else None


def _by(asked: Asked, words: Callable[[Any], str], key: Any, *, among: Sequence[Any] = ()) -> list[Row]:
    """Without a value, or with none of `among`, there is no row, but a part of the whole, from which the rows could be reckoned."""
    counted = asked.rows.annotate(key=key).values_list("key").annotate(n=Count("pk"), mean=Avg("stars"))
    found = list(counted.order_by("key"))
    own = [row for row in found if row[0] is not None and (not among or row[0] in among)]
    rest = sum(count for _value, count, _mean in found) - sum(count for _value, count, _mean in own)
    untold = hidden({value: count for value, count, _mean in own} | {None: rest})
    years = asked.years(key, among) if len(untold) < len(own) else {}
    untold |= {value for value, *_row in own if value not in untold and not asked.may_tell(years, value)}
    return [Row(words(value), count, None if value in untold else float(mean)) for value, count, mean in own]


def _trend(asked: Asked) -> list[Row]:
    """By month; each is a period of its own."""
    month = TruncMonth("at", tzinfo=asked.office.zone)
    rows = asked.rows.annotate(month=month).values_list("month").annotate(n=Count("pk"), mean=Avg("stars"))
    found = list(rows.order_by("month"))
    untold = hidden({at: count for at, count, _mean in found})
    for at, _count, _mean in found:
        if at not in untold and not Asked(asked.office, at.date(), at.date()).may_tell(asked.whole, None):
            untold.add(at)
    return [Row(date_format(at, "M Y"), n, None if at in untold else float(mean)) for at, n, mean in found]


def _stars(rows: QuerySet[Rating]) -> list[tuple[int, int | None]]:
    counts: dict[int, int] = dict(rows.values_list("stars").annotate(n=Count("pk")))
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


def _reasons(rows: QuerySet[Rating]) -> list[Said]:
    said = _said(rows)
    counts = {f"{r.good} / {r.bad}": (said[r.code, True], said[r.code, False]) for r in reasons.REASONS}
    return _enough(counts)


def _enough(counts: dict[str, tuple[int, int]]) -> list[Said]:
    """What at least FEW praised, or complained of; few are not told beside them either."""
    return [
        (words, None if is_few(good) else good, None if is_few(bad) else bad)
        for words, (good, bad) in counts.items()
        if max(good, bad) >= FEW
    ]


def _elements(rows: QuerySet[Rating]) -> list[Said]:
    said = _said(rows)
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
