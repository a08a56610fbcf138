"""Which results are not told, because the difference to another one would be one to four people.

Whoever may see one period may see every other one that is told, and subtract. So a set of results is laid on the answers as a
pattern: answers that stand in the same of them are one part, and each part has five people or nobody. Then whatever is
added and subtracted speaks of five at least.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from django.db.models import Count
from django.db.models.functions import TruncMonth

from services.few import FEWEST, hidden, is_few
from services.offices.models import Office
from services.surveys.answering import AFTERWARDS
from services.surveys.models import Published, Response
from services.surveys.results import Selection, last_of_month

Interval = tuple[int, int]  # months of a year, 0–12, the last not in it
Cells = Sequence[Counter[int | None]]  # of each month: how many answered about each service
QUARTERS = [(0, 3), (3, 6), (6, 9), (9, 12)]
LONGER = [(0, 6), (6, 12), (0, 12)]
OTHERS = sorted(
    ({(a, b) for a in range(12) for b in range(a + 1, 13)} - {*QUARTERS, *LONGER}),
    key=lambda i: (i[1] - i[0], i[0]),
)


def may_be_shown(selection: Selection) -> bool:
    """On the panel, in its report, as a file: of each year that it touches the part is one of those that are told."""
    return _is_told(
        selection, _years((month, service, n) for _office, month, service, n in _counts(selection))
    )


def each_may_be_shown(selection: Selection) -> set[int]:
    """Which of its offices (keys), each for itself as its own panel shows it; one question for all of them."""
    found: dict[int, list[tuple[date, int | None, int]]] = {}
    for office, month, service, n in _counts(selection):
        found.setdefault(office, []).append((month, service, n))
    return {office for office, counts in found.items() if _is_told(selection, _years(counts))}


def _is_told(selection: Selection, years: Mapping[int, Cells]) -> bool:
    this_year = selection.offices[0].today().year
    for year, cells in years.items():
        first = selection.since.month - 1 if year == selection.since.year else 0
        after = selection.until.month if year == selection.until.year else 12
        if not any(sum(month.values()) for month in cells[first:after]):
            continue
        service = selection.service.pk if selection.service else None
        if (first, after) not in told(cells, service, over=year < this_year):
            return False
    return True


def told(cells: Cells, service: int | None, *, over: bool) -> set[Interval]:
    """Of one year, for all services or for one. The quarters come first while the year runs, the year itself once it is `over`:
    an office reports by both. Any other months as far as they go with these."""
    chosen: list[Interval] = []
    for interval in [*(LONGER[::-1] + QUARTERS if over else QUARTERS + LONGER), *OTHERS]:
        if sum(_of(month, service) for month in cells[slice(*interval)]) < FEWEST:
            continue
        if all(_tells_nobody(part, service) for part in _parts(cells, [*chosen, interval])):
            chosen.append(interval)
    return set(chosen)


def _of(month: Counter[int | None], service: int | None) -> int:
    return sum(month.values()) if service is None else month[service]


def _parts(cells: Cells, intervals: Iterable[Interval]) -> Iterable[Counter[int | None]]:
    found: dict[tuple[bool, ...], Counter[int | None]] = {}
    for n, month in enumerate(cells):
        pattern = tuple(a <= n < b for a, b in intervals)
        if any(pattern):
            found[pattern] = found.get(pattern, Counter()) + month
    return found.values()


def _tells_nobody(part: Counter[int | None], service: int | None) -> bool:
    """Of one service neither its own answers nor those of the others."""
    return not is_few(sum(part.values())) if service is None else service not in hidden(part)


def _counts(selection: Selection) -> Iterable[tuple[int, date, int | None, int]]:
    """(office, month, service, how many) of the years that the selection touches."""
    first, last = date(selection.since.year, 1, 1), date(selection.until.year, 12, 31)
    rows = Response.objects.filter(
        office__in=selection.offices, instrument__kind=selection.kind, day__range=(first, last)
    )
    by_month = rows.order_by().annotate(month=TruncMonth("day")).values_list("office", "month", "service")
    return by_month.annotate(n=Count("pk"))


def _years(counts: Iterable[tuple[date, int | None, int]]) -> dict[int, Cells]:
    found: dict[int, list[Counter[int | None]]] = {}
    for month, service, n in counts:
        found.setdefault(month.year, [Counter() for _n in range(12)])[month.month - 1][service] += n
    return dict(found)


def may_be_published(office: Office, selection: Selection) -> bool:
    """Beside all that was ever published of these answers, also what was withdrawn: somebody may have kept it."""
    before = Published.objects.filter(
        office=office, instrument__kind=selection.kind, since__lte=selection.until, until__gte=selection.since
    )
    rows = list(before.values_list("since", "until", "service", "at"))
    first = min([selection.since, *(row[0] for row in rows)])
    last = max([selection.until, *(row[1] for row in rows)])
    answers = Response.objects.filter(
        office=office, instrument__kind=selection.kind, day__range=(first, last)
    )
    asked = (selection.since, selection.until, selection.service.pk if selection.service else None)
    parts: Counter[tuple[bool, ...]] = Counter()
    for day, service, at in answers.order_by().values_list("day", "service", "at").iterator(2000):
        pattern = tuple(
            since <= day <= until and of in (None, service) and at <= published
            for since, until, of, published in rows
        )
        now = asked[0] <= day <= asked[1] and asked[2] in (None, service)
        if now or any(pattern):
            parts[*pattern, now] += 1
    return not any(map(is_few, parts.values()))


def over(selection: Selection, today: date) -> Selection | None:
    """As far as its months are over and nobody can answer for them any more: a file of a month that still grows, taken twice,
    tells what came in between. None where no month is."""
    end = last_of_month(today.replace(day=1) - timedelta(days=1))
    if today - end <= AFTERWARDS:
        end = last_of_month(end.replace(day=1) - timedelta(days=1))
    if end < selection.since:
        return None
    return Selection(
        selection.offices, selection.kind, selection.since, min(selection.until, end), selection.service
    )
