"""One day of one office: who comes for what, the queue, and everything that hangs on each visit."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

from pst.demo_year import handed, lending, lockers, queue, reading, tickets, visits
from pst.demo_year.books import Book
from pst.demo_year.opinions import Surveys, rate
from pst.demo_year.people import Pool
from pst.demo_year.place import Place
from pst.demo_year.plan import arrivals, is_bad
from pst.demo_year.queue import Came
from pst.demo_year.visits import Written

PARTIES = ((1, 82), (2, 9), (3, 4), (4, 2), (8, 1), (15, 1), (32, 0.4))
MOST_SLIPS = 30


@dataclass
class Year:
    """What one office carries from day to day."""

    place: Place
    pool: Pool
    books: list[Book]
    lending: lending.Desk
    surveys: Surveys
    handing: handed.Handing = field(default_factory=handed.Handing)
    titles: list[int] = field(default_factory=list)


def make(year: Year, day: date, count: int, slots: list[int]) -> list[Written]:
    """`slots`: appointments of today whose holders come, as seconds since midnight."""
    chance = year.place.plan.chance(year.place.code, day)
    return _write(year, day, crowd(year.place, day, count, slots, chance), chance)


def crowd(place: Place, day: date, count: int, slots: list[int], chance: random.Random) -> list[Came]:
    """Who comes that day, and how each fares in the queue."""
    hours = place.calendar.hours_on(day)
    if hours is None:
        return []
    base = place.midnight(day)
    opens, closes = int((hours.opens - base).total_seconds()), int((hours.closes - base).total_seconds())
    pause = [int((at - base).total_seconds()) for at in (hours.break_start, hours.break_end) if at]
    bad = is_bad(place.plan, place.profile, day)
    rest_from, rest_to = pause if len(pause) == 2 else (0, 0)
    counters = max(1, min(2, len(place.counters)) - bad)
    times = queue.Hours(opens, closes, rest_from, rest_to, counters, slow=1.75 if bad else 1.0)
    people = _people(place, day, count, slots, times, chance)
    queue.serve(chance, people, times)
    if place.consultation:
        queue.previous_finished([p for p in people if p.offered is place.consultation and not p.on_paper])
    return people


def _people(
    place: Place, day: date, count: int, slots: list[int], hours: queue.Hours, chance: random.Random
) -> list[Came]:
    found: list[Came] = []
    slips: Counter[int] = Counter()
    for at in arrivals(chance, max(0, count - len(slots)), hours.opens, hours.closes):
        asks = place.consultation if place.consultation and chance.random() < place.profile.asks else None
        offered = asks or place.library or place.offered[0]
        came = _somebody(place, day, Came(at, offered), chance, slips=slips[offered.service.pk] < MOST_SLIPS)
        slips[offered.service.pk] += came.on_paper
        found.append(came)
    if place.consultation:
        for slot in slots[:count]:
            came = Came(max(hours.opens, slot - chance.randrange(60, 1500)), place.consultation, slot=slot)
            _signs(came, chance)
            found.append(came)
    return sorted(found, key=lambda came: came.at)


def _somebody(place: Place, day: date, came: Came, chance: random.Random, *, slips: bool) -> Came:
    """`slips`: whether there are paper numbers left."""
    came.party = chance.choices([n for n, _w in PARTIES], [w for _n, w in PARTIES])[0]
    came.numbered = came.offered.rules.queue
    attended = came.offered.service.attended
    came.priority = came.numbered and not attended and chance.random() < 0.02
    cut = place.midnight(day) + timedelta(seconds=came.at)
    powerless = any(since <= cut < until and kind == "power_cut" for since, until, kind in place.spans)
    if (powerless and came.numbered and slips) or (not came.numbered and chance.random() < 0.012):
        return _on_paper(came, chance)
    drawn = chance.random()
    if came.numbered and drawn < 0.02:
        came.outcome = "no_show"
    elif drawn < 0.14:
        came.patience = came.at + chance.randrange(180, 1500)
    elif drawn < 0.144 and day != place.plan.end:
        came.outcome, came.ignored = "day_end", not attended and came.numbered and chance.random() < 0.4
    elif came.numbered and drawn < 0.155 and not attended:
        came.to_skip = True
    return _signs(came, chance)


def _signs(came: Came, chance: random.Random) -> Came:
    came.signed_at_desk = chance.random() < (0.3 if came.numbered else 0.45)
    if not came.signed_at_desk:
        came.signed = came.at + chance.randrange(40, 260)
        came.signed_late = chance.random() < 0.006
    return came


def _on_paper(came: Came, chance: random.Random) -> Came:
    came.on_paper, came.began = True, came.at + chance.randrange(120, 900)
    came.ended = came.began + chance.randrange(400, 2400)
    came.off_counter = came.ended
    came.signed = came.at if not came.numbered or chance.random() < 0.6 else None
    came.counter = 0
    return came


def _write(year: Year, day: date, people: list[Came], chance: random.Random) -> list[Written]:
    place, numbers, busy = year.place, tickets.Numbers(year.place, day), []  # type: ignore[var-annotated]
    base = place.midnight(day)
    spans = [s for s in place.spans if s[0] < base + timedelta(days=1) and s[1] > base]
    made = []
    for came in people:
        number = numbers.next(came.offered.service, slip=came.on_paper) if came.numbered else 0
        label = f"{came.offered.service.prefix}{number:03d}" if number else ""
        written = visits.write(place, year.pool, day, came, label, spans, chance)
        if number:
            written.ticket = tickets.write(written, number, chance)
        made.append(written)
        _hangs_on(year, written, busy, chance)
        place.store.flush()
    numbers.write()
    return made


def _hangs_on(year: Year, written: Written, busy: lockers.Busy, chance: random.Random) -> None:
    place = year.place
    lockers.of_visit(written, busy, chance)
    rate(written, chance)
    year.surveys.of_visit(written, chance)
    if written.offered.is_library:
        reading.of_visit(written, year.books, chance)
        year.lending.of_visit(written, chance)
        year.handing.of_visit(written, chance)
    elif written.came.then and place.library and written.came.signed is not None:
        visits.also(written, place.library, place.spans)
