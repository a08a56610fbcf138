"""How long people waited, and whether the promise of the standard was kept (requirement rows 36 and 37)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import ExtractHour
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pst.reports.aggregates import spread
from pst.reports.catalogue import Report
from pst.reports.scope import Scope
from pst.reports.tables import Column, Row, Table, with_shares
from queueing.models import Ticket
from services.guestbook.clocks import REASONS
from services.guestbook.models import VisitService

Result = VisitService.Result
COUNTED = {
    "kept": Count("pk", filter=Q(clock_result=Result.KEPT)), "missed": Count("pk", filter=Q(clock_result=Result.MISSED)),
    "excluded": Count("pk", filter=Q(clock_result=Result.EXCLUDED)),
    "open": Count("pk", filter=Q(clock_result__in=(Result.NONE, Result.RUNNING), clock_minutes__isnull=False)),
}  # fmt: skip


def build(scope: Scope) -> Iterator[Table]:
    yield _promise(scope)
    yield _reasons(scope)
    yield _spread(
        scope, "waits", _("Lama menunggu"),
        _("Menit dari nomor diambil (atau saat yang diminta pengunjung) sampai layanan dimulai; hanya yang dilayani."), "ticket__queued_at", "started_at",
    )  # fmt: skip
    yield _spread(
        scope, "serving", _("Lama dilayani"), _("Menit dari layanan dimulai sampai selesai; hanya yang selesai dilayani."), "started_at", "ended_at",
    )  # fmt: skip
    yield _tickets(scope)
    yield _hours(scope)


def _promise(scope: Scope) -> Table:
    rows = scope.received().exclude(clock_minutes=None).values_list("service__name").annotate(**COUNTED)
    found: list[Row] = [
        [_(name), kept, missed, _share(kept, missed), excluded, still]
        for name, kept, missed, excluded, still in rows.order_by("service__name")
    ]
    sums = [sum(int(row[n] or 0) for row in found) for n in (1, 2, 4, 5)]
    return Table(
        "promise", _("Janji waktu menurut layanan"),
        _("Layanan dengan janji waktu dalam standar. Ditepati: dimulai paling lambat pada menit yang dijanjikan. Persentase dari yang ditepati dan terlambat; yang tidak dihitung disebut di bawah dengan alasannya."),
        [Column(_("Layanan")), Column(_("Ditepati"), "count"), Column(_("Terlambat"), "count"), Column(_("Ditepati, %"), "share"),
         Column(_("Tidak dihitung"), "count"), Column(_("Belum selesai"), "count")],
        found, total=[_("Jumlah"), sums[0], sums[1], _share(sums[0], sums[1]), sums[2], sums[3]], draw=(3,),
    )  # fmt: skip


def _share(kept: int, missed: int) -> float | None:
    return kept / (kept + missed) if kept + missed else None


def _reasons(scope: Scope) -> Table:
    rows = (
        scope.received()
        .filter(clock_result=Result.EXCLUDED)
        .values_list("clock_reason")
        .annotate(n=Count("pk"))
    )
    found = with_shares(
        (capfirst(REASONS.get(code, code)), n) for code, n in rows.order_by("-n", "clock_reason")
    )
    return Table(
        "reasons", _("Mengapa tidak dihitung"), _("Janji waktu yang tidak dihitung sebagai ditepati atau terlambat, menurut alasannya."),
        [Column(_("Alasan")), Column(_("Layanan"), "count"), Column(_("Bagian"), "share")],
        found, total=[_("Jumlah"), sum(int(row[1] or 0) for row in found), None],
    )  # fmt: skip


def _spread(scope: Scope, key: str, title: str, definition: str, since: str, until: str) -> Table:
    served = scope.received().filter(visit__entered_at=None)  # typed in from paper: its minutes are guesses
    rows = served.values_list("service__name").annotate(**spread(since, until)).order_by("service__name")
    whole = served.aggregate(**spread(since, until))
    found: list[Row] = [[_(name), *figures] for name, *figures in rows if figures[0]]
    return Table(
        key, title, f"{definition} {_('Yang dicatat belakangan dari kertas tidak ikut.')}",
        [Column(_("Layanan")), Column(_("Dihitung"), "count"), Column(_("Median (menit)"), "minutes"),
         Column(_("Persentil 90 (menit)"), "minutes"), Column(_("Terlama (menit)"), "minutes")],
        found, total=[_("Semua"), whole["n"], whole["median"], whole["p90"], whole["most"]], draw=(2,),
    )  # fmt: skip


def _all_tickets(scope: Scope) -> Any:
    rows = Ticket.objects.filter(
        office__in=scope.offices, day__range=(scope.period.since, scope.period.until)
    ).order_by()
    return rows.filter(service=scope.service) if scope.service else rows


def _tickets(scope: Scope) -> Table:
    rows = (
        _all_tickets(scope)
        .values_list("state")
        .annotate(n=Count("pk"), first=Count("pk", filter=Q(priority=True)))
    )
    found: list[Row] = [
        [str(Ticket.State(code).label), n, first] for code, n, first in rows.order_by("-n", "state")
    ]
    return Table(
        "tickets", _("Nomor antrian"), _("Nomor yang diambil pada periode ini, menurut keadaannya sekarang; prioritas: lansia, penyandang disabilitas, ibu hamil."),
        [Column(_("Keadaan")), Column(_("Nomor"), "count"), Column(_("Di antaranya prioritas"), "count")],
        found, total=[_("Jumlah"), *(sum(int(row[n] or 0) for row in found) for n in (1, 2))],
    )  # fmt: skip


def _hours(scope: Scope) -> Table:
    """By the hour the number was taken, each office by its own clock."""
    counted: dict[int, list[int]] = {}
    for zone in {office.zone for office in scope.offices}:
        rows = scope.received().filter(office__time_zone=str(zone)).exclude(ticket=None)
        rows = rows.annotate(hour=ExtractHour("ticket__issued_at", tzinfo=zone))
        for hour, kept, missed in rows.values_list("hour").annotate(
            kept=COUNTED["kept"], missed=COUNTED["missed"]
        ):
            entry = counted.setdefault(hour, [0, 0])
            entry[0] += kept
            entry[1] += missed
    found: list[Row] = [
        [f"{hour:02d}.00–{hour:02d}.59", kept, missed, _share(kept, missed)]
        for hour, (kept, missed) in sorted(counted.items())
    ]
    return Table(
        "hours", _("Janji waktu menurut jam"), _("Menurut jam nomor diambil, waktu setempat."),
        [Column(_("Jam")), Column(_("Ditepati"), "count"), Column(_("Terlambat"), "count"), Column(_("Ditepati, %"), "share")], found, draw=(3,),
    )  # fmt: skip


REPORT = Report(
    "queue", gettext_lazy("Antrian dan janji waktu"), gettext_lazy("Berapa lama orang menunggu, dan apakah janji standar ditepati."), build, by_service=True,
)  # fmt: skip
