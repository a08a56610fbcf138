"""Lockers and what we hold: given once, returned anywhere, never forgotten when the visit ends."""

from __future__ import annotations

import contextlib
import re
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from services.audit.actors import Actor
from services.guestbook import steps
from services.guestbook.models import Visit
from services.guestbook.workflows import close, record_step
from services.lockers import workflows
from services.lockers.models import Deposit, Locker
from services.offices.models import Office
from services.workflow import IllegalMove
from tests.conftest import load_offices
from tests.guestbook.support import arrive
from tests.together import at_once

DESK = Actor("officer")


@pytest.fixture
def visit(office):
    return arrive(office)


@pytest.fixture
def locker(office):
    return office.lockers.get(number=1)


def held(visit) -> int:
    return Visit.objects.get(pk=visit.pk).held_items


def test_a_bag_and_a_card_are_counted_until_they_are_back(visit, locker):
    card = workflows.deposit_card(visit=visit, card_type="ktp", locker=locker, by=DESK)
    bag = workflows.deposit_bag(visit=visit, locker=locker, by=DESK)
    assert held(visit) == 2
    workflows.give_back(bag, by=DESK)
    workflows.give_back(card, by=DESK)
    assert held(visit) == 0


def test_of_a_card_only_the_type_is_kept():
    columns = {f.name for f in Deposit._meta.fields}
    assert columns == {
        "id", "visit", "office", "what", "locker", "card_type", "deposited_at", "received_by", "returned_at",
        "returned_by", "outcome",
    }  # fmt: skip


def test_a_locker_in_use_is_not_given_to_another_visit(office, visit, locker):
    workflows.deposit_bag(visit=visit, locker=locker, by=DESK)
    with pytest.raises(workflows.LockerTaken, match="Loker 1"):
        workflows.deposit_bag(visit=arrive(office), locker=locker, by=DESK)


def test_a_second_bag_in_ones_own_locker_is_nobody_elses_fault(visit, locker):
    workflows.deposit_bag(visit=visit, locker=locker, by=DESK)
    with pytest.raises(IllegalMove, match=r"^Tas tamu ini sudah ada di Loker 1\.$"):
        workflows.deposit_bag(visit=visit, locker=locker, by=DESK)
    assert held(visit) == 1


@pytest.mark.parametrize(
    ("bags", "key", "offered"),
    [([], 2, (1, 2)), ([2], 2, (1, 1)), ([1, 2], 2, (3, 3)), ([2], None, (1, 1))],
)
def test_for_a_further_bag_the_card_offers_a_locker_without_one(desk, office, visit, bags, key, offered):
    """The first of the list, and the one that is chosen: that of the key, while nothing is behind it."""
    number = {locker.number: locker for locker in office.lockers.all()}
    record_step(visit, "guest_book", by=DESK)
    if key:
        workflows.deposit_card(visit=visit, card_type="ktp", locker=number[key], by=DESK)
    for bag in bags:
        workflows.deposit_bag(visit=visit, locker=number[bag], by=DESK)
    page = desk.get(reverse("queueing:desk_visit", args=[visit.pk])).content.decode()
    options = page.split('id="bag-locker"')[1].split("</select>")[0]
    listed = [(int(n), bool(chosen)) for n, chosen in re.findall(r'value="(\d+)"( selected)?', options)]
    chosen = next((n for n, selected in listed if selected), listed[0][0])
    assert (listed[0][0], chosen) == offered
    assert not set(bags) & {n for n, _selected in listed}


def test_a_locker_whose_key_is_out_is_not_given_to_another_visit(office, visit, locker):
    workflows.deposit_card(visit=visit, card_type="ktp", locker=locker, by=DESK)
    for give in (
        lambda v: workflows.deposit_bag(visit=v, locker=locker, by=DESK),
        lambda v: workflows.deposit_card(visit=v, card_type="sim", locker=locker, by=DESK),
    ):
        with pytest.raises(workflows.LockerTaken):
            give(arrive(office))


def test_a_locker_out_of_service_and_another_offices_locker_are_not_given(visit, locker, offices):
    Locker.objects.filter(pk=locker.pk).update(out_of_service="kunci hilang")
    theirs = Locker.objects.create(office=offices["6571"], number=1)
    for wrong in (locker, theirs):
        with pytest.raises(workflows.LockerTaken):
            workflows.deposit_bag(visit=visit, locker=wrong, by=DESK)
    assert held(visit) == 0


def test_the_database_itself_refuses_a_second_bag(office, visit, locker):
    workflows.deposit_bag(visit=visit, locker=locker, by=DESK)
    with pytest.raises(IntegrityError, match="a_locker_is_given_once"), transaction.atomic():
        Deposit.objects.create(
            visit=arrive(office), office=office, what="bag", locker=locker, deposited_at=timezone.now()
        )


def test_a_second_card_of_the_same_visit_is_told_and_not_counted(visit, office, locker):
    workflows.deposit_card(visit=visit, card_type="ktp", locker=locker, by=DESK)
    with pytest.raises(IllegalMove, match="sudah dititipkan"):
        workflows.deposit_card(visit=visit, card_type="sim", locker=office.lockers.get(number=2), by=DESK)
    assert held(visit) == 1


def test_a_visit_cannot_end_while_something_is_held(visit, locker, desk):
    workflows.deposit_bag(visit=visit, locker=locker, by=DESK)
    with pytest.raises(IllegalMove, match="Masih ada tas"):
        close(visit, by=DESK)
    page = desk.post(reverse("queueing:desk_close", args=[visit.pk]), follow=True)
    assert "Masih ada tas" in page.content.decode()
    assert Visit.objects.get(pk=visit.pk).ended_at is None


def test_the_database_itself_refuses_such_an_end(visit, locker):
    workflows.deposit_bag(visit=visit, locker=locker, by=DESK)
    with pytest.raises(IntegrityError, match="visit_ends_with_everything_returned"), transaction.atomic():
        Visit.objects.filter(pk=visit.pk).update(ended_at=timezone.now(), end_reason="finished")


def test_what_is_held_can_be_returned_at_another_desk_and_tapped_twice(
    visit, locker, desk, client, make_user, office
):
    workflows.deposit_bag(visit=visit, locker=locker, by=DESK)
    colleague = make_user(office)
    client.force_login(colleague, backend="django.contrib.auth.backends.ModelBackend")
    url = reverse("lockers:give_back", args=[visit.pk, "bag"])
    assert [c.post(url).status_code for c in (client, desk, client)] == [302] * 3
    assert held(visit) == 0
    assert Deposit.objects.get().returned_by == colleague


def test_nothing_is_handed_over_after_the_visit(visit, locker):
    close(visit, by=DESK)
    with pytest.raises(IllegalMove, match="berakhir"):
        workflows.deposit_bag(visit=visit, locker=locker, by=DESK)


def test_a_deposit_that_happened_cannot_be_passed_over_by_a_slower_desk(visit, locker):
    workflows.deposit_card(visit=visit, card_type="ktp", locker=locker, by=DESK)
    record_step(visit, "card_deposit", by=DESK, skipped=True)
    states = {s.kind: s.state for s in steps.progress(Visit.objects.get(pk=visit.pk))}
    assert states["card_deposit"] == "done"
    assert states["card_return"] != "skipped"


@pytest.mark.parametrize("card", ["", "none", "3201…", "ktp'", "x" * 500])
def test_a_card_of_no_known_type_is_not_taken(visit, desk, card):
    url = reverse("lockers:deposit_card", args=[visit.pk])
    page = desk.post(url, {"card_type": card, "locker": "1"}, follow=True)
    assert "Pilih jenis kartu" in page.content.decode()
    assert Deposit.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_of_six_desks_that_choose_the_same_locker_one_gets_it(offices):
    office = offices["7411"]
    locker = office.lockers.get(number=1)
    visits = [arrive(office) for _n in range(6)]

    def give(visit, card: bool) -> None:
        if card:
            workflows.deposit_card(visit=visit, card_type="ktp", locker=locker, by=DESK)
        else:
            workflows.deposit_bag(visit=visit, locker=locker, by=DESK)

    answers = at_once(*(partial(give, v, n % 2 == 0) for n, v in enumerate(visits)))
    assert sorted(type(a).__name__ for a in answers) == [*["LockerTaken"] * 5, "NoneType"]
    assert Deposit.objects.open().count() == 1
    assert sorted(Visit.objects.values_list("held_items", flat=True)) == [0, 0, 0, 0, 0, 1]


ACTION = st.tuples(
    st.sampled_from(["card", "bag", "back card", "back bag", "close"]), st.integers(0, 2), st.integers(1, 3)
)


class TestAnySequence(TestCase):
    """Three visits, three lockers, any order of hand-overs, returns and ends."""

    @classmethod
    def setUpTestData(cls):
        if not Office.objects.filter(code="7411").exists():
            load_offices()

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(ACTION, max_size=20))
    def test_what_we_hold_is_what_is_open_and_no_locker_is_shared(self, actions):
        office = Office.objects.get(code="7411")
        visits = [arrive(office) for _n in range(3)]
        for action, who, number in actions:
            visit, locker = visits[who], office.lockers.get(number=number)
            with contextlib.suppress(IllegalMove):
                self.act(action, visit, locker)
            self.check(visits)

    def act(self, action, visit, locker):
        if action == "card":
            workflows.deposit_card(visit=visit, card_type="ktp", locker=locker, by=DESK)
        elif action == "bag":
            workflows.deposit_bag(visit=visit, locker=locker, by=DESK)
        elif action == "close":
            close(visit, by=DESK)
        else:
            for deposit in visit.deposits.filter(what=action.split()[1]):
                workflows.give_back(deposit, by=DESK)

    def check(self, visits):
        owners: dict[int, set[int]] = {}
        for visit in visits:
            now = Visit.objects.get(pk=visit.pk)
            mine = list(Deposit.objects.open().filter(visit=visit))
            assert now.held_items == len(mine)
            assert not (now.ended_at and mine)
            for deposit in mine:
                owners.setdefault(deposit.locker_id, set()).add(visit.pk)
        assert all(len(v) == 1 for v in owners.values())
