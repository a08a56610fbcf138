"""Taking stock: begun, scanned from any number of devices, ended. Nothing in the catalogue changes before the end, and
then only what an officer chose.

Locked are always first the stock-taking, then copies in the order of their keys, then what circulation.py locks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext as _

from library import stock
from library.models import Copy, Hold, Loan, StockDifference, StockScan, StockTake
from library.workflows import shelves
from services.audit import trail
from services.audit.actors import Actor
from services.live.publish import STOCK, publish
from services.offices.models import Office
from services.workflow import IllegalMove

MOST_KEYS = 20  # of one barcode; whoever scans it more often has made the point
Kind, State = StockDifference.Kind, Copy.State


@dataclass(frozen=True)
class Scanned:
    """What a device says it saw. `key` is of this one scan: sent again, it is the same."""

    key: str
    barcode: str
    shelf: str
    at: datetime


@dataclass(frozen=True)
class Seen:
    """What became of it. `result`: found, shelf, unknown, or the state that the catalogue says."""

    key: str
    barcode: str
    result: str
    copy: Copy | None
    again: bool = False


@transaction.atomic
def start(office: Office, shelves: Collection[str], *, by: Actor, at: datetime | None = None) -> StockTake:
    """One at a time in an office: two would each miss what the other scanned."""
    at = at or timezone.now()
    newest = Copy.objects.filter(office=office).aggregate(newest=Max("pk"))["newest"]
    if newest is None:
        raise IllegalMove(_("Kantor ini belum punya eksemplar."))
    try:
        with transaction.atomic():
            take = StockTake.objects.create(
                office=office, shelves=sorted(shelves), started_at=at, started_by_id=by.user_id, newest_copy=newest
            )  # fmt: skip
    except IntegrityError:
        raise IllegalMove(_("Masih ada pemeriksaan yang berjalan. Lanjutkan yang itu.")) from None
    trail.record("stock.started", take, by=by, office_id=office.pk, at=at, shelves=take.shelves)
    return take


def _locked(take: StockTake) -> StockTake:
    take = StockTake.objects.select_for_update(of=("self",)).select_related("office").get(pk=take.pk)
    if not take.is_open:
        raise IllegalMove(_("Pemeriksaan ini sudah berakhir."))
    return take


def folded(barcode: str) -> str:
    """As the database's Upper() would, where it surely does the same."""
    return barcode.upper() if barcode.isascii() else barcode


@transaction.atomic
def scan(take: StockTake, items: list[Scanned], *, by: Actor) -> list[Seen]:
    """A handful at once, in the order in which they were scanned; as many questions for many as for one."""
    take = _locked(take)
    copies = _copies(take, items)
    rows = take.scans.alias(upper=Upper("barcode")).filter(_is_one_of(items))
    known: dict[str, StockScan] = {folded(row.barcode): row for row in rows}
    out = Loan.objects.filter(copy__in=copies.values(), state=Loan.State.OUT)
    went_out = dict(out.values_list("copy", "out_at"))
    changed: dict[str, StockScan] = {}
    results = []
    for item in items:
        code = folded(item.barcode)
        copy = copies.get(code)
        row = known.setdefault(code, StockScan(take=take, barcode=item.barcode, keys=[]))
        then = copy.state if copy else ""
        if copy and then == State.OUT and went_out.get(copy.pk, item.at) > item.at:
            then = State.SHELF  # it stood there when it was scanned; the network was late
        again = bool(row.keys) and item.key not in row.keys
        if item.key not in row.keys:
            row.copy, row.state_then, row.at, row.by_id = copy, then, item.at, by.user_id
            row.shelf = item.shelf or row.shelf
            row.keys = [*row.keys, item.key][:MOST_KEYS]
            changed[code] = row
        results.append(Seen(item.key, item.barcode, _result(take, copy, then, row.shelf), copy, again))
    StockScan.objects.bulk_create([row for row in changed.values() if row.pk is None], ignore_conflicts=True)
    there = [row for row in changed.values() if row.pk is not None]
    StockScan.objects.bulk_update(there, ["copy", "state_then", "at", "by", "shelf", "keys"])
    publish(take.office.code, STOCK)
    return results


def _is_one_of(items: list[Scanned]) -> Q:
    return Q(upper__in=[folded(i.barcode) for i in items]) | Q(barcode__in=[i.barcode for i in items])


def _copies(take: StockTake, items: list[Scanned]) -> dict[str, Copy]:
    rows = Copy.objects.filter(office=take.office_id).alias(upper=Upper("barcode")).filter(_is_one_of(items))
    rows = rows.select_related("publication").defer("publication__search", "publication__abstract")
    return {folded(copy.barcode): copy for copy in rows}


def _result(take: StockTake, copy: Copy | None, then: str, shelf: str) -> str:
    if copy is None:
        return "unknown"
    if then != State.SHELF:
        return then
    return "shelf" if copy.shelf and stock.strays(take, copy, shelf) else "found"


@transaction.atomic
def finish(
    take: StockTake,
    chosen: Collection[tuple[str, int]],
    *,
    by: Actor,
    whole_groups: Collection[str] = (),
    at: datetime | None = None,
) -> tuple[StockTake, int]:
    """Carry out what was chosen ((kind, key of the copy), or all of a kind) and keep the differences as they are now.
    Returns also how many of the chosen were no differences any more and were left alone."""
    at = at or timezone.now()
    take = _locked(take)
    wanted = {
        (row.kind, row.copy.pk)
        for row in stock.differences(take)
        if row.copy and row.kind in stock.ACTIONS and row.kind in whole_groups
    }
    wanted |= {(kind, pk) for kind, pk in chosen if kind in stock.ACTIONS}
    copies = Copy.objects.filter(office=take.office_id, pk__in={pk for _kind, pk in wanted})
    locked = {copy.pk for copy in copies.select_for_update(of=("self",)).order_by("pk")}
    rows = stock.differences(take)  # nobody changes the chosen ones from here on
    todo = [row for row in rows if row.copy and row.copy.pk in locked and (row.kind, row.copy.pk) in wanted]
    for kind, carry_out in CARRY_OUT.items():
        carry_out([row for row in todo if row.kind == kind], by, at)
    for row in todo:
        row.done = row.kind != Kind.SHELF or bool(row.seen_at)
    StockDifference.objects.bulk_create(rows, batch_size=500)
    done = Counter(row.kind for row in todo if row.done)
    _end(take, StockTake.State.FINISHED, by, at, dict(done))
    return take, len(wanted) - done.total()


@transaction.atomic
def cancel(take: StockTake, *, by: Actor, at: datetime | None = None) -> StockTake:
    """Begun by mistake; what was scanned stays with it, and nothing is carried out."""
    take = _locked(take)
    _end(take, StockTake.State.CANCELLED, by, at or timezone.now(), {})
    return take


def _end(take: StockTake, state: str, by: Actor, at: datetime, done: dict[str, int]) -> None:
    take.state, take.ended_at, take.ended_by_id = state, at, by.user_id
    take.save(update_fields=["state", "ended_at", "ended_by"])
    trail.record(f"stock.{state}", take, by=by, office_id=take.office_id, at=at, done=done)
    publish(take.office.code, STOCK)


def _lose(rows: list[StockDifference], by: Actor, at: datetime) -> None:
    """Written at once: at a first stock-taking these may be hundreds. One that is kept for somebody goes the long way,
    so that who waits goes on waiting."""
    kept = set(Hold.objects.filter(state=Hold.State.READY, copy__in=_of(rows)).values_list("copy", flat=True))
    plain = [copy for copy in _of(rows) if copy.pk not in kept]
    Copy.objects.filter(pk__in=[copy.pk for copy in plain]).update(state=State.LOST)
    if plain:
        trail.record_many("copy.state", plain, by=by, office_id=plain[0].office_id, at=at, state=State.LOST)
    for copy in _of(rows):
        if copy.pk in kept:
            shelves.put_away(copy, State.LOST, by=by, at=at)


def _bring_back(rows: list[StockDifference], by: Actor, at: datetime) -> None:
    """It stands on the shelf: a loan that was open or given up ends, and who waits for it gets it."""
    for copy in _of(rows):
        shelves.turn_up(copy, by=by, at=at)


def _move_shelf(rows: list[StockDifference], by: Actor, at: datetime) -> None:
    for shelf in sorted({row.seen_at for row in rows if row.seen_at}):
        there = _of([row for row in rows if row.seen_at == shelf])
        Copy.objects.filter(pk__in=[copy.pk for copy in there]).update(shelf=shelf)
        trail.record_many("copy.shelf", there, by=by, office_id=there[0].office_id, at=at, shelf=shelf)


def _of(rows: list[StockDifference]) -> list[Copy]:
    return [row.copy for row in rows if row.copy]


CARRY_OUT = {Kind.MISSING: _lose, Kind.LOST: _bring_back, Kind.OUT: _bring_back, Kind.SHELF: _move_shelf}
