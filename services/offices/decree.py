"""A year's national holidays and collective leave from a pasted list, as the joint decree (SKB) has them.

    1 Januari 2027 – Tahun Baru 2027 Masehi
    18-19 Maret 2027; cuti bersama Idulfitri
    2027-08-17, Hari Proklamasi Kemerdekaan

A line with "cuti bersama" is collective leave, also every line below a heading "Cuti Bersama" up to another heading.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.translation import gettext as _

from services.offices.models import CalendarDay

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari jan", "februari feb pebruari", "maret mar", "april apr", "mei", "juni jun", "juli jul",
            "agustus agu ags", "september sep", "oktober okt", "november nov nopember", "desember des",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
LEAVE = re.compile(r"\bcuti\s+bersama\b", re.IGNORECASE)
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
NUMBERED = re.compile(r"^\s*(?:\d{1,2}[.)]\s+|[-•*]\s*)")
WEEKDAY = re.compile(r"\b(?:senin|selasa|rabu|kamis|jumat|jum'at|sabtu|minggu)\b\s*,?", re.IGNORECASE)
WRITTEN = re.compile(
    r"((?:\d{1,2}\s*(?:-|–|—|,|dan|&|s\.?d\.?|sampai)?\s*)+)([A-Za-z]{3,9})\.?\s*(\d{4})?", re.IGNORECASE
)
MOST_DAYS = 15


@dataclass
class Read:
    """`faults`: lines that could not be read, as (number, text)."""

    days: list[CalendarDay] = field(default_factory=list)
    faults: list[tuple[int, str]] = field(default_factory=list)


def read(text: str, *, year: int, decree: str) -> Read:
    """The days of a year; lines of other years are faults, so that nothing lands in the wrong one."""
    found, below_leave = Read(), False
    by_date: dict[date, CalendarDay] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        line = " ".join(line.split())
        if not line:
            continue
        dates, name = _dates(line, year)
        if not dates:
            if not re.search(r"\d", line) and len(line) < 80:  # a heading
                below_leave = bool(LEAVE.search(line))
            else:
                found.faults.append((number, line[:120]))
            continue
        leave = below_leave or bool(LEAVE.search(line))
        if not name or any(day.year != year for day in dates) or len(dates) > MOST_DAYS:
            found.faults.append((number, line[:120]))
            continue
        kind = CalendarDay.Kind.COLLECTIVE_LEAVE if leave else CalendarDay.Kind.HOLIDAY
        for day in dates:
            by_date[day] = CalendarDay(date=day, kind=kind, name=name[:200], decree=decree[:200])
    found.days = [by_date[day] for day in sorted(by_date)]
    return found


def _dates(line: str, year: int) -> tuple[list[date], str]:
    """The days a line names, and what is left of it: their name."""
    if at := ISO.search(line):
        return _real([(int(at[1]), int(at[2]), int(at[3]))]), _name(line, at.span())
    rest = NUMBERED.sub("", line) if re.match(r"^\s*\d{1,2}[.)]\s", line) else line
    for at in WRITTEN.finditer(rest):
        month = MONTHS.get(at[2].lower())
        if month:
            numbers = [int(n) for n in re.findall(r"\d{1,2}", at[1])]
            of_year = int(at[3]) if at[3] else year
            return _spread(numbers, at[1], month, of_year), _name(rest, at.span())
    return [], line


def _spread(numbers: list[int], between: str, month: int, year: int) -> list[date]:
    """'18-20' are three days, '18, 20' and '18 dan 20' two."""
    if len(numbers) == 2 and re.search(r"-|–|—|s\.?d|sampai", between):
        first = _real([(year, month, numbers[0])])
        last = _real([(year, month, numbers[1])])
        if not first or not last or last[0] < first[0]:
            return []
        return [first[0] + timedelta(days=n) for n in range((last[0] - first[0]).days + 1)]
    return _real([(year, month, number) for number in numbers])


def _real(parts: list[tuple[int, int, int]]) -> list[date]:
    """None of them when one is no date."""
    try:
        return [date(*one) for one in parts]
    except ValueError:
        return []


def _name(line: str, span: tuple[int, int]) -> str:
    left = f"{line[: span[0]]} {line[span[1] :]}"
    return " ".join(WEEKDAY.sub(" ", NUMBERED.sub("", left)).split()).strip(" ,;:–—-|\t")


def problem(found: Read) -> str:
    """A sentence about the lines that could not be read; "" when all could."""
    if not found.faults and not found.days:
        return _("Tidak ada tanggal di dalam teks ini.")
    return "; ".join(_("baris %(n)d: “%(text)s”") % {"n": n, "text": text} for n, text in found.faults[:10])
