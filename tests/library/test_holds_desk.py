"""The line for a book at the desk; the lists of what is out, damaged or lost; the office's own rules."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from library.models import Copy, Hold, LendingRules, Loan
from library.workflows import circulation as work
from library.workflows import holds, procedure, shelves
from services.audit.actors import SYSTEM
from services.audit.models import AuditEntry
from tests.accounts.world import sign
from tests.guestbook.support import arrive
from tests.library.support import TUESDAY, client_of, copy_of, fresh, reader, title


@pytest.fixture
def office(lender):
    return lender


@pytest.fixture
def by(lending_officer):
    return lending_officer


@pytest.fixture
def desk(office, make_user):
    return client_of(make_user(office))


@pytest.fixture
def boss(office, make_user):
    return client_of(make_user(office, role="supervisor"))


@pytest.fixture
def book(office):
    return title(office)


@pytest.fixture
def loan(book, office, by) -> Loan:
    return work.lend(copy_of(book, office), reader(office, "Wahyu", "+62810"), by=by)


@pytest.fixture
def visit(office, by):
    return sign(arrive(office), by, name="Rina Marlina", phone="+6281234567890")


def ask(desk, book, visit) -> str:
    answer = desk.post(reverse("library:title", args=[book.pk]), {"visit": visit.pk}, follow=True)
    return answer.content.decode()


def act(desk, hold, action) -> str:
    return desk.post(reverse("library:hold_act", args=[hold.pk, action]), follow=True).content.decode()


class TestAsked:
    def test_found_by_title_asked_for_a_visitor_and_in_line(self, desk, book, office, visit, loan, by):
        holds.ask(book, office, reader(office, "Sari", "+62812"), by=by)
        found = desk.post("/meja/pustaka/", {"typed": "angka belitung"}).content.decode()
        assert reverse("library:title", args=[book.pk]) in found
        page = ask(desk, book, visit)
        assert "Dipesan. Urutan ke-2." in page
        assert "Rina Marlina" in page.split("Yang menunggu")[1]
        assert "Urutan ke-2" in desk.get("/meja/pustaka/pesanan/").content.decode()

    def test_twice_is_once(self, desk, book, visit, loan):
        ask(desk, book, visit)
        ask(desk, book, visit)
        assert Hold.objects.count() == 1

    def test_whose_last_copy_is_gone_is_pointed_out(self, desk, book, visit, loan, by):
        ask(desk, book, visit)
        said = "Tidak ada lagi eksemplar yang dipinjamkan"
        assert said not in desk.get("/meja/pustaka/pesanan/").content.decode()
        work.lose(loan, by=by)
        assert said in desk.get("/meja/pustaka/pesanan/").content.decode()

    def test_what_stands_on_the_shelf_is_kept_at_once(self, desk, book, office, visit):
        copy_of(book, office)
        assert "Ada di rak: simpan untuk tamu sampai" in ask(desk, book, visit)

    def test_somebody_must_be_chosen_and_it_is_said_beside_the_field(self, desk, book, loan):
        for typed in ("", "x", "²", "9" * 30, "\0"):
            answer = desk.post(reverse("library:title", args=[book.pk]), {"visit": typed})
            assert answer.status_code == 422
            assert 'aria-describedby="hold-problem"' in answer.content.decode()

    def test_another_office_s_visitor_is_not_here(self, desk, book, loan, offices):
        elsewhere = arrive(offices["7411"])
        answer = desk.post(reverse("library:title", args=[book.pk]), {"visit": elsewhere.pk})
        assert answer.status_code == 404

    def test_where_the_standard_does_not_lend_it_says_so(self, offices, make_user, book):
        tarakan = offices["6571"]
        copy_of(book, tarakan)
        client = client_of(make_user(tarakan))
        assert (
            "buku tidak dipinjamkan" in client.get(reverse("library:title", args=[book.pk])).content.decode()
        )
        visit = sign(arrive(tarakan), SYSTEM, phone="+62811")
        assert "buku tidak dipinjamkan" in ask(client, book, visit)
        assert not Hold.objects.exists()

    def test_the_public_page_says_how_many_wait_and_not_who(self, book, visit, desk, loan):
        ask(desk, book, visit)
        page = Client().get(book.get_absolute_url()).content.decode()
        assert "1 orang menunggu" in page
        assert "Rina" not in page


class TestHandedOver:
    @pytest.fixture
    def ready(self, desk, book, visit, loan, by) -> Hold:
        ask(desk, book, visit)
        work.bring_back(loan.copy, by=by)
        return Hold.objects.get()

    def test_what_is_ready_is_lent_to_whom_it_is_kept_for(self, desk, ready, visit):
        assert "Siap diambil" in desk.get("/meja/pustaka/pesanan/").content.decode()
        assert "Dipinjamkan sampai" in act(desk, ready, "serahkan")
        out = Loan.objects.get(state="out")
        assert (out.visitor, out.visit, fresh(ready).state) == (visit.visitor, visit, "taken")
        assert "belum siap atau sudah selesai" in act(desk, ready, "serahkan")

    def test_cancelled_it_goes_to_the_next(self, desk, ready, book, office, by):
        second = holds.ask(book, office, reader(office, "Sari", "+62812"), by=by)
        assert "Pesanan dibatalkan" in act(desk, ready, "batal")
        assert (fresh(ready).state, fresh(second).state) == ("cancelled", "ready")

    def test_the_rules_of_lending_hold_here_too(self, desk, ready, visit, office, by):
        LendingRules.objects.create(office=office, most=1)
        other = copy_of(title(office, "Profil Kemiskinan"), office, "K1")
        work.lend(other, visit.visitor, by=by)
        assert "sebanyak yang boleh" in act(desk, ready, "serahkan")

    def test_not_what_there_is_not(self, desk, ready, offices, make_user):
        assert desk.post(reverse("library:hold_act", args=[ready.pk, "bakar"])).status_code == 404
        stranger = client_of(make_user(offices["7411"]))
        assert stranger.post(reverse("library:hold_act", args=[ready.pk, "batal"])).status_code == 404


class TestOut:
    @pytest.fixture
    def many(self, book, office, by):
        for n in range(45):
            work.read_here(copy_of(book, office, f"M{n:02d}"), by=by)

    def test_all_of_it_by_pages(self, desk, many, book, office, by):
        work.lend(copy_of(book, office, "L1"), reader(office), by=by, at=TUESDAY)
        first = desk.get("/meja/pustaka/").content.decode()
        second = desk.get("/meja/pustaka/?page=2").content.decode()
        assert (first.count("data-loan="), second.count("data-loan=")) == (40, 6)
        assert "Halaman 1 dari 2" in first
        assert first.index("L1") < first.index("M00")  # what is due first stands first
        late = desk.get("/meja/pustaka/?daftar=terlambat").content.decode()
        assert late.count("data-loan=") == 1
        assert desk.get("/meja/pustaka/?daftar=hari-ini").content.decode().count("data-loan=") == 40

    @pytest.mark.parametrize(
        "query", ["page=0", "page=x", "page=99999999999999999999", "daftar=\0", "daftar=x"]
    )
    def test_odd_addresses(self, desk, many, query):
        assert desk.get(f"/meja/pustaka/?{query}").status_code == 200

    def test_as_many_questions_for_many(self, desk, many, office, by, django_assert_max_num_queries):
        for n in range(3):
            work.lend(
                copy_of(title(office, f"Judul {n}"), office, f"T{n}"), reader(office, f"R{n}", f"+6281{n}"),
                by=by, at=TUESDAY,
            )  # fmt: skip
        desk.get("/meja/pustaka/")
        with django_assert_max_num_queries(10):
            desk.get("/meja/pustaka/")
        with django_assert_max_num_queries(7):
            desk.get("/meja/pustaka/pesanan/")


class TestAside:
    def back(self, client, copy, action="rak"):
        address = reverse("library:aside_act", args=[copy.pk, action])
        return client.post(address, follow=True).content.decode()

    def test_a_repaired_copy_is_back_and_goes_to_whom_it_was_waited_for(self, boss, loan, book, office, by):
        asked = holds.ask(book, office, reader(office, "Sari", "+62812"), by=by)
        work.bring_back(loan.copy, by=by, damaged=True)
        assert "Rusak" in boss.get("/meja/pustaka/tidak-di-rak/").content.decode()
        assert "Kembali di rak" in self.back(boss, loan.copy)
        assert (fresh(loan.copy).state, fresh(asked).state) == ("shelf", "ready")

    def test_a_lost_one_that_was_found_ends_its_loan(self, boss, loan, by):
        work.lose(loan, by=by)
        self.back(boss, loan.copy)
        assert (fresh(loan.copy).state, fresh(loan).state) == ("shelf", "returned")

    def test_lost_from_the_shelf_and_taken_out_of_the_collection(self, boss, book, office, by):
        copy = shelves.put_away(copy_of(book, office), "lost", by=by)
        self.back(boss, copy)
        assert fresh(copy).state == "shelf"
        shelves.put_away(copy, "damaged", by=by)
        assert "Ditarik dari koleksi" in self.back(boss, copy, "tarik")
        assert Copy.objects.get().state == "withdrawn"
        assert boss.post(reverse("library:aside_act", args=[copy.pk, "rak"])).status_code == 404

    def test_the_supervisor_does_it(self, desk, boss, book, office, by):
        copy = shelves.put_away(copy_of(book, office), "damaged", by=by)
        page = desk.get("/meja/pustaka/tidak-di-rak/").content.decode()
        assert copy.barcode in page
        assert "Kembali ke rak" not in page
        assert desk.post(reverse("library:aside_act", args=[copy.pk, "rak"])).status_code == 403


class TestRules:
    SAID = {"most": "3", "days": "14", "renewals": "2", "hold_days": "2", "contact_needed": "on"}

    def test_set_by_the_supervisor_and_in_the_trail(self, boss, office, book, by):
        boss.post("/panel/peminjaman/", self.SAID)
        rules = procedure.rules_of(office)
        assert (rules.most, rules.days, rules.renewals, rules.hold_days) == (3, 14, 2, 2)
        entry = AuditEntry.objects.get(action="setting.lending")
        assert entry.detail["changed"] == {
            "most": [2, 3],
            "days": [7, 14],
            "renewals": [1, 2],
            "hold_days": [3, 2],
        }
        loan = work.lend(copy_of(book, office), reader(office), by=by, at=TUESDAY)
        assert loan.due_on == office.today(TUESDAY) + timedelta(days=15)  # the 24th is a day of leave

    @pytest.mark.parametrize("typed", ["", "0", "999", "-1", "٣x", "9" * 40, "\0"])
    def test_what_makes_no_sense_is_told_and_kept(self, boss, typed):
        answer = boss.post("/panel/peminjaman/", {**self.SAID, "days": typed})
        assert answer.status_code == 422
        assert not LendingRules.objects.exists()

    def test_where_nothing_is_lent_there_is_nothing_to_set(self, offices, make_user):
        client = client_of(make_user(offices["6571"], role="supervisor"))
        page = client.get("/panel/peminjaman/").content.decode()
        assert "buku tidak dipinjamkan" in page
        assert 'name="days"' not in page
        client.post("/panel/peminjaman/", self.SAID)
        assert not LendingRules.objects.exists()
