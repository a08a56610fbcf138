"""However much stands on a page of the library, the database is asked as often."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from library.models import (
    Copy,
    Hold,
    Import,
    ImportRow,
    Loan,
    Publication,
    PublicationUse,
    SearchTally,
    Series,
)
from library.search import index
from library.workflows import circulation, stock
from library.workflows import use as uses
from services.guestbook.models import Visit, VisitService
from tests.guestbook.support import arrive
from tests.library.support import client_of, reader

pytestmark = pytest.mark.django_db


class Library:
    """One of each thing, and then some more of each."""

    def __init__(self, office, by) -> None:
        self.office, self.by, self.made = office, by, 0
        self.series = Series.objects.create(title="Seri Gurita")
        self.book = self.publication("Gurita Utama")
        self.take = None
        self.batch = Import.objects.create(
            office=office, kind="table", state="done", name="a", counts={"new": 1}
        )

    def publication(self, words: str) -> Publication:
        made = Publication.objects.create(title=words, year=2020, keeper=self.office, series=self.series)
        index.write([made])
        return made

    def more(self, number: int) -> None:
        for _n in range(number):
            self.made += 1
            self.one(self.made)
        self.take = self.take or stock.start(self.office, [], by=self.by)
        seen = [
            stock.Scanned(f"k{c.pk}", c.barcode, "Z", timezone.now())
            for c in Copy.objects.filter(office=self.office)
        ]
        stock.scan(self.take, seen, by=self.by)

    def one(self, n: int) -> None:
        office, book = self.office, self.publication(f"Gurita Nomor {n}")
        states = {"A": "shelf", "B": "damaged", "C": "lost", "D": "shelf", "E": "shelf", "F": "shelf"}
        copies = {
            letter: Copy.objects.create(office=office, publication=book, barcode=f"{letter}{n}", state=state)
            for letter, state in states.items()
        }
        Copy.objects.create(office=office, publication=self.book, barcode=f"G{n}")
        who = reader(office, f"Gurita {n}", f"+6281100{n:04d}")
        visit = arrive(office)
        Visit.objects.filter(pk=visit.pk).update(visitor=who)
        visit.visitor = who
        circulation.permit(copies["A"], visit, by=self.by)
        day = office.today()
        loan = Loan.objects.create(
            office=office,
            copy=copies["D"],
            visitor=who,
            kind="loan",
            out_at=timezone.now(),
            due_on=day.replace(year=2020),
        )
        Copy.objects.filter(pk=loan.copy_id).update(state="out")
        Hold.objects.create(
            office=office,
            publication=book,
            visitor=who,
            state="ready",
            copy=copies["E"],
            kept_until=day,
            asked_at=timezone.now(),
        )
        Hold.objects.create(office=office, publication=self.book, visitor=who, asked_at=timezone.now())
        received = VisitService.objects.filter(visit=visit).first()
        uses.note_use(received, kind="scan", submission=f"s{n}", by=self.by, pages="1", copy=copies["F"])
        done = uses.note_use(
            received, kind="scan", submission=f"t{n}", by=self.by, pages="1", publication=book
        )
        uses.scan_done(done.scan, by=self.by)
        month = office.today().replace(day=1)
        PublicationUse.objects.create(month=month, office=office, publication=book, kind="opened")
        SearchTally.objects.create(day=office.today(), office=office, text=f"kata {n}", found=bool(n % 2))
        ImportRow.objects.create(
            batch=self.batch,
            number=n,
            outcome="new",
            data={"title": "x"},
            publication=book,
            notes=[["title", "x"]],
        )
        Import.objects.create(
            office=office, kind="table", state="done", name=f"b{n}", made_by_id=self.by.user_id
        )


def pages(library: Library) -> dict[str, tuple]:
    book, take = library.book.pk, library.take.pk
    return {
        "search": ("search", [], {"q": "gurita"}), "of an office": ("search", [], {"q": "gurita", "kantor": "1906"}),
        "suggestions": ("suggest", [], {"q": "gurita"}), "publication": ("publication", [book, "gurita-utama"], {}),
        "OAI": ("oai", [], {"verb": "ListRecords", "metadataPrefix": "oai_dc"}),
        "OAI MARC": ("oai", [], {"verb": "ListRecords", "metadataPrefix": "marcxml"}), "OPDS": ("opds_list", [], {}),
        "shelf": ("shelf", [], {}), "title": ("title", [book], {}), "holds": ("holds", [], {}), "scans": ("scans", [], {}),
        "aside": ("aside", [], {}), "collection": ("collection", [], {}), "uncopied": ("collection", [], {"lihat": "tanpa"}),
        "all offices": ("collection", [], {"lihat": "semua", "q": "gurita"}), "labels": ("labels", [], {}),
        "file": ("collection_file", ["csv"], {}), "edit": ("publication_edit", [book], {}),
        "series": ("series", [library.series.pk], {}), "stock-taking": ("stock", [take], {}),
        "report": ("stock_report", [take], {}), "report file": ("stock_file", [take, "csv"], {}),
        "imports": ("imports", [], {}), "import": ("import", [library.batch.pk], {"hasil": "new"}),
        "errors": ("import_errors", [library.batch.pk], {}), "statistics": ("statistics", [], {}),
        "sought": ("sought", [], {}), "unused": ("unused", [], {}),
    }  # fmt: skip


def counted(client, library: Library) -> dict[str, int]:
    found = {}
    for name, (view, args, query) in pages(library).items():
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(reverse(f"library:{view}", args=args), query)
            assert answer.status_code == 200, name
            _whole = b"".join(answer.streaming_content) if answer.streaming else answer.content
        found[name] = len(asked)
    for name in ("gurita", "Gurita"):
        with CaptureQueriesContext(connection) as asked:
            assert client.post(reverse("library:shelf"), {"typed": name}).status_code == 200
        found[f"typed {name}"] = len(asked)
    return found


def test_of_two_or_of_eight(lender, lending_officer, make_user):
    client = client_of(make_user(lender, "supervisor"))
    library = Library(lender, lending_officer)
    library.more(2)
    counted(client, library)  # what is remembered once for all
    few = counted(client, library)
    library.more(6)
    many = counted(client, library)
    assert {name: (few[name], number) for name, number in many.items() if number > few[name]} == {}
