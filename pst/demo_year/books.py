"""Books of this year's own: a second copy of what each office has in print, so that no copy of the demo changes hands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db.models import Q

from library.models import Copy, DigitalCopy, Publication
from pst.demo_year.place import Place

BEFORE = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass
class Book:
    """`free_from`: when it is back on its shelf; far away, when it is out at the end of the year or lost."""

    pk: int
    publication: int
    free_from: datetime = BEFORE
    state: str = "shelf"


def shelve(place: Place, day: date) -> list[Book]:
    """Two copies each of the newest titles."""
    titles = list(
        Publication.objects.filter(Q(year__gte=2021) | Q(year_end__gte=2021), keeper=place.office)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    books = []
    for number, publication in enumerate([*titles, *titles[:20]], start=1):
        key = place.store.add(
            Copy, office_id=place.office.pk, publication_id=publication, barcode=f"{place.code}T{number:04d}",
            shelf=f"R{1 + number % 4}", added_on=day,
        )  # fmt: skip
        books.append(Book(key, publication))
    return books


def put_away(books: list[Book]) -> None:
    """At the end: where each copy is."""
    for state in {book.state for book in books} - {"shelf"}:
        Copy.objects.filter(pk__in=[b.pk for b in books if b.state == state]).update(state=state)


def softcopies(place: Place) -> list[tuple[int, int, int]]:
    """Key, publication and pages of what may be handed out here."""
    rows = DigitalCopy.objects.filter(state="ready", publication__keeper=place.office).order_by("pk")
    return [
        (pk, publication or 0, pages or 0)
        for pk, publication, pages in rows.values_list("pk", "publication", "pages")
    ]
