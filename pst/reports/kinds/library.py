"""What was read in the library: printed books, softcopies on the PST computers, scans asked for (requirement rows 18 and 19)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from library.models import LibraryUse, Loan, ScanRequest
from pst.reports.books import Book, by_book
from pst.reports.catalogue import Report
from pst.reports.days import added, by_time, by_weekday, day_of
from pst.reports.lists import MOST, listed
from pst.reports.scope import Scope
from pst.reports.tables import Table

Kind = LibraryUse.Kind
PRINTED, DIGITAL, SCAN = Kind.READ_PRINTED.value, Kind.READ_DIGITAL.value, Kind.SCAN.value
ORDER = (PRINTED, DIGITAL, SCAN)


def build(scope: Scope) -> Iterator[Table]:
    days, books = _days(scope), _books(scope)
    columns = [_("Penggunaan"), _("Tercetak"), _("Softcopy di komputer PST"), _("Pindaian")]
    what = _(
        "Satu penggunaan: satu pustaka dibaca dalam satu kunjungan, atau satu buku diambil dari rak untuk dibaca di tempat, pada kalender kantor. Buku yang dicatat pada keduanya dihitung sekali. Unduhan, salinan, dan peminjaman ada di laporan lain."
    )
    yield _kinds(days, what)
    yield by_time("days", _("Pembacaan"), what, columns, days, scope)
    yield by_weekday("weekdays", _("Pembacaan"), what, columns, days)
    yield listed(
        "subjects", _("Menurut subjek"), _("Subjek pustaka dalam katalog. Di luar katalog: yang hanya ditulis judulnya."), _("Subjek"),
        columns, added((book.subject, n) for book, n in books),
    )  # fmt: skip
    yield listed(
        "series", _("Menurut koleksi"), _("Koleksi: seri terbitan dalam katalog, semua tahunnya bersama."), _("Seri"), columns,
        added((book.series, n) for book, n in books), most=MOST,
    )  # fmt: skip
    yield listed(
        "books", _("Pustaka yang paling banyak dibaca"), _("Judul dalam katalog; siapa pembacanya tidak dimuat."), _("Judul"), columns,
        added((book.title, n) for book, n in books), most=MOST,
    )  # fmt: skip
    yield _scans(scope)


def _taken(scope: Scope) -> Any:
    """From the shelf to be read in the room."""
    return Loan.objects.filter(scope.within("out_at"), kind=Loan.Kind.READING).order_by()


def _noted(scope: Scope) -> Any:
    """On a visit's page, but for what stands among the loans as well (docs/decisions/021)."""
    return LibraryUse.objects.filter(scope.within("at"), kind__in=ORDER, at_shelf=False).order_by()


def _numbers(kind: str, n: int) -> list[int]:
    return [n, *(n if kind == which else 0 for which in ORDER)]


def _days(scope: Scope) -> dict[Any, list[int]]:
    taken = _taken(scope).annotate(c_day=day_of("out_at")).values_list("c_day").annotate(n=Count("pk"))
    noted = _noted(scope).annotate(c_day=day_of("at")).values_list("c_day", "kind").annotate(n=Count("pk"))
    return added(
        [
            *((day, _numbers(PRINTED, n)) for day, n in taken),
            *((day, _numbers(kind, n)) for day, kind, n in noted),
        ]
    )


def _books(scope: Scope) -> list[tuple[Book, list[int]]]:
    taken = by_book(_taken(scope), "copy__publication", scope, n=Count("pk"))
    noted = by_book(_noted(scope), "publication", scope, "kind", n=Count("pk"))
    return [
        *((book, _numbers(PRINTED, n)) for book, _more, (n,) in taken),
        *((book, _numbers(kind, n)) for book, (kind,), (n,) in noted),
    ]


def _kinds(days: dict[Any, list[int]], definition: str) -> Table:
    sums = [sum(numbers[place] for numbers in days.values()) for place in (1, 2, 3)]
    found = {str(Kind(kind).label): [n] for kind, n in zip(ORDER, sums, strict=True) if n}
    return listed(
        "kinds",
        _("Cara membaca"),
        definition,
        _("Cara"),
        [_("Penggunaan")],
        found,
        in_order=True,
        shares=True,
    )


def _scans(scope: Scope) -> Table:
    rows = ScanRequest.objects.filter(scope.within("asked_at")).order_by().values_list("state")
    counted = dict(rows.annotate(n=Count("pk")))
    found = {str(state.label): [counted[state]] for state in ScanRequest.State if state in counted}
    return listed(
        "scans", _("Permintaan pindaian"), _("Yang diminta pada periode ini, menurut keadaannya sekarang."), _("Keadaan"), [_("Permintaan")],
        found, in_order=True, shares=True,
    )  # fmt: skip


REPORT = Report(
    "library",
    gettext_lazy("Pemakaian perpustakaan"),
    gettext_lazy("Apa yang dibaca di ruang perpustakaan, dan kapan."),
    build,
)
