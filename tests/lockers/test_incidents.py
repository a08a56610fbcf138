"""Keys that do not come back and things left behind: nothing is forgotten, and no such locker is given out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from services.audit.actors import Actor
from services.audit.models import AuditEntry
from services.guestbook.models import Visit
from services.guestbook.workflows import close, end_service, start_service
from services.lockers import selectors, workflows
from services.lockers.models import Deposit, Incident, Locker
from services.offices.calendar import OfficeCalendar, OpenState
from services.workflow import IllegalMove
from tests.guestbook.support import arrive
from tests.together import at_once

DESK = Actor("officer")
MAP = "/meja/loker/"


@pytest.fixture
def visit(office):
    return arrive(office)


@pytest.fixture
def locker(office):
    return office.lockers.get(number=1)


def fresh(thing):
    return type(thing).objects.get(pk=thing.pk)


def free(office) -> set[int]:
    return {locker.number for locker in Locker.objects.filter(office=office).free()}


class TestKey:
    def test_its_locker_is_given_to_nobody_until_the_key_is_back(self, office, visit, locker):
        incident = workflows.lose_key(locker, by=DESK)
        assert fresh(locker).state == "key_lost"
        assert 1 not in free(office)
        with pytest.raises(workflows.LockerTaken):
            workflows.deposit_bag(visit=visit, locker=locker, by=DESK)
        workflows.resolve(incident, outcome="key_back", by=DESK)
        assert 1 in free(office)
        assert workflows.deposit_bag(visit=visit, locker=fresh(locker), by=DESK)

    def test_whoever_has_the_locker_now_stands_in_the_record(self, visit, locker):
        workflows.deposit_card(visit=visit, card_type="ktp", locker=locker, by=DESK)
        assert workflows.lose_key(locker, by=DESK).visit == visit

    def test_else_whoever_had_it_last(self, office, visit, locker):
        earlier = workflows.deposit_bag(visit=arrive(office), locker=locker, by=DESK)
        workflows.give_back(earlier, by=DESK)
        bag = workflows.deposit_bag(visit=visit, locker=locker, by=DESK)
        workflows.give_back(bag, by=DESK)
        assert workflows.lose_key(locker, by=DESK).visit == visit

    def test_a_card_for_its_key_stays_with_us_and_may_be_given_back(self, visit, locker):
        card = workflows.deposit_card(visit=visit, card_type="ktp", locker=locker, by=DESK)
        workflows.lose_key(locker, by=DESK)
        assert Visit.objects.get(pk=visit.pk).held_items == 1
        workflows.give_back(card, by=DESK)
        assert Visit.objects.get(pk=visit.pk).held_items == 0

    def test_a_second_tap_gives_the_same_record(self, locker):
        assert workflows.lose_key(locker, by=DESK) == workflows.lose_key(locker, by=DESK)

    @pytest.mark.django_db(transaction=True)
    def test_two_desks_at_once_make_one_record(self, locker):
        first, second = at_once(
            lambda: workflows.lose_key(locker, by=DESK).pk, lambda: workflows.lose_key(locker, by=DESK).pk
        )
        assert first == second
        assert Incident.objects.count() == 1

    def test_resolved_by_a_colleague_meanwhile(self, locker):
        incident = workflows.lose_key(locker, by=DESK)
        workflows.resolve(incident, outcome="replaced", by=DESK)
        with pytest.raises(IllegalMove):
            workflows.resolve(incident, outcome="key_back", by=DESK)
        assert fresh(incident).outcome == "replaced"

    def test_lost_again_after_it_was_found(self, office, locker):
        workflows.resolve(workflows.lose_key(locker, by=DESK), outcome="key_back", by=DESK)
        workflows.lose_key(fresh(locker), by=DESK)
        assert 1 not in free(office)
        assert office.incidents.count() == 2


class TestThingsLeftBehind:
    def test_a_bag_leaves_the_locker_when_its_owner_went_home(self, office, visit, locker):
        bag = workflows.deposit_bag(visit=visit, locker=locker, by=DESK)
        close(visit, by=DESK, reason="day_end")
        incident = workflows.leave_behind(bag, by=DESK)
        assert (incident.what, incident.visit, incident.locker) == ("Tas", visit, locker)
        assert fresh(bag).outcome == "left"
        assert Visit.objects.get(pk=visit.pk).held_items == 0
        assert 1 in free(office)
        assert not selectors.left_behind(office)

    def test_not_while_the_visitor_is_in_the_house(self, visit, locker):
        bag = workflows.deposit_bag(visit=visit, locker=locker, by=DESK)
        with pytest.raises(IllegalMove, match="masih berkunjung"):
            workflows.leave_behind(bag, by=DESK)
        assert fresh(bag).returned_at is None

    def test_not_when_it_was_given_back_a_moment_ago(self, visit, locker):
        bag = workflows.deposit_bag(visit=visit, locker=locker, by=DESK)
        close(visit, by=DESK, reason="day_end")
        workflows.give_back(bag, by=DESK)
        with pytest.raises(IllegalMove):
            workflows.leave_behind(bag, by=DESK)
        assert not Incident.objects.exists()

    def test_a_key_is_not_resolved_like_a_thing(self, locker):
        with pytest.raises(ValueError, match="no outcome"):
            workflows.resolve(workflows.lose_key(locker, by=DESK), outcome="disposed", by=DESK)


class TestOutOfService:
    def test_not_while_something_is_in_it(self, visit, locker):
        workflows.deposit_bag(visit=visit, locker=locker, by=DESK)
        with pytest.raises(IllegalMove, match="masih dipakai"):
            workflows.take_out_of_service(locker, reason="Engsel rusak", by=DESK)

    def test_and_back(self, office, locker):
        workflows.take_out_of_service(locker, reason="Engsel rusak", by=DESK)
        assert 1 not in free(office)
        workflows.put_in_service(locker, by=DESK)
        assert 1 in free(office)

    def test_the_officers_words_are_not_kept_for_ever(self, office, locker):
        workflows.take_out_of_service(locker, reason="Dirusak oleh Wahyu", by=DESK)
        assert fresh(locker).out_of_service == "Dirusak oleh Wahyu"
        assert AuditEntry.objects.get(action="locker.out_of_service").detail == {}


def test_a_group_gets_several_lockers_and_ends_when_all_are_empty(office, visit):
    for number in (1, 2, 3):
        workflows.deposit_bag(visit=visit, locker=office.lockers.get(number=number), by=DESK)
    bags = list(visit.deposits.open())
    for bag in bags[:2]:
        workflows.give_back(bag, by=DESK)
    with pytest.raises(IllegalMove):
        close(visit, by=DESK)
    workflows.give_back(bags[2], by=DESK)
    assert close(visit, by=DESK).end_reason == "finished"


@pytest.mark.parametrize(
    ("clock", "told"), [("09:00", 0), ("15:14", 0), ("15:15", 1), ("15:31", 1), ("06:00", 1)]
)
def test_the_desk_is_told_of_what_is_held_before_closing_time(office, visit, locker, clock, told):
    """Kolaka Timur closes at 15:30 on Mondays (demo facts)."""
    workflows.deposit_bag(visit=visit, locker=locker, by=DESK)
    hour, minute = (int(n) for n in clock.split(":"))
    monday = datetime(2026, 3, 2, hour, minute, tzinfo=office.zone).astimezone(UTC)
    assert selectors.to_hand_back(office, OfficeCalendar(office), monday) == told


@pytest.mark.parametrize(
    ("state", "words"),
    [("open", "1 titipan belum diambil menjelang tutup."), ("closed", "1 titipan belum diambil.")],
)
def test_before_opening_and_on_a_closed_day_nothing_is_about_to_close(state, words):
    page = render_to_string("queueing/_door.html", {"door": OpenState(state), "to_hand_back": 1})
    assert words in page


def test_before_leaving_a_key_that_was_reported_lost_is_called_so(desk, visit, locker):
    workflows.deposit_bag(visit=visit, locker=locker, by=DESK)
    received = start_service(visit.main, by=DESK)
    end_service(received, by=DESK)
    card = reverse("queueing:desk_visit", args=[visit.pk])
    assert "dilaporkan hilang" not in desk.get(card).content.decode()
    workflows.lose_key(locker, by=DESK)
    assert "kunci 1 (dilaporkan hilang)" in desk.get(card).content.decode()


class TestMap:
    def test_says_of_each_locker_how_it_is(self, desk, office, visit, locker):
        workflows.deposit_bag(visit=visit, locker=locker, by=DESK)
        workflows.take_out_of_service(office.lockers.get(number=2), reason="Engsel rusak", by=DESK)
        workflows.lose_key(office.lockers.get(number=3), by=DESK)
        page = desk.get(MAP).content.decode()
        for number, state in ((1, "taken"), (2, "broken"), (3, "key_lost"), (4, "free")):
            assert f'data-locker="{number}" data-state="{state}"' in page
        assert "Engsel rusak" in page
        assert visit.public_label in page

    def test_never_a_name(self, desk, visit, locker, by):
        from tests.accounts.world import sign

        sign(visit, by, name="Nama Yang Tidak Boleh Tampil")
        workflows.deposit_bag(visit=visit, locker=locker, by=by)
        assert "Tidak Boleh Tampil" not in desk.get(MAP).content.decode()

    def test_its_questions_do_not_grow_with_the_lockers_in_use(
        self, desk, office, django_assert_max_num_queries
    ):
        def fill(numbers):
            for n in numbers:
                workflows.deposit_bag(visit=arrive(office), locker=office.lockers.get(number=n), by=DESK)

        fill([1])
        desk.get(MAP)
        fill(range(2, 7))
        workflows.lose_key(office.lockers.get(number=7), by=DESK)
        with django_assert_max_num_queries(10):
            desk.get(MAP)

    def test_a_thing_found_and_what_became_of_it(self, desk, office):
        desk.post(reverse("lockers:report_item"), {"what": "Payung hitam", "place": "Ruang baca"})
        incident = office.incidents.get()
        desk.post(reverse("lockers:resolve", args=[incident.pk]), {"outcome": "owner", "note": "Kemarin"})
        incident = fresh(incident)
        assert (incident.state, incident.outcome, incident.note) == ("resolved", "owner", "Kemarin")
        assert [s.state for s in incident.steps.all()] == ["open", "resolved"]

    def test_a_thing_sent_twice_is_one_record(self, desk, office):
        def page_key() -> str:
            return desk.get(MAP).context["form"]["submission"].value()

        thing = {"what": "Payung", "place": "Lobi", "submission": page_key()}
        for _tap in range(2):
            assert desk.post(reverse("lockers:report_item"), thing).status_code == 302
        assert office.incidents.count() == 1
        desk.post(reverse("lockers:report_item"), {**thing, "submission": page_key()})
        assert office.incidents.count() == 2

    @pytest.mark.django_db(transaction=True)
    def test_two_taps_at_once_are_one_record(self, office):
        report = partial(
            workflows.report_item, office=office, what="Payung", place="Lobi", submission="x", by=DESK
        )
        assert len({incident.pk for incident in at_once(report, report)}) == 1

    def test_what_was_typed_about_a_thing_is_not_lost(self, desk):
        answer = desk.post(reverse("lockers:report_item"), {"what": "Payung hitam", "place": ""})
        assert answer.status_code == 422
        assert "Payung hitam" in answer.content.decode()

    @pytest.mark.parametrize("outcome", ["", "key_back", "x" * 300])
    def test_an_outcome_that_there_is_not(self, desk, office, outcome):
        incident = workflows.report_item(office=office, what="Payung", place="Ruang baca", by=DESK)
        desk.post(reverse("lockers:resolve", args=[incident.pk]), {"outcome": outcome}, follow=True)
        assert fresh(incident).state == "open"

    def test_a_reason_is_needed_to_close_a_locker(self, desk, locker):
        page = desk.post(reverse("lockers:out_of_service", args=[locker.pk]), {"reason": " "}, follow=True)
        assert "Tulis alasannya" in page.content.decode()
        assert not fresh(locker).out_of_service


def test_given_back_days_later_closes_the_deposit_as_returned(visit, locker):
    at = timezone.now()
    bag = workflows.deposit_bag(visit=visit, locker=locker, by=DESK, at=at)
    close(visit, by=DESK, reason="day_end", at=at)
    workflows.give_back(bag, by=DESK, at=at + timedelta(days=2))
    assert Deposit.objects.get().outcome == "returned"
