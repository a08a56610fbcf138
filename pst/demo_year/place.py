"""One office while its year is made: what is read once, and what goes on from day to day."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import models

from pst.demo_year.bulk import Store
from pst.demo_year.plan import PROFILES, Plan, Profile
from services.audit.models import AuditEntry
from services.offices.calendar import OfficeCalendar
from services.offices.models import Office, Service
from services.offices.rules import Rules


@dataclass(frozen=True)
class Offered:
    """A service with the rules of its standard, read once."""

    service: Service
    rules: Rules
    standard_id: int | None

    @property
    def is_library(self) -> bool:
        return self.service.work_url_name == "library:use"

    @property
    def steps(self) -> list[str]:
        return [step.kind for step in self.rules.steps]


@dataclass(frozen=True)
class By:
    """Who did something, as the traces name it."""

    kind: str
    user: int | None = None
    device: int | None = None

    def step(self) -> dict[str, Any]:
        return {"actor": self.kind, "by_user_id": self.user, "by_device_id": self.device}


SYSTEM, VISITOR = By("system"), By("visitor")


@dataclass
class Place:
    """`now`: the end of the year; nothing has happened after it."""

    office: Office
    plan: Plan
    store: Store
    calendar: OfficeCalendar
    profile: Profile
    offered: list[Offered]
    now: datetime
    officers: list[int] = field(default_factory=list)
    supervisor: int | None = None
    devices: dict[str, int] = field(default_factory=dict)
    counters: list[int] = field(default_factory=list)
    lockers: list[int] = field(default_factory=list)
    later: dict[date, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    uses: dict[tuple[date, int, str], int] = field(default_factory=lambda: defaultdict(int))
    # Lockers with a bag that somebody forgot, until when.
    forgotten: dict[int, datetime] = field(default_factory=dict)
    spans: list[tuple[datetime, datetime, str]] = field(default_factory=list)  # interruptions
    softcopies: list[tuple[int, int, int]] = field(default_factory=list)  # key, publication, pages
    wordings: list[tuple[date, int]] = field(default_factory=list)  # of the consent: since, key

    @property
    def code(self) -> str:
        return self.office.code

    @property
    def desk(self) -> By:
        return By("officer", self.officers[0])

    @property
    def head(self) -> By:
        return By("officer", self.supervisor)

    @property
    def kiosk(self) -> By:
        return By("device", device=self.devices["kiosk"])

    @property
    def library(self) -> Offered | None:
        return next((o for o in self.offered if o.is_library), None)

    @property
    def consultation(self) -> Offered | None:
        return next((o for o in self.offered if o.service.attended), None)

    def midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), tzinfo=self.office.zone).astimezone(UTC)

    def day_of(self, at: datetime) -> date:
        return self.office.local(at).date()

    def note(
        self, at: datetime, action: str, model: type[models.Model], key: int, by: By, **detail: Any
    ) -> None:
        """A line of the trail, written with its day: the trail's keys go up with the time."""
        self.later[self.day_of(at)].append(
            {
                "at": at, "office_id": self.office.pk, "user_id": by.user, "device_id": by.device, "actor": by.kind,
                "action": action, "target_type": model._meta.label_lower, "target_id": key, "detail": detail,
            }
        )  # fmt: skip

    def write_trail(self, day: date) -> None:
        for line in sorted(self.later.pop(day, []), key=lambda line: line["at"]):
            if line["at"] <= self.now:
                self.store.add(AuditEntry, **line)

    def moved(
        self, model: type[models.Model], step: type[models.Model], key: int, state: str, at: datetime, by: By,
        *, why: str = "", was: str = "", **more: Any,
    ) -> None:  # fmt: skip
        """What `services.workflow.move` leaves behind: the step, and the line in the trail."""
        self.store.add(step, subject_id=key, state=state, at=at, why=why, **by.step(), **more)
        if was:
            self.note(at, f"{model._meta.model_name}.{state}", model, key, by, was=was)

    def open_at(self, day: date, hour: float) -> datetime:
        """That hour of the office's day, in UTC."""
        return self.midnight(day) + timedelta(seconds=int(hour * 3600))

    def working_hour(self, chance: Any, at: datetime) -> datetime:
        """The next moment after `at` at which somebody sits at a desk."""
        day = self.day_of(at)
        for ahead in range(30):
            hours = self.calendar.hours_on(day + timedelta(days=ahead))
            if hours is None or hours.closes <= at:
                continue
            first = max(hours.opens, at)
            span = (hours.closes - first).total_seconds()
            return (first + timedelta(seconds=int(chance.random() * span))).astimezone(UTC)
        return at


def place_of(office: Office, plan: Plan, store: Store) -> Place:
    calendar = OfficeCalendar(office)
    services = office.services.filter(active=True).with_standard()
    offered = [
        Offered(s, s.standard.rules if s.standard else Rules(), s.standard.pk if s.standard else None)
        for s in services
    ]
    made = Place(
        office, plan, store, calendar, PROFILES.get(office.code, Profile(0.2)), offered,
        datetime.combine(plan.end, time(23, 59, 59), tzinfo=office.zone).astimezone(UTC),
    )  # fmt: skip
    made.counters = list(office.counters.order_by("number").values_list("pk", flat=True))
    made.lockers = list(
        office.lockers.filter(out_of_service="", key_lost_at=None).values_list("pk", flat=True)
    )
    return made
