"""Books go out and come back: by the office's procedure, and never into two hands."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from library.models import Copy, Hold, LendingRules, Loan, Publication
from library.workflows import circulation as work
from library.workflows import holds, letting_go, procedure, shelves
from pst.privacy import retention
from pst.privacy import workflows as privacy
from services.audit.actors import Actor
from services.guestbook.models import Visitor
from services.workflow import IllegalMove
from tests.guestbook.support import arrive
from tests.together import Beside, Held, at_once

TUESDAY = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)  # 09.00 WIB


@pytest.fixture
def office(offices):
    """Belitung Timur: the one whose standard lends (BT5)."""
    return offices["1906"]


@pytest.fixture
def by(office, make_user) -> Actor:
    return Actor("officer", user_id=make_user(office).pk)


@pytest.fixture
def book(office) -> Publication:
    return Publication.objects.create(title="Belitung Timur Dalam Angka 2025", year=2025, keeper=office)


def copy_of(book, office, barcode="B1", **more) -> Copy:
    return Copy.objects.create(office=office, publication=book, barcode=barcode, **more)


def reader(office, name="Wahyu Lestari", phone="+6281234567890") -> Visitor:
    return Visitor.objects.create(office=office, name=name, phone=phone)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


class TestRead:
    def test_in_the_room_without_a_name(self, book, office, by):
        copy = copy_of(book, office)
        loan = work.read_here(copy, by=by, at=TUESDAY)
        assert (loan.kind, loan.visitor, loan.due_on, fresh(copy).state) == ("reading", None, None, "out")
        work.bring_back(copy, by=by, at=TUESDAY)
        assert (fresh(loan).state, fresh(copy).state) == ("returned", "shelf")

    def test_what_is_out_is_not_given_again(self, book, office, by):
        copy = copy_of(book, office)
        work.read_here(copy, by=by)
        with pytest.raises(IllegalMove, match="masih tercatat di tangan pembaca"):
            work.read_here(copy, by=by)
        with pytest.raises(IllegalMove, match="tidak sedang dipinjam"):
            work.bring_back(copy_of(book, office, "B2"), by=by)

    @pytest.mark.parametrize("state", ["lost", "damaged", "withdrawn"])
    def test_what_is_not_on_the_shelf_is_not_given(self, book, office, by, state):
        copy = shelves.put_away(copy_of(book, office), state, by=by)
        with pytest.raises(IllegalMove):
            work.read_here(copy, by=by)


class TestPermission:
    def test_an_officer_lets_it_out_until_the_evening(self, book, office, by):
        visit = arrive(office)
        loan = work.permit(copy_of(book, office), visit, by=by, note="fotokopi", at=TUESDAY)
        assert (loan.due_on, loan.approved_by_id) == (office.today(TUESDAY), by.user_id)
        assert not loan.overdue(office.today(TUESDAY))
        assert loan.overdue(office.today(TUESDAY) + timedelta(days=1))

    def test_nobody_else_can(self, book, office):
        with pytest.raises(IllegalMove, match="izin petugas"):
            work.permit(copy_of(book, office), arrive(office), by=Actor("device"))

    def test_not_what_is_read_here_only(self, book, office, by):
        with pytest.raises(IllegalMove, match="dibaca di tempat"):
            work.permit(copy_of(book, office, in_house_only=True), arrive(office), by=by)


class TestLent:
    def test_seven_days_that_end_on_a_holiday_end_on_the_next_working_day(self, book, office, by):
        """10 March 2026 + 7 = 17 March (Tuesday, worked); + 8 falls into Nyepi, Lebaran and leave until 25 March."""
        assert procedure.due_day(office, office.today(TUESDAY), 7).isoformat() == "2026-03-17"
        assert procedure.due_day(office, office.today(TUESDAY), 8).isoformat() == "2026-03-25"
        loan = work.lend(copy_of(book, office), reader(office), by=by, at=TUESDAY)
        assert loan.due_on.isoformat() == "2026-03-17"

    def test_only_where_the_standard_lends(self, offices, make_user):
        tarakan = offices["6571"]
        book = Publication.objects.create(title="Tarakan Dalam Angka")
        officer = Actor("officer", user_id=make_user(tarakan).pk)
        with pytest.raises(IllegalMove, match="tidak dipinjamkan"):
            work.lend(copy_of(book, tarakan), reader(tarakan), by=officer)

    def test_no_more_than_the_procedure_says(self, book, office, by):
        LendingRules.objects.create(office=office, most=1)
        who = reader(office)
        work.lend(copy_of(book, office), who, by=by)
        with pytest.raises(IllegalMove, match="sebanyak yang boleh"):
            work.lend(copy_of(book, office, "B2"), who, by=by)

    def test_nothing_more_while_something_is_overdue(self, book, office, by):
        who = reader(office)
        work.lend(copy_of(book, office), who, by=by, at=TUESDAY)
        with pytest.raises(IllegalMove, match="lewat jatuh tempo"):
            work.lend(copy_of(book, office, "B2"), who, by=by, at=TUESDAY + timedelta(days=30))

    def test_not_to_who_cannot_be_reached_is_erased_or_another_office_s(self, book, office, offices, by):
        for who in (reader(office, phone=""), reader(office, name=""), reader(offices["7411"])):
            with pytest.raises(IllegalMove):
                work.lend(copy_of(book, office, f"B{who.pk}"), who, by=by)

    def test_renewed_once_and_not_over_who_waits(self, book, office, by):
        copy, who = copy_of(book, office), reader(office)
        loan = work.lend(copy, who, by=by, at=TUESDAY)
        with pytest.raises(IllegalMove, match="Belum perlu"):  # it would use the one renewal up for nothing
            work.renew(loan, by=by, at=TUESDAY)
        loan = work.renew(loan, by=by, at=TUESDAY + timedelta(days=6))
        assert loan.due_on.isoformat() == "2026-03-25"
        with pytest.raises(IllegalMove, match="sebanyak yang boleh"):
            work.renew(loan, by=by, at=TUESDAY + timedelta(days=6))
        Loan.objects.update(renewals=0)
        holds.ask(book, office, reader(office, "Rina", "+62811"), by=by)
        with pytest.raises(IllegalMove, match="menunggu"):
            work.renew(loan, by=by, at=TUESDAY + timedelta(days=6))

    def test_lost_and_found(self, book, office, by):
        copy = copy_of(book, office)
        loan = work.lose(work.lend(copy, reader(office), by=by), by=by, note="banjir")
        assert (loan.state, fresh(copy).state, loan.note) == ("lost", "lost", "banjir")
        work.bring_back(copy, by=by)
        assert (fresh(loan).state, fresh(copy).state) == ("returned", "shelf")

    def test_back_and_damaged(self, book, office, by):
        copy = copy_of(book, office)
        work.lend(copy, reader(office), by=by)
        work.bring_back(copy, by=by, damaged=True)
        assert fresh(copy).state == "damaged"

    def test_nobody_is_erased_with_a_book_in_hand(self, book, office, by):
        who = reader(office)
        copy = copy_of(book, office)
        work.lend(copy, who, by=by)
        asked = privacy.receive(who, kind="erasure", channel="desk", by=by)
        with pytest.raises(IllegalMove, match="membawa buku"):
            privacy.fulfil(asked, by=by)
        work.bring_back(copy, by=by)
        privacy.fulfil(asked, by=by)
        assert Loan.objects.get().visitor.name == ""

    def test_who_had_a_book_is_let_go_when_it_is_long_back(self, book, office, by):
        copy = copy_of(book, office)
        loan = work.lend(copy, reader(office), by=by, at=TUESDAY)
        assert work.forget_borrowers(at=TUESDAY + timedelta(days=400)) == 0  # still out
        work.bring_back(copy, by=by, at=TUESDAY)
        assert work.forget_borrowers(at=TUESDAY + timedelta(days=89)) == 0
        assert work.forget_borrowers(at=TUESDAY + timedelta(days=91)) == 1
        assert (fresh(loan).visitor, fresh(loan).visit) == (None, None)


class TestHeld:
    def test_the_first_who_waits_gets_the_next_that_comes_back(self, book, office, by):
        copy = copy_of(book, office)
        first, second = reader(office, "Rina", "+62811"), reader(office, "Sari", "+62812")
        work.lend(copy, reader(office), by=by, at=TUESDAY)
        one = holds.ask(book, office, first, by=by, at=TUESDAY)
        two = holds.ask(book, office, second, by=by, at=TUESDAY)
        assert holds.ask(book, office, first, by=by) == one
        _loan, kept = work.bring_back(copy, by=by, at=TUESDAY)
        assert (kept, kept.kept_until.isoformat()) == (one, "2026-03-13")
        with pytest.raises(IllegalMove, match="disimpan untuk pemesan"):
            work.read_here(copy, by=by)
        work.lend(copy, first, by=by, at=TUESDAY)
        assert (fresh(one).state, fresh(two).state) == ("taken", "waiting")

    def test_not_fetched_it_goes_to_the_next(self, book, office, by):
        copy = copy_of(book, office)
        one = holds.ask(book, office, reader(office, "Rina", "+62811"), by=by, at=TUESDAY)
        two = holds.ask(book, office, reader(office, "Sari", "+62812"), by=by, at=TUESDAY)
        assert (fresh(one).state, fresh(two).state) == ("ready", "waiting")
        assert holds.expire(by=by, at=TUESDAY + timedelta(days=3)) == 0  # the last day still counts
        assert holds.expire(by=by, at=TUESDAY + timedelta(days=4)) == 1
        assert (fresh(one).state, fresh(two).state, fresh(two).copy) == ("expired", "ready", copy)

    def test_only_of_what_is_lent_here(self, book, office, by):
        copy_of(book, office, in_house_only=True)
        with pytest.raises(IllegalMove, match="tidak punya eksemplar"):
            holds.ask(book, office, reader(office), by=by)

    def test_no_place_in_the_line_for_a_book_in_ones_own_hands(self, office, book, by):
        rina = reader(office, "Rina", "+62811")
        work.lend(copy_of(book, office), rina, by=by)
        with pytest.raises(IllegalMove, match="sedang memegang"):
            holds.ask(book, office, rina, by=by)

    def test_erased_readers_leave_their_place_to_the_next(self, office, book, by):
        copy = copy_of(book, office)
        first, second = reader(office), reader(office, "Rina", "+62811")
        asked = [holds.ask(book, office, who, by=by) for who in (first, second)]
        assert [fresh(h).state for h in asked] == ["ready", "waiting"]
        retention.erase(first, by=by, why="erasure")
        assert not Hold.objects.filter(pk=asked[0].pk).exists()
        assert (fresh(asked[1]).state, fresh(asked[1]).copy) == ("ready", copy)

    def test_one_that_became_ready_while_the_desk_looked_goes_on_to_the_next(self, office, book, by):
        copy = copy_of(book, office)
        work.read_here(copy, by=by)
        first, second = (holds.ask(book, office, reader(office, n, f"+62811{n}"), by=by) for n in "12")
        work.bring_back(copy, by=by)
        assert first.copy is None  # as the desk still sees it
        holds.end(first, by=by)
        assert (fresh(second).state, fresh(second).copy) == ("ready", copy)

    def test_one_kept_anew_while_the_night_looked_is_kept(self, office, book, by):
        copy = copy_of(book, office)
        asked = holds.ask(book, office, reader(office), by=by, at=TUESDAY)
        seen = fresh(asked)
        shelves.put_away(copy, "damaged", by=by, at=TUESDAY + timedelta(days=9))
        shelves.put_away(copy, "shelf", by=by, at=TUESDAY + timedelta(days=9))
        with pytest.raises(IllegalMove):
            holds.end(seen, by=by, expired=True, at=TUESDAY + timedelta(days=10))
        assert fresh(asked).state == "ready"

    @pytest.mark.parametrize("how", [work.lend, work.permit])
    def test_nobody_is_passed_over_in_the_line(self, office, book, by, how):
        """A copy that another desk had in hand was given to nobody; who comes by does not get it before who waits."""
        copy, waits = copy_of(book, office), reader(office, "Rina", "+62811")
        Hold.objects.create(office=office, publication=book, visitor=waits, asked_at=TUESDAY)
        visit = arrive(office)
        visit.visitor = reader(office)
        visit.save()
        with pytest.raises(IllegalMove, match="disimpan untuk pemesan"):
            how(copy, visit.visitor if how == work.lend else visit, by=by)
        copy_of(book, office, "B2")
        assert how(copy, waits, by=by) if how == work.lend else True

    def test_the_night_takes_only_holds_that_are_over(self, office, book, by):
        """Waited for longer than holds are kept, and ready at last: it is still kept until its day."""
        copy_of(book, office)
        asked = [holds.ask(book, office, reader(office, n, f"+62811{n}"), by=by) for n in ("1", "2", "3")]
        holds.end(asked[2], by=by)
        Hold.objects.update(asked_at=timezone.now() - timedelta(days=95))
        retention.run()
        assert list(Hold.objects.values_list("state", flat=True)) == ["ready", "waiting"]


def in_order(office) -> None:
    """What must be true after whatever happened."""
    for copy in Copy.objects.filter(office=office):
        out = copy.loans.filter(state="out").count()
        assert out == (1 if copy.state == "out" else 0), copy
        kept = Hold.objects.filter(copy=copy, state="ready").count()
        assert kept <= 1
        assert not kept or copy.state == "shelf"
    for who in Visitor.objects.filter(office=office):
        assert who.loans.filter(kind="loan", state="out").count() <= 2
    for loan in Loan.objects.filter(office=office):
        assert [s.state for s in loan.steps.all()][-1] == loan.state
    shelf = Copy.objects.filter(office=office, state="shelf", in_house_only=False).exclude(
        holds__state="ready"
    )
    assert not (shelf.exists() and Hold.objects.filter(office=office, state="waiting").exists())


def choices(office, book, copy, who, visit, by, at, chance) -> list:
    """What an officer may try now, sensible or not."""
    found, open_holds = list(Loan.objects.filter(office=office)), list(Hold.objects.filter(office=office))
    actions = [
        lambda: work.read_here(copy, by=by, at=at),
        lambda: work.permit(copy, visit, by=by, at=at),
        lambda: work.lend(copy, who, by=by, at=at),
        lambda: work.bring_back(copy, by=by, damaged=chance.random() < 0.2, at=at),
        lambda: work.bring_back(copy, by=by, at=at),
        lambda: holds.ask(book, office, who, by=by, at=at),
        lambda: holds.expire(by=by, at=at),
        lambda: shelves.put_away(copy, chance.choice(["shelf", "damaged", "lost"]), by=by, at=at),
    ]
    if found:
        actions += [
            lambda: work.renew(chance.choice(found), by=by, at=at),
            lambda: work.lose(chance.choice(found), by=by, at=at),
        ]
    if open_holds:
        actions.append(lambda: holds.end(chance.choice(open_holds), by=by, at=at))
    return actions


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_whatever_the_desk_does_a_copy_is_in_one_hand(office, book, by, seed):
    chance = Random(seed)
    with transaction.atomic():
        copies = [copy_of(book, office, f"C{n}") for n in range(3)]
        people = [reader(office, f"Orang {n}", f"+62811{n}") for n in range(3)]
        visit = arrive(office)
        at = TUESDAY
        for _step in range(30):
            at += timedelta(hours=chance.choice([1, 5, 30]))
            copy, who = chance.choice(copies), chance.choice(people)
            action = chance.choice(choices(office, book, copy, who, visit, by, at, chance))
            try:
                with transaction.atomic():
                    action()
            except IllegalMove:
                pass
            in_order(office)
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_the_database_itself_holds_one_hand_for_a_copy(book, office, by):
    copy = copy_of(book, office)
    work.read_here(copy, by=by)
    with pytest.raises(IntegrityError), transaction.atomic():
        Loan.objects.create(office=office, copy=copy, kind="reading", out_at=TUESDAY)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_desks_at_one_book(self, offices, make_user):
        office = offices["1906"]
        book = Publication.objects.create(title="Belitung Timur Dalam Angka")
        officers = [Actor("officer", user_id=make_user(office).pk) for _n in "ab"]
        for n in range(5):
            copy = copy_of(book, office, f"B{n}")
            answers = at_once(
                *[
                    partial(work.lend, copy, reader(office, f"{name} {n}", f"+62811{n}{i}"), by=officers[i])
                    for i, name in enumerate(("Rina", "Sari"))
                ]
            )
            assert sorted(type(a).__name__ for a in answers) == ["IllegalMove", "Loan"]
            in_order(office)

    def test_one_reader_at_two_desks_borrows_no_more_than_allowed(self, offices, make_user):
        office = offices["1906"]
        LendingRules.objects.create(office=office, most=1)
        book = Publication.objects.create(title="Belitung Timur Dalam Angka")
        officer = Actor("officer", user_id=make_user(office).pk)
        for n in range(4):
            who = reader(office, f"Rina {n}", f"+62811{n}")
            answers = at_once(
                *[partial(work.lend, copy_of(book, office, f"B{n}{i}"), who, by=officer) for i in "xy"]
            )
            assert sorted(type(a).__name__ for a in answers) == ["IllegalMove", "Loan"]

    def test_returned_twice_and_lent_beside_it(self, offices, make_user):
        office = offices["1906"]
        book = Publication.objects.create(title="Belitung Timur Dalam Angka")
        officer = Actor("officer", user_id=make_user(office).pk)
        for n in range(4):
            copy = copy_of(book, office, f"B{n}")
            work.read_here(copy, by=officer)
            who = reader(office, f"Rina {n}", f"+62811{n}")
            answers = at_once(
                partial(work.bring_back, copy, by=officer), partial(work.bring_back, copy, by=officer),
                partial(holds.ask, book, office, who, by=officer), partial(work.read_here, copy, by=officer),
            )  # fmt: skip
            assert not [a for a in answers if isinstance(a, Exception) and not isinstance(a, IllegalMove)]
            assert Loan.objects.filter(copy=copy, state__in=("returned", "damaged")).count() >= 1

    def test_lent_while_the_reader_is_erased(self, offices, make_user, monkeypatch):
        """Both hold on to the visit before the visitor: neither waits for the other with it in hand."""
        office = offices["1906"]
        book = Publication.objects.create(title="Belitung Timur Dalam Angka")
        officer = Actor("officer", user_id=make_user(office).pk)
        visit = arrive(office)
        visit.visitor = who = reader(office)
        visit.save()
        asked = privacy.receive(who, kind="erasure", channel="desk", by=officer)
        allowed = work._may_borrow
        erasing: list[Beside] = []

        def erased_meanwhile(*args):
            allowed(*args)
            erasing.append(Beside(partial(privacy.fulfil, asked, by=officer)))

        monkeypatch.setattr(work, "_may_borrow", erased_meanwhile)
        work.lend(copy_of(book, office), who, by=officer, visit=visit)
        with pytest.raises(IllegalMove, match="masih membawa buku"):
            erasing[0].finish()

    def test_an_erasure_waits_for_no_copy_in_hand_elsewhere(self, offices, make_user):
        """The other desk may be about to lend it to the very person."""
        office = offices["1906"]
        book = Publication.objects.create(title="Belitung Timur Dalam Angka")
        officer = Actor("officer", user_id=make_user(office).pk)
        copy, who = copy_of(book, office), reader(office)
        holds.ask(book, office, who, by=officer)
        in_hand = Held(lambda: Copy.objects.select_for_update().get(pk=copy.pk))
        with in_hand, pytest.raises(IllegalMove, match="meja lain"):
            Beside(partial(retention.erase, who, by=officer, why="erasure")).finish()
        assert fresh(who).name == "Wahyu Lestari"

    def test_two_erasures_whose_holds_cross_do_not_wait_for_each_other_for_ever(
        self, offices, make_user, monkeypatch
    ):
        """Each lets go a book that the other waits for."""
        office = offices["1906"]
        officer = Actor("officer", user_id=make_user(office).pk)
        books = [Publication.objects.create(title=f"Buku {n}") for n in range(2)]
        for book in books:
            copy_of(book, office, f"B{book.pk}")
        people = [reader(office), reader(office, "Rina", "+62811")]
        for book, who in zip(books, people, strict=True):
            holds.ask(book, office, who, by=officer)
        for book, who in zip(books[::-1], people, strict=True):
            holds.ask(book, office, who, by=officer)
        both, serve = threading.Barrier(2), letting_go.serve_waiting

        def serve_when_both_have_locked(*args, **more):
            with suppress(threading.BrokenBarrierError):
                both.wait(1)
            serve(*args, **more)

        monkeypatch.setattr(letting_go, "serve_waiting", serve_when_both_have_locked)
        erase = partial(retention.erase, by=officer, why="erasure")
        answers = at_once(*(partial(erase, who) for who in people))
        assert not [a for a in answers if isinstance(a, Exception) and not isinstance(a, IllegalMove)], (
            answers
        )
        for who in people:
            erase(who)
        assert not Hold.objects.exists()
