"""Which publications were used: their title, subject and series, as far as the report's office may know of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Aggregate, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from pst.reports.scope import Scope

FACTS = ("title", "subject__name", "series__title", "embargo_until", "keeper")


@dataclass(frozen=True)
class Book:
    title: str
    subject: str
    series: str


def by_book(
    rows: QuerySet, path: str, scope: Scope, *more: str, **measures: Aggregate
) -> list[tuple[Book, tuple[Any, ...], tuple[int, ...]]]:
    """Each publication with the values of `more` and the numbers asked for. `path`: from a row to its publication."""
    names = [path, *(f"{path}__{name}" for name in FACTS)]
    found = rows.order_by().values_list(*names, *more).annotate(**measures)
    width = len(names)
    return [
        (_book(row[:width], scope), row[width : width + len(more)], row[width + len(more) :]) for row in found
    ]


def _book(facts: tuple[Any, ...], scope: Scope) -> Book:
    pk, title, subject, series, embargo, keeper = facts
    if pk is None:
        outside = _("Di luar katalog")
        return Book(outside, outside, outside)
    if embargo and embargo > timezone.now() and keeper != scope.office.pk:  # as PublicationQuerySet.known_to
        title, series = _("Belum dirilis"), _("Belum dirilis")
    return Book(title, subject or _("Tanpa subjek"), series or _("Tanpa seri"))
