"""How publications are used: counted by month and office, never by whom, and no page fails by it."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from library import statistics as read
from library.models import Copy, Publication, PublicationUse, SearchTally
from library.search import index
from library.workflows import circulation, statistics
from pst.privacy import rules
from services.audit.actors import Actor
from services.charts import round_top
from tests.accounts.world import sign
from tests.guestbook.support import arrive
from tests.together import at_once

BACKEND = "django.contrib.auth.backends.ModelBackend"
Kind = PublicationUse.Kind
THIS_MONTH = "/meja/pustaka/statistik/"


@pytest.fixture
def office(offices):
    return offices["7411"]


@pytest.fixture
def by(office, make_user) -> Actor:
    return Actor("officer", user_id=make_user(office).pk)


@pytest.fixture
def desk(office, make_user) -> Client:
    client = Client()
    client.force_login(make_user(office), backend=BACKEND)
    return client


@pytest.fixture
def book(office) -> Publication:
    book = Publication.objects.create(title="Kolaka Timur Dalam Angka 2025", year=2025, keeper=office)
    index.write([book])
    return book


@pytest.fixture
def copy(office, book) -> Copy:
    return Copy.objects.create(office=office, publication=book, barcode="KT-1")


def counts(**where) -> dict[tuple, int]:
    rows = PublicationUse.objects.filter(**where).values_list("kind", "office__code", "times")
    return {(kind, code): times for kind, code, times in rows}


class TestCounted:
    def test_found_is_every_hit_of_the_page(self, catalogue, client):
        client.get("/cari/", {"q": "kemiskinan"})
        client.get("/cari/", {"q": "kemiskinan", "kantor": "7411"})
        shown = PublicationUse.objects.filter(office=None, kind="found")
        assert shown.count() == 20
        assert counts(office__code="7411", publication=shown.first().publication_id) in (
            {("found", "7411"): 1},
            {},
        )
        assert PublicationUse.objects.filter(office__code="7411").exists()

    def test_the_next_page_counts_its_own(self, catalogue, client):
        client.get("/cari/", {"q": "kemiskinan"})
        client.get("/cari/", {"q": "kemiskinan", "hal": "2"})
        assert set(PublicationUse.objects.values_list("times", flat=True)) == {1}
        assert PublicationUse.objects.count() > 20

    def test_the_bare_page_is_no_search(self, catalogue, client):
        client.get("/cari/")
        assert not PublicationUse.objects.exists()

    def test_opened(self, book, client):
        client.get(reverse("library:publication", args=[book.pk, "x"]))  # only leads there
        for _n in range(2):
            client.get(book.get_absolute_url())
        assert counts() == {("opened", None): 2}

    @pytest.mark.parametrize(
        "headers",
        [{"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}, {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}],
    )  # fmt: skip
    def test_not_by_machines(self, book, client, headers):
        client.get(book.get_absolute_url(), headers=headers)
        client.head(book.get_absolute_url())
        assert counts() == {}

    def test_read_and_borrowed_at_the_office(self, copy, office, by):
        circulation.read_here(copy, by=by)
        circulation.bring_back(copy, by=by)
        visit = sign(arrive(office), by, name="Wahyu", phone="+6281234567890")
        circulation.permit(copy, visit, by=by)
        assert counts() == {("read_room", "7411"): 1, ("borrowed", "7411"): 1}

    def test_asked_about_with_its_title(self, book, client):
        page = client.get(book.get_absolute_url()).content.decode()
        assert f"pustaka={book.pk}" in page
        answer = client.get("/cari/tanya/", {"q": book.title, "pustaka": book.pk, "kantor": "7411"})
        assert "q=Kolaka" in answer.url
        assert f"pustaka={book.pk}" in answer.url
        client.get("/cari/tanya/", {"q": "harga cabai"})
        assert counts(kind="asked") == {("asked", "7411"): 1}

    @pytest.mark.parametrize("pustaka", ["", "x", "²", "9" * 40, "99999999", "\0"])
    def test_asked_about_nothing_there_is(self, client, offices, pustaka):
        assert client.get("/cari/tanya/", {"pustaka": pustaka, "kantor": "²²"}).status_code == 302
        assert counts() == {}

    def test_by_the_month_of_the_office(self, book, office):
        """17.30 UTC on 31 March is 1 April in Kolaka Timur (WITA) and in the capital; 16.30 only in Kolaka."""
        at = datetime(2026, 3, 31, 16, 30, tzinfo=UTC)
        assert statistics.month_of(office, at) == date(2026, 4, 1)
        assert statistics.month_of(None, at) == date(2026, 3, 1)
        statistics.count(Kind.DOWNLOADED, [book.pk], office, at)
        statistics.count(Kind.READ_ONLINE, [book.pk], None, at)
        rows = set(PublicationUse.objects.values_list("kind", "month"))
        assert rows == {("downloaded", date(2026, 4, 1)), ("read_online", date(2026, 3, 1))}

    def test_the_active_office_s_clock_is_not_the_capital_s(self, book):
        with timezone.override("Asia/Jayapura"):
            at = datetime(2026, 3, 31, 16, 30, tzinfo=UTC)
            assert statistics.month_of(None, at) == date(2026, 3, 1)

    def test_what_is_gone_is_not_counted(self, book):
        statistics.count(Kind.FOUND, [book.pk, 10**12], None)
        assert counts() == {("found", None): 1}

    def test_a_page_never_fails_by_it(self, book, client, caplog):
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE library_publicationuse RENAME TO gone")
        assert client.get(book.get_absolute_url()).status_code == 200
        assert client.get("/cari/", {"q": "kolaka"}).status_code == 200
        assert "not counted" in caplog.text

    def test_one_question_however_many(self, catalogue, django_assert_num_queries):
        pks = list(Publication.objects.values_list("pk", flat=True)[:20])
        statistics.count(Kind.FOUND, pks, None)
        with django_assert_num_queries(3):  # with the savepoint and its end, here inside a test's transaction
            statistics.count(Kind.FOUND, pks, None)

    @pytest.mark.django_db(transaction=True)
    def test_the_same_hits_at_once_in_any_order(self, catalogue):
        pks = list(Publication.objects.values_list("pk", flat=True)[:20])
        at_once(*[lambda n=n: statistics.count(Kind.FOUND, pks[n:] + pks[:n], None) for n in range(6)])
        assert set(PublicationUse.objects.values_list("times", flat=True)) == {6}


class TestPages:
    def test_empty(self, desk):
        assert "Belum ada pemakaian" in desk.get(THIS_MONTH).content.decode()
        assert "Belum ada pencarian" in desk.get(f"{THIS_MONTH}dicari/").content.decode()
        assert "Semua buku dipakai" in desk.get(f"{THIS_MONTH}tidak-dipakai/").content.decode()

    def test_totals_and_the_most_used(self, desk, book, office, offices):
        for _n in range(3):
            statistics.count(Kind.READ_ROOM, [book.pk], office)
        statistics.count(Kind.READ_ROOM, [book.pk], offices["1906"])
        statistics.count(Kind.OPENED, [book.pk], None)
        page = desk.get(THIS_MONTH).content.decode()
        assert "Dibaca di tempat: 3" in page  # told to who does not see the bars
        assert book.title in page
        assert "Terbanyak: Dibuka" not in page
        assert "Terbanyak: Dibuka" in desk.get(THIS_MONTH, {"lingkup": "umum"}).content.decode()

    def test_another_month(self, desk, book, office):
        then = timezone.now() - timedelta(days=70)
        statistics.count(Kind.READ_ROOM, [book.pk], office, then)
        assert "Belum ada pemakaian" in desk.get(THIS_MONTH).content.decode()
        month = f"{office.today(then):%Y-%m}"
        assert book.title in desk.get(THIS_MONTH, {"bulan": month}).content.decode()

    @pytest.mark.parametrize("month", ["2026-13", "x", "²", "\0", "1999-01", "9" * 99])
    def test_a_month_there_is_not_is_this_one(self, desk, month):
        assert desk.get(THIS_MONTH, {"bulan": month, "lingkup": month}).status_code == 200
        assert desk.get(f"{THIS_MONTH}tidak-dipakai/", {"page": month}).status_code == 200

    def test_as_a_table(self, desk, office):
        nasty = Publication.objects.create(title="=cmd|' /C calc'!A0", year=2020)
        statistics.count(Kind.READ_ROOM, [nasty.pk], office)
        table = desk.get(f"{THIS_MONTH}pemakaian.csv").content.decode()
        assert ",Dibaca di tempat,1,'=cmd|" in table
        assert desk.get(f"{THIS_MONTH}anything.csv").status_code == 404

    def test_as_many_questions_for_many_as_for_few(
        self, desk, office, catalogue, django_assert_max_num_queries
    ):
        Copy.objects.update(added_on=date(2020, 1, 1))
        for kind in Kind.values:
            statistics.count(kind, Publication.objects.values_list("pk", flat=True)[:60], office)
        SearchTally.objects.bulk_create(
            SearchTally(day=office.today(), office=office, text=f"kata {n}", found=n % 2) for n in range(60)
        )
        for page in ("", "dicari/", "tidak-dipakai/"):
            desk.get(THIS_MONTH + page)
            with django_assert_max_num_queries(10):
                desk.get(THIS_MONTH + page)


class TestUnused:
    def unused(self, office) -> set[str]:
        return {p.title for p in read.unused(office, office.today())}

    def test_a_year_without_use(self, office, copy, book):
        assert self.unused(office) == set()  # it came today
        Copy.objects.update(added_on=office.today() - timedelta(days=800))
        assert self.unused(office) == {book.title}
        statistics.count(Kind.FOUND, [book.pk], office)  # a hit among others
        assert self.unused(office) == {book.title}
        statistics.count(Kind.OPENED, [book.pk], None, timezone.now() - timedelta(days=800))
        assert self.unused(office) == {book.title}
        statistics.count(Kind.OPENED, [book.pk], None)
        assert self.unused(office) == set()

    def test_a_loan_from_before_the_counting_is_a_use(self, office, copy, by):
        Copy.objects.update(added_on=office.today() - timedelta(days=800))
        circulation.read_here(copy, by=by)
        circulation.bring_back(copy, by=by)
        PublicationUse.objects.all().delete()
        assert self.unused(office) == set()

    def test_only_books_of_this_office_that_are_there(self, office, offices, copy, book):
        Copy.objects.update(added_on=office.today() - timedelta(days=800))
        assert self.unused(offices["1906"]) == set()
        Copy.objects.update(state="withdrawn")
        assert self.unused(office) == set()

    def test_used_elsewhere_is_not_used_here(self, office, offices, copy, book):
        Copy.objects.update(added_on=office.today() - timedelta(days=800))
        statistics.count(Kind.READ_ROOM, [book.pk], offices["1906"])
        assert self.unused(office) == {book.title}


class TestSought:
    def test_not_found_first_by_how_often(self, desk, client, catalogue):
        for typed in ("harga cabai", "harga cabai", "xyzzy qwert", "kemiskinan"):
            client.get("/cari/", {"q": typed, "kantor": "7411"})
        page = desk.get(f"{THIS_MONTH}dicari/").content.decode()
        missing, top = page.split('id="top-title"')
        assert missing.index("harga cabai") < missing.index("xyzzy qwert")
        assert "kemiskinan" in top
        table = desk.get(f"{THIS_MONTH}dicari.csv").content.decode()
        assert f"harga cabai,2,{catalogue['7411'].today():%Y-%m-%d},tidak" in table

    def test_another_office_s_searches_are_its_own(self, desk, client, catalogue):
        client.get("/cari/", {"q": "harga cabai", "kantor": "1906"})
        client.get("/cari/", {"q": "harga kopra"})
        page = desk.get(f"{THIS_MONTH}dicari/").content.decode()
        assert "harga cabai" not in page
        assert "harga kopra" not in page
        everywhere = desk.get(f"{THIS_MONTH}dicari/", {"lingkup": "umum"}).content.decode()
        assert "harga kopra" in everywhere
        assert "harga cabai" not in everywhere


class TestForgotten:
    def test_old_counts_go(self, book, office):
        with time_machine.travel(datetime(2014, 1, 5, tzinfo=UTC)):
            statistics.count(Kind.OPENED, [book.pk], None)
        SearchTally.objects.create(day=date(2023, 1, 1), text="lama", found=True)
        SearchTally.objects.create(day=office.today(), text="baru", found=True)
        statistics.count(Kind.OPENED, [book.pk], None)
        assert statistics.forget_old() == 2
        assert SearchTally.objects.get().text == "baru"

    def test_as_the_file_of_times_says(self):
        rows = {row["table"]: row["days"] for row in tomllib.loads(rules.FILE.read_text())["elsewhere"]}
        assert rows["library.SearchTally"] == statistics.SEARCHES_KEPT.days
        assert rows["library.PublicationUse"] == statistics.USES_KEPT.days


def test_the_axis_ends_at_a_round_number():
    assert [round_top(n) for n in (0, 4, 5, 41, 81, 5000)] == [4, 4, 8, 80, 200, 8000]
