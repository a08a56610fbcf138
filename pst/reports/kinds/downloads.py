"""Softcopies that left the house: downloads and excerpts, of what, by which way, under which standard (rows 19, 21 and 31)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, F, Func, IntegerField, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from library.models import ExcerptRequest, MarkedCopy
from pst.reports.books import by_book
from pst.reports.catalogue import Report
from pst.reports.days import added, by_time, day_of
from pst.reports.lists import MOST, listed
from pst.reports.scope import Scope
from pst.reports.tables import Column, Row, Table
from services.guestbook import reference

Kind, Handed = MarkedCopy.Kind, MarkedCopy.Handed
BOTH = {
    "downloads": Count("pk", filter=Q(kind=Kind.DOWNLOAD)),
    "excerpts": Count("pk", filter=Q(kind=Kind.EXCERPT)),
}
PAGES = Sum(Func(F("pages"), function="cardinality", output_field=IntegerField()), default=0)


class Part(NamedTuple):
    """Files of one day, handed over in one way. `over`: beyond the cap, by a supervisor's word."""

    day: date
    handed: str
    marked: bool
    downloads: int
    excerpts: int
    files: int
    pages: int
    over: int

    @property
    def counts(self) -> list[int]:
        return [self.files, self.downloads, self.excerpts]


def build(scope: Scope) -> Iterator[Table]:
    rows = copies(scope)
    counted = (
        rows.annotate(c_day=day_of("made_at")).values_list("c_day", "handed", "marked")
        .annotate(**BOTH, n=Count("pk"), pages_of=PAGES, over=Count("pk", filter=Q(allowed_by__isnull=False)))
    )  # fmt: skip
    parts = [Part(*row) for row in counted]
    columns = [_("Berkas"), _("Unduhan"), _("Salinan sebagian")]
    what = _(
        "Setiap berkas yang dibuat untuk seseorang: unduhan utuh, atau salinan sebagian berisi halaman yang dipilih, pada hari dibuat menurut kalender kantor."
    )
    days = added((part.day, [*part.counts, part.pages]) for part in parts)
    yield by_time("days", _("Berkas"), what, [*columns, _("Halaman disalin")], days, scope)
    yield listed(
        "ways", _("Menurut cara"), _("Bagaimana berkas diserahkan. Menu unduh: diambil sendiri dari akun, tanpa kunjungan."), _("Cara"), columns,
        added((str(Handed(part.handed).label), part.counts) for part in parts),
    )  # fmt: skip
    yield listed(
        "marks", _("Tanda air"), _("Sebagian standar menjanjikan unduhan tanpa tanda air; salinan sebagian selalu bertanda."), _("Tanda air"), columns,
        added((_("Bertanda air") if part.marked else _("Tanpa tanda air"), part.counts) for part in parts),
    )  # fmt: skip
    books = [
        (book, [whole + part, whole, part])
        for book, _more, (whole, part) in by_book(rows, "publication", scope, **BOTH)
    ]
    yield listed(
        "subjects", _("Menurut subjek"), _("Subjek publikasi dalam katalog."), _("Subjek"), columns,
        added((book.subject, n) for book, n in books),
    )  # fmt: skip
    yield listed(
        "books", _("Publikasi yang paling banyak diambil"), _("Judul dalam katalog."), _("Judul"), columns,
        added((book.title, n) for book, n in books), most=MOST,
    )  # fmt: skip
    yield _standards(rows, columns)
    yield _purposes(scope, rows)
    yield _excerpts(scope, parts)


def copies(scope: Scope) -> Any:
    """Every file of the period; of one service those that were given in its visits."""
    rows = MarkedCopy.objects.filter(scope.within("made_at")).order_by()
    return rows.filter(received__service=scope.service) if scope.service else rows


def _standards(rows: Any, columns: list[str]) -> Table:
    counted = rows.values_list("received__standard__service__name", "received__standard__version").annotate(
        n=Count("pk"), **BOTH
    )
    found = added((_standard(name, version), numbers) for name, version, *numbers in counted)
    return listed(
        "standards", _("Menurut standar pelayanan"), _("Standar yang berlaku bagi kunjungan saat berkas diberikan. Tanpa kunjungan: dari akun, atau kunjungannya sudah tidak tercatat."),
        _("Standar"), columns, found,
    )  # fmt: skip


def _standard(name: str | None, version: int | None) -> str:
    if name is None:
        return _("Tanpa kunjungan")
    return _("%(service)s, versi %(version)d") % {"service": _(name), "version": version}


def _purposes(scope: Scope, rows: Any) -> Table:
    """A trait: what somebody wants the data for. Counted are visits, so that one person's many files hide nobody less."""
    words = {item.code: str(item) for item in reference.on(scope.period.until).get("use", [])}
    counted = (
        rows.filter(received__isnull=False).values_list("received__visit__use_of_data")
        .annotate(visits=Count("received__visit", distinct=True), **BOTH)
    )  # fmt: skip
    found = added((words.get(code or "", code or _("Tidak diisi")), numbers) for code, *numbers in counted)
    return listed(
        "purposes", _("Menurut pemanfaatan data"), _("Kunjungan yang mengambil berkas, menurut pemanfaatan yang ditulis pada buku tamu; dari akun tidak ditanyakan."),
        _("Pemanfaatan data"), [_("Kunjungan"), _("Unduhan"), _("Salinan sebagian")], found, people=True,
    )  # fmt: skip


def _excerpts(scope: Scope, parts: list[Part]) -> Table:
    made, pages, over = (sum(getattr(part, name) for part in parts) for name in ("excerpts", "pages", "over"))
    asked = ExcerptRequest.objects.filter(scope.within("asked_at")).order_by()
    if scope.service:
        asked = asked.filter(received__service=scope.service)
    states = dict(asked.values_list("state").annotate(n=Count("pk")))
    found: list[Row] = [
        [_("Salinan sebagian dibuat"), made], [_("Halaman di dalamnya"), pages], [_("Di antaranya melebihi batas, diizinkan atasan"), over],
        *([_("Permintaan melebihi batas: %s") % str(state.label).lower(), states.get(state, 0)] for state in ExcerptRequest.State),
    ]  # fmt: skip
    return Table(
        "excerpts", _("Salinan sebagian dan batasnya"),
        _("Batas: bagian publikasi yang boleh disalin petugas untuk satu orang, menurut standar (misalnya 20 %). Permintaan: yang diajukan petugas kepada atasan pada periode ini, menurut keadaannya sekarang."),
        [Column(_("Hal")), Column(_("Jumlah"), "count")], found if made or any(states.values()) else [],
    )  # fmt: skip


REPORT = Report(
    "downloads",
    gettext_lazy("Unduhan dan salinan"),
    gettext_lazy("Softcopy yang dibawa pulang: apa, dengan cara apa, menurut standar mana."),
    build,
    by_service=True,
)
