"""The library's statistics read: how publications are used in a month, what nobody uses, what is sought."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Sum, Window
from django.db.models.functions import RowNumber
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from library.models import Copy, Loan, Publication, PublicationUse, SearchTally
from services.charts import bar_chart, round_top
from services.offices.models import Office

Kind = PublicationUse.Kind
MONTHS = 24
TOP = 10
MOST_SOUGHT = 100
# Under a bar there is room for one short word.
SHORT = {
    Kind.FOUND: gettext_lazy("Muncul"),
    Kind.OPENED: gettext_lazy("Dibuka"),
    Kind.READ_ROOM: gettext_lazy("Dibaca"),
    Kind.BORROWED: gettext_lazy("Dipinjam"),
    Kind.READ_ONLINE: gettext_lazy("Daring"),
    Kind.DOWNLOADED: gettext_lazy("Diunduh"),
    Kind.EXCERPT: gettext_lazy("Disalin"),
    Kind.ASKED: gettext_lazy("Ditanya"),
}


@dataclass(frozen=True)
class Scope:
    """Of which counts: an office's, or of the catalogue of all offices (`office` is None)."""

    office: Office | None
    month: date

    @property
    def uses(self) -> QuerySet[PublicationUse]:
        return PublicationUse.objects.filter(month=self.month, office=self.office)

    @property
    def searches(self) -> QuerySet[SearchTally]:
        last = (self.month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        return SearchTally.objects.filter(day__range=(self.month, last), office=self.office)


def months(today: date) -> list[tuple[str, str]]:
    """The last two years, newest first, as (2026-03, Maret 2026)."""
    found, month = [], today.replace(day=1)
    for _n in range(MONTHS):
        found.append((f"{month:%Y-%m}", date_format(month, "F Y")))
        month = (month - timedelta(days=1)).replace(day=1)
    return found


def totals(scope: Scope) -> list[tuple[str, str, int]]:
    """Of each kind, also of those that did not happen: (kind, label, times)."""
    found = dict(scope.uses.values_list("kind").annotate(Sum("times")).order_by())
    return [(kind.value, str(kind.label), found.get(kind.value, 0)) for kind in Kind]


def chart(rows: list[tuple[str, str, int]], month: date) -> dict[str, Any]:
    """The same as a picture (components/chart_bar.svg)."""
    return bar_chart(
        "uses",
        _("Pemakaian pustaka %s") % date_format(month, "F Y"),
        ", ".join(f"{label}: {times}" for _kind, label, times in rows),
        [(str(SHORT[Kind(kind)]), times) for kind, _label, times in rows],
        round_top(max(times for _kind, _label, times in rows)),
    )


def top(scope: Scope) -> list[tuple[str, list[PublicationUse]]]:
    """The most used of each kind, in one question."""
    place = Window(RowNumber(), partition_by=F("kind"), order_by=[F("times").desc(), F("publication").asc()])
    rows = scope.uses.annotate(place=place).filter(place__lte=TOP).select_related("publication")
    rows = rows.defer("publication__search", "publication__abstract").order_by("kind", "place")
    found: dict[str, list[PublicationUse]] = {}
    for row in rows:
        found.setdefault(row.kind, []).append(row)
    return [(str(kind.label), found[kind.value]) for kind in Kind if kind.value in found]


def of_month(scope: Scope) -> QuerySet[PublicationUse]:
    """Everything counted, for the file."""
    rows = scope.uses.select_related("publication").defer("publication__search", "publication__abstract")
    return rows.order_by("kind", "-times", "publication")


def unused(office: Office, today: date) -> QuerySet[Any]:
    """Printed books of the office that nobody opened, read, borrowed, downloaded or asked about for a year, here or in
    the catalogue of all offices. To have been a hit among others is no use. Younger ones still have their year."""
    year_ago = today.replace(day=1) - timedelta(days=365)
    here = Q(office=office) | Q(office=None)
    used = PublicationUse.objects.filter(here, publication=OuterRef("pk"), month__gte=year_ago.replace(day=1))
    loans = Loan.objects.filter(copy__publication=OuterRef("pk"), office=office)
    kept = Q(copies__office=office) & ~Q(copies__state__in=(Copy.State.WITHDRAWN, Copy.State.LOST))
    rows = Publication.objects.filter(
        kept,
        ~Exists(used.exclude(kind=Kind.FOUND)),
        ~Exists(loans.filter(Q(out_at__date__gte=year_ago) | Q(state=Loan.State.OUT))),
    )
    rows = rows.annotate(copies_here=Count("copies"), newest=Max("copies__added_on"))
    return rows.filter(newest__lt=year_ago).defer("search", "abstract").order_by("year", "title", "pk")


def counted_since() -> date | None:
    return PublicationUse.objects.order_by("month").values_list("month", flat=True).first()


def sought(scope: Scope, *, found: bool) -> QuerySet[Any]:
    """What was typed, how often, and when last; the most sought first."""
    rows = scope.searches.filter(found=found).values("text")
    return rows.annotate(times_all=Sum("times"), last=Max("day")).order_by("-times_all", "text")
