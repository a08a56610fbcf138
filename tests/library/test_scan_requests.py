"""What a visitor uses: linked to the catalogue, counted once, and pages that are asked to be scanned."""

from __future__ import annotations

import pytest
from django.urls import reverse

from library.models import LibraryUse, Loan, ScanRequest
from library.workflows import circulation as work
from library.workflows import use as uses
from services.audit.actors import Actor
from services.guestbook import workflows as visits
from services.guestbook.models import Visit
from services.workflow import IllegalMove
from tests.accounts.world import sign
from tests.guestbook.support import DEVICE
from tests.library.support import TUESDAY, client_of, copy_of, fresh, title

LIST = "/meja/pustaka/pindaian/"


@pytest.fixture
def office(offices):
    """Sawahlunto: the one whose standard has scans (SW4)."""
    return offices["1373"]


@pytest.fixture
def by(office, make_user) -> Actor:
    return Actor("officer", user_id=make_user(office).pk)


@pytest.fixture
def desk(office, make_user):
    return client_of(make_user(office))


@pytest.fixture
def book(office):
    return title(office, "Kota Sawahlunto Dalam Angka 2025")


@pytest.fixture
def copy(book, office):
    return copy_of(book, office, "SW-1")


@pytest.fixture
def visit(office, by) -> Visit:
    library = office.services.get(slug="library")
    return sign(visits.arrive(office=office, service=library, by=DEVICE, number="A007"), by, name="Rina")


@pytest.fixture
def page(visit) -> str:
    return reverse("library:use", args=[visit.services.get().pk])


def note(desk, page, **form):
    return desk.post(page, form)


class TestLinked:
    def test_a_barcode_is_the_book_and_takes_it_from_the_shelf(self, desk, page, copy, visit):
        assert note(desk, page, kind="read_printed", what="sw-1").status_code == 302
        use = LibraryUse.objects.get()
        assert (use.copy, use.publication, use.what, use.at_shelf) == (copy, copy.publication, "", True)
        loan = Loan.objects.get()
        assert (loan.kind, loan.visit, fresh(copy).state) == ("reading", visit, "out")
        shown = desk.get(page).content.decode()
        assert "Kota Sawahlunto Dalam Angka 2025" in shown

    def test_a_title_is_the_publication_and_other_text_stays_text(self, desk, page, book):
        note(desk, page, kind="read_digital", what="kota sawahlunto dalam angka 2025")
        note(desk, page, kind="read_printed", what="Koran Haluan, 3 Maret")
        linked, text = LibraryUse.objects.all()
        assert (linked.publication, linked.what) == (book, "")
        assert (text.publication, text.what) == (None, "Koran Haluan, 3 Maret")

    def test_another_office_s_barcode_is_only_text(self, desk, page, book, offices):
        copy_of(book, offices["7411"], "KT-9")
        note(desk, page, kind="read_printed", what="KT-9")
        assert LibraryUse.objects.get().copy is None

    def test_a_text_in_no_catalogue_that_is_too_long(self, desk, page):
        answer = note(desk, page, kind="read_printed", what="x" * 201)
        assert answer.status_code == 422
        assert "tidak ada di katalog" in answer.content.decode()

    def test_suggestions_fill_the_field(self, desk, page, book):
        shown = desk.get(page).content.decode()
        assert "data-suggest-fills" in shown
        assert "data-scanner" in shown
        suggested = desk.get("/cari/saran/", {"q": "sawahlunto dalam"}).content.decode()
        assert 'data-title="Kota Sawahlunto Dalam Angka 2025"' in suggested


class TestCountedOnce:
    def test_registered_at_the_shelf_it_is_a_use_of_the_visit(self, copy, visit, by):
        work.read_here(copy, visit=visit, by=by)
        use = LibraryUse.objects.get()
        assert (use.received, use.kind, use.copy) == (visit.services.get(), "read_printed", copy)

    def test_scanned_on_both_pages_it_is_one_use_and_one_loan(self, desk, page, copy, visit, by):
        work.read_here(copy, visit=visit, by=by)
        note(desk, page, kind="read_printed", what="SW-1")
        assert (LibraryUse.objects.count(), Loan.objects.count()) == (1, 1)

    def test_taken_again_in_the_same_visit_it_is_one_use(self, copy, visit, by):
        for _n in range(2):
            work.read_here(copy, visit=visit, by=by)
            work.bring_back(copy, by=by)
        assert (LibraryUse.objects.count(), Loan.objects.count()) == (1, 2)

    def test_two_books_are_two_uses(self, book, office, copy, visit, by):
        for one in (copy, copy_of(book, office, "SW-2")):
            work.read_here(one, visit=visit, by=by)
        assert LibraryUse.objects.count() == 2

    def test_in_another_hand_it_is_told_beside_the_field(self, desk, page, copy, by):
        work.read_here(copy, by=by)
        answer = note(desk, page, kind="read_printed", what="SW-1")
        assert answer.status_code == 422
        assert "masih tercatat di tangan pembaca" in answer.content.decode()
        assert not LibraryUse.objects.exists()

    def test_after_the_visit_only_the_use_is_noted(self, desk, page, copy, visit, by):
        visits.close(visit=visit, by=by)
        note(desk, page, kind="read_printed", what="SW-1")
        assert (fresh(copy).state, LibraryUse.objects.get().at_shelf) == ("shelf", False)

    def test_a_visit_without_the_library_counts_no_use(self, offices, book, by):
        east = offices["7411"]
        consultation = visits.arrive(office=east, service=east.services.get(slug="consultation"), by=DEVICE)
        work.read_here(copy_of(book, east), visit=consultation, by=by)
        assert not LibraryUse.objects.exists()

    def test_whose_it_was_is_forgotten_after_ninety_days(self, copy, visit, by):
        work.read_here(copy, visit=visit, by=by, at=TUESDAY)
        work.bring_back(copy, by=by, at=TUESDAY)
        work.forget_borrowers()
        use = LibraryUse.objects.get()
        assert (use.received, use.publication) == (None, copy.publication)


class TestScans:
    @pytest.fixture
    def asked(self, desk, page, copy) -> ScanRequest:
        note(desk, page, kind="scan", what="SW-1", pages="12–15")
        return ScanRequest.objects.get()

    def test_asked_for_with_pages_and_on_the_desk_s_list(self, desk, asked, copy):
        assert (asked.pages, asked.use.copy, asked.state) == ("12–15", copy, "requested")
        shown = desk.get(LIST).content.decode()
        for text in ("Kota Sawahlunto Dalam Angka 2025", "12–15", "A007", "Rina"):
            assert text in shown
        assert ">1</span>" in desk.get("/meja/pustaka/").content.decode().split("Permintaan pindaian")[1][:80]

    def test_pages_are_needed(self, desk, page):
        answer = note(desk, page, kind="scan", what="SW-1")
        assert answer.status_code == 422
        assert "Tulis halaman" in answer.content.decode()

    @pytest.mark.parametrize("pages", ["semuanya", "-", "<b>", "bab terakhir"])
    def test_pages_have_numbers(self, desk, page, pages):
        answer = note(desk, page, kind="scan", what="SW-1", pages=pages)
        assert answer.status_code == 422
        assert "Tulis nomor halamannya" in answer.content.decode()
        assert not ScanRequest.objects.exists()

    def test_done(self, desk, asked):
        desk.post(f"{LIST}{asked.pk}/selesai/")
        assert (fresh(asked).state, fresh(asked).answered_at is not None) == ("done", True)
        again = desk.post(f"{LIST}{asked.pk}/selesai/", follow=True).content.decode()
        assert "tidak dapat dilakukan lagi" in again

    def test_refused_with_a_reason(self, desk, asked, page):
        answer = desk.post(f"{LIST}{asked.pk}/tolak/", {"reason": ""})
        assert answer.status_code == 422
        assert desk.post(f"{LIST}{asked.pk}/tolak/", {"reason": "x" * 201}).status_code == 422
        assert desk.post(f"{LIST}{asked.pk}/tolak/", {"reason": "\0"}).status_code == 422
        desk.post(f"{LIST}{asked.pk}/tolak/", {"reason": "Lebih dari 20 persen"})
        assert (fresh(asked).state, fresh(asked).answer) == ("refused", "Lebih dari 20 persen")
        assert "Lebih dari 20 persen" in desk.get(page).content.decode()

    def test_a_reason_is_demanded_by_the_workflow_too(self, asked, by):
        with pytest.raises(IllegalMove, match="alasan"):
            uses.refuse_scan(asked, reason=" ", by=by)

    def test_sent_twice_it_is_one(self, desk, page, copy):
        for _n in range(2):
            note(desk, page, kind="scan", what="SW-1", pages="3", submission="k")
        assert ScanRequest.objects.count() == 1

    def test_only_where_the_standard_has_it(self, offices, make_user):
        tarakan = offices["6571"]
        client = client_of(make_user(tarakan))
        library = tarakan.services.get(slug="library")
        received = visits.arrive(office=tarakan, service=library, by=DEVICE).services.get()
        page = reverse("library:use", args=[received.pk])
        assert 'name="pages"' not in client.get(page).content.decode()
        assert note(client, page, kind="scan", what="x", pages="1").status_code == 422
        assert "tidak menyebut pindaian" in client.get(LIST).content.decode()

    def test_another_office_s_is_not_here(self, asked, offices, make_user):
        client = client_of(make_user(offices["7411"]))
        assert client.post(f"{LIST}{asked.pk}/selesai/").status_code == 404

    def test_as_many_questions_for_many(self, desk, page, asked, django_assert_max_num_queries):
        for n in range(9):
            note(desk, page, kind="scan", what=f"Judul {n}", pages="1")
        desk.get(LIST)
        with django_assert_max_num_queries(8):
            desk.get(LIST)
        with django_assert_max_num_queries(10):
            desk.get(page)
