"""What the service overtakes, and how a visit that was served can end."""

from __future__ import annotations

import pytest
from django.urls import reverse

from queueing.workflows import desk as work
from services.guestbook import steps, workflows
from services.guestbook.models import Visit
from services.lockers.workflows import deposit_card
from tests.accounts.world import sign
from tests.guestbook.support import arrive


@pytest.fixture
def served(office, by) -> Visit:
    """Came without a bag: signed and served at once, nobody pressed "skip"."""
    visit = sign(arrive(office), by)
    received = visit.services.get()
    work.start(received, by=by)
    work.end(received, by=by)
    return Visit.objects.with_services().get(pk=visit.pk)


def states(visit: Visit) -> dict[str, str]:
    return {s.kind: s.state for s in steps.progress(visit)}


def test_the_service_overtakes_the_deposits_and_their_returns(served):
    found = states(served)
    assert [found[k] for k in ("card_deposit", "bag_deposit", "bag_return")] == ["skipped"] * 3
    assert found["rating"] == "current"


def test_a_deposit_may_still_be_made_late(office, by, desk):
    visit = sign(arrive(office), by)
    workflows.start_service(visit.services.get(), by=by)
    card = reverse("queueing:desk_visit", args=[visit.pk])
    assert "Titip sekarang" in desk.get(card).content.decode()
    deposit_card(visit=visit, card_type="ktp", locker=office.lockers.first(), by=by)
    found = states(Visit.objects.with_services().get(pk=visit.pk))
    assert (found["card_deposit"], found["service"]) == ("done", "current")
    assert Visit.objects.get().card_type == "ktp"  # a card in our hands has been looked at


def test_the_end_is_offered_as_soon_as_nothing_is_left_to_do(served, desk):
    page = desk.get(reverse("queueing:desk_visit", args=[served.pk])).content.decode()
    assert 'id="do-finish"' in page


def test_who_was_served_did_not_leave_before_being_served(served, desk):
    desk.post(reverse("queueing:desk_close", args=[served.pk]), {"reason": "left"})
    assert Visit.objects.get().end_reason == "finished"


def test_who_was_not_served_did(office, by, desk):
    visit = sign(arrive(office), by)
    desk.post(reverse("queueing:desk_close", args=[visit.pk]), {"reason": "left"})
    assert Visit.objects.get().end_reason == "left"
