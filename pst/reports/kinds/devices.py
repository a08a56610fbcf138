"""Whether tablets, TVs and printers worked while the office was open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pst.reports.catalogue import Report
from pst.reports.scope import Scope
from pst.reports.tables import Column, Row, Table
from queueing.availability import PRINTER, Worked, worked
from queueing.printing.faults import words
from services.accounts.models import Gap, Purpose


def build(scope: Scope) -> Iterator[Table]:
    found = list(worked(scope.offices, scope.period.since, scope.period.until, now=timezone.now()))
    yield _table(
        "months", _("Menurut bulan"), [Column(_("Bulan"), "month")], found, lambda w: (f"{w.day:%Y-%m}",)
    )
    yield _table("kinds", _("Menurut jenis"), [Column(_("Jenis"))], found, lambda w: (_kind(w.watched.kind),))
    if scope.several:
        yield _table(
            "offices", _("Menurut kantor"), [Column(_("Kantor"))], found, lambda w: (w.watched.office.name,)
        )
    else:
        columns = [Column(_("Perangkat")), Column(_("Jenis"))]
        yield _table(
            "devices",
            _("Menurut perangkat"),
            columns,
            found,
            lambda w: (w.watched.name, _kind(w.watched.kind)),
        )
    yield _reasons(found)


def _kind(kind: str) -> str:
    return _("Printer jaringan") if kind == PRINTER else str(Purpose(kind).label)


def _definition() -> str:
    return _(
        "Jam layanan menurut jadwal yang berlaku sekarang, tanpa istirahat, selama perangkat dihubungkan dan dipantau; printer hanya yang berada di jaringan, dan tidak selama dimatikan di pengaturan. Terganggu: tidak terlihat lebih dari dua menit (juga bila listrik, jaringan, atau server yang terputus), atau melaporkan gangguan. Tersedia: bagian jam layanan tanpa gangguan."
    )  # fmt: skip


def _table(
    key: str,
    title: str,
    first: Sequence[Column],
    found: Sequence[Worked],
    by: Callable[[Worked], tuple[str, ...]],
) -> Table:
    sums: dict[tuple[str, ...], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for each in found:
        entry = sums[by(each)]
        entry[0] += each.open
        entry[1] += each.gone
    rows: list[Row] = [[*label, *_figures(*entry)] for label, entry in sorted(sums.items())]
    whole = _figures(sum(each.open for each in found), sum(each.gone for each in found))
    total: Row = [_("Jumlah"), *([""] * (len(first) - 1)), *whole]
    return Table(
        key, title, _definition(),
        [*first, Column(_("Jam layanan"), "hours"), Column(_("Terganggu (jam)"), "hours"), Column(_("Tersedia"), "share")],
        rows, total=total if rows else None, draw=(len(first) + 2,),
    )  # fmt: skip


def _figures(minutes: float, gone: float) -> list[float | None]:
    return [minutes / 60, gone / 60, 1 - gone / minutes if minutes else None]


def _reasons(found: Sequence[Worked]) -> Table:
    sums: dict[str, list[float]] = defaultdict(lambda: [0, 0.0])
    for each in found:
        for reason, (minutes, times) in each.by_reason.items():
            entry = sums[_("tidak terlihat") if reason == Gap.SILENT else words(reason)]
            entry[0] += times
            entry[1] += minutes
    rows: list[Row] = [[reason, int(times), minutes / 60] for reason, (times, minutes) in sums.items()]
    rows.sort(key=lambda row: -float(row[2] or 0))
    return Table(
        "reasons", _("Menurut gangguan"),
        _("Gangguan dalam jam layanan; yang melewati akhir bulan dihitung pada kedua bulan. Dua gangguan sekaligus dihitung pada keduanya, jadi tidak ada jumlahnya."),
        [Column(_("Gangguan")), Column(_("Kali"), "count"), Column(_("Jam"), "hours")], rows, draw=(2,),
    )  # fmt: skip


REPORT = Report(
    "devices", gettext_lazy("Ketersediaan perangkat"), gettext_lazy("Apakah tablet, layar, dan printer bekerja selama jam layanan."), build,
)  # fmt: skip
