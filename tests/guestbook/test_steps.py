"""What the service overtakes, and how a visit that was served can end."""

from __future__ import annotations

import pytest
from django.urls import reverse

from queueing.workflows import desk as work
from queueing.workflows import undo
from services.audit.actors import Actor
from services.audit.models import AuditEntry
from services.guestbook import steps, workflows
from services.guestbook.models import Visit
from services.lockers.workflows import deposit_bag, deposit_card
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


class TestTheWayOut:
    def out(self, desk, visit, *seen):
        address = reverse("queueing:desk_close", args=[visit.pk])
        return desk.post(address, {"nothing_left": "1", "seen": list(seen)}, follow=True).content.decode()

    def test_everything_is_handed_back_with_the_end_in_one_tap(self, office, by, desk):
        visit = sign(arrive(office), by)
        locker = office.lockers.first()
        held = [
            deposit_card(visit=visit, card_type="ktp", locker=locker, by=by),
            deposit_bag(visit=visit, locker=locker, by=by),
        ]
        received = workflows.start_service(visit.services.get(), by=by)
        workflows.end_service(received, by=by)
        card = desk.get(reverse("queueing:desk_visit", args=[visit.pk])).content.decode()
        assert "Tas dan kartu kembali, akhiri kunjungan" in card
        self.out(desk, visit, *(d.pk for d in held))
        ended = Visit.objects.get()
        assert (ended.end_reason, ended.held_items) == ("finished", 0)
        assert {d.outcome for d in ended.deposits.all()} == {"returned"}
        kinds = list(ended.steps.values_list("kind", flat=True))
        assert kinds[-3:] == ["bag_return", "card_return", "finish"]  # as KL's standard has it
        assert AuditEntry.objects.get(action="visit.checked_out").detail["handed_back"] == 2

    def served(self, office, by) -> Visit:
        visit = sign(arrive(office), by)
        workflows.end_service(workflows.start_service(visit.services.get(), by=by), by=by)
        return visit

    def test_a_service_that_came_meanwhile_is_not_cut_off(self, office, by, desk):
        visit = self.served(office, by)
        workflows.add_service(visit=visit, service=office.services.get(slug="consultation"), by=by)
        assert "Masih ada layanan" in self.out(desk, visit)
        assert Visit.objects.get().ended_at is None

    def test_two_desks_end_it_once(self, office, by, desk):
        visit = self.served(office, by)
        for _desk in range(2):
            self.out(desk, visit)
        assert AuditEntry.objects.filter(action="visit.checked_out").count() == 1

    def test_a_guest_book_that_was_forgotten_is_named(self, office, by, desk):
        visit = arrive(office)
        workflows.end_service(workflows.start_service(visit.services.get(), by=by), by=by)
        card = desk.get(reverse("queueing:desk_visit", args=[visit.pk])).content.decode()
        assert "Buku tamu belum diisi" in card

    def test_a_bag_that_came_meanwhile_is_not_lost_from_sight(self, office, by, desk):
        visit = self.served(office, by)
        first = deposit_bag(visit=visit, locker=office.lockers.first(), by=by)
        deposit_bag(visit=visit, locker=office.lockers.last(), by=by)
        assert "Baru saja ada titipan lain" in self.out(desk, visit, first.pk)
        assert (Visit.objects.get().ended_at, Visit.objects.get().held_items) == (None, 2)

    def test_what_was_handed_back_stays_so_when_the_end_is_taken_back(self, office, by, desk, frontliner):
        visit = self.served(office, by)
        bag = deposit_bag(visit=visit, locker=office.lockers.first(), by=by)
        self.out(desk, visit, bag.pk)
        undo.undo(undo.last_action(office, frontliner.pk), by=Actor("officer", user_id=frontliner.pk))
        assert (Visit.objects.get().ended_at, Visit.objects.get().held_items) == (None, 0)

    def test_bad_numbers_of_deposits_are_no_key(self, office, by, desk):
        visit = sign(arrive(office), by)
        deposit_bag(visit=visit, locker=office.lockers.first(), by=by)
        self.out(desk, visit, "²", "", "9" * 40, "-1")
        assert Visit.objects.get().ended_at is None


def test_the_list_of_everybody_says_what_each_waits_for_and_what_blocks_leaving(office, by, desk):
    visit = sign(arrive(office), by)
    deposit_bag(visit=visit, locker=office.lockers.first(), by=by)
    for passed in ("ticket", "card_deposit"):
        workflows.record_step(visit, passed, by=by, skipped=True)
    page = desk.get(reverse("queueing:desk_present")).content.decode()
    assert "Menunggu layanan: Perpustakaan" in page
    assert "Harus kembali:" in page
    assert "Tas Loker 1" in page
    received = workflows.start_service(visit.services.get(), by=by)
    assert "Sedang dilayani: Perpustakaan" in desk.get(reverse("queueing:desk_present")).content.decode()
    workflows.end_service(received, by=by)
    assert "Boleh menilai atau pulang" in desk.get(reverse("queueing:desk_present")).content.decode()


def test_the_end_of_a_reader_s_service_is_taken_back(office, by, frontliner):
    """Their ticket was over when the service began; the last action is still this one and not the one before."""
    visit = sign(arrive(office), by)
    received = work.start(visit.services.get(), by=by)
    work.end(received, by=by)
    action = undo.last_action(office, frontliner.pk)
    assert action.kind == "end"
    undo.undo(action, by=by)
    assert visit.services.get().state == "serving"
