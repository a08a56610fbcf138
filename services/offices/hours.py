"""Hours in words: the days to come that are not like others, as the office's page says them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from services.offices.calendar import DayHours, OfficeCalendar

AHEAD = 14


@dataclass(frozen=True)
class SpecialDay:
    """`text`: "tutup", or the hours; `reason`: why."""

    day: date
    text: str
    reason: str

    def __str__(self) -> str:
        said = f"{date_format(self.day, 'l, j F')}: {self.text}"
        return f"{said} ({self.reason})" if self.reason else said


def special_days(calendar: OfficeCalendar, since: date, days: int = AHEAD) -> list[SpecialDay]:
    """Days on which somebody who knows the usual hours would come in vain, or too late."""
    found = (special_day(calendar, since + timedelta(days=n)) for n in range(days))
    return [day for day in found if day]


def special_day(calendar: OfficeCalendar, day: date) -> SpecialDay | None:
    row = calendar.special(day)
    if row is None:
        return None
    hours = calendar.hours_on(day)
    if hours is None and not calendar.serves_on_weekday(day.weekday()):
        return None
    reason = getattr(row, "reason", "") or getattr(row, "name", "")
    return SpecialDay(day, in_words(hours), reason)


def in_words(hours: DayHours | None) -> str:
    if hours is None:
        return _("tutup")
    said = f"{_clock(hours.opens)}–{_clock(hours.closes)}"
    if hours.break_start and hours.break_end:
        said += ", " + _("istirahat %(from)s–%(to)s") % {
            "from": _clock(hours.break_start), "to": _clock(hours.break_end),
        }  # fmt: skip
    return said


def _clock(at) -> str:
    return time_format(at.timetz().replace(tzinfo=None), "TIME_FORMAT")
