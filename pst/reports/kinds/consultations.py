"""What was asked, by which way, and whether the answers came within the promised working days (requirement row 39)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.db.models import Count, F, Func, Max, Q, TextField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultation.models import Consultation
from consultation.models.record import Channel
from pst.panel.promises import cases
from pst.panel.promises.figures import COUNTS
from pst.panel.promises.registry import reason_words
from pst.reports.aggregates import Minutes, Percentile
from pst.reports.catalogue import Report
from pst.reports.days import added, by_time, day_of
from pst.reports.lists import MOST, listed
from pst.reports.scope import Scope
from pst.reports.tables import Column, Row, Table
from services.few import FEWEST

State = Consultation.State
A_DAY = 24 * 60  # minutes


class Unnest(Func):
    """Each of an array's values in a row of its own."""

    function = "unnest"
    set_returning = True
    output_field = TextField()


def build(scope: Scope) -> Iterator[Table]:
    counted = list(
        asked(scope).annotate(c_day=day_of("submitted_at")).values_list("c_day", "channel", "state")
        .annotate(n=Count("pk"), answered=Count("pk", filter=Q(first_answered_at__isnull=False)))
    )  # fmt: skip
    what = _(
        "Konsultasi yang diajukan pada periode ini, pada hari diajukan menurut kalender kantor. Yang digabung ke konsultasi lain dihitung sekali. Sudah dijawab: sekurang-kurangnya sekali."
    )
    columns = [_("Diajukan"), _("Sudah dijawab")]
    yield by_time(
        "days",
        _("Konsultasi"),
        what,
        columns,
        added((day, [n, done]) for day, _way, _state, n, done in counted),
        scope,
    )
    yield listed(
        "channels", _("Menurut saluran"), what, _("Saluran"), columns,
        added((str(Channel(way).label), [n, done]) for _day, way, _state, n, done in counted),
    )  # fmt: skip
    yield listed(
        "states", _("Menurut keadaan"), _("Keadaan sekarang konsultasi yang diajukan pada periode ini."), _("Keadaan"), [_("Konsultasi")],
        added((str(State(state).label), [n]) for _day, _way, state, n, _done in counted), shares=True,
    )  # fmt: skip
    yield _subjects(scope)
    questions = promised(scope)
    yield _promise(questions)
    yield _reasons(questions)
    yield _kept_by_time(questions, scope)
    yield _first_answers(scope)


def asked(scope: Scope) -> Any:
    rows = Consultation.objects.filter(scope.within("submitted_at"), merged_into=None).order_by()
    return rows.filter(service=scope.service) if scope.service else rows


def promised(scope: Scope) -> Any:
    """Every question of the period that working days were promised for: the very cases of the panel's promise."""
    return cases.online(
        cases.Scope(
            tuple(office.pk for office in scope.offices), scope.period.since, scope.period.until,
            service=scope.service.slug if scope.service else "",
        )
    )  # fmt: skip


def _subjects(scope: Scope) -> Table:
    """Officers file by tags; the subject line is the visitor's own words and stands in no report."""
    rows = (
        asked(scope)
        .exclude(tags=[])
        .annotate(c_tag=Unnest(F("tags")))
        .values_list("c_tag")
        .annotate(n=Count("pk"))
    )
    words: dict[str, str] = {}
    counted = [(words.setdefault(tag.casefold(), tag), [n]) for tag, n in rows.order_by("-n", "c_tag")]
    table = listed(
        "subjects", _("Menurut subjek"), _("Label yang diberikan petugas; satu konsultasi dapat berlabel beberapa, maka tidak dijumlahkan. Perihal yang ditulis pengguna tidak dimuat."),
        _("Label"), [_("Konsultasi")], added(counted), most=MOST,
    )  # fmt: skip
    without = asked(scope).filter(tags=[]).count()
    return replace(
        table, total=None, rows=[*table.rows, [_("Tanpa label"), without]] if without else table.rows
    )


def _share(kept: int, missed: int) -> float | None:
    return kept / (kept + missed) if kept + missed else None


def _promise(questions: Any) -> Table:
    rows = questions.values_list("consultation__channel").annotate(**COUNTS).order_by("consultation__channel")
    found: list[Row] = [
        [str(Channel(way).label), kept, missed, _share(kept, missed), excluded, running]
        for way, kept, missed, excluded, running in rows
    ]
    kept, missed, excluded, running = (sum(int(row[n] or 0) for row in found) for n in (1, 2, 4, 5))
    return Table(
        "promise", _("Dijawab dalam hari kerja yang dijanjikan"),
        _("Setiap pertanyaan yang dijanjikan jawabannya oleh standar, juga pertanyaan lanjutan dalam satu konsultasi, menurut hari diajukan. Hari diterima adalah hari ke-0; jatuh tempo pada akhir jam layanan hari kerja terakhir; selama menunggu pengguna waktu berhenti. Sama dengan halaman Janji di panel."),
        [Column(_("Saluran")), Column(_("Ditepati"), "count"), Column(_("Terlambat"), "count"), Column(_("Ditepati, %"), "share"),
         Column(_("Tidak dihitung"), "count"), Column(_("Belum selesai"), "count")],
        found, total=[_("Jumlah"), kept, missed, _share(kept, missed), excluded, running] if found else None, draw=(3,),
    )  # fmt: skip


def _reasons(questions: Any) -> Table:
    rows = questions.filter(c_result=cases.EXCLUDED).values_list("c_reason").annotate(n=Count("pk"))
    return listed(
        "reasons", _("Mengapa tidak dihitung"), _("Pertanyaan yang tidak dihitung sebagai ditepati atau terlambat, menurut alasannya."), _("Alasan"),
        [_("Pertanyaan")], added((reason_words(code), [n]) for code, n in rows), shares=True,
    )  # fmt: skip


def _kept_by_time(questions: Any, scope: Scope) -> Table:
    rows = questions.values_list("c_day").annotate(**COUNTS)
    return by_time(
        "kept", _("Janji jawaban"), _("Pertanyaan dengan janji, menurut hari diajukan."),
        [_("Ditepati"), _("Terlambat"), _("Tidak dihitung"), _("Belum selesai")], added((day, numbers) for day, *numbers in rows), scope,
    )  # fmt: skip


def _first_answers(scope: Scope) -> Table:
    """Times of fewer than five are nobody's to read (docs/decisions/042)."""
    days = Minutes("submitted_at", "first_answered_at")
    told = {
        "n": Count("pk"),
        "median": Percentile(days, 0.5),
        "p90": Percentile(days, 0.9),
        "most": Max(days),
    }
    rows = asked(scope).filter(first_answered_at__isnull=False)
    found: list[Row] = [
        [str(Channel(way).label), n, *_in_days(n, *times)]
        for way, n, *times in rows.values_list("channel").annotate(**told).order_by("channel")
    ]
    whole = rows.aggregate(**told)
    times = _in_days(*(whole[name] for name in ("n", "median", "p90", "most")))
    return Table(
        "answers", _("Lama sampai jawaban pertama"),
        _("Hari kalender dari diajukan sampai jawaban pertama; kurang dari lima konsultasi: tidak disebut. Janji dalam hari kerja ada di tabel di atas."),
        [Column(_("Saluran")), Column(_("Dijawab"), "count"), Column(_("Median (hari)"), "days"), Column(_("Persentil 90 (hari)"), "days"),
         Column(_("Terlama (hari)"), "days")],
        found, total=[_("Semua"), whole["n"], *times] if whole["n"] else None,
    )  # fmt: skip


def _in_days(n: int, *minutes: float | None) -> list[float | None]:
    return [m / A_DAY if m is not None and n >= FEWEST else None for m in minutes]


REPORT = Report(
    "consultations",
    gettext_lazy("Konsultasi"),
    gettext_lazy("Apa yang ditanyakan, lewat saluran mana, dan berapa lama sampai dijawab."),
    build,
    by_service=True,
)
