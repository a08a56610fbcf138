"""Counts by the office's own day, told as days or months, and by weekday. One question each, whatever zones the offices keep."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import DateField, F, Func, IntegerField
from django.db.models.expressions import Combinable
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from pst.panel.promises.cases import LocalTime
from pst.reports.scope import Scope
from pst.reports.tables import Column, Row, Table

LONG = 62  # days; a longer period is told by months
MONDAY = date(2026, 3, 2)
Days = Mapping[date, Sequence[int]]


def day_of(at: str, office: str = "office") -> Func:
    """The day of an instant at its office; `office`: the path there."""
    local = LocalTime(F(f"{office}__time_zone"), F(at))
    return Func(local, template="(%(expressions)s)::date", output_field=DateField())


def days_between(since: Combinable, until: Combinable) -> Func:
    """Whole days from one day to another (`day_of`, or a column of days)."""
    return Func(until, since, template="(%(expressions)s)", arg_joiner=" - ", output_field=IntegerField())


def added(rows: Iterable[tuple[Any, Sequence[int]]]) -> dict[Any, list[int]]:
    """(key, numbers) with the numbers of one key summed."""
    found: dict[Any, list[int]] = {}
    for key, numbers in rows:
        sums = found.setdefault(key, [0] * len(numbers))
        for place, n in enumerate(numbers):
            sums[place] += n
    return found


def by_time(
    key: str, title: str, definition: str, columns: Sequence[str], found: Days, scope: Scope
) -> Table:
    """`title`: of what. Months without anything before the last that has something stand there with a nought."""
    long = scope.period.days > LONG
    rows: list[Row] = (
        [[f"{day:%Y-%m}", *n] for day, n in _by_month(found, scope, len(columns)).items()]
        if long
        else [[day.isoformat(), *found[day]] for day in sorted(found)]
    )
    head = Column(_("Bulan"), "month") if long else Column(_("Hari"), "date")
    return Table(
        key, _("%s menurut bulan") % title if long else _("%s menurut hari") % title, definition,
        [head, *(Column(name, "count") for name in columns)], rows, total=summed(rows, len(columns)),
    )  # fmt: skip


def by_weekday(key: str, title: str, definition: str, columns: Sequence[str], found: Days) -> Table:
    sums = added((day.weekday(), numbers) for day, numbers in found.items())
    rows: list[Row] = [
        [date_format(MONDAY + timedelta(days=n), "l"), *sums[n]] for n in range(7) if n in sums
    ]
    return Table(
        key, _("%s menurut hari dalam minggu") % title, definition,
        [Column(_("Hari")), *(Column(name, "count") for name in columns)], rows, total=summed(rows, len(columns)),
    )  # fmt: skip


def summed(rows: Sequence[Row], width: int) -> Row:
    """The row of totals over the first `width` numbers."""
    return [_("Jumlah"), *(sum(int(row[n] or 0) for row in rows) for n in range(1, width + 1))]


def _by_month(found: Days, scope: Scope, width: int) -> dict[date, list[int]]:
    counted: dict[date, list[int]] = {}
    month = scope.period.since.replace(day=1)
    while found and month <= max(found):
        counted[month] = [0] * width
        month = (month + timedelta(days=31)).replace(day=1)
    return counted | added((day.replace(day=1), numbers) for day, numbers in found.items())
