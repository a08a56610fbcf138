"""Which results are not told, because the difference to another one would be one to four people (services/differences.py)."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from django.db.models import Count
from django.db.models.functions import TruncMonth

from services import differences
from services.few import is_few
from services.offices.models import Office
from services.surveys.answering import AFTERWARDS
from services.surveys.models import Published, Response
from services.surveys.results import Selection, last_of_month


def may_be_shown(selection: Selection) -> bool:
    """On the panel, in its report, as a file: of each year that it touches the part is one of those that are told."""
    return _is_told(selection, [(month, service, n) for _office, month, service, n in _counts(selection)])


def each_may_be_shown(selection: Selection) -> set[int]:
    """Which of its offices (keys), each for itself as its own panel shows it; one question for all of them."""
    found: dict[int, list[tuple[date, int | None, int]]] = {}
    for office, month, service, n in _counts(selection):
        found.setdefault(office, []).append((month, service, n))
    return {office for office, counts in found.items() if _is_told(selection, counts)}


def _is_told(selection: Selection, counts: list[tuple[date, int | None, int]]) -> bool:
    """Whoever answered about any service makes that the months have somebody."""
    this_year = selection.offices[0].today().year
    found = differences.years(counts)
    service = selection.service.pk if selection.service else None
    return all(
        interval in found[year].told(service, over=year < this_year)
        for year, interval in differences.within(selection.since, selection.until)
        if year in found and found[year].has(None, *interval)
    )


def _counts(selection: Selection) -> list[tuple[int, date, int | None, int]]:
    """How many answered about each service at each office, by month."""
    first, last = date(selection.since.year, 1, 1), date(selection.until.year, 12, 31)
    rows = Response.objects.filter(
        office__in=selection.offices, instrument__kind=selection.kind, day__range=(first, last)
    )
    by_month = rows.order_by().annotate(month=TruncMonth("day")).values_list("office", "month", "service")
    return list(by_month.annotate(n=Count("pk")))


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
