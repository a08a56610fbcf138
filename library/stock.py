"""A stock-taking read: how far it is, and in what the shelves differ from the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from library.models import Copy, Loan, StockDifference, StockScan, StockTake
from services.offices.models import Office

Kind, State = StockDifference.Kind, Copy.State
# What may be carried out at the end, and how the officer is asked.
ACTIONS: dict[str, str | Promise] = {
    Kind.MISSING: _("Catat hilang"),
    Kind.LOST: _("Kembalikan ke rak"),
    Kind.OUT: _("Catat sudah kembali"),
    Kind.SHELF: _("Ubah rak di catatan"),
}


@dataclass(frozen=True)
class Progress:
    """Of one shelf, or of all: what should stand there, and what of it was scanned."""

    shelf: str
    expected: int
    scanned: int

    @property
    def shares(self) -> list[dict[str, Any]]:
        """The one piece of components/share_bar.svg; what is not scanned yet stays empty."""
        return [{"series": 2, "x": 0, "width": 100 * self.scanned / (self.expected or 1)}]


@dataclass(frozen=True)
class Group:
    """Differences of one kind."""

    kind: str
    label: str
    rows: list[StockDifference]
    action: str | Promise = ""


def same(one: str, other: str) -> bool:
    """Shelves and barcodes are the same in capitals; a scanner may have its Caps Lock on."""
    return one.casefold() == other.casefold()


def shelves_of(office: Office) -> list[tuple[str, int]]:
    """The shelves that the office's copies name, with how many."""
    rows = office.copies.exclude(state=State.WITHDRAWN).values_list("shelf").annotate(Count("pk"))
    return list(rows.order_by("shelf"))


def in_scope(take: StockTake) -> QuerySet[Copy]:
    copies = Copy.objects.filter(office=take.office_id)
    return copies.filter(shelf__in=take.shelves) if take.shelves else copies


def progress(take: StockTake) -> list[Progress]:
    """By shelf, from what stands there now."""
    seen = Exists(StockScan.objects.filter(take=take, copy=OuterRef("pk")))
    rows = in_scope(take).filter(state=State.SHELF).annotate(seen=seen).values("shelf").order_by("shelf")
    counted = rows.annotate(expected=Count("pk"), scanned=Count("pk", filter=Q(seen=True)))
    return [Progress(**row) for row in counted.values("shelf", "expected", "scanned")]


def whole(rows: list[Progress]) -> Progress:
    return Progress("", sum(row.expected for row in rows), sum(row.scanned for row in rows))


def differences(take: StockTake) -> list[StockDifference]:
    """Of a finished one as they were then; of an open one as they are now (rows that are not stored yet)."""
    if take.is_open:
        return [*_not_scanned(take), *_scanned(take)]
    return list(take.differences.select_related("copy__publication").defer(*HEAVY))


def grouped(take: StockTake) -> list[Group]:
    found: dict[str, list[StockDifference]] = {}
    for row in differences(take):
        found.setdefault(row.kind, []).append(row)
    return [
        Group(kind.value, str(kind.label), found[kind.value], ACTIONS.get(kind, ""))
        for kind in Kind
        if kind.value in found
    ]


HEAVY = ("copy__publication__search", "copy__publication__abstract")


def _not_scanned(take: StockTake) -> list[StockDifference]:
    """What stands on the shelf by the catalogue and was not seen. Back or new since the start is not missing: it may
    have come to a shelf that was finished."""
    seen = StockScan.objects.filter(take=take, copy=OuterRef("pk"))
    back = Loan.objects.filter(copy=OuterRef("pk"), back_at__gte=take.started_at)
    copies = in_scope(take).filter(~Exists(seen), state=State.SHELF).annotate(back=Exists(back))
    copies = copies.select_related("publication").defer("publication__search", "publication__abstract")
    return [
        StockDifference(
            take=take,
            kind=Kind.MOVED if copy.back or copy.pk > take.newest_copy else Kind.MISSING,
            barcode=copy.barcode,
            copy=copy,
            shelf=copy.shelf,
        )
        for copy in copies.order_by("shelf", "barcode")
    ]


def _scanned(take: StockTake) -> list[StockDifference]:
    scans = list(take.scans.select_related("copy__publication").defer(*HEAVY).order_by("barcode"))
    out = Loan.objects.filter(state=Loan.State.OUT, copy__stock_scans__take=take, copy__state=State.OUT)
    out_at = dict(out.values_list("copy", "out_at"))
    rows = []
    for scan in scans:
        for kind in _kinds(take, scan, out_at):
            shelf = scan.copy.shelf if scan.copy else ""
            rows.append(
                StockDifference(
                    take=take, kind=kind, barcode=scan.barcode, copy=scan.copy, shelf=shelf, seen_at=scan.shelf,
                    times=len(scan.keys),
                )
            )  # fmt: skip
    return rows


def _kinds(take: StockTake, scan: StockScan, out_at: dict[int, Any]) -> list[str]:
    """In what this one differs. What was put right or went out since it was seen is no difference any more."""
    kinds: list[str] = [Kind.AGAIN] if len(scan.keys) > 1 else []
    copy = scan.copy
    if copy is None:
        return [*kinds, Kind.UNKNOWN]
    if copy.state != State.OUT and copy.state != State.WITHDRAWN and strays(take, copy, scan.shelf):
        kinds.append(Kind.SHELF)
    if copy.state == scan.state_then:
        if copy.state == State.OUT and out_at.get(copy.pk, scan.at) <= scan.at:
            kinds.append(Kind.OUT)
        elif copy.state in (State.LOST, State.WITHDRAWN):
            kinds.append(Kind(copy.state))
    return kinds


def strays(take: StockTake, copy: Copy, shelf: str) -> bool:
    """Seen at another shelf than the catalogue says; of an unnamed shelf, when it is none of those looked through."""
    if shelf:
        return not same(shelf, copy.shelf)
    return bool(take.shelves and copy.shelf) and copy.shelf not in take.shelves
