"""What the stars of a period say: how it goes, where, when, why, and whether a kept promise pleases.

A mean of fewer than FEW ratings is not told: it could be read as somebody's own. Days and hours are the office's own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Avg, Count, Func, QuerySet
from django.db.models.functions import ExtractHour, TruncMonth
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from services.guestbook.models import VisitService
from services.offices.models import Office
from services.ratings import reasons
from services.ratings.models import Rating
from services.text import meaningful, tokens

FEW = 5
MOST_WORDS = 20
AT_ONCE = 2_000
SHORTEST = 4  # letters of a word worth counting
KEPT_OR_MISSED = (VisitService.Result.KEPT, VisitService.Result.MISSED)


@dataclass(frozen=True)
class Row:
    """`mean` is None where fewer than FEW rated."""

    label: str
    count: int
    mean: float | None


@dataclass(frozen=True)
class Insight:
    count: int
    mean: float | None
    stars: list[tuple[int, int]]
    trend: list[Row]  # by month
    things: list[Row]  # visit, consultation, download, loan
    services: list[Row]
    hours: list[Row]
    promise: list[Row]  # kept, missed
    officers: list[Row]  # only where the office has them rated
    reasons: list[tuple[str, int, int]]  # words, praised, complained of
    elements: list[tuple[str, int, int]]  # the same by element of service
    words: list[tuple[str, int]]


def of(office: Office, since: date, until: date) -> Insight:
    """Both days included."""
    rows = period(office, since, until)
    whole = rows.aggregate(n=Count("pk"), mean=Avg("stars"))
    return Insight(
        count=whole["n"],
        mean=_told(whole["n"], whole["mean"]),
        stars=_stars(rows),
        trend=_by(rows.annotate(key=TruncMonth("at", tzinfo=office.zone)), lambda at: date_format(at, "M Y")),
        things=_by(rows, lambda about: str(Rating.About(about).label), "about"),
        services=_by(rows, str, "service__name", known=True),
        hours=_by(rows.annotate(key=ExtractHour("at", tzinfo=office.zone)), lambda hour: f"{hour:02d}"),
        promise=_by(
            rows.filter(received__clock_result__in=KEPT_OR_MISSED), _promise, "received__clock_result"
        ),
        officers=_by(rows, str, "officer__name", known=True),
        reasons=_reasons(rows),
        elements=_elements(rows),
        words=_words(rows),
    )


def period(office: Office, since: date, until: date) -> QuerySet[Rating]:
    first = datetime.combine(since, time.min, tzinfo=office.zone)
    after = datetime.combine(until + timedelta(days=1), time.min, tzinfo=office.zone)
    return Rating.objects.filter(office=office, at__gte=first, at__lt=after).order_by()


def _promise(result: str) -> str:
    return _("Dilayani tepat waktu") if result == VisitService.Result.KEPT else _("Dilayani terlambat")


def _told(count: int, mean: Any) -> float | None:
    return float(mean) if count >= FEW else None


def _by(
    rows: QuerySet[Rating], words: Callable[[Any], str], key: str = "key", *, known: bool = False
) -> list[Row]:
    """`known`: what has no value is left out."""
    if known:
        rows = rows.exclude(**{key: None})
    found = rows.values_list(key).annotate(n=Count("pk"), mean=Avg("stars")).order_by(key)
    return [Row(words(value), count, _told(count, mean)) for value, count, mean in found]


def _stars(rows: QuerySet[Rating]) -> list[tuple[int, int]]:
    counts = dict(rows.values_list("stars").annotate(n=Count("pk")))
    return [(stars, counts.get(stars, 0)) for stars in range(5, 0, -1)]


def _said(rows: QuerySet[Rating]) -> Counter[tuple[str, bool]]:
    """(code of the reason, praised or not): how often."""
    one = Func("reasons", function="unnest")
    found: Counter[tuple[str, bool]] = Counter()
    said = rows.exclude(reasons=[]).annotate(code=one).values_list("code", "stars").annotate(n=Count("pk"))
    for code, stars, count in said:
        found[code, stars >= reasons.GOOD] += count
    return found


def _reasons(rows: QuerySet[Rating]) -> list[tuple[str, int, int]]:
    said = _said(rows)
    return [
        (f"{reason.good} / {reason.bad}", said[reason.code, True], said[reason.code, False])
        for reason in reasons.REASONS
        if said[reason.code, True] or said[reason.code, False]
    ]


def _elements(rows: QuerySet[Rating]) -> list[tuple[str, int, int]]:
    said = _said(rows)
    found: dict[str, tuple[int, int]] = {}
    for reason in reasons.REASONS:
        good, bad = found.get(reason.element, (0, 0))
        found[reason.element] = (good + said[reason.code, True], bad + said[reason.code, False])
    return [(element, *found[element]) for element in sorted(found) if any(found[element])]


def _words(rows: QuerySet[Rating]) -> list[tuple[str, int]]:
    """Words that at least FEW people wrote, each person counted once; read in pieces, so that a year fits."""
    found: Counter[str] = Counter()
    comments: Iterable[str] = rows.exclude(comment="").values_list("comment", flat=True).iterator(AT_ONCE)
    for comment in comments:
        found.update({w for w in meaningful(tokens(comment)) if len(w) >= SHORTEST and not w.isdigit()})
    return [(word, n) for word, n in found.most_common(MOST_WORDS) if n >= FEW]
