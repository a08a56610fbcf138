"""Ratings, satisfaction and complaints of all offices below one, for its supervisor: the sum, and a line for each.

The index of a sum is computed from all answers together, so each office weighs as much as it has answers (domain.md §5: the mean of
an element is its sum by its number). Days are each office's own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from complaints.models import Complaint
from services import differences
from services.offices.models import Office
from services.ratings.insight import FEW
from services.ratings.models import Rating
from services.surveys import skm
from services.surveys.models import Answer, Instrument, Response
from services.surveys.skm import Scores


@dataclass(frozen=True)
class Line:
    """Of one office, or of all. `mean` and `ikm` are None where fewer than FEW answered, or where that could be reckoned."""

    office: Office | None
    stars: int = 0
    ratings: int = 0
    scores: dict[str, Scores] = field(default_factory=dict)
    complaints: int = 0
    open: int = 0
    late: int = 0
    hidden: frozenset[str] = frozenset()

    @property
    def respondents(self) -> int:
        return max((each.count for each in self.scores.values()), default=0)

    @property
    def mean(self) -> Decimal | None:
        shown = self.ratings >= FEW and "ratings" not in self.hidden
        return skm.rounded(Fraction(self.stars, self.ratings)) if shown else None

    @property
    def result(self) -> skm.Result | None:
        shown = self.respondents >= FEW and "respondents" not in self.hidden
        return skm.compute(self.scores) if shown else None

    @property
    def ikm(self) -> Decimal | None:
        return self.result.ikm if self.result else None


SORTS: dict[str, Callable[[Line], Any]] = {
    "kantor": lambda line: line.office.code if line.office else "",
    "penilaian": lambda line: -line.ratings,
    "bintang": lambda line: (line.mean is None, line.mean),
    "responden": lambda line: -line.respondents,
    "ikm": lambda line: (line.ikm is None, line.ikm),
    "pengaduan": lambda line: -line.complaints,
    "terlambat": lambda line: -line.late,
}


def offices(top: Office) -> list[Office]:
    """With itself; the tree has three levels."""
    below = Q(pk=top.pk) | Q(parent=top) | Q(parent__parent=top)
    return list(Office.objects.filter(below).order_by("code"))


def lines(
    found: Sequence[Office],
    since: date,
    until: date,
    *,
    not_about: Any = None,
    beside: Sequence[Office] | None = None,
) -> tuple[Line, list[Line]]:
    """The sum, and the offices that have anything; both days included. `not_about`: complaints about them are not counted. `beside`: the
    offices that the same person can ask for too."""
    stars = _stars(found, since, until)
    scores = _scores(found, since, until)
    complaints = _complaints(found, since, until, not_about, beside or found)
    all_of_them = [
        Line(o, *stars.get(o.pk, (0, 0)), scores.get(o.pk, {}), *complaints.get(o.pk, (0, 0, 0))) for o in found
    ]  # fmt: skip
    untold: set[str] = set()
    for what, count in (("ratings", _rated), ("respondents", _answered)):
        all_of_them = _hidden(all_of_them, what)
        by_month = differences.years(count(beside or found, since, until))
        told = partial(
            differences.may_be_told, by_month, since=since, until=until, today=timezone.localdate()
        )
        all_of_them = [
            line if line.office and told(line.office.pk) else replace(line, hidden=line.hidden | {what})
            for line in all_of_them
        ]
        if not told(found[0].pk if len(found) == 1 else None):
            untold.add(what)
    filled = [line for line in all_of_them if line.ratings or line.respondents or line.complaints]
    return replace(_sum(filled), hidden=frozenset(untold)), filled


Counted = Iterable[tuple[date, int, int]]  # a day of the month, the office, how many


def _rated(found: Sequence[Office], since: date, until: date) -> Counted:
    """Of the whole years, each office's months by its own days."""
    first, last = date(since.year, 1, 1), date(until.year, 12, 31)
    for zone in {office.zone for office in found}:
        there = [office for office in found if office.zone == zone]
        rows = Rating.objects.filter(_within(there, "at", first, last)).order_by()
        by_month = rows.annotate(month=TruncMonth("at", tzinfo=zone)).values_list("month", "office")
        yield from by_month.annotate(n=Count("pk"))


def _answered(found: Sequence[Office], since: date, until: date) -> Counted:
    rows = Response.objects.filter(
        office__in=found, instrument__kind=Instrument.Kind.SKM,
        day__range=(date(since.year, 1, 1), date(until.year, 12, 31)),
    ).order_by()  # fmt: skip
    return rows.annotate(month=TruncMonth("day")).values_list("month", "office").annotate(n=Count("pk"))


def _hidden(rows: list[Line], what: str) -> list[Line]:
    """Where one office alone has too few, it would follow from the sum: the next smallest is left out with it."""
    few = [line for line in rows if 0 < getattr(line, what) < FEW]
    enough = [line for line in rows if getattr(line, what) >= FEW]
    if len(few) != 1 or not enough:
        return rows
    next_one = min(enough, key=lambda line: getattr(line, what))
    return [replace(line, hidden=line.hidden | {what}) if line is next_one else line for line in rows]


def _sum(rows: Iterable[Line]) -> Line:
    rows = list(rows)
    scores: dict[str, Scores] = {}
    for line in rows:
        for code, each in line.scores.items():
            before = scores.get(code, Scores(0, 0))
            scores[code] = Scores(before.total + each.total, before.count + each.count)
    numbers = ("stars", "ratings", "complaints", "open", "late")
    return Line(None, scores=scores, **{name: sum(getattr(line, name) for line in rows) for name in numbers})


def _within(found: Sequence[Office], name: str, since: date, until: date) -> Q:
    """The days of each office's own zone."""
    by_zone: dict[Any, list[int]] = defaultdict(list)
    for office in found:
        by_zone[office.zone].append(office.pk)
    wanted = Q(pk__in=[])
    for zone, keys in by_zone.items():
        first = datetime.combine(since, time.min, tzinfo=zone)
        after = datetime.combine(until + timedelta(days=1), time.min, tzinfo=zone)
        wanted |= Q(**{"office__in": keys, f"{name}__gte": first, f"{name}__lt": after})
    return wanted


def _stars(found: Sequence[Office], since: date, until: date) -> dict[int, tuple[int, int]]:
    rows = Rating.objects.filter(_within(found, "at", since, until)).order_by().values_list("office")
    return {office: (total, n) for office, total, n in rows.annotate(total=Sum("stars"), n=Count("pk"))}


def _scores(found: Sequence[Office], since: date, until: date) -> dict[int, dict[str, Scores]]:
    rows = Answer.objects.filter(
        response__office__in=found, response__instrument__kind=Instrument.Kind.SKM, response__day__range=(since, until)
    )  # fmt: skip
    scores: dict[int, dict[str, Scores]] = defaultdict(dict)
    summed = (
        rows.order_by().values_list("response__office", "code").annotate(total=Sum("score"), n=Count("pk"))
    )
    for office, code, total, n in summed:
        scores[office][code] = Scores(total, n)
    return scores


def _complaints(
    found: Sequence[Office], since: date, until: date, not_about: Any, places: Sequence[Office]
) -> dict[int, tuple[int, int, int]]:
    """Lodged, still open, late; nothing that was set aside, nor what is handled above these `places` (docs/decisions/041)."""
    rows = Complaint.objects.filter(_within(found, "created_at", since, until), place__in=places)
    rows = rows.exclude(state=Complaint.State.SET_ASIDE)
    if not_about:
        rows = rows.exclude(about=not_about)
    late = Q(state__in=Complaint.OURS, due_at__lt=timezone.now())
    counted = rows.order_by().values_list("office").annotate(
        n=Count("pk"), open=Count("pk", filter=~Q(state__in=Complaint.OVER)), late=Count("pk", filter=late)
    )  # fmt: skip
    return {office: (n, still, over) for office, n, still, over in counted}
