"""Books that left the room: lent by the office's procedure, or taken out by an officer's permission (requirement row 20)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from library.models import Loan, LoanStep
from pst.reports.aggregates import Percentile
from pst.reports.books import by_book
from pst.reports.catalogue import Report
from pst.reports.days import added, by_time, day_of, days_between
from pst.reports.lists import MOST, listed
from pst.reports.scope import Scope
from pst.reports.tables import Column, Row, Table

Kind, State = Loan.Kind, Loan.State
KINDS = (Kind.LOAN.value, Kind.PERMISSION.value)
BACK = (State.RETURNED.value, State.DAMAGED.value)
# How the numbers of a loan's row stand in a movement: (lent, renewed, back, lost).
OUT, RENEWED, CAME_BACK, LOST = range(4)


def build(scope: Scope) -> Iterator[Table]:
    lent, back, steps = _lent(scope), _back(scope), _steps(scope)
    yield _movements(lent, back, steps, _open(scope))
    yield by_time(
        "days", _("Buku keluar dan kembali"),
        _("Peminjaman dan izin keluar bersama, masing-masing pada hari terjadinya menurut kalender kantor; kembali: termasuk yang rusak dan yang ditemukan setelah dinyatakan hilang."),
        [_("Buku keluar"), _("Diperpanjang"), _("Buku kembali"), _("Hilang")],
        added([
            *((day, _one(OUT, n)) for day, _kind, n in lent), *((day, _one(CAME_BACK, n)) for day, _kind, _state, _late, _found, n in back),
            *((day, _one(LOST if state == State.LOST else RENEWED, n)) for day, _kind, state, n in steps),
        ]), scope,
    )  # fmt: skip
    yield _late(scope)
    books = by_book(_went_out(scope), "copy__publication", scope, "kind", n=Count("pk"))
    each = [
        (book, [n, n if kind == Kind.LOAN else 0, n if kind == Kind.PERMISSION else 0])
        for book, (kind,), (n,) in books
    ]
    columns = [_("Buku keluar"), str(Kind.LOAN.label), str(Kind.PERMISSION.label)]
    yield listed(
        "subjects", _("Menurut subjek"), _("Buku yang keluar pada periode ini, menurut subjek pustakanya dalam katalog."), _("Subjek"), columns,
        added((book.subject, n) for book, n in each),
    )  # fmt: skip
    yield listed(
        "books", _("Buku yang paling banyak keluar"), _("Judul dalam katalog; siapa peminjamnya tidak dimuat."), _("Judul"), columns,
        added((book.title, n) for book, n in each), most=MOST,
    )  # fmt: skip


def _one(place: int, n: int) -> list[int]:
    return [n if place == which else 0 for which in range(4)]


def _went_out(scope: Scope) -> Any:
    return Loan.objects.filter(scope.within("out_at"), kind__in=KINDS).order_by()


def _came_back(scope: Scope) -> Any:
    return Loan.objects.filter(scope.within("back_at"), kind__in=KINDS, state__in=BACK).order_by()


def _lent(scope: Scope) -> list[Any]:
    """(day, kind, how many)."""
    rows = _went_out(scope).annotate(c_day=day_of("out_at")).values_list("c_day", "kind")
    return list(rows.annotate(n=Count("pk")))


def _back(scope: Scope) -> list[Any]:
    """(day, kind, state, whether late, whether it had been given up for lost, how many)."""
    given_up = LoanStep.objects.filter(subject=OuterRef("pk"), state=State.LOST)
    rows = _came_back(scope).annotate(c_day=day_of("back_at"), c_found=Exists(given_up))
    rows = rows.annotate(c_late=Q(c_day__gt=F("due_on")))
    return list(rows.values_list("c_day", "kind", "state", "c_late", "c_found").annotate(n=Count("pk")))


def _steps(scope: Scope) -> list[Any]:
    """(day, kind, state, how many): "out" again is a renewal, "lost" given up."""
    again = Q(state=State.OUT, at__gt=F("subject__out_at"))
    rows = LoanStep.objects.filter(
        again | Q(state=State.LOST), scope.within("at", "subject__office"), subject__kind__in=KINDS
    )
    rows = rows.order_by().annotate(c_day=day_of("at", "subject__office"))
    return list(rows.values_list("c_day", "subject__kind", "state").annotate(n=Count("pk")))


def _open(scope: Scope) -> dict[str, tuple[int, int, int]]:
    """By kind: in somebody's hands when the period began, when it ended, and how many of these overdue."""
    ends = LoanStep.objects.filter(subject=OuterRef("pk"), state__in=(*BACK, State.LOST)).order_by("at")
    first, last = scope.period.since, scope.period.until
    rows = Loan.objects.filter(office__in=scope.offices, kind__in=KINDS).order_by()
    rows = rows.annotate(c_end=Subquery(ends.values("at")[:1]))
    rows = rows.annotate(c_out=day_of("out_at"), c_over=day_of("c_end"))
    before = Q(c_out__lt=first) & (Q(c_over=None) | Q(c_over__gte=first))
    after = Q(c_out__lte=last) & (Q(c_over=None) | Q(c_over__gt=last))
    # The period may not be over: then "late" is by today.
    day = min(last, max((office.today() for office in scope.offices), default=last))
    counted = rows.values_list("kind").annotate(
        begun=Count("pk", filter=before), left=Count("pk", filter=after), late=Count("pk", filter=after & Q(due_on__lt=day))
    )  # fmt: skip
    return {kind: (begun, left, late) for kind, begun, left, late in counted}


def _movements(
    lent: list[Any], back: list[Any], steps: list[Any], still: dict[str, tuple[int, int, int]]
) -> Table:
    """An account: what was out + what went out − what came back in time, late, or was given up = what is out."""
    each = [_account(kind, lent, back, steps, still) for kind in KINDS]
    titles = [
        _("Di luar pada awal"), _("Buku keluar"), _("Kembali tepat waktu"), _("Kembali terlambat"), _("Hilang"), _("Di luar pada akhir"),
        _("Di antaranya lewat tempo"), _("Diperpanjang"), _("Kembali rusak"), _("Ditemukan lagi"),
    ]  # fmt: skip
    rows: list[Row] = [[title, *numbers, sum(numbers)] for title, *numbers in zip(titles, *each, strict=True)]
    names = [*(str(Kind(kind).label) for kind in KINDS), _("Jumlah")]
    return Table(
        "movements", _("Peminjaman dan izin keluar"),
        _("Di luar pada akhir = di luar pada awal + keluar − kembali tepat waktu − kembali terlambat − hilang. Terlambat: kembali setelah hari jatuh tempo. Yang ditemukan lagi sudah dihitung sebagai hilang, dan dihitung tersendiri. Kembali rusak termasuk dalam yang kembali atau ditemukan lagi. Izin keluar: kembali pada hari yang sama."),
        [Column(_("Hal")), *(Column(name, "count") for name in names)], rows if any(map(any, each)) else [],
    )  # fmt: skip


def _account(
    kind: str, lent: list[Any], back: list[Any], steps: list[Any], still: dict[str, tuple[int, int, int]]
) -> list[int]:
    """The numbers of one kind, in the order of the account."""
    begun, left, overdue = still.get(kind, (0, 0, 0))
    mine = [row for row in back if row[1] == kind]
    direct = [row for row in mine if not row[4]]
    again, lost = (
        sum(n for _day, which, state, n in steps if which == kind and state == wanted)
        for wanted in (State.OUT, State.LOST)
    )
    return [
        begun, sum(n for _day, which, n in lent if which == kind),
        sum(row[5] for row in direct if not row[3]), sum(row[5] for row in direct if row[3]), lost, left, overdue,
        again, sum(row[5] for row in mine if row[2] == State.DAMAGED), sum(row[5] for row in mine if row[4]),
    ]  # fmt: skip


def _late(scope: Scope) -> Table:
    days, over = (
        days_between(day_of("out_at"), day_of("back_at")),
        days_between(F("due_on"), day_of("back_at")),
    )
    rows, late = _came_back(scope).annotate(c_days=days, c_over=over), Q(c_over__gt=0)
    told = {
        "n": Count("pk"), "late": Count("pk", filter=late), "median": Percentile("c_days", 0.5), "worst": Max("c_over", filter=late),
    }  # fmt: skip
    found: list[Row] = [
        [str(Kind(kind).label), n, n - over_due, (n - over_due) / n, median, worst]
        for kind, n, over_due, median, worst in rows.values_list("kind").annotate(**told).order_by("kind")
    ]
    n, on_time = (sum(int(row[place] or 0) for row in found) for place in (1, 2))
    return Table(
        "late", _("Tepat waktu kembali"), _("Yang kembali pada periode ini, juga yang ditemukan lagi. Lama: hari kalender dari keluar sampai kembali."),
        [Column(_("Jenis")), Column(_("Buku kembali"), "count"), Column(_("Tepat waktu"), "count"), Column(_("Tepat waktu, %"), "share"),
         Column(_("Median lama (hari)"), "days"), Column(_("Paling lambat (hari)"), "days")],
        found, total=[_("Jumlah"), n, on_time, on_time / n, None, None] if n else None,
    )  # fmt: skip


REPORT = Report(
    "loans",
    gettext_lazy("Peminjaman"),
    gettext_lazy(
        "Buku yang dipinjam atau keluar dengan izin, yang kembali, terlambat, hilang, dan masih di luar."
    ),
    build,
)
