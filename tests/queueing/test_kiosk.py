"""The tablet: two taps to a number, and plain words when there is none."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.urls import reverse, reverse_lazy
from django.utils import timezone

from queueing import tokens
from queueing.issuing import wanted
from queueing.models import NumberSequence, OfficeQueue, Printer, ServiceQueue, Ticket
from queueing.models.rules import of_service
from queueing.workflows import desk, tablet
from queueing.workflows.issue import NumbersUsedUp, issue
from services.accounts.models import Device
from tests.queueing.support import KIOSK, NINE, take
from tests.together import at_once


@pytest.fixture
def officer(request):
    return request.getfixturevalue("desk")  # the module `desk` has the name here


TAKE = reverse_lazy("queueing:take_number")
WITHDRAW = reverse_lazy("queueing:withdraw_number")
EVENING = NINE + timedelta(hours=12)


def form(service="library", **more):
    return {"token": tokens.make(Device.objects.get().pk), "service": service, **more}


class TestQuota:
    def test_the_last_number_of_the_day_is_the_last(self, library):
        ServiceQueue.objects.create(service=library, first=5, quota=2)
        library.refresh_from_db()
        assert [take(library, NINE).number for _n in range(2)] == [5, 6]
        with pytest.raises(NumbersUsedUp, match="sudah habis"):
            take(library, NINE)
        assert take(library, NINE + timedelta(days=1)).number == 5
        assert Ticket.objects.count() == 3
        assert library.office.visits.count() == 3  # the refused one left nothing behind

    def test_a_retry_of_the_last_one_still_gets_its_number(self, library):
        ServiceQueue.objects.create(service=library, quota=1)
        library.refresh_from_db()
        one = issue(office=library.office, service=library, submission="x", by=KIOSK, at=NINE)
        again = issue(office=library.office, service=library, submission="x", by=KIOSK, at=NINE)
        assert again == one

    def test_a_quota_raised_during_the_day_counts_at_once(self, library):
        rules = ServiceQueue.objects.create(service=library, quota=1)
        take(library, NINE)
        rules.quota = 2
        rules.save()
        library.refresh_from_db()
        assert take(library, NINE).number == 2

    @pytest.mark.django_db(transaction=True)
    def test_ten_at_once_share_three_numbers(self, offices):
        library = offices["7411"].services.get(slug="library")
        ServiceQueue.objects.create(service=library, quota=3)

        def one(n):
            try:
                return issue(office=library.office, service=library, submission=f"k{n}", by=KIOSK).number
            except NumbersUsedUp:
                return None

        found = at_once(*[lambda n=n: one(n) for n in range(10)])
        assert sorted(n for n in found if n) == [1, 2, 3]

    @time_machine.travel(NINE, tick=False)
    def test_the_tablet_says_so_and_what_to_do(self, kiosk, library):
        ServiceQueue.objects.create(service=library, quota=1)
        assert kiosk.post(TAKE, form()).status_code == 302
        page = kiosk.get("/kios/").content.decode()
        assert "Nomor hari ini sudah habis" in page
        assert "hari kerja berikutnya" in page
        refused = kiosk.post(TAKE, form())
        assert refused.status_code == 409
        assert "sudah habis" in refused.content.decode()
        assert kiosk.post(TAKE, form("consultation")).status_code == 302


class TestClosed:
    @time_machine.travel(EVENING, tick=False)
    def test_no_numbers_and_when_the_office_opens_again(self, kiosk, office):
        OfficeQueue.objects.create(office=office, numbers_when_closed=False)
        page = kiosk.get("/kios/").content.decode()
        assert "Kantor sedang tutup" in page
        assert "Selasa, 3 Maret" in page
        assert kiosk.post(TAKE, form()).status_code == 409
        assert not Ticket.objects.exists()

    @time_machine.travel(EVENING, tick=False)
    def test_an_officer_who_is_still_there_gets_visitors(self, kiosk, office, counter, frontliner):
        OfficeQueue.objects.create(office=office, numbers_when_closed=False)
        counter.officer = frontliner
        counter.save()
        assert kiosk.post(TAKE, form()).status_code == 302

    @time_machine.travel(NINE, tick=False)
    def test_open_as_usual(self, kiosk, office):
        OfficeQueue.objects.create(office=office, numbers_when_closed=False)
        assert kiosk.post(TAKE, form()).status_code == 302


class TestTaking:
    @pytest.fixture(autouse=True)
    def at_nine(self):
        with time_machine.travel(NINE, tick=False):
            yield

    @pytest.mark.parametrize(
        ("typed", "people"), [("15", 15), ("", 1), ("0", 1), ("-3", 1), ("999", 60), ("x", 1)]
    )
    def test_one_ticket_for_a_party(self, kiosk, typed, people):
        kiosk.post(TAKE, form(party=typed))
        assert Ticket.objects.get().received.visit.party_size == people

    def test_the_script_gets_the_address_and_the_same_again(self, kiosk):
        body = form()
        answers = [kiosk.post(TAKE, body, headers={"Accept": "application/json"}) for _n in range(2)]
        assert answers[0].json() == answers[1].json()
        assert answers[0].json()["to"].startswith("/kios/tiket/")
        assert NumberSequence.objects.get().last == 1

    def test_called_off_the_number_goes_back_and_the_next_choice_is_another(self, kiosk):
        first = form(attempt="1")
        second = {**form("consultation", attempt="2"), "token": first["token"]}
        kiosk.post(TAKE, first)
        kiosk.post(TAKE, second)
        for _twice in range(2):  # the first word of it may be lost as well, or come late
            assert kiosk.post(WITHDRAW, {"token": first["token"], "attempt": "1"}).status_code == 204
        assert dict(Ticket.objects.values_list("service__slug", "state")) == {
            "library": "cancelled", "consultation": "waiting",
        }  # fmt: skip
        gone = Ticket.objects.get(state="cancelled").received.visit
        assert gone.end_reason == "left"

    def test_a_request_that_arrives_after_it_was_called_off_gets_no_number(self, kiosk):
        late = form(attempt="1")
        kiosk.post(WITHDRAW, {"token": late["token"], "attempt": "1"})
        assert kiosk.post(TAKE, late).status_code == 409
        assert not Ticket.objects.exists()
        assert kiosk.post(TAKE, {**late, "attempt": "2"}).status_code == 302

    def test_who_is_called_already_stays(self, kiosk, counter, by):
        chosen = form(attempt="1")
        kiosk.post(TAKE, chosen)
        desk.call_next(counter, by=by)
        kiosk.post(WITHDRAW, {"token": chosen["token"], "attempt": "1"})
        assert Ticket.objects.get().state == Ticket.State.CALLED

    def test_only_the_own_tablet_calls_off(self, kiosk, office, make_device):
        chosen = form()
        kiosk.post(TAKE, chosen)
        device, _secret = make_device(office)
        foreign = tokens.make(device.pk, tokens.read(chosen["token"], Device.objects.earliest("pk").pk).key)
        kiosk.post(WITHDRAW, {"token": foreign})
        assert Ticket.objects.get().state == Ticket.State.WAITING

    def test_what_was_called_off_is_forgotten_after_a_day(self, kiosk):
        kiosk.post(WITHDRAW, {"token": form()["token"]})
        assert tablet.forget_withdrawn() == 0
        assert tablet.forget_withdrawn(timezone.now() + timedelta(days=1, minutes=1)) == 1

    def test_help_to_choose_says_what_each_is_for(self, kiosk, library):
        ServiceQueue.objects.create(service=library, hint="Membaca buku statistik")
        page = kiosk.get(reverse("queueing:kiosk_help")).content.decode()
        assert "Membaca buku statistik" in page
        assert "Bertanya tentang data" in page

    def test_help_to_choose_keeps_priority_and_people(self, kiosk, library):
        ServiceQueue.objects.create(service=library, hint="Membaca buku statistik")
        assert 'formmethod="get"' in kiosk.get("/kios/").content.decode()
        page = kiosk.get(reverse("queueing:kiosk_help"), {"priority": "1", "party": "3"}).content.decode()
        assert '<input type="hidden" name="priority" value="1">' in page
        assert '<input type="hidden" name="party" value="3">' in page

    @pytest.mark.parametrize("query", [{}, {"priority": "<b>", "party": "<b>"}])
    def test_help_to_choose_without_them_is_one_person(self, kiosk, library, query):
        page = kiosk.get(reverse("queueing:kiosk_help"), query).content.decode()
        assert 'name="priority"' not in page
        assert '<input type="hidden" name="party" value="1">' in page
        assert "<b>" not in page

    def test_who_waits_and_how_long(self, kiosk, office, counter, frontliner, library):
        counter.officer = frontliner
        counter.save()
        take(library, datetime.now(tz=NINE.tzinfo))
        page = kiosk.get("/kios/").content.decode()
        assert "1 orang sebelum Anda" in page
        assert "perkiraan" in page


def test_a_party_counts_as_people_everywhere(kiosk, client, officer, library):
    """Three numbers, one of them a class of thirty."""
    for people in (1, 30):
        take(library, timezone.now(), party_size=people)
    last = take(library, timezone.now())
    assert "32 orang sebelum Anda" in kiosk.get(reverse("queueing:kiosk")).content.decode()
    assert 'data-waiting="32"' in officer.get(reverse("queueing:desk_queue")).content.decode()
    page = client.get(reverse("queueing:visit", args=[last.received.visit.token])).content.decode()
    assert "31 orang sebelum Anda" in page


def test_a_group_without_a_tablet(officer, library):
    form = {"service": "library", "key": "x", "party": "12", "priority": "1"}
    officer.post(reverse("queueing:new_visit"), form)
    ticket = Ticket.objects.get()
    assert (ticket.received.visit.party_size, ticket.priority) == (12, True)


class TestWanted:
    """The one plain query says the same as the models."""

    def test_with_rows_of_rules(self, office, library, make_device):
        ServiceQueue.objects.create(service=library, first=3, last=70, quota=5)
        OfficeQueue.objects.create(office=office, numbers_when_closed=False)
        device, _secret = make_device(office)
        printer = Printer.objects.create(office=office, name="Pintu", host="127.0.0.1", automatic=True)
        printer.tablets.add(device)
        found = wanted(office, "library", device_id=device.pk)
        plain = office.services.with_standard().get(slug="library")
        assert found.service == plain
        assert found.service.standard == plain.standard
        assert found.service.standard.rules.clock_onsite == plain.standard.rules.clock_onsite
        assert found.service.standard.rules.queue == plain.standard.rules.queue
        assert (of_service(found.service).first, of_service(found.service).highest) == (3, 7)
        assert (found.on_paper, found.numbers_when_closed) == (True, False)

    def test_with_the_usual_rules_and_without_a_standard(self, office, library):
        library.standards.all().update(status="retired")
        found = wanted(office, "library", device_id=0)
        assert found.service.standard is None
        assert of_service(found.service).highest == ServiceQueue().highest
        assert (found.on_paper, found.numbers_when_closed) == (False, OfficeQueue().numbers_when_closed)

    @pytest.mark.parametrize("slug", ["", "tidak-ada", "x" * 5000, "lib'rary", "1906"])
    def test_what_the_office_does_not_offer(self, office, slug):
        assert wanted(office, slug, device_id=0) is None

    def test_not_what_was_switched_off(self, office, library):
        library.active = False
        library.save()
        assert wanted(office, "library", device_id=0) is None
