"""The periods results are read for: a quarter, a half, a year, or any days."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

MONTHS = {"q": 3, "s": 6, "y": 12}
KEY = re.compile(r"(?P<year>20[0-9]{2})-(?:(?P<kind>[qsy])(?P<number>[1-4])?)")
ROMAN = ("", "I", "II", "III", "IV")


@dataclass(frozen=True)
class Period:
    """`since` and `until` are both in it. `key` as addresses have it ("2026-q3", "2026-s1", "2026-y", "own")."""

    key: str
    since: date
    until: date

    @property
    def label(self) -> str:
        return label(self.since, self.until)

    @property
    def _whole(self) -> bool:
        return self.since.day == 1 and (self.until + timedelta(days=1)).day == 1

    @property
    def before(self) -> Period:
        """The one before it, of the same length."""
        found = KEY.fullmatch(self.key)
        last = self.since - timedelta(days=1)
        if found is None and self._whole:
            months = (self.until.year - self.since.year) * 12 + self.until.month - self.since.month
            years, month = divmod(last.year * 12 + last.month - 1 - months, 12)
            return Period("own", date(years, month + 1, 1), last)
        if found is None:
            return Period("own", last - (self.until - self.since), last)
        return of_kind(found["kind"], last)


def of_kind(kind: str, day: date) -> Period:
    """The quarter (q), half (s) or year (y) with this day in it."""
    months = MONTHS[kind]
    number = (day.month - 1) // months
    since = date(day.year, number * months + 1, 1)
    after = date(day.year + (number + 1) * months // 12, (number + 1) * months % 12 + 1, 1)
    return Period(f"{day.year}-{kind}{number + 1 if kind != 'y' else ''}", since, after - timedelta(days=1))


def read(key: str, today: date, since: date | None = None, until: date | None = None) -> Period:
    """What an address asks for; whatever is none is the quarter of today."""
    if key == "own" and since and until and since <= until:
        return Period("own", since, until)
    found = KEY.fullmatch(key)
    if found and (found["kind"] == "y") == (found["number"] is None):
        number = int(found["number"] or 1)
        if number * MONTHS[found["kind"]] <= 12:
            return of_kind(found["kind"], date(int(found["year"]), number * MONTHS[found["kind"]], 1))
    return of_kind("q", today)


def choices(today: date, years: int = 3) -> list[tuple[str, list[tuple[str, str]]]]:
    """By year, the newest first; nothing that has not begun."""
    found = []
    for year in range(today.year, today.year - years, -1):
        all_of_it = [of_kind(kind, date(year, month, 1)) for kind, months in (("y", 12), ("s", 6), ("q", 3))
                     for month in range(1, 13, months)]  # fmt: skip
        found.append((str(year), [(p.key, p.label) for p in all_of_it if p.since <= today]))
    return found


def label(since: date, until: date) -> str:
    """ "Triwulan III 2026", "Semester I 2026", "Tahun 2026", or the days."""
    for kind in MONTHS:
        period = of_kind(kind, since)
        if (period.since, period.until) == (since, until):
            number = ROMAN[int(period.key[-1])] if kind != "y" else ""
            words = {
                "q": _("Triwulan %(number)s %(year)s"),
                "s": _("Semester %(number)s %(year)s"),
                "y": _("Tahun %(year)s"),
            }
            return words[kind] % {"number": number, "year": since.year}
    return f"{date_format(since, 'j F Y')} – {date_format(until, 'j F Y')}"
