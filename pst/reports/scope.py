"""Whose figures, of which days: what every report is asked for. All counting starts from here, so that totals agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property, reduce
from operator import or_

from django.db.models import Q, QuerySet

from services.guestbook.models import Visit, VisitService
from services.offices.models import Office, Service
from services.periods import Period


@dataclass(frozen=True)
class Scope:
    """`office`: whose report it is; `offices`: counted in it (the office, or those under it); `service`: only that one."""

    office: Office
    offices: Sequence[Office]
    period: Period
    service: Service | None = None

    def before(self) -> Scope:
        return Scope(self.office, self.offices, self.period.before, self.service)

    @property
    def several(self) -> bool:
        return len(self.offices) > 1

    def within(self, field: str, office: str = "office") -> Q:
        """Rows of these offices whose instant `field` lies in the period, by each office's own midnight. `office`: the path
        to the row's office."""
        return reduce(
            or_, (self._zone(zone, keys, field, office) for zone, keys in self._zones.items()), Q(pk__in=[])
        )

    def _zone(self, zone: str, keys: list[int], field: str, office: str) -> Q:
        first = next(each for each in self.offices if each.time_zone == zone)
        since = datetime.combine(self.period.since, time.min, tzinfo=first.zone)
        until = datetime.combine(self.period.until + timedelta(days=1), time.min, tzinfo=first.zone)
        return Q(**{f"{office}__in": keys, f"{field}__gte": since, f"{field}__lt": until})

    @cached_property
    def _zones(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for each in self.offices:
            found.setdefault(each.time_zone, []).append(each.pk)
        return found

    def visits(self) -> QuerySet[Visit]:
        """Every arrival of the period, whatever became of it."""
        rows = Visit.objects.filter(
            office__in=self.offices, day__range=(self.period.since, self.period.until)
        ).order_by()
        return rows.filter(services__service=self.service).distinct() if self.service else rows

    def received(self) -> QuerySet[VisitService]:
        """Every service that was asked for in these visits."""
        rows = VisitService.objects.filter(
            office__in=self.offices, visit__day__range=(self.period.since, self.period.until)
        ).order_by()
        return rows.filter(service=self.service) if self.service else rows
