"""Random families, namesakes, merges, corrections and erasures, beside a plain account of what is provable: nobody
reaches a record that nothing ties to them, and an erasure at the office leaves nothing that was certainly theirs."""

from __future__ import annotations

from functools import partial
from random import Random

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from pst.privacy import retention
from pst.privacy import workflows as privacy
from pst.privacy.models import PrivacyRequest
from services.audit.actors import Actor
from services.guestbook import merging, workflows
from services.guestbook.models import ConsentWording, Visit, Visitor, VisitorMerge
from services.guestbook.one_person import plain_name
from services.offices.models import Office
from services.workflow import IllegalMove
from tests.conftest import load_offices
from tests.guestbook.support import arrive
from tests.guestbook.test_importing import BARE, bring
from tests.together import at_once

BY = Actor("officer")
FAMILY, OTHER = "+6281234567890", "+6289999999999"
NAMES = st.sampled_from(["Wahyu Lestari", "wahyu  LESTARI", "Rina"])
PHONES = st.sampled_from([FAMILY, FAMILY, OTHER, ""])
MAILS = st.sampled_from(["", "", "father@example.test", "son@example.test", "Son@example.test"])
CHANGES = st.one_of(
    st.fixed_dictionaries({"name": NAMES}), st.fixed_dictionaries({"phone": PHONES}),
    st.fixed_dictionaries({"email": MAILS}), st.fixed_dictionaries({"phone": PHONES, "email": MAILS}),
)  # fmt: skip
PICK = st.integers(0, 10_000)


def mail(one) -> str:
    return one.email.casefold()


def named_alike(one, two) -> bool:
    return plain_name(one.name) == plain_name(two.name)


def by_mail(one, two) -> bool:
    return bool(one.email) and mail(one) == mail(two) and named_alike(one, two)


def by_phone(one, two) -> bool:
    return bool(one.phone) and one.phone == two.phone and named_alike(one, two)


def closure(start, near) -> set[int]:
    found, fresh = set(start), set(start)
    while fresh:
        fresh = {pk for one in fresh for pk in near(one)} - found
        found |= fresh
    return found


class PersonMachine(RuleBasedStateMachine):
    """IllegalMove is an allowed answer, nothing else is."""

    def __init__(self):
        super().__init__()
        VisitorMerge.objects.all().delete()
        PrivacyRequest.objects.all().delete()
        Visit.objects.all().delete()
        Visitor.objects.all().delete()
        self.office = Office.objects.get(code="7411")
        self.certain: set[frozenset[int]] = set()  # ties that could not be doubted when they were seen
        self.linked: set[frozenset[int]] = set()  # these, and what may have been taken for one
        self.merges: dict[int, tuple] = {}  # merge → the other record as it was, its visits
        self.line = 0

    # ---- what is known, told plainly ----

    def rows(self) -> dict[int, Visitor]:
        return {v.pk: v for v in Visitor.objects.exclude(name="")}

    def pick(self, number: int, **of) -> Visitor | None:
        rows = list(Visitor.objects.exclude(name="").filter(**of).order_by("pk"))
        return rows[number % len(rows)] if rows else None

    def parted(self) -> set[frozenset[int]]:
        undone = VisitorMerge.objects.filter(undone_at__isnull=False)
        return {frozenset(pair) for pair in undone.values_list("kept", "other")}

    def merged(self, rows, start) -> set[int]:
        """An officer's word, up and down."""

        def near(pk):
            up = {rows[pk].merged_into_id} - {None} if pk in rows else set()
            return up | {v.pk for v in rows.values() if v.merged_into_id == pk}

        return closure(start, near)

    def provable(self, rows, start) -> set[int]:
        """With the mailbox, and what an officer said."""
        return closure(
            start,
            lambda pk: self.merged(rows, {pk}) | {v.pk for v in rows.values() if by_mail(v, rows[pk])},
        )

    def tied(self, pk, ties=None) -> set[int]:
        return {other for tie in (self.certain if ties is None else ties) if pk in tie for other in tie}

    def undoubted(self, rows, people) -> bool:
        boxes = {mail(rows[pk]) for pk in people} - {""}
        return len(boxes) < 2 and not any(pair <= people for pair in self.parted())

    def recognised(self, rows, head) -> None:
        """One mailbox is one person's; and so is all that stands together with one mailbox at most."""

        def mailed(pk, ties):
            return self.tied(pk, ties) & set(rows) | {v.pk for v in rows.values() if by_mail(v, rows[pk])}

        def anything(pk):
            called = {v.pk for v in rows.values() if by_phone(v, rows[pk])}
            return mailed(pk, self.linked) | called | self.merged(rows, {pk})

        around = closure({head.pk}, anything)
        for people in (closure({head.pk}, lambda pk: mailed(pk, self.certain)), around):
            if self.undoubted(rows, people) and not any(rows[pk].merged_into_id for pk in people):
                self.certain |= {frozenset({head.pk, pk}) for pk in people - {head.pk}}
        boxes = {mail(rows[pk]) for pk in around} - {""}
        sure = closure({head.pk}, lambda pk: mailed(pk, self.linked))
        if len(boxes) < 2 or around <= self.reachable(rows, {head.pk}):
            sure = around
        self.linked |= {frozenset({head.pk, pk}) for pk in sure - {head.pk}} | self.certain

    def reachable(self, rows, start) -> set[int]:
        """As far as anything leads at the office: over a name and phone, or a tie once certain, to nobody with a
        mailbox of their own."""
        found = set(start)
        while True:
            found = self.provable(rows, found)
            boxes = {mail(rows[pk]) for pk in found} - {""}
            more = set()
            for pk in set(rows) - found:
                unit = {mail(rows[x]) for x in self.merged(rows, {pk})} - {""}
                sure = bool(self.tied(pk, self.linked) & found)
                if sure or any(by_phone(rows[pk], rows[x]) for x in found):
                    more |= {pk} if unit <= boxes or (sure and not boxes) else set()
            if not more:
                return found
            found |= more

    # ---- what people do ----

    @rule(name=NAMES, phone=PHONES, email=MAILS)
    def sign_for_the_first_time(self, name, phone, email):
        before = Visitor.objects.count()
        self.sign(None, {"name": name, "phone": phone, "email": email})
        assert Visitor.objects.count() == before + 1

    def sign(self, known, person):
        return workflows.sign(
            visit=arrive(self.office), person=person, answers={}, consent=True, channel="desk", by=BY,
            wording=ConsentWording.objects.first(), visitor=known,
        ).visitor  # fmt: skip

    @rule(name=NAMES, phone=st.sampled_from(["0812 3456 7890", ""]), email=MAILS)
    def is_imported_from_an_old_book(self, name, phone, email):
        self.line += 1
        row = {**BARE, "arrived": f"{8 + self.line // 60:02}:{self.line % 60:02}", "consent": "yes"}
        done = bring(self.office, {**row, "name": name, "phone": phone, "email": email})
        assert done.added == 1
        visitor = Visit.objects.latest("pk").visitor
        typed = Visitor(name=name, email=email, phone=FAMILY if phone else "")
        heads = [v for v in self.rows().values() if by_mail(v, typed) or (not v.email and by_phone(v, typed))]
        assert named_alike(visitor, typed) or any(
            visitor.pk in self.merged(self.rows(), {v.pk}) for v in heads
        )

    @precondition(lambda self: Visitor.objects.exclude(name="").exists())
    @rule(number=PICK, changes=CHANGES, how=st.sampled_from(["signs again", "corrects", "own page"]))
    def somebody_known(self, number, changes, how):
        known = self.pick(number)
        rows = self.rows()
        head = known
        while head.merged_into_id:
            head = rows[head.merged_into_id]
        reach, proven = self.reachable(rows, {head.pk}), self.provable(rows, {head.pk})
        if how == "own page" and not known.email:
            return
        self.recognised(rows, head)
        try:
            if how == "signs again":
                self.sign(known, changes)
            elif how == "corrects":
                privacy.correct(known, fields=changes, by=BY)
            else:
                changes = {name: value for name, value in changes.items() if name != "email"}
                privacy.corrected_by_owner(known, fields=changes, by=BY)
        except IllegalMove:
            return
        after = self.rows()
        assert not set(rows) - set(after)
        for pk in set(rows) - {head.pk}:
            self.written(rows[pk], after[pk], head, reach | self.tied(head.pk, self.linked), proven)

    def written(self, old, new, head, reach, proven) -> None:
        """No more than the rules allow, into a record that was not named."""
        wrote = {f for f in ("name", "phone", "email") if getattr(old, f) != getattr(new, f)}
        if not wrote:
            return
        assert old.pk in reach
        if old.merged_into_id:
            assert not any(getattr(new, f) for f in wrote)
            assert all(getattr(old, f).casefold() == getattr(head, f).casefold() for f in wrote)
            return
        assert mail(old) == mail(head)
        assert old.pk in proven or not old.email or head.pk in self.tied(old.pk, self.linked)

    @precondition(lambda self: Visitor.objects.exclude(name="").count() > 1)
    @rule(one=PICK, two=PICK)
    def an_officer_merges(self, one, two):
        kept, other = self.pick(one, merged_into=None), self.pick(two, merged_into=None)
        if kept is None or other is None:
            return
        visits = set(Visit.objects.filter(visitor=other).values_list("pk", flat=True))
        try:
            merged = merging.merge(kept, other, by=BY)
        except IllegalMove:
            return
        self.merges[merged.pk] = other, visits

    @precondition(lambda self: self.merges)
    @rule(number=PICK)
    def an_officer_parts(self, number):
        pk = sorted(self.merges)[number % len(self.merges)]
        merged = VisitorMerge.objects.get(pk=pk)
        try:
            merging.undo(merged, by=BY)
        except IllegalMove:
            return
        was, visits = self.merges.pop(pk)
        other = Visitor.objects.get(pk=was.pk)
        assert (other.merged_into, other.name, other.institution) == (None, was.name, was.institution)
        assert other.phone in (was.phone, "")
        assert other.email in (was.email, "")
        assert set(Visit.objects.filter(visitor=other).values_list("pk", flat=True)) == visits
        if merged.kept_id in closure({was.pk}, self.tied):  # the officer's word undoes that too
            self.certain = {tie for tie in self.certain if was.pk not in tie}
        assert was.pk not in self.found(merged.kept)

    def found(self, visitor, **how) -> set[int]:
        return {person.pk for person in retention.everyone(Visitor.objects.get(pk=visitor.pk), **how)}

    @precondition(lambda self: Visitor.objects.exclude(name="").exists())
    @rule(number=PICK, proven=st.booleans(), erase=st.booleans())
    def somebody_asks(self, number, proven, erase):
        asking, rows = self.pick(number), self.rows()
        if proven and not asking.email:
            return
        found = self.found(asking, proven=proven) & set(rows)
        together = self.merged(rows, {asking.pk})
        for pair in self.parted():
            assert not (asking.pk in pair and pair <= found and not pair <= together)
        if proven:
            assert found <= self.provable(rows, {asking.pk})
        else:
            assert found <= self.reachable(rows, {asking.pk})
            theirs = closure(together, lambda pk: self.tied(pk) | self.merged(rows, {pk})) & set(rows)
            if self.undoubted(rows, theirs):
                assert theirs <= found
        if erase:
            asked = privacy.receive(asking, kind="erasure", channel="own" if proven else "desk", by=BY)
            privacy.fulfil(asked, by=BY)
            assert set(self.rows()) == set(rows) - found
            self.certain = {tie for tie in self.certain if tie <= set(self.rows())}


class TestPeople(TestCase):
    """Each example runs in a transaction of its own, rolled back."""

    def test_random_people(self):
        if not Office.objects.filter(code="7411").exists():
            load_offices()
        run_state_machine_as_test(
            PersonMachine,
            settings=settings(
                max_examples=15,
                derandomize=True,
                stateful_step_count=25,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )


@pytest.mark.django_db(transaction=True)
def test_whatever_happens_at_once_nobody_waits_for_ever(office, by):
    """The same people at four desks."""
    dice = Random(22)
    for _round in range(6):
        at_four_desks(office, by, dice)


def at_four_desks(office, by, dice):
    people = [
        Visitor.objects.create(office=office, name="Wahyu", phone=FAMILY, email=m)
        for m in ("", "", "a@x.test", "a@x.test", "b@x.test")
    ]
    for one in people:
        Visit.objects.filter(pk=arrive(office).pk).update(visitor=one)
    undone = merging.merge(people[3], people[1], by=by)
    kinds = [
        lambda p: partial(privacy.correct, p, fields={"institution": str(dice.random())}, by=by),
        lambda p: partial(retention.erase, p, by=by, why="erasure"),
        lambda p: partial(merging.merge, dice.choice(people), p, by=by),
        lambda _p: partial(merging.undo, undone, by=by),
        lambda p: partial(
            workflows.sign, visit=arrive(office), person={"phone": OTHER}, answers={}, consent=True,
            channel="desk", by=by, wording=ConsentWording.objects.first(), visitor=p,
        ),
    ]  # fmt: skip
    answers = at_once(*(dice.choice(kinds)(dice.choice(people)) for _desk in range(4)))
    assert not [a for a in answers if isinstance(a, Exception) and not isinstance(a, IllegalMove)], answers
