"""How much of an office's open time its tablets, TVs and printers worked (docs/decisions/046).

Counted from the gaps that were written down (`services.accounts.models.Gap`), and from what each says of itself now. A printer that
the tablet's browser prints to cannot be asked, so nothing is said of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q

from queueing.devices import AWAY_AFTER
from queueing.models import Printer, PrinterGap
from queueing.printing.faults import MILD
from services.accounts.models import Device, DeviceGap, Gap
from services.offices.calendar import OfficeCalendar, calendars
from services.offices.models import Office

Span = tuple[datetime, datetime]  # from, until
PRINTER = "printer"  # beside the purposes of devices


@dataclass
class Watched:
    """One thing: since when it is looked at, until when, and its gaps by their reason."""

    office: Office
    kind: str
    name: str
    since: datetime
    until: datetime
    gaps: dict[str, list[Span]] = field(default_factory=lambda: defaultdict(list))


@dataclass(frozen=True)
class Worked:
    """Of one thing in some days. `by_reason`: (minutes, how often) of each reason; two at once are counted under both, `gone` is each
    minute once."""

    watched: Watched
    day: date  # the first
    open: float  # minutes
    gone: float
    by_reason: dict[str, tuple[float, int]]


def worked(offices: Sequence[Office], since: date, until: date, *, now: datetime) -> Iterator[Worked]:
    """Of every thing month by month, where the office was open and the thing looked at for a minute at least. Both days included."""
    known = calendars(offices)
    open_in = {
        office.pk: list(_months(known[office.pk], since, min(until, office.today(now)))) for office in offices
    }
    for thing in _watched(offices, since, now):
        off = merged(thing.gaps.pop(Gap.OFF, []))
        for first, spans in open_in[thing.office.pk]:
            there = without(overlap(spans, [(thing.since, thing.until)]), off)
            if minutes := _length(there):
                yield _worked(thing, first, there, minutes)


def _worked(thing: Watched, first: date, there: list[Span], minutes: float) -> Worked:
    by_reason, every = {}, []
    for reason, gaps in thing.gaps.items():
        if spans := overlap(there, merged(gaps)):
            by_reason[reason] = (_length(spans), sum(bool(overlap(there, [gap])) for gap in merged(gaps)))
            every += spans
    return Worked(thing, first, minutes, _length(merged(every)), by_reason)


def _months(known: OfficeCalendar, since: date, until: date) -> Iterator[tuple[date, list[Span]]]:
    """The first day of each month (or of the days asked for), and when the office was open in it; its break is not."""
    day, first = since, since
    spans: list[Span] = []
    while day <= until:
        if day.day == 1 and spans:
            yield first, spans
            spans = []
        if day.day == 1:
            first = day
        if hours := known.hours_on(day):
            if hours.break_start and hours.break_end:
                spans += [(hours.opens, hours.break_start), (hours.break_end, hours.closes)]
            else:
                spans.append((hours.opens, hours.closes))
        day += timedelta(days=1)
    if spans:
        yield first, spans


def _watched(offices: Sequence[Office], since: date, now: datetime) -> Iterator[Watched]:
    by_key = {office.pk: office for office in offices}
    begin = min(datetime(since.year, since.month, since.day, tzinfo=office.zone) for office in offices)
    recent = Q(until=None) | Q(until__gt=begin)
    yield from _devices(by_key, DeviceGap.objects.filter(recent, device__office__in=offices), begin, now)
    yield from _printers(by_key, PrinterGap.objects.filter(recent, printer__office__in=offices), now)


def _devices(offices: dict[int, Office], gaps: Any, begin: datetime, now: datetime) -> Iterator[Watched]:
    rows = _by_owner(gaps.values_list("device", "since", "until", "reason"), now)
    devices = Device.objects.filter(office__in=offices).filter(Q(revoked_at=None) | Q(revoked_at__gt=begin))
    for device in devices.order_by("office__code", "purpose", "name", "pk"):
        end = device.revoked_at or now
        thing = Watched(
            offices[device.office_id], device.purpose, device.name, max(device.watched_since, device.paired_at), end, rows[device.pk],
        )  # fmt: skip
        heard = device.last_seen_at or device.paired_at
        if end - heard >= AWAY_AFTER:
            thing.gaps[Gap.SILENT].append((heard, end))
        if device.fault and device.fault_at:
            thing.gaps[device.fault].append((device.fault_at, end))
        yield thing


def _printers(offices: dict[int, Office], gaps: Any, now: datetime) -> Iterator[Watched]:
    rows = _by_owner(gaps.values_list("printer", "since", "until", "reason"), now)
    printers = Printer.objects.filter(office__in=offices, kind=Printer.Kind.NETWORK)
    for printer in printers.order_by("office__code", "name"):
        thing = Watched(
            offices[printer.office_id], PRINTER, printer.name, printer.watched_since, now, rows[printer.pk]
        )
        if printer.fault and printer.fault not in MILD and printer.fault_at:
            thing.gaps[printer.fault].append((printer.fault_at, now))
        yield thing


def _by_owner(rows: Iterable[Any], now: datetime) -> dict[int, dict[str, list[Span]]]:
    found: dict[int, dict[str, list[Span]]] = defaultdict(lambda: defaultdict(list))
    for owner, since, until, reason in rows:
        found[owner][reason].append((since, until or now))
    return found


def merged(spans: Iterable[Span]) -> list[Span]:
    """In their order, what overlaps or touches as one."""
    found: list[Span] = []
    for since, until in sorted(spans):
        if found and since <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], until))
        else:
            found.append((since, until))
    return found


def overlap(some: Sequence[Span], others: Sequence[Span]) -> list[Span]:
    """What lies in both; each is in order and overlaps nothing of its own."""
    found, a, b = [], 0, 0
    while a < len(some) and b < len(others):
        since, until = max(some[a][0], others[b][0]), min(some[a][1], others[b][1])
        if since < until:
            found.append((since, until))
        if some[a][1] < others[b][1]:
            a += 1
        else:
            b += 1
    return found


def without(some: Sequence[Span], gone: Sequence[Span]) -> list[Span]:
    """What of the first lies in none of the second."""
    found: list[Span] = []
    for since, until in some:
        for begin, end in gone:
            if end <= since or begin >= until:
                continue
            if since < begin:
                found.append((since, begin))
            since = end
        if since < until:
            found.append((since, until))
    return found


def _length(spans: Iterable[Span]) -> float:
    """Minutes."""
    return sum((until - since).total_seconds() for since, until in spans) / 60
