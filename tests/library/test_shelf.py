"""The library's desk: one field that does the expected thing, with a scanner that types like a keyboard."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse

from library.models import Copy, Loan, Publication
from library.search import index
from library.workflows import circulation as work
from services.audit.actors import Actor
from services.audit.models import AuditEntry
from services.guestbook import workflows as visits
from tests.accounts.world import sign
from tests.guestbook.support import arrive

HERE = "/meja/pustaka/"


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
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def copy(office) -> Copy:
    book = Publication.objects.create(title="Belitung Timur Dalam Angka 2025", year=2025, keeper=office)
    index.write([book])
    return Copy.objects.create(office=office, publication=book, barcode="BT-0001", shelf="R2")


@pytest.fixture
def visit(office, by):
    return sign(arrive(office), by, name="Wahyu Lestari", phone="+6281234567890")


def scan(desk, typed):
    return desk.post(HERE, {"typed": typed})


def act(desk, copy, action, **more):
    return desk.post(reverse("library:shelf_act", args=[copy.pk, action]), more, follow=True).content.decode()


class TestScanned:
    def test_on_the_shelf_it_is_shown(self, desk, copy):
        answer = scan(desk, " bt-0001 ")
        assert answer.url == f"{HERE}?eksemplar={copy.pk}"
        page = desk.get(answer.url).content.decode()
        assert "rak R2" in page
        assert "Pinjamkan" in page

    def test_out_it_comes_back(self, desk, copy, by):
        work.read_here(copy, by=by)
        scan(desk, "BT-0001")
        assert (Loan.objects.get().state, Copy.objects.get().state) == ("returned", "shelf")

    def test_another_office_s_barcode_is_not_ours(self, offices, desk, copy):
        elsewhere = Copy.objects.create(office=offices["7411"], publication=copy.publication, barcode="KT-1")
        assert "Tidak ditemukan" in scan(desk, "KT-1").content.decode()
        assert desk.get(f"{HERE}?eksemplar={elsewhere.pk}").status_code == 404
        assert desk.post(reverse("library:shelf_act", args=[elsewhere.pk, "read"])).status_code == 404


class TestTyped:
    def test_a_title_shows_its_copies(self, desk, copy):
        assert "BT-0001 · Di rak" in scan(desk, "angka belitung").content.decode()

    def test_what_was_not_found_is_said(self, desk, copy):
        page = scan(desk, "BT-9999").content.decode()
        assert "Tidak ditemukan: BT-9999" in page
        assert reverse("library:publication_new") in page

    def test_a_queue_number_leads_to_the_visit(self, desk, office, by):
        visit = visits.arrive(
            office=office, service=office.services.get(slug="library"), by=by, number="A007"
        )
        assert scan(desk, "a 7").url == reverse("library:use", args=[visit.main.pk])

    def test_a_name_is_masked_and_logged(self, desk, visit):
        page = scan(desk, "Wahyu").content.decode()
        assert "W•••u L•••i" in page
        assert "Wahyu Lestari" not in page.split("Ditemukan")[1].split("</section>")[0]
        assert f"?kunjungan={visit.pk}" in page
        assert AuditEntry.objects.filter(action="visitor.searched").exists()

    @pytest.mark.parametrize("typed", ["", "\0", "x" * 999, "'; --", "٣", "🤷"])
    def test_odd_things(self, desk, copy, typed):
        assert scan(desk, typed).status_code in (200, 302)
        assert desk.get(f"{HERE}?eksemplar=²").status_code == 200


class TestOut:
    def test_read_in_the_room_without_a_name(self, desk, copy):
        assert "Dibaca di tempat: Belitung Timur" in act(desk, copy, "read")
        assert Loan.objects.get().kind == "reading"

    def test_lent_to_who_signed_and_listed_by_due_day(self, desk, copy, visit):
        page = act(desk, copy, "lend", visit=visit.pk)
        assert "Dipinjamkan sampai" in page
        assert "Wahyu Lestari" in page
        assert Loan.objects.get().visitor == visit.visitor

    def test_a_permission_needs_somebody(self, desk, copy, visit):
        assert "Pilih dahulu siapa" in act(desk, copy, "permit")
        assert "Izin keluar diberikan" in act(desk, copy, "permit", visit=visit.pk)

    def test_refused_the_book_stays_on_the_screen(self, desk, copy):
        answer = desk.post(reverse("library:shelf_act", args=[copy.pk, "permit"]))
        assert answer.url == f"{HERE}?eksemplar={copy.pk}"

    def test_not_lent_to_nobody(self, desk, copy, office):
        assert "Pilih peminjam" in act(desk, copy, "lend", visit=arrive(office).pk)
        assert not Loan.objects.exists()

    def test_renewed_lost_and_found(self, desk, copy, visit):
        act(desk, copy, "lend", visit=visit.pk)
        assert "Belum perlu" in act(desk, copy, "renew")  # lent today: not a day would be added
        Loan.objects.update(due_on=F("due_on") - timedelta(days=3))
        assert "Diperpanjang sampai" in act(desk, copy, "renew")
        assert "sebanyak yang boleh" in act(desk, copy, "renew")
        assert "Dicatat hilang" in act(desk, copy, "lost")
        scan(desk, "BT-0001")
        assert Copy.objects.get().state == "shelf"

    def test_back_and_damaged(self, desk, copy, by):
        work.read_here(copy, by=by)
        act(desk, copy, "damaged")
        assert Copy.objects.get().state == "damaged"
        page = desk.get(f"{HERE}?eksemplar={copy.pk}").content.decode()
        assert "Atasan yang mengembalikan buku rusak ke rak." in page

    def test_twice_is_once(self, desk, copy):
        act(desk, copy, "read")
        assert "masih tercatat di tangan pembaca" in act(desk, copy, "read")
        assert Loan.objects.count() == 1

    def test_an_action_there_is_not(self, desk, copy):
        assert desk.post(reverse("library:shelf_act", args=[copy.pk, "burn"])).status_code == 404

    def test_as_many_questions_for_many_as_for_few(
        self, desk, copy, office, by, django_assert_max_num_queries
    ):
        for n in range(12):
            work.read_here(
                Copy.objects.create(office=office, publication=copy.publication, barcode=f"X{n}"), by=by
            )
        desk.get(HERE)
        with django_assert_max_num_queries(10):
            desk.get(HERE)
