"""What somebody borrowed is theirs to see and nobody else's; it goes with their data."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from library.models import Hold, Loan, LoanNotice
from library.workflows import circulation as work
from library.workflows import holds
from library.workflows.use import note_use
from pst.privacy import workflows as privacy
from tests.accounts.world import own_link, sign
from tests.guestbook.support import arrive
from tests.library.support import client_of, copy_of, fresh, reader, title


@pytest.fixture
def office(lender):
    return lender


@pytest.fixture
def by(lending_officer):
    return lending_officer


@pytest.fixture
def visit(office, by):
    return sign(arrive(office), by, name="Wahyu Lestari", email="wahyu@example.test")


@pytest.fixture
def visitor(visit):
    return visit.visitor


@pytest.fixture
def page(visitor) -> str:
    return reverse("privacy:own_data", args=[own_link(visitor.pk)])


@pytest.fixture
def loan(office, visitor, by) -> Loan:
    return work.lend(copy_of(title(office), office), visitor, by=by)


@pytest.fixture
def place(office, visitor, by) -> Hold:
    """Second in the line for a book that is out."""
    book = title(office, "Profil Kemiskinan 2025")
    work.read_here(copy_of(book, office, "K1"), by=by)
    holds.ask(book, office, reader(office, "Rina Rahasia", "+62811"), by=by)
    return holds.ask(book, office, visitor, by=by)


def read(client, page) -> str:
    return client.get(page).content.decode()


class TestSeen:
    def test_what_is_out_what_is_waited_for_and_what_was(
        self, client, page, loan, place, office, by, visitor
    ):
        old = work.lend(copy_of(title(office, "Statistik Daerah 2024"), office, "S1"), visitor, by=by)
        work.bring_back(old.copy, by=by)
        shown = read(client, page)
        assert "kembali paling lambat" in shown
        assert "menunggu, urutan ke-2" in shown
        assert "Statistik Daerah 2024" in shown.split("Yang sudah kembali")[1]
        assert "Rahasia" not in shown

    def test_until_it_is_forgotten(self, client, page, loan, by, visitor):
        work.bring_back(loan.copy, by=by)
        Loan.objects.update(back_at=timezone.now() - timedelta(days=91))
        work.forget_borrowers()
        assert "Belitung Timur Dalam Angka 2025" not in read(client, page)

    def test_the_desk_sees_only_what_is_out(self, office, make_user, loan, by):
        desk = client_of(make_user(office))
        assert "Wahyu Lestari" in read(desk, "/meja/pustaka/")
        work.bring_back(loan.copy, by=by)
        for path in ("/meja/pustaka/", f"/meja/pustaka/?eksemplar={loan.copy_id}",
                     reverse("library:title", args=[loan.copy.publication_id])):  # fmt: skip
            assert "Wahyu Lestari · 1" not in read(desk, path)
        assert "data-loan" not in read(desk, "/meja/pustaka/")

    def test_taken_along_with_titles(self, client, page, loan, place, visit, by):
        note_use(
            visit.services.get(),
            kind="read_digital",
            publication=loan.copy.publication,
            submission="u",
            by=by,
        )
        LoanNotice.objects.create(
            loan=loan, number=1, kind="soon", due_on=loan.due_on, day=loan.due_on, batch="b"
        )
        file = client.get(f"{page}berkas/").json()
        [row] = file["library.Loan"]
        assert row["copy__publication__title"] == "Belitung Timur Dalam Angka 2025"
        assert file["library.Hold"][0]["publication__title"] == "Profil Kemiskinan 2025"
        assert file["library.LibraryUse"][0]["publication__title"] == "Belitung Timur Dalam Angka 2025"
        assert [n["kind"] for n in file["library.LoanNotice"]] == ["soon"]
        assert "Buku yang dipinjam" in read(client, page)

    def test_no_more_questions_for_more_books(self, client, page, loan, office, visitor, by):
        def count() -> int:
            client.get(page)
            with CaptureQueriesContext(connection) as queries:
                client.get(page)
            return len(queries)

        before = count()
        for n in range(5):
            back = work.lend(copy_of(title(office, f"Judul {n}"), office, f"J{n}"), visitor, by=by)
            work.bring_back(back.copy, by=by)
        assert count() == before


class TestOffered:
    """Renewing is offered when it would be done."""

    @pytest.fixture(autouse=True)
    def some_days_later(self, loan):
        Loan.objects.update(due_on=loan.due_on - timedelta(days=3))

    def test_within_the_rules(self, client, page):
        assert "/perpanjang/" in read(client, page)

    def test_not_on_the_day_it_was_lent(self, client, page, loan):
        Loan.objects.update(due_on=loan.due_on)
        assert "/perpanjang/" not in read(client, page)

    def test_not_more_often_than_the_office_lets(self, client, page):
        Loan.objects.update(renewals=1)
        assert "/perpanjang/" not in read(client, page)

    def test_not_while_somebody_waits(self, client, page, loan, office, by):
        holds.ask(loan.copy.publication, office, reader(office, "Rina", "+62811"), by=by)
        assert "/perpanjang/" not in read(client, page)

    def test_not_too_late(self, client, page):
        Loan.objects.update(due_on=timezone.localdate() - timedelta(days=1))
        assert "/perpanjang/" not in read(client, page)


class TestDone:
    def act(self, client, page, what, pk) -> str:
        return client.post(f"{page}buku/{what}/{pk}/", follow=True).content.decode()

    def test_renewed_within_the_rules(self, client, page, loan):
        assert "belum menambah hari" in self.act(
            client, page, "perpanjang", loan.pk
        )  # on the day it was lent
        Loan.objects.update(due_on=loan.due_on - timedelta(days=3))
        assert "Diperpanjang sampai" in self.act(client, page, "perpanjang", loan.pk)
        assert fresh(loan).renewals == 1
        assert fresh(loan).steps.last().actor == "visitor"
        assert "sebanyak yang boleh" in self.act(client, page, "perpanjang", loan.pk)

    def test_given_up(self, client, page, place):
        assert "Pesanan dibatalkan" in self.act(client, page, "batal", place.pk)
        assert fresh(place).state == "cancelled"

    def test_nobody_else_s(self, client, page, loan, place, office, by):
        other = Hold.objects.exclude(pk=place.pk).get()
        theirs = work.lend(copy_of(title(office, "X"), office, "X1"), reader(office, "Sari", "+62812"), by=by)
        assert client.post(f"{page}buku/batal/{other.pk}/").status_code == 404
        assert client.post(f"{page}buku/perpanjang/{theirs.pk}/").status_code == 404
        assert client.post(f"{page}buku/bakar/{loan.pk}/").status_code == 404
        assert client.post(f"{page}buku/perpanjang/{10**25}/").status_code == 404
        assert client.post(f"/data-saya/salah/buku/batal/{place.pk}/").status_code == 410

    def test_a_record_with_this_name_and_another_mailbox_is_not_theirs(self, client, page, office, by, loan):
        same_name = reader(office, "Wahyu Lestari", "+62899", "lain@example.test")
        theirs = work.lend(copy_of(title(office, "Buku Lain"), office, "L1"), same_name, by=by)
        assert "Buku Lain" not in read(client, page)
        assert client.post(f"{page}buku/perpanjang/{theirs.pk}/").status_code == 404


class TestErased:
    def test_everything_goes_and_the_statistics_stay(self, client, page, loan, place, visitor, visit, by):
        LoanNotice.objects.create(
            loan=loan, number=1, kind="soon", due_on=loan.due_on, day=loan.due_on, batch="b"
        )
        note_use(visit.services.get(), kind="scan", what="Koran", pages="7", submission="s", by=by)
        work.bring_back(loan.copy, by=by)
        asked = privacy.receive(visitor, kind="erasure", channel="own", by=by)
        privacy.fulfil(asked, by=by)
        assert not Hold.objects.filter(pk=place.pk).exists()
        assert not LoanNotice.objects.exists()
        assert (fresh(loan).visitor.name, Loan.objects.count()) == ("", 2)
        use = visit.services.get().library_uses.get()
        assert (use.what, use.scan.pages, use.kind) == ("", "", "scan")
        assert client.get(page).status_code == 410
