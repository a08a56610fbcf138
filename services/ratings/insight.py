"""What the stars of a period say: how it goes, where, when, why, and whether a kept promise pleases.

Of fewer than FEW ratings nothing is told but their number: it could be read as somebody's own. Nor what follows from the whole
and the other rows (services/few.py). Days and hours are the office's own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Avg, Count, Func, QuerySet
from django.db.models.functions import ExtractHour, TruncMonth
from django.utils.formats import date_format
from django.utils.translation import gettext as _

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
    """`mean` is None where fewer than FEW rated, or where theirs would follow from it."""

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


def of(office: Office, since: date, until: date) -> Insight:
    """Both days included."""
    rows = period(office, since, until)
    whole = rows.aggregate(n=Count("pk"), mean=Avg("stars"))
    return Insight(
        count=whole["n"],
        mean=_told(whole["n"], whole["mean"]),
        stars=stars(rows),
        trend=by(rows.annotate(key=TruncMonth("at", tzinfo=office.zone)), lambda at: date_format(at, "M Y")),
        things=by(rows, lambda about: str(Rating.About(about).label), "about"),
        services=by(rows, str, "service__name"),
        hours=by(rows.annotate(key=ExtractHour("at", tzinfo=office.zone)), lambda hour: f"{hour:02d}"),
        promise=by(rows, promised, "received__clock_result", among=KEPT_OR_MISSED),
        officers=by(rows, str, "officer__name") if rules_of(office).of_officers else [],
        reasons=reasons_said(rows),
        elements=elements_said(rows),
        words=_words(rows),
    )


def period(office: Office, since: date, until: date) -> QuerySet[Rating]:
    first = datetime.combine(since, time.min, tzinfo=office.zone)
    after = datetime.combine(until + timedelta(days=1), time.min, tzinfo=office.zone)
    return Rating.objects.filter(office=office, at__gte=first, at__lt=after).order_by()


def promised(result: str) -> str:
    return _("Dilayani tepat waktu") if result == VisitService.Result.KEPT else _("Dilayani terlambat")


def _told(count: int, mean: Any) -> float | None:
    return float(mean) if count >= FEW else None


def by(
    rows: QuerySet[Rating],
    words: Callable[[Any], str],
    key: str = "key",
    *,
    among: Sequence[Any] = (),
    none: bool = False,
) -> list[Row]:
    """Without a value (but `none` makes a row of it), or with none of `among`, there is no row, but a part of the whole, from which
    the rows could be reckoned."""
    found = list(rows.values_list(key).annotate(n=Count("pk"), mean=Avg("stars")).order_by(key))
    own = [row for row in found if (none or row[0] is not None) and (not among or row[0] in among)]
    rest = sum(count for _value, count, _mean in found) - sum(count for _value, count, _mean in own)
    untold = hidden({value: count for value, count, _mean in own} | ({} if none else {None: rest}))
    return [Row(words(value), count, None if value in untold else float(mean)) for value, count, mean in own]


def stars(rows: QuerySet[Rating]) -> list[tuple[int, int | None]]:
    counts: dict[int, int] = dict(rows.values_list("stars").annotate(n=Count("pk")))
    if 0 < sum(counts.values()) < FEW:
        return []
    untold = hidden(counts)
    return [(value, None if value in untold else counts.get(value, 0)) for value in range(5, 0, -1)]


def _said(rows: QuerySet[Rating]) -> Counter[tuple[str, bool]]:
    """(code of the reason, praised or not): how often."""
    one = Func("reasons", function="unnest")
    found: Counter[tuple[str, bool]] = Counter()
    said = rows.exclude(reasons=[]).annotate(code=one).values_list("code", "stars").annotate(n=Count("pk"))
    for code, stars, count in said:
        found[code, stars >= reasons.GOOD] += count
    return found


def reasons_said(rows: QuerySet[Rating]) -> list[Said]:
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


def elements_said(rows: QuerySet[Rating]) -> list[Said]:
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
