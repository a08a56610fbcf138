"""What people asked about their own data, and whether it was answered in the law's 3 × 24 hours (UU 27/2022, domain.md §7).
Only numbers: not who asked, nor what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pst.privacy.models import ANSWERED_WITHIN, PrivacyRequest
from pst.reports.aggregates import Minutes, Month, Percentile
from pst.reports.catalogue import Report
from pst.reports.scope import Scope
from pst.reports.tables import Column, Row, Table, with_shares

HOURS = int(ANSWERED_WITHIN.total_seconds() // 3600)


def asked(scope: Scope) -> QuerySet[PrivacyRequest]:
    return PrivacyRequest.objects.filter(scope.within("received_at")).order_by()


def build(scope: Scope) -> Iterator[Table]:
    rows = asked(scope)
    yield _answered(rows, "months", _("Menurut bulan"), Column(_("Bulan"), "month"), Month("received_at"), {})
    kinds = {str(code): str(label) for code, label in PrivacyRequest.Kind.choices}
    yield _answered(rows, "kinds", _("Menurut jenis permintaan"), Column(_("Permintaan")), F("kind"), kinds)
    yield _parts(
        rows,
        "channels",
        _("Menurut cara menyampaikan"),
        _("Disampaikan lewat"),
        "channel",
        PrivacyRequest.Channel.choices,
    )
    yield _parts(
        rows, "states", _("Menurut keadaan sekarang"), _("Keadaan"), "state", PrivacyRequest.State.choices
    )


def _counts() -> dict[str, Any]:
    """Answered in time, answered late, still open in time, still open late: parts of all."""
    now, is_open = timezone.now(), Q(answered_at=None)
    length = Minutes("received_at", "answered_at") / 60.0
    return {
        "n": Count("pk"), "timely": Count("pk", filter=~is_open & Q(answered_at__lte=F("due_at"))),
        "late": Count("pk", filter=~is_open & Q(answered_at__gt=F("due_at"))),
        "waiting": Count("pk", filter=is_open & Q(due_at__gte=now)), "overdue": Count("pk", filter=is_open & Q(due_at__lt=now)),
        "median": Percentile(length, 0.5, filter=~is_open),
    }  # fmt: skip


def _answered(
    rows: QuerySet[PrivacyRequest], key: str, title: str, first: Column, by: Any, words: dict[str, str]
) -> Table:
    found: list[Row] = [
        [words.get(value, value), *_row(counted)]
        for value, counted in _counted(rows, by)
    ]  # fmt: skip
    definition = _(
        "Permintaan melihat, memperbaiki, menarik persetujuan, atau menghapus data pribadi yang diterima pada periode ini, tanpa nama. Tepat waktu: dijawab dalam %d jam sejak diterima (3 × 24 jam, UU 27/2022); keadaan seperti sekarang."
    )
    return Table(
        key, title, definition % HOURS,
        [first, Column(_("Diterima"), "count"), Column(_("Tepat waktu"), "count"), Column(_("Terlambat"), "count"), Column(_("Belum dijawab"), "count"),
         Column(_("Belum dijawab, lewat waktu"), "count"), Column(_("Tepat waktu, %"), "share"), Column(_("Median (jam)"), "hours")],
        found, total=[_("Jumlah"), *_row(rows.aggregate(**_counts()))], draw=(1,),
    )  # fmt: skip


def _counted(rows: QuerySet[PrivacyRequest], by: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    counted: Any = rows.annotate(by=by).values("by").annotate(**_counts()).order_by("by")
    for row in counted:
        yield row["by"], row


def _row(counted: dict[str, Any]) -> list[Any]:
    """What is open beyond its time is late too: an office that answers nothing is not always in time."""
    timely, missed = counted["timely"], counted["late"] + counted["overdue"]
    share = timely / (timely + missed) if timely + missed else None
    return [
        counted["n"],
        timely,
        counted["late"],
        counted["waiting"],
        counted["overdue"],
        share,
        counted["median"],
    ]


def _parts(
    rows: QuerySet[PrivacyRequest], key: str, title: str, head: str, field: str, choices: Any
) -> Table:
    words = {str(code): str(label) for code, label in choices}
    counts = rows.values_list(field).annotate(n=Count("pk")).order_by("-n", field)
    found = with_shares((words[code], n) for code, n in counts)
    return Table(
        key, title, _("Permintaan yang diterima pada periode ini."),
        [Column(head), Column(_("Permintaan"), "count"), Column(_("Bagian"), "share")], found,
        total=[_("Jumlah"), sum(int(row[1] or 0) for row in found), None],
    )  # fmt: skip


REPORT = Report(
    "personal-data", gettext_lazy("Permintaan data pribadi"), gettext_lazy("Apa yang diminta, dan apakah dijawab dalam batas undang-undang."), build,
)  # fmt: skip
