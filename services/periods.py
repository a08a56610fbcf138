"""The periods figures are read for: a day, week, month, quarter, half, year, or any days. Days are the office's own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

MONTHS = {"m": 1, "q": 3, "s": 6, "y": 12}
KEY = re.compile(r"(?P<year>20[0-9]{2})-(?P<kind>[mqsy])(?P<number>[0-9]{1,2})?")
WEEK = re.compile(r"(20[0-9]{2})-w([0-9]{2})")
ROMAN = ("", "I", "II", "III", "IV")


@dataclass(frozen=True)
class Period:
    """`since` and `until` are both in it. `key` as addresses have it: "2026-11-21", "2026-w47", "2026-m11", "2026-q3",
    "2026-s1", "2026-y", "own"."""

    key: str
    since: date
    until: date

    @property
    def label(self) -> str:
        return label(self.since, self.until)

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1

    @property
    def kind(self) -> str:
        """d, w, m, q, s, y, or "own"."""
        if self.key == "own":
            return "own"
        found = KEY.fullmatch(self.key)
        return found["kind"] if found else "w" if WEEK.fullmatch(self.key) else "d"

    @property
    def before(self) -> Period:
        """The one before it, of the same kind; of any days, as many."""
        last = self.since - timedelta(days=1)
        if self.kind == "own":
            return Period("own", last - (self.until - self.since), last)
        return of_kind(self.kind, last)


def of_kind(kind: str, day: date) -> Period:
    """The day (d), week from Monday (w), month (m), quarter (q), half (s) or year (y) with this day in it."""
    if kind == "d":
        return Period(day.isoformat(), day, day)
    if kind == "w":
        monday = day - timedelta(days=day.weekday())
        year, week, _weekday = monday.isocalendar()
        return Period(f"{year}-w{week:02d}", monday, monday + timedelta(days=6))
    months = MONTHS[kind]
    number = (day.month - 1) // months
    since = date(day.year, number * months + 1, 1)
    after = date(day.year + (number + 1) * months // 12, (number + 1) * months % 12 + 1, 1)
    key = {"m": f"m{number + 1:02d}", "y": "y"}.get(kind, f"{kind}{number + 1}")
    return Period(f"{day.year}-{key}", since, after - timedelta(days=1))


def read(
    key: str, today: date, since: date | None = None, until: date | None = None, *, otherwise: str = "q"
) -> Period:
    """What an address asks for; whatever is none is the period of today of the kind `otherwise`."""
    if key == "own" and since and until and since <= until:
        return Period("own", since, until)
    found = _months(key) or _week(key) or _day(key)
    return found or of_kind(otherwise, today)


def _months(key: str) -> Period | None:
    found = KEY.fullmatch(key)
    if found is None or (found["kind"] == "y") != (found["number"] is None):
        return None
    months, number = MONTHS[found["kind"]], int(found["number"] or 1)
    if not 1 <= number <= 12 // months:
        return None
    return of_kind(found["kind"], date(int(found["year"]), (number - 1) * months + 1, 1))


def _week(key: str) -> Period | None:
    found = WEEK.fullmatch(key)
    try:
        return of_kind("w", date.fromisocalendar(int(found[1]), int(found[2]), 1)) if found else None
    except ValueError:
        return None


def _day(key: str) -> Period | None:
    try:
        return of_kind("d", date.fromisoformat(key)) if len(key) == 10 else None
    except ValueError:
        return None


def choices(today: date, years: int = 3, kinds: str = "ysq") -> list[tuple[str, list[tuple[str, str]]]]:
    """By year, the newest first; nothing that has not begun."""
    found = []
    for year in range(today.year, today.year - years, -1):
        all_of_it = [
            of_kind(kind, date(year, month, 1)) for kind in kinds for month in range(1, 13, MONTHS[kind])
        ]
        found.append((str(year), [(p.key, p.label) for p in all_of_it if p.since <= today]))
    return found


def label(since: date, until: date) -> str:
    """ "November 2026", "Triwulan III 2026", "Semester I 2026", "Tahun 2026", a day, or the days."""
    if since == until:
        return date_format(since, "j F Y")
    for kind in MONTHS:
        period = of_kind(kind, since)
        if (period.since, period.until) == (since, until):
            if kind == "m":
                return date_format(since, "F Y")
            number = ROMAN[int(period.key[-1])] if kind != "y" else ""
            words = {
                "q": _("Triwulan %(number)s %(year)s"),
                "s": _("Semester %(number)s %(year)s"),
                "y": _("Tahun %(year)s"),
            }
            return words[kind] % {"number": number, "year": since.year}
    return f"{date_format(since, 'j F Y')} – {date_format(until, 'j F Y')}"
