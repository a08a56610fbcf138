"""The line for a book: who waits longest is first."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from library.models import Hold, Publication
from services.offices.models import Office


def numbered(waiting: Iterable[Hold]) -> list[tuple[Hold, int]]:
    """Each with its place; `waiting` is in the order of publication and of asking."""
    return [
        (hold, place)
        for _publication, line in groupby(waiting, key=lambda hold: hold.publication_id)
        for place, hold in enumerate(line, start=1)
    ]


def of(office: Office, publication: Publication) -> list[tuple[Hold, int]]:
    rows = office.holds.filter(publication=publication, state=Hold.State.WAITING).select_related("visitor")
    return numbered(rows.order_by("pk"))


def ahead() -> Coalesce:
    """For a query of holds: how many wait longer than this one."""
    before = Hold.objects.filter(
        office=OuterRef("office"), publication=OuterRef("publication"), state=Hold.State.WAITING,
        pk__lt=OuterRef("pk"),
    )  # fmt: skip
    return Coalesce(Subquery(before.order_by().values("office").annotate(n=Count("pk")).values("n")), 0)


def place(hold: Hold) -> int:
    """1: the next copy is theirs."""
    return Hold.objects.filter(pk=hold.pk).values_list(ahead(), flat=True)[0] + 1
