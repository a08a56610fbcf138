"""Books lent, where the standard lends: back in time, late, damaged, lost, some found again, some still out."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

from library.models import LendingRules, Loan, LoanStep
from library.workflows.circulation import REMEMBERED
from library.workflows.procedure import rules_of
from pst.demo_year.books import Book
from pst.demo_year.people import Person
from pst.demo_year.place import Place
from pst.demo_year.reading import count, loan_steps
from pst.demo_year.visits import Written

FAR = timedelta(days=4000)


class Desk:
    """The lending of one office, with what each borrower has out: (due day, when it comes back)."""

    def __init__(self, place: Place, books: list[Book]):
        self.place, self.books = place, books
        self.rules: LendingRules = rules_of(place.office)
        self.out: dict[int, list[tuple[date, datetime]]] = {}

    def of_visit(self, written: Written, chance: random.Random) -> None:
        rules, person = written.offered.rules, written.person
        if person is None or not written.served or written.came.on_paper or written.ended_at is None:
            return
        at = written.ended_at - timedelta(seconds=30)
        if rules.lending and chance.random() < 0.07 and self._may(person, at):
            self._lend(written, person, at, chance)
        elif rules.removal_permission and chance.random() < 0.02:
            self._permit(written, person, at, chance)

    def _may(self, person: Person, at: datetime) -> bool:
        still = [(due, back) for due, back in self.out.get(person.pk, []) if back > at]
        self.out[person.pk] = still
        late = any(due < self.place.day_of(at) for due, _back in still)
        return len(still) < self.rules.most and not late and bool(person.email or person.phone)

    def _book(self, at: datetime, chance: random.Random) -> Book | None:
        free = [book for book in chance.sample(self.books, min(8, len(self.books))) if book.free_from <= at]
        return free[0] if free else None

    def _due(self, day: date) -> date:
        due = day + timedelta(days=self.rules.days)
        calendar = self.place.calendar
        return due if calendar.is_working_day(due) else calendar.working_day_after(due, 1)

    def _lend(self, written: Written, person: Person, at: datetime, chance: random.Random) -> None:
        place, book = self.place, self._book(at, chance)
        if book is None:
            return
        due, renewed = self._due(place.day_of(at)), None
        if self.rules.renewals and chance.random() < 0.15:
            renewed = place.working_hour(chance, place.open_at(due, 8) - timedelta(days=2))
            later = self._due(place.day_of(renewed))
            if renewed >= place.now or place.day_of(renewed) > due or later <= due or renewed <= at:
                renewed = None
            else:
                due = later
        state, back = self._end(at, due, chance)
        if state == "lost" and place.open_at(due, 10) + timedelta(days=30) > place.now:
            state, back = "out", None
        shown = back if back and back <= place.now else None
        if state in ("returned", "damaged") and shown is None:
            state = "out"
        forgotten = shown is not None and shown < place.now - REMEMBERED
        key = place.store.add(
            Loan, office_id=place.office.pk, copy_id=book.pk, visit_id=None if forgotten else written.visit,
            visitor_id=None if forgotten else person.pk, kind="loan", state=state, out_at=at, due_on=due,
            renewals=1 if renewed else 0, back_at=shown, approved_by_id=written.officer.user,
        )  # fmt: skip
        loan_steps(place, key, at, None, state, written, kind="loan")
        if renewed:
            place.moved(Loan, LoanStep, key, "out", renewed, written.officer, why="renewed")
            place.note(renewed, "loan.renewed", Loan, key, written.officer)
        over = shown or (place.open_at(due, 10) + timedelta(days=30) if state == "lost" else None)
        if over:
            place.moved(Loan, LoanStep, key, state, over, written.officer, was="out")
        count(place, at, book.publication, "borrowed")
        book.free_from = shown or at + FAR
        book.state = {"out": "out", "lost": "lost", "damaged": "damaged"}.get(state, "shelf")
        if state == "damaged":
            book.free_from = at + FAR
        self.out.setdefault(person.pk, []).append((due, back or at + FAR))

    def _end(self, at: datetime, due: date, chance: random.Random) -> tuple[str, datetime | None]:
        """How it ends, and when it comes back, perhaps after the end of the year."""
        drawn = chance.random()
        if drawn < 0.015:
            return "lost", None
        late = chance.randrange(1, 22) if drawn < 0.13 else 0
        early = chance.randrange(0, max(1, self.rules.days - 1))
        day = due + timedelta(days=late) if late else due - timedelta(days=early)
        back = self.place.working_hour(chance, max(at + timedelta(hours=20), self.place.open_at(day, 8)))
        return ("damaged" if drawn > 0.985 else "returned"), back

    def _permit(self, written: Written, person: Person, at: datetime, chance: random.Random) -> None:
        """Out of the room for an hour, to be copied next door."""
        place, book = self.place, self._book(at, chance)
        back = at + timedelta(minutes=chance.randrange(10, 60))
        if book is None or place.day_of(back) != written.day:
            return
        forgotten = back < place.now - REMEMBERED
        key = place.store.add(
            Loan, office_id=place.office.pk, copy_id=book.pk, visit_id=None if forgotten else written.visit,
            visitor_id=None if forgotten else person.pk, kind="permission", state="returned", out_at=at, due_on=written.day,
            back_at=back, approved_by_id=written.officer.user,
        )  # fmt: skip
        loan_steps(place, key, at, back, "returned", written, kind="permission")
        count(place, at, book.publication, "borrowed")
        book.free_from = back
