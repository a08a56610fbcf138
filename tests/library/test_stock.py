"""Taking stock: nothing scanned is lost or counted twice, what moved meanwhile is not missing, and the catalogue changes
only by what an officer chose."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from library import stock
from library.models import Copy, Hold, Loan, Publication, StockDifference, StockScan, StockTake
from library.search import index
from library.workflows import circulation, holds, shelves
from library.workflows import stock as work
from services.audit.actors import Actor
from services.audit.models import AuditEntry
from services.sheets import csv_text, plain
from services.workflow import IllegalMove
from tests.accounts.world import sign
from tests.guestbook.support import arrive
from tests.together import at_once

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def office(offices):
    return offices["1906"]


@pytest.fixture
def officer(office, make_user):
    return make_user(office)


@pytest.fixture
def by(officer) -> Actor:
    return Actor("officer", user_id=officer.pk)


@pytest.fixture
def desk(officer) -> Client:
    client = Client()
    client.force_login(officer, backend=BACKEND)
    return client


@pytest.fixture
def book(office) -> Publication:
    book = Publication.objects.create(title="Belitung Timur Dalam Angka 2025", year=2025, keeper=office)
    index.write([book])
    return book


@pytest.fixture
def copies(office, book) -> list[Copy]:
    """Six on two shelves: B1–B3 on R1, B4–B6 on R2."""
    return [
        Copy.objects.create(office=office, publication=book, barcode=f"B{n}", shelf="R1" if n < 4 else "R2")
        for n in range(1, 7)
    ]


@pytest.fixture
def take(office, copies, by) -> StockTake:
    return work.start(office, [], by=by)


def see(take, by, *barcodes, shelf="", key="", at=None):
    number, at = StockScan.objects.count(), at or timezone.now()
    items = [
        work.Scanned(key or f"{barcode}-{number}-{n}", barcode, shelf, at)
        for n, barcode in enumerate(barcodes)
    ]
    return [(row.result, row.again) for row in work.scan(take, items, by=by)]


def found(take, *kinds) -> dict[str, list[str]]:
    rows: dict[str, list[str]] = {}
    for row in stock.differences(take):
        rows.setdefault(row.kind, []).append(row.barcode)
    return {kind: rows.get(kind, []) for kind in kinds} if kinds else rows


def state(copy) -> str:
    return Copy.objects.get(pk=copy.pk).state


class TestScanning:
    def test_each_is_told_what_it_is(self, take, copies, by, office):
        Copy.objects.filter(barcode="B2").update(state="lost")
        Copy.objects.filter(barcode="B3").update(state="withdrawn")
        circulation.read_here(copies[3], by=by)
        told = see(take, by, "B1", "B2", "B3", "B4", "KT-99")
        assert [result for result, _again in told] == ["found", "lost", "withdrawn", "out", "unknown"]
        assert see(take, by, "B5", shelf="R1") == [("shelf", False)]

    def test_capitals_do_not_matter(self, take, by):
        assert see(take, by, "b1") == [("found", False)]
        assert see(take, by, "B1") == [("found", True)]
        assert StockScan.objects.get().barcode == "b1"

    def test_another_office_s_book_is_unknown_here(self, take, by, offices, book):
        Copy.objects.create(office=offices["7411"], publication=book, barcode="KT-1")
        assert see(take, by, "KT-1") == [("unknown", False)]

    def test_sent_twice_is_once_and_scanned_twice_is_said(self, take, by):
        assert see(take, by, "B1", key="one") == [("found", False)]
        assert see(take, by, "B1", key="one") == [("found", False)]
        assert found(take, "again") == {"again": []}
        assert see(take, by, "B1", key="two") == [("found", True)]
        assert found(take, "again") == {"again": ["B1"]}

    def test_twice_in_one_batch(self, take, by):
        assert see(take, by, "B1", "B1", "X1", "x1") == [
            ("found", False), ("found", True), ("unknown", False), ("unknown", True),
        ]  # fmt: skip
        assert StockScan.objects.count() == 2

    def test_put_on_its_shelf_and_scanned_there_it_is_right(self, take, by):
        assert see(take, by, "B5", shelf="R1") == [("shelf", False)]
        assert see(take, by, "B5", shelf="r2") == [("found", True)]
        assert found(take, "shelf") == {"shelf": []}

    def test_chosen_shelves_say_what_does_not_belong_there(self, office, copies, by):
        take = work.start(office, ["R1"], by=by)
        assert see(take, by, "B1", "B5") == [("found", False), ("shelf", False)]
        assert found(take) == {"missing": ["B2", "B3"], "shelf": ["B5"]}

    def test_scanned_before_it_was_lent_though_sent_afterwards(self, take, copies, by):
        before = timezone.now()
        circulation.read_here(copies[0], by=by)
        assert see(take, by, "B1", at=before) == [("found", False)]
        assert found(take, "out", "missing")["out"] == []

    def test_not_into_one_that_is_over(self, take, by):
        work.cancel(take, by=by)
        with pytest.raises(IllegalMove):
            see(take, by, "B1")

    def test_as_many_questions_for_many_as_for_one(self, take, by, django_assert_max_num_queries):
        with django_assert_max_num_queries(12):
            see(take, by, "B1")
        with django_assert_max_num_queries(12):
            see(take, by, *[f"B{n}" for n in range(90)])

    @pytest.mark.django_db(transaction=True)
    def test_two_devices_at_one_barcode(self, take, by):
        told = at_once(*[lambda n=n: see(take, by, "B1", "X9", key=f"device-{n}") for n in range(4)])
        assert sorted(answer[0] for answer in told) == [("found", False), *[("found", True)] * 3]
        assert StockScan.objects.count() == 2
        assert len(StockScan.objects.get(barcode="B1").keys) == 4


class TestBeginning:
    def test_one_at_a_time(self, take, office, by):
        with pytest.raises(IllegalMove, match="Masih ada"):
            work.start(office, ["R1"], by=by)
        work.cancel(take, by=by)
        assert work.start(office, ["R1"], by=by).is_open

    def test_not_without_books(self, office, by):
        with pytest.raises(IllegalMove, match="belum punya"):
            work.start(office, [], by=by)


class TestDifferences:
    def test_progress_by_shelf(self, take, by):
        see(take, by, "B1", "B2", "B4")
        rows = [(row.shelf, row.expected, row.scanned) for row in stock.progress(take)]
        assert rows == [("R1", 3, 2), ("R2", 3, 1)]
        assert stock.whole(stock.progress(take)).scanned == 3

    def test_missing_is_what_should_stand_there(self, take, by):
        see(take, by, "B1", "B2", "B3", "B4")
        assert found(take) == {"missing": ["B5", "B6"]}

    def test_lent_meanwhile_is_not_missing(self, take, copies, by):
        circulation.read_here(copies[0], by=by)
        assert "B1" not in found(take)["missing"]

    def test_back_or_new_meanwhile_is_listed_apart(self, office, book, copies, by):
        circulation.read_here(copies[0], by=by)
        take = work.start(office, [], by=by)
        circulation.bring_back(copies[0], by=by)
        Copy.objects.create(office=office, publication=book, barcode="B7", shelf="R1")
        assert found(take, "moved", "missing") == {
            "moved": ["B1", "B7"], "missing": ["B2", "B3", "B4", "B5", "B6"],
        }  # fmt: skip

    def test_seen_then_lent_is_no_difference(self, take, copies, by):
        see(take, by, "B1")
        circulation.read_here(copies[0], by=by)
        assert found(take, "out") == {"out": []}

    def test_on_the_shelf_though_a_reader_has_it(self, take, copies, by):
        circulation.read_here(copies[0], by=by)
        see(take, by, "B1")
        assert found(take, "out") == {"out": ["B1"]}
        circulation.bring_back(copies[0], by=by)  # put right at the desk
        assert found(take, "out") == {"out": []}

    def test_a_shelf_that_was_never_noted(self, take, by):
        Copy.objects.filter(barcode="B1").update(shelf="")
        assert see(take, by, "B1", shelf="R1") == [("found", False)]
        assert found(take, "shelf") == {"shelf": ["B1"]}


class TestFinishing:
    def test_nothing_changes_without_a_choice(self, take, copies, by):
        see(take, by, "B4", shelf="R1")
        work.finish(take, [], by=by)
        assert [state(copy) for copy in copies] == ["shelf"] * 6
        assert Copy.objects.get(barcode="B4").shelf == "R2"
        assert found(StockTake.objects.get())["missing"] == ["B1", "B2", "B3", "B5", "B6"]

    def test_what_was_chosen_and_nothing_else(self, take, copies, by):
        circulation.lose(circulation.read_here(copies[1], by=by), by=by)
        Copy.objects.filter(barcode="B3").update(state="lost")
        circulation.read_here(copies[3], by=by)
        see(take, by, "B2", "B3", "B4", "B5", shelf="R1")
        pk = {copy.barcode: copy.pk for copy in copies}
        chosen = [
            ("missing", pk["B1"]),
            ("lost", pk["B2"]),
            ("lost", pk["B3"]),
            ("out", pk["B4"]),
            ("shelf", pk["B5"]),
        ]
        _take, left = work.finish(take, chosen, by=by)
        assert left == 0
        assert [state(copy) for copy in copies] == ["lost", "shelf", "shelf", "shelf", "shelf", "shelf"]
        assert Copy.objects.get(barcode="B5").shelf == "R1"
        assert set(Loan.objects.values_list("state", flat=True)) == {"returned"}
        done = StockDifference.objects.filter(done=True).values_list("kind", "barcode")
        assert set(done) == {
            ("missing", "B1"), ("lost", "B2"), ("lost", "B3"), ("out", "B4"), ("shelf", "B5"),
        }  # fmt: skip
        assert AuditEntry.objects.get(action="stock.finished").detail["done"]["lost"] == 2
        assert AuditEntry.objects.filter(action="copy.state", target_id=pk["B1"]).exists()

    def test_the_report_stays_as_it_was(self, take, copies, by):
        see(take, by, "B1", "KT-99")
        work.finish(take, [], whole_groups=["missing"], by=by)
        shelves.put_away(copies[5], "shelf", by=by)
        take.refresh_from_db()
        assert found(take) == {"missing": ["B2", "B3", "B4", "B5", "B6"], "unknown": ["KT-99"]}
        assert state(copies[1]) == "lost"

    def test_lent_between_choice_and_end_it_stays_lent(self, take, copies, by):
        circulation.read_here(copies[0], by=by)
        _take, left = work.finish(take, [("missing", copies[0].pk)], by=by)
        assert left == 1
        assert state(copies[0]) == "out"

    def test_another_office_s_copy_is_not_touched(self, take, by, offices, book):
        elsewhere = Copy.objects.create(office=offices["7411"], publication=book, barcode="KT-1")
        _take, left = work.finish(take, [("missing", elsewhere.pk), ("burn", elsewhere.pk)], by=by)
        assert left == 1
        assert state(elsewhere) == "shelf"

    def test_who_waits_for_a_missing_one_waits_on(self, take, copies, office, by, book):
        visitor = sign(arrive(office), by, name="Wahyu", phone="+6281234567890").visitor
        holds.ask(book, office, visitor, by=by)
        kept = Hold.objects.get().copy
        rest = [copy.barcode for copy in copies if copy.pk != kept.pk]
        see(take, by, *rest)
        work.finish(take, [], whole_groups=["missing"], by=by)
        hold = Hold.objects.get()
        assert state(kept) == "lost"
        assert hold.state == "ready"  # another copy stands there
        assert hold.copy.pk != kept.pk

    def test_a_book_given_up_turns_up_at_the_desk(self, take, copies, by, desk):
        work.finish(take, [("missing", copies[0].pk)], by=by)
        desk.post("/meja/pustaka/", {"typed": "B1"})
        assert state(copies[0]) == "shelf"

    def test_only_once(self, take, by):
        work.finish(take, [], by=by)
        with pytest.raises(IllegalMove, match="sudah berakhir"):
            work.finish(take, [], by=by)

    @pytest.mark.django_db(transaction=True)
    def test_ends_while_others_scan_and_lend(self, take, copies, by):
        """Whoever is first: no scan after the end, no loan of a lost book, nobody waits for ever."""

        told = at_once(
            lambda: work.finish(take, [], whole_groups=["missing"], by=by),
            *[lambda c=c: circulation.read_here(c, by=by) for c in copies[:3]],
            *[lambda c=c: see(take, by, c.barcode) for c in copies[3:]],
        )
        assert {type(answer) for answer in told} <= {tuple, list, Loan, IllegalMove}
        for copy in Copy.objects.all():
            loans = copy.loans.filter(state="out").count()
            assert (copy.state == "out") == bool(loans)
            if copy.state == "lost":
                assert StockDifference.objects.filter(copy=copy, kind="missing", done=True).exists()


class TestPages:
    def send(self, desk, take, scans):
        return desk.post(reverse("library:stock", args=[take.pk]), {"scans": json.dumps(scans)})

    def test_begun_resumed_and_cancelled(self, desk, copies):
        assert "Mulai pemeriksaan" in desk.get("/meja/pustaka/opname/").content.decode()
        answer = desk.post("/meja/pustaka/opname/", {"shelves": ["R2"]})
        take = StockTake.objects.get()
        assert answer.url == reverse("library:stock", args=[take.pk])
        page = desk.get(answer.url).content.decode()
        assert "0 dari 3 buku" in page
        assert 'value="R2"' in page  # one shelf: the officer stands there
        assert "Lanjutkan memindai" in desk.get("/meja/pustaka/opname/").content.decode()
        again = desk.post("/meja/pustaka/opname/", {})
        assert again.status_code == 422
        desk.post(reverse("library:stock_cancel", args=[take.pk]))
        assert StockTake.objects.get().state == "cancelled"

    def test_without_books_it_says_so(self, desk, office):
        assert "belum punya eksemplar" in desk.get("/meja/pustaka/opname/").content.decode()

    def test_a_device_is_answered_by_key(self, desk, take):
        answer = self.send(desk, take, [
            {"key": "a", "barcode": "B1", "shelf": "R1", "ago": 5000}, {"key": "b", "barcode": " B\x001\ud800 "},
            {"key": "c", "barcode": "\0"}, {"key": "d"}, {"no": "key"}, 7, {"key": "e", "barcode": "x" * 999, "ago": "x"},
        ])  # fmt: skip
        told = {row["key"]: (row["result"], row["again"]) for row in answer.json()["results"]}
        assert told == {
            "a": ("found", False), "b": ("unknown", False), "c": ("unreadable", False), "d": ("unreadable", False),
            "e": ("unknown", False),
        }  # fmt: skip
        assert answer.json()["results"][0]["title"] == "Belitung Timur Dalam Angka 2025"

    @pytest.mark.parametrize("sent", ["", "{", "[" * 9999, "7", "null", json.dumps([{}] * 501)])
    def test_what_is_no_list_is_said(self, desk, take, sent):
        answer = desk.post(reverse("library:stock", args=[take.pk]), {"scans": sent})
        assert answer.status_code == 422
        assert answer.json()["problem"]

    def test_many_typed_at_once_without_a_script(self, desk, take):
        address = reverse("library:stock", args=[take.pk])
        lines = "B1\r\nB2\n\n  b3 \nNANA\nB1"
        page = desk.post(address, {"barcodes": lines, "key": "k"}, follow=True).content.decode()
        assert "Ditemukan: 4" in page
        assert "Barcode tidak dikenal: 1" in page
        assert "1 sudah dipindai" in page
        desk.post(address, {"barcodes": lines, "key": "k"})  # sent again by a reload
        assert [len(row.keys) for row in StockScan.objects.order_by("barcode")] == [2, 1, 1, 1]

    def test_over_is_said_and_nothing_taken(self, desk, take, by):
        work.finish(take, [], by=by)
        answer = self.send(desk, take, [{"key": "a", "barcode": "B1"}])
        assert (answer.status_code, answer.json()["problem"]) == (409, "Pemeriksaan ini sudah berakhir.")
        assert desk.get(reverse("library:stock", args=[take.pk])).status_code == 302

    def test_another_office_does_not_see_it(self, take, offices, make_user):
        client = Client()
        client.force_login(make_user(offices["7411"]), backend=BACKEND)
        for name in ("stock", "stock_progress", "stock_report"):
            assert client.get(reverse(f"library:{name}", args=[take.pk])).status_code == 404
        assert self.send(client, take, [{"key": "a", "barcode": "B1"}]).status_code == 404

    def test_ended_from_the_report(self, desk, take, copies):
        self.send(desk, take, [{"key": "a", "barcode": "B1"}, {"key": "b", "barcode": "=HYPERLINK(1)"}])
        address = reverse("library:stock_report", args=[take.pk])
        assert "Catat hilang" in desk.get(address).content.decode()
        page = desk.post(
            address, {"do": [f"missing:{copies[1].pk}", "missing:²", "x"], "all": ["nothing"]}, follow=True
        ).content.decode()
        assert "Pemeriksaan selesai" in page
        assert "Dijalankan" in page
        assert [state(copy) for copy in copies] == ["shelf", "lost", "shelf", "shelf", "shelf", "shelf"]
        table = desk.get(reverse("library:stock_file", args=[take.pk, "csv"])).content.decode()
        assert "'=HYPERLINK(1)" in table
        assert "Tidak ditemukan,B2,Belitung Timur Dalam Angka 2025,R1,,0,ya" in table

    def test_on_paper(self, desk, take):
        answer = desk.get(reverse("library:stock_file", args=[take.pk, "pdf"]))
        assert answer.content.startswith(b"%PDF")
        assert desk.get(reverse("library:stock_file", args=[take.pk, "doc"])).status_code == 404

    def test_as_many_questions_for_many_as_for_few(
        self, desk, take, office, book, by, django_assert_max_num_queries
    ):
        for n in range(40):
            Copy.objects.create(office=office, publication=book, barcode=f"M{n}", shelf=f"S{n}")
            see(take, by, f"U{n}")
        for name in ("stock", "stock_progress", "stock_report"):
            address = reverse(f"library:{name}", args=[take.pk])
            desk.get(address)
            with django_assert_max_num_queries(10):
                desk.get(address)


def test_a_spreadsheet_runs_nothing():
    assert [plain(cell) for cell in ("=1+1", " +62", "@x", "-5", -5, "a=b", None, "\t=1")] == [
        "'=1+1", "' +62", "'@x", "'-5", -5, "a=b", None, "'\t=1",
    ]  # fmt: skip
    assert csv_text([["a,b", "é"]]) == '\ufeff"a,b",é\r\n'
