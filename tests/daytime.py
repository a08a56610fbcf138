"""For tests that let things happen "an hour ago" or "in five minutes" by the real clock."""

from __future__ import annotations

from datetime import time
from zoneinfo import ZoneInfo

from django.utils import timezone

from services.offices.models import Office
from services.offices.models.office import TimeZone

# At every instant one of Indonesia's three zones is within it, the office's own mostly.
FROM, TO = time(1, 30), time(23, 30)


def by_day(office: Office) -> Office:
    """Moves the office to a zone where it is not just after, nor just before, midnight: there "today" would end between."""
    now = timezone.now()
    for zone in [office.time_zone, *TimeZone.values]:
        if FROM <= now.astimezone(ZoneInfo(zone)).time() < TO:
            Office.objects.filter(pk=office.pk).update(time_zone=zone)
            return Office.objects.get(pk=office.pk)
    raise AssertionError("no zone of Indonesia is away from midnight")
