"""What the stars of a period say: how it goes, where, when, why, and whether a kept promise pleases.

Of fewer than FEW ratings nothing is told but their number: it could be read as somebody's own. Nor what follows from the whole
and the other rows (services/few.py), or from another period that can be asked for (services/differences.py): a mean of months whose
difference to others is one to four ratings is not told. Days and hours are the office's own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from services.few import FEWEST, hidden, is_few
from services.guestbook.models import VisitService
from services.offices.models import Office
from services.ratings import reasons
from services.ratings.counting import Asked, Cell, hour
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


def of(office: Office, since: date, until: date) -> Insight:
    """Both days included."""
    asked = Asked([office], since, until)
    return Insight(
        count=asked.count,
        mean=mean(asked),
        stars=stars(asked),
        trend=trend(asked, lambda at: date_format(at, "M Y")),
        things=by(asked, thing, F("about")),
        services=by(asked, str, F("service__name")),
        hours=by(asked, lambda at: f"{at:02d}", hour()),
        promise=by(asked, promised, F("received__clock_result"), among=KEPT_OR_MISSED),
        officers=by(asked, str, F("officer__name")) if rules_of(office).of_officers else [],
        reasons=reasons_said(asked),
        elements=elements_said(asked),
        words=_words(asked.rows) if asked.tells else [],
    )


def thing(about: str) -> str:
    return str(Rating.About(about).label)


def promised(result: str) -> str:
    return _("Dilayani tepat waktu") if result == VisitService.Result.KEPT else _("Dilayani terlambat")


def mean(asked: Asked) -> float | None:
    """Of all of them, where it may be told."""
    return _mean(asked.by_stars) if asked.tells and asked.count >= FEW else None


def _mean(cells: Iterable[Cell]) -> float:
    counts: Counter[int] = Counter()
    for _month, value, n, _all in cells:
        counts[value] += n
    return sum(value * n for value, n in counts.items()) / counts.total()


def by(asked: Asked, words: Callable[[Any], str], key: Any, *, among: Sequence[Any] = ()) -> list[Row]:
    """What has no row of its own is a part of the whole all the same, from which the rows could be reckoned."""
    found = asked.by(key, among)
    rest, _rest_mean = found.within.get(None, (0, 0.0))
    own = {value: row for value, row in found.within.items() if value is not None}
    untold = hidden({value: n for value, (n, _mean) in own.items()} | {None: rest})
    untold |= {value for value in own if value not in untold and not asked.may_tell(found.years, value)}
    return [Row(words(value), n, None if value in untold else m) for value, (n, m) in sorted(own.items())]


def trend(asked: Asked, words: Callable[[date], str]) -> list[Row]:
    """By month; each is a period of its own."""
    months: dict[date, list[Cell]] = {}
    for cell in asked.by_stars:
        if cell[2]:
            months.setdefault(cell[0], []).append(cell)
    counts = {at: sum(n for _month, _stars, n, _all in cells) for at, cells in months.items()}
    untold = hidden(counts)
    untold |= {at for at in counts if at not in untold and not asked.month(at).may_tell(asked.whole, None)}
    return [
        Row(words(at), counts[at], None if at in untold else _mean(cells))
        for at, cells in sorted(months.items())
    ]


def stars(asked: Asked) -> list[tuple[int, int | None]]:
    """(stars, how many): nothing where nothing may be told."""
    if not asked.tells or 0 < asked.count < FEW:
        return []
    counts: Counter[int] = Counter()
    for _month, value, n, _all in asked.by_stars:
        counts[value] += n
    untold = hidden({value: n for value, n in counts.items() if n})
    return [(value, None if value in untold else counts[value]) for value in range(5, 0, -1)]


def reasons_said(asked: Asked) -> list[Said]:
    said = asked.said if asked.tells else Counter()
    counts = {f"{r.good} / {r.bad}": (said[r.code, True], said[r.code, False]) for r in reasons.REASONS}
    return _enough(counts)


def elements_said(asked: Asked) -> list[Said]:
    said = asked.said if asked.tells else Counter()
    found: dict[str, tuple[int, int]] = {}
    for reason in reasons.REASONS:
        good, bad = found.get(reason.element, (0, 0))
        found[reason.element] = (good + said[reason.code, True], bad + said[reason.code, False])
    return _enough(dict(sorted(found.items())))


def _enough(counts: dict[str, tuple[int, int]]) -> list[Said]:
    """What at least FEW praised, or complained of; few are not told beside them either."""
    return [
        (words, None if is_few(good) else good, None if is_few(bad) else bad)
        for words, (good, bad) in counts.items()
        if max(good, bad) >= FEW
    ]


def _words(rows: QuerySet[Rating]) -> list[tuple[str, int]]:
    """Words that at least FEW people wrote, each person counted once; read in pieces, so that a year fits."""
    found: Counter[str] = Counter()
    comments: Iterable[str] = rows.exclude(comment="").values_list("comment", flat=True).iterator(AT_ONCE)
    for comment in comments:
        found.update({w for w in meaningful(tokens(comment)) if len(w) >= SHORTEST and not w.isdigit()})
    return [(word, n) for word, n in found.most_common(MOST_WORDS) if n >= FEW]
