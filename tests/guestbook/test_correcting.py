"""Somebody signed for a number that is not theirs: the guest book goes where it belongs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from services.audit.models import AuditEntry
from services.guestbook import correcting, steps, workflows
from services.guestbook.models import Companion, Consent, DataNeed, Visit
from services.lockers.workflows import deposit_card
from services.workflow import IllegalMove
from tests.accounts.world import sign
from tests.guestbook.support import arrive


@pytest.fixture
def signed(office, by):
    return sign(arrive(office), by, name="Wahyu Lestari")


@pytest.fixture
def other(office):
    return arrive(office)


def state(visit: Visit) -> str:
    return {s.kind: s.state for s in steps.progress(Visit.objects.with_services().get(pk=visit.pk))}[
        "guest_book"
    ]


def fresh(visit: Visit) -> Visit:
    return Visit.objects.select_related("visitor").get(pk=visit.pk)


def test_it_goes_to_the_visit_of_whoever_wrote_it(signed, other, by):
    DataNeed.objects.create(visit=signed, subject="PDRB")
    Companion.objects.create(visit=signed, name="Rina")
    at = fresh(signed).guest_book_at
    correcting.hand_over(signed, other, by=by)
    assert (fresh(signed).visitor, fresh(signed).guest_book_at) == (None, None)
    assert fresh(other).visitor.name == "Wahyu Lestari"
    assert fresh(other).guest_book_at == at
    for model in (Consent, DataNeed, Companion):
        assert set(model.objects.values_list("visit", flat=True)) == {other.pk}
    assert (state(signed) in ("current", "todo"), state(other)) == (True, "done")
    assert AuditEntry.objects.get(action="visit.book_handed_over").detail == {"to": other.pk}


def clock(visit: Visit) -> tuple[str, str]:
    received = visit.services.get()
    return received.clock_result, received.clock_reason


def test_the_owner_s_promise_runs_since_they_signed_and_the_other_waits_for_its_own(signed, other, by):
    Visit.objects.filter(pk=other.pk).update(arrived_at=fresh(signed).guest_book_at - timedelta(minutes=2))
    at = fresh(signed).guest_book_at
    correcting.hand_over(signed, other, by=by, at=at + timedelta(minutes=3))
    assert signed.services.get().clock_started_at is None
    received = other.services.get()
    assert (received.clock_started_at, received.clock_due_at) == (at, at + timedelta(minutes=5))


def test_nothing_late_becomes_kept_by_handing_over(signed, other, by):
    correcting.hand_over(signed, other, by=by, at=timezone.now() + timedelta(minutes=25))
    assert clock(signed) == ("excluded", "wrong_number")


def test_handed_over_by_mistake_and_back_the_promise_is_as_it_was(signed, other, by):
    due = signed.services.get().clock_due_at
    at = fresh(signed).guest_book_at
    correcting.hand_over(signed, other, by=by, at=at + timedelta(minutes=1))
    correcting.hand_over(other, signed, by=by, at=at + timedelta(minutes=2))
    assert (signed.services.get().clock_due_at, clock(signed)) == (due, ("running", ""))


def test_an_exchange_sent_twice_is_one(signed, office, by, desk):
    second = sign(arrive(office), by, name="Rina Sari")
    address = reverse("queueing:hand_over_book", args=[signed.pk])
    seen = fresh(signed).guest_book_at.isoformat()
    for _tap in range(2):
        desk.post(address, {"to": second.pk, "seen": seen})
    assert [fresh(v).visitor.name for v in (signed, second)] == ["Rina Sari", "Wahyu Lestari"]


def test_what_was_served_by_the_wrong_book_is_not_counted(signed, other, by):
    """Nobody can tell any more whether it was kept: neither of who was served late without a book of their own, nor of
    who was late by somebody else's."""
    later = timezone.now() + timedelta(minutes=20)
    for visit in (signed, other):
        workflows.start_service(visit.services.get(), by=by, at=later)
    assert [v.services.get().clock_result for v in (signed, other)] == ["missed", "excluded"]
    correcting.hand_over(signed, other, by=by)
    assert [clock(v) for v in (signed, other)] == [("excluded", "wrong_number"), ("excluded", "before_book")]


def test_the_number_it_was_signed_for_is_signed_anew(signed, other, by):
    correcting.hand_over(signed, other, by=by)
    again = sign(signed, by, name="Rina Sari")
    assert again.visitor.name == "Rina Sari"
    assert state(signed) == "done"
    assert signed.services.get().clock_result == "running"


def test_two_that_were_confused_are_exchanged(signed, office, by):
    second = sign(arrive(office), by, name="Rina Sari")
    correcting.hand_over(signed, second, by=by)
    assert [fresh(v).visitor.name for v in (signed, second)] == ["Rina Sari", "Wahyu Lestari"]
    for visit in (signed, second):
        assert Consent.objects.get(visit=visit).visitor == fresh(visit).visitor
        assert visit.services.get().clock_reason == "wrong_number"


def test_a_card_that_lies_with_us_stays_with_whoever_gave_it(signed, other, office, by):
    deposit_card(visit=signed, card_type="sim", locker=office.lockers.first(), by=by)
    correcting.hand_over(signed, other, by=by)
    assert (fresh(signed).card_type, fresh(other).card_type) == ("sim", "")


def test_not_over_not_unsigned_not_elsewhere_not_itself(signed, other, offices, by):
    elsewhere = arrive(offices["1906"])
    for wrong in ((other, signed), (signed, signed), (signed, elsewhere)):
        with pytest.raises(IllegalMove):
            correcting.hand_over(*wrong, by=by)
    workflows.close(other, by=by)
    with pytest.raises(IllegalMove):
        correcting.hand_over(signed, other, by=by)


def test_at_the_desk(desk, signed, other):
    page = desk.get(reverse("queueing:desk_visit_more", args=[signed.pk])).content.decode()
    assert "Milik nomor" in page
    assert "Wahyu" not in page
    desk.post(reverse("queueing:hand_over_book", args=[signed.pk]), {"to": other.pk})
    assert fresh(other).visitor.name == "Wahyu Lestari"


@pytest.mark.parametrize("to", ["", "²", "9" * 40, "-1", "\0"])
def test_odd_numbers(desk, signed, to):
    assert desk.post(reverse("queueing:hand_over_book", args=[signed.pk]), {"to": to}).status_code in (
        302,
        404,
    )
    assert fresh(signed).visitor is not None


def test_two_services_of_one_visit_are_rated_one_after_the_other(client, office, by):
    visit = sign(arrive(office), by)
    workflows.add_service(visit=visit, service=office.services.get(slug="consultation"), by=by)
    for received in visit.services.all():
        workflows.end_service(workflows.start_service(received, by=by), by=by)
    page = reverse("queueing:visit_rate", args=[visit.token])
    for _service in range(2):
        assert client.get(page).status_code == 200
        client.post(page, {"stars": "5"})
    assert visit.services.filter(ratings__stars=5).count() == 2
    assert client.get(page).status_code == 302
