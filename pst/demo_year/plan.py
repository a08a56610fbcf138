"""How many come on which day, and when: weekdays, seasons, growth, the month in which one office was short of people."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from services.offices.calendar import OfficeCalendar

DAYS, VISITS, SEED = 365, 60_000, 2026


@dataclass(frozen=True)
class Plan:
    """`end` is the last day of the year, as the offices name it."""

    end: date
    days: int = DAYS
    visits: int = VISITS
    seed: int = SEED

    @property
    def first(self) -> date:
        return self.end - timedelta(days=self.days - 1)

    def dates(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range(self.days)]

    def chance(self, *of: object) -> random.Random:
        """The same figures for the same seed, whatever else is asked of chance before."""
        return random.Random("/".join(map(str, (self.seed, *of))))  # noqa: S311 (figures of a demonstration)

    def share_done(self, day: date) -> float:
        """How much of the year lies before this day."""
        return (day - self.first).days / max(1, self.days)


@dataclass(frozen=True)
class Profile:
    """An office's character. `asks`: the share of consultations among its visits; `quality`: how content people are (0–1)."""

    share: float
    asks: float = 0.0
    quality: float = 0.9
    bad_month: bool = False


PROFILES = {
    "6571": Profile(0.31, quality=0.88, bad_month=True),
    "7411": Profile(0.27, asks=0.17, quality=0.92),
    "1906": Profile(0.23, quality=0.95),
    "1373": Profile(0.19, quality=0.84),
}
WEEKDAYS = (1.22, 1.1, 1.02, 0.96, 0.72, 0.3, 0.3)
# Theses are written in spring and autumn; January asks for last year's figures.
MONTHS = (1.05, 0.95, 1.02, 1.12, 1.12, 0.9, 0.82, 0.95, 1.12, 1.2, 1.15, 0.78)
FASTING = (  # by the calendar of the government; fewer people come
    (date(2025, 3, 1), date(2025, 3, 30)),
    (date(2026, 2, 19), date(2026, 3, 20)),
    (date(2027, 2, 8), date(2027, 3, 9)),
)
GROWTH = 0.22  # more at the end of the year than at its beginning
BAD = (0.52, 0.6)  # the part of the year in which an office was short of people


def fasting(day: date) -> bool:
    return any(first <= day <= last for first, last in FASTING)


def is_bad(plan: Plan, profile: Profile, day: date) -> bool:
    return profile.bad_month and BAD[0] <= plan.share_done(day) < BAD[1]


def per_day(plan: Plan, code: str, calendar: OfficeCalendar, shares: dict[str, int]) -> dict[date, int]:
    """How many visits this office has on each day it is open; together exactly its share."""
    chance = plan.chance(code, "days")
    weights = {}
    for day in plan.dates():
        if calendar.hours_on(day) is None:
            continue
        weight = WEEKDAYS[day.weekday()] * MONTHS[day.month - 1] * (1 + GROWTH * plan.share_done(day))
        weights[day] = weight * (0.62 if fasting(day) else 1) * chance.uniform(0.75, 1.25)
    wanted = shares[code]
    total, so_far, given, found = sum(weights.values()), 0.0, 0, {}
    for day, weight in weights.items():
        so_far += weight
        found[day] = round(wanted * so_far / total) - given
        given += found[day]
    return found


def shares(plan: Plan, codes: list[str]) -> dict[str, int]:
    """The visits of each office; together exactly as many as wanted."""
    weights = {code: PROFILES.get(code, Profile(0.2)).share for code in codes}
    total, so_far, given = sum(weights.values()), 0.0, 0
    found: dict[str, int] = {}
    for code, weight in weights.items():
        so_far += weight
        found[code] = round(plan.visits * so_far / total) - given
        given += found[code]
    return found


# How many come in each half hour after opening, the last one short.
HALF_HOURS = (0.7, 1.2, 1.7, 2.0, 2.0, 1.7, 1.4, 1.1, 0.7, 0.6, 1.1, 1.5, 1.3, 0.9, 0.35)


def arrivals(chance: random.Random, count: int, opens: int, closes: int) -> list[int]:
    """Seconds since midnight, in order; nobody in the last twenty minutes."""
    slots = max(1, (closes - opens - 1200) // 1800 + 1)
    weights = [HALF_HOURS[min(n, len(HALF_HOURS) - 1)] for n in range(slots)]
    picked = chance.choices(range(slots), weights, k=count)
    return sorted(
        min(opens + slot * 1800 + chance.randrange(1800), closes - 1200 - chance.randrange(120))
        for slot in picked
    )
