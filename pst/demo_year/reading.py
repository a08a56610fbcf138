"""What visitors of the library do: reading in the room, on the PST computer, scans asked for; how often a title was used."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

from library.models import LibraryUse, Loan, LoanStep, PublicationUse, ScanRequest, ScanStep, SearchTally
from library.workflows.circulation import REMEMBERED
from pst.demo_year.books import Book
from pst.demo_year.place import VISITOR, Place
from pst.demo_year.visits import Written
from services.codes import new_key

UNKNOWN = ("Sensus Penduduk 1971", "Susenas 1998", "Peta wilayah kerja statistik", "Majalah lama")
SOUGHT = ("penduduk", "pdrb", "kemiskinan", "inflasi", "ipm", "padi", "pengangguran", "kecamatan dalam angka", "harga beras", "pendidikan", "peta desa", "upah")  # fmt: skip


def of_visit(written: Written, books: list[Book], chance: random.Random) -> None:
    """One to three uses; the service lasts long enough for each."""
    if not written.served or written.ended_at is None or written.came.on_paper:
        return
    rules, began = written.offered.rules, written.at(written.came.began or 0)
    length, read = int((written.ended_at - began).total_seconds()), set()  # type: ignore[var-annotated]
    for n in range(chance.choice((1, 1, 1, 2, 2, 3))):
        at = began + timedelta(seconds=min(length - 1, 30 + n * length // 4))
        drawn = chance.random()
        if drawn < 0.5:
            _printed(written, books, at, chance, read)
        elif drawn < 0.62 and rules.scan_request:
            _scan(written, books, at, chance)
        elif drawn < 0.85 and written.place.softcopies:
            _key, publication, _pages = chance.choice(written.place.softcopies)
            use(written, "read_digital", at, publication=publication)
            count(written.place, at, publication, "read_online")
        else:
            use(written, "read_printed", at, what=chance.choice(UNKNOWN))


def use(
    written: Written, kind: str, at: datetime, *, publication: int | None = None, copy: int | None = None, what: str = "",
    at_shelf: bool = False, submission: str = "",
) -> int:  # fmt: skip
    """A row of the library's use. Of a title, whose use it was is let go after ninety days, as every night."""
    place = written.place
    forgotten = publication is not None and at < place.now - REMEMBERED
    key = place.store.add(
        LibraryUse, office_id=place.office.pk, received_id=None if forgotten else written.received, kind=kind, what=what,
        publication_id=publication, copy_id=copy, at_shelf=at_shelf, submission=submission or new_key(), at=at,
        by_user_id=written.officer.user,
    )  # fmt: skip
    place.note(at, "library.used", LibraryUse, key, written.officer, kind=kind)
    return key


def count(place: Place, at: datetime, publication: int, kind: str, times: int = 1) -> None:
    place.uses[(place.day_of(at).replace(day=1), publication, kind)] += times


def _printed(
    written: Written, books: list[Book], at: datetime, chance: random.Random, read: set[int]
) -> None:
    """From the shelf through the desk (a loan of the room), or noted by hand. `read`: the same book counts once."""
    place = written.place
    free = [
        book
        for book in chance.sample(books, min(6, len(books)))
        if book.free_from <= at and book.pk not in read
    ]
    if not free:
        use(written, "read_printed", at, what=chance.choice(UNKNOWN))
        return
    book, taken = free[0], chance.random() < 0.55
    read.add(book.pk)
    use(written, "read_printed", at, publication=book.publication, copy=book.pk, at_shelf=taken)
    count(place, at, book.publication, "read_room")
    if not taken:
        return
    back = min(at + timedelta(minutes=chance.randrange(5, 50)), written.gone_at)
    forgotten = back < place.now - REMEMBERED
    key = place.store.add(
        Loan, office_id=place.office.pk, copy_id=book.pk, visit_id=None if forgotten else written.visit, kind="reading",
        state="returned", out_at=at, back_at=back,
    )  # fmt: skip
    book.free_from = back
    loan_steps(place, key, at, back, "returned", written, kind="reading")


def loan_steps(
    place: Place, key: int, out: datetime, back: datetime | None, state: str, written: Written, *, kind: str
) -> None:
    by = written.officer
    place.moved(Loan, LoanStep, key, "out", out, by)
    place.note(out, "loan.out", Loan, key, by, kind=kind)
    if back is not None:
        place.moved(Loan, LoanStep, key, state, back, by, was="out")


def _scan(written: Written, books: list[Book], at: datetime, chance: random.Random) -> None:
    """Pages to be scanned: done within hours or refused with a reason; those of the last day may still be open."""
    place, book = written.place, chance.choice(books) if books else None
    answered: datetime | None = place.working_hour(chance, at + timedelta(minutes=chance.randrange(20, 300)))
    state = "refused" if chance.random() < 0.08 else "done"
    if answered and answered > place.now:
        state, answered = "requested", None
    old = state != "requested" and book is not None
    used = place.store.add(
        LibraryUse, office_id=place.office.pk, kind="scan", at=at, by_user_id=written.officer.user, submission=new_key(),
        received_id=None if old and at < place.now - REMEMBERED else written.received,
        publication_id=book.publication if book else None, what="" if book else "Peta lama",
    )  # fmt: skip
    place.note(at, "library.used", LibraryUse, used, written.officer, kind="scan")
    first = chance.randrange(5, 120)
    key = place.store.add(
        ScanRequest, office_id=place.office.pk, use_id=used, pages=f"{first}–{first + chance.randrange(1, 6)}", state=state,
        answer="Buku terlalu rapuh untuk dipindai." if state == "refused" else "", asked_at=at, answered_at=answered,
    )  # fmt: skip
    place.moved(ScanRequest, ScanStep, key, "requested", at, written.officer)
    if answered:
        place.moved(ScanRequest, ScanStep, key, state, answered, written.officer, was="requested")


def online(place: Place, day: date, titles: list[int], chance: random.Random) -> None:
    """Searches and pages opened by people at home: counts without anybody's name."""
    evening = place.open_at(day, 20)
    for publication in chance.sample(titles, min(len(titles), 6)):
        count(place, evening, publication, "found", chance.randrange(3, 30))
        count(place, evening, publication, "opened", chance.randrange(1, 9))
        if chance.random() < 0.3:
            count(place, evening, publication, "read_online", chance.randrange(1, 4))
    for text in chance.sample(SOUGHT, 4):
        place.store.add(
            SearchTally,
            day=day,
            office_id=place.office.pk,
            text=text,
            found=text != "peta desa",
            times=chance.randrange(1, 14),
        )


def write_counts(place: Place) -> None:
    """What is counted already for a month by real use stays as it is."""
    there = set(
        PublicationUse.objects.filter(office=place.office).values_list("month", "publication_id", "kind")
    )
    for (month, publication, kind), times in place.uses.items():
        if (month, publication, kind) not in there:
            place.store.add(
                PublicationUse,
                month=month,
                office_id=place.office.pk,
                publication_id=publication,
                kind=kind,
                times=times,
            )


__all__ = ["VISITOR", "count", "loan_steps", "of_visit", "online", "use", "write_counts"]
