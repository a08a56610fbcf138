"""Who serves when by the plan, and what it says about the break (docs/decisions/017)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from queueing.models import Duty
from services.offices.models import Office, ServiceHours


def on(office: Office, day: date) -> list[Duty]:
    """Of that date, in the order of their times. Somebody with a row of the date itself has no weekly one."""
    rows = office.duties.filter(date=day) | office.duties.filter(weekday=day.weekday())
    found = list(rows.select_related("user", "counter", "service").order_by("starts", "pk"))
    today = {row.user_id for row in found if row.date}
    return [row for row in found if row.date or row.user_id not in today]


def without_anybody(hours: Iterable[ServiceHours], duties: Iterable[Duty]) -> Iterator[ServiceHours]:
    """The weekdays in whose break nobody serves by the weekly plan; none where there is no plan for that day."""
    weekly = list(duties)
    for row in hours:
        begin, end = row.break_start, row.break_end
        that_day = [d for d in weekly if d.weekday == row.weekday]
        if begin and end and that_day and not any(d.starts < end and d.ends > begin for d in that_day):
            yield row
