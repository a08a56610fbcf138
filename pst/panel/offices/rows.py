"""One line an office: its figures, what is wrong there in words, and how its promise went these two weeks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pst.panel.levels import POOR
from pst.panel.today.figures import Figures
from services.guestbook.models import VisitService
from services.offices.models import Office
from services.ratings.insight import FEW

DAYS = 14


@dataclass
class Line:
    office: Office
    figures: Figures
    troubles: list[str] = field(default_factory=list)
    grave: bool = False

    @property
    def level(self) -> str:
        return "danger" if self.grave else "warn" if self.troubles else "ok"


def lines(offices: Iterable[Office], found: dict[int, Figures]) -> list[Line]:
    made = []
    for office in offices:
        figures = found[office.pk]
        grave, mild = _grave(figures), _mild(figures)
        made.append(Line(office, figures, [*grave, *mild], bool(grave)))
    return made


def _grave(f: Figures) -> list[str]:
    said = []
    if f.late:
        said.append(ngettext("%d tamu lewat janji", "%d tamu lewat janji", f.late) % f.late)
    if f.waiting and f.counters and not f.counters_open:
        said.append(_("ada yang menunggu, tidak ada petugas di loket"))
    if f.complaints_late:
        said.append(
            ngettext("%d pengaduan lewat batas", "%d pengaduan lewat batas", f.complaints_late) % f.complaints_late
        )  # fmt: skip
    if f.share is not None and f.share < POOR:
        said.append(_("janji hari ini %s %%") % number_format(round(f.share)))
    return said


def _mild(f: Figures) -> list[str]:
    said = []
    if f.consultations_late:
        n = f.consultations_late
        said.append(ngettext("%d konsultasi lewat batas", "%d konsultasi lewat batas", n) % n)
    if f.devices and f.counters_open:
        said.append(ngettext("%d perangkat terganggu", "%d perangkat terganggu", f.devices) % f.devices)
    if f.mails + f.messages:
        n = f.mails + f.messages
        said.append(ngettext("%d surat gagal", "%d surat gagal", n) % n)
    if f.left_behind:
        said.append(ngettext("%d titipan tertinggal", "%d titipan tertinggal", f.left_behind) % f.left_behind)
    return said


@dataclass(frozen=True)
class Column:
    """`key`: what lines are sorted by; None among them stands last, whichever way."""

    name: str
    text: Any
    key: Callable[[Line], Any]
    number: bool = True
    most_first: bool = True  # the way it is sorted when first chosen


def _trouble(line: Line) -> tuple[bool, int]:
    return line.grave, len(line.troubles)


COLUMNS = (
    Column("kantor", gettext_lazy("Kantor"), lambda n: n.office.code, number=False, most_first=False),
    Column("keadaan", gettext_lazy("Keadaan"), _trouble, number=False),
    Column("menunggu", gettext_lazy("Menunggu"), lambda n: n.figures.waiting),
    Column("dilayani", gettext_lazy("Dilayani"), lambda n: n.figures.serving),
    Column("loket", gettext_lazy("Loket buka"), lambda n: n.figures.counters_open),
    Column("kunjungan", gettext_lazy("Kunjungan"), lambda n: n.figures.visits),
    Column("janji", gettext_lazy("Ditepati"), lambda n: n.figures.share, most_first=False),
    Column("konsultasi", gettext_lazy("Konsultasi"), lambda n: n.figures.consultations),
    Column("nilai", gettext_lazy("Penilaian"), lambda n: n.figures.ratings),
)
BY_NAME = {column.name: column for column in COLUMNS}


def in_order(rows: Iterable[Line], by: str, backwards: bool) -> list[Line]:
    """`backwards`: the largest first. Equal ones by their code."""
    key = BY_NAME[by].key
    rows = sorted(rows, key=lambda line: line.office.code)
    known = [line for line in rows if key(line) is not None]
    return [*sorted(known, key=key, reverse=backwards), *(line for line in rows if key(line) is None)]


def promise_by_day(offices: Sequence[Office], now: datetime) -> dict[int, list[float | None]]:
    """Per cent kept on each of the last days, by the office's key; None where fewer than FEW could be told."""
    last = {office.pk: office.today(now) for office in offices}
    if not last:
        return {}
    first, until = min(last.values()) - timedelta(days=DAYS - 1), max(last.values())
    rows = VisitService.objects.filter(office__in=last, visit__day__range=(first, until)).order_by()
    told: dict[int, dict[date, tuple[int, int]]] = defaultdict(dict)
    kept = Count("pk", filter=Q(clock_result=VisitService.Result.KEPT))
    missed = Count("pk", filter=Q(clock_result=VisitService.Result.MISSED))
    for pk, day, good, bad in rows.values_list("office", "visit__day").annotate(kept=kept, missed=missed):
        told[pk][day] = (good, good + bad)
    return {
        pk: [_percent(told[pk].get(today - timedelta(days=n))) for n in reversed(range(DAYS))]
        for pk, today in last.items()
    }


def _percent(counted: tuple[int, int] | None) -> float | None:
    good, whole = counted or (0, 0)
    return round(100 * good / whole, 1) if whole >= FEW else None
