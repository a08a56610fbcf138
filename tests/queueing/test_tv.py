"""The TV's page: what is on the board, what is to be said, and what the TV reports about itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from queueing.board import board
from queueing.models import OfficeQueue, Ticket
from queueing.workflows import counters, desk
from queueing.workflows.issue import issue
from services.accounts.devices import cookie_name
from services.accounts.models import Device
from services.audit.actors import SYSTEM, Actor
from services.audit.models import AuditEntry

NOON = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # Monday 10.00 in Kolaka Timur
SOUND = "/layar/suara/"


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def take(service, seconds: float = 0) -> Ticket:
    return issue(
        office=service.office,
        service=service,
        submission=f"s{Ticket.objects.count()}",
        by=SYSTEM,
        at=at(seconds),
    )


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


@pytest.fixture
def tv(make_device, office) -> Client:
    client = Client()
    client.cookies[cookie_name("display")] = make_device(office, "display")[1]
    return client


def page(tv: Client, seconds: float = 0) -> str:
    with time_machine.travel(at(seconds), tick=False):
        return tv.get("/layar/").content.decode()


class TestWhatIsSaid:
    def test_a_call_until_the_person_is_there(self, office, library, counter, by):
        ticket = take(library)
        desk.call_next(counter, by=by, at=at(60))
        assert [c.number for c in board(office, at(61)).spoken] == ["A001"]
        desk.arrived(fresh(ticket), by=by, at=at(70))
        assert board(office, at(71)).spoken == []

    def test_a_recall_is_a_new_call(self, office, library, counter, by):
        ticket = take(library)
        desk.call_next(counter, by=by, at=at(60))
        first = board(office, at(61)).spoken[0]
        desk.recall(fresh(ticket), by=by, at=at(90))
        (second,) = board(office, at(91)).spoken
        assert second.id > first.id
        assert second.age == 1

    def test_an_old_call_is_not_said_any_more(self, office, library, counter, by):
        take(library)
        desk.call_next(counter, by=by, at=at(60))
        assert board(office, at(60 + 119)).spoken
        assert not board(office, at(60 + 121)).spoken

    def test_all_of_five_counters_in_the_order_of_calling(self, office, library, make_user):
        for number in (3, 4, 5):
            office.counters.create(number=number).services.add(library)
        for number in (5, 3, 1, 2, 4):
            take(library)
            officer = Actor("officer", user_id=make_user(office).pk)
            desk.call_next(office.counters.get(number=number), by=officer, at=at(60 + number))
        shown = board(office, at(70))
        assert [c.counter for c in shown.spoken] == [5, 3, 1, 2, 4]
        assert [p.number for p in shown.places] == [1, 2, 3, 4, 5]

    @pytest.mark.parametrize("english", [True, False])
    def test_the_page_carries_words_and_segments(self, tv, office, library, counter, by, english):
        OfficeQueue.objects.create(office=office, voice_english=english, voice="bundled")
        take(library)
        desk.call_next(counter, by=by, at=at(60))
        html = page(tv, 61)
        assert 'data-voice="bundled"' in html
        assert 'data-text="Nomor antrian, A, nol nol satu, silakan ke loket satu"' in html
        assert ('data-segments-en="en/queue-number , en/a , en/zero en/zero en/one' in html) is english


class TestTheBoard:
    def test_counters_are_there_before_the_first_call_and_a_pause_is_told(self, tv, counter, by):
        assert "data-place" not in page(tv)
        counters.open_counter(counter, by=by, at=at(0))
        assert "Siap" in page(tv)
        counters.pause(counter, reason="prayer", by=by, at=at(10))
        html = page(tv, 11)
        assert "is-paused" in html
        assert "Salat" in html

    def test_more_counters_than_fit_show_those_with_the_newest_calls(self, office, library, make_user):
        for number in range(3, 10):
            office.counters.create(number=number).services.add(library)
        for counter in office.counters.all():
            take(library)
            officer = Actor("officer", user_id=make_user(office).pk)
            desk.call_next(counter, by=officer, at=at(60 + counter.number))
        assert [p.number for p in board(office, at(80)).places] == [4, 5, 6, 7, 8, 9]

    @pytest.mark.parametrize("state", ["skipped", "held", "no_show", "cancelled"])
    def test_who_went_away_leaves_the_big_place_at_once(self, office, library, counter, by, state):
        take(library)
        ticket = take(library)
        desk.call_next(counter, by=by, at=at(60))
        desk.finish_ticket(Ticket.objects.get(number=1), by=by, at=at(65))
        desk.call_next(counter, by=by, at=at(70))
        assert [c.number for c in board(office, at(71)).now] == ["A002"]
        Ticket.objects.filter(pk=ticket.pk).update(state=state)
        counter.officer = None
        counter.save()
        shown = board(office, at(75))
        assert shown.now == []
        assert shown.places == []
        assert [c.number for c in shown.earlier] == ["A002", "A001"]

    def test_a_counter_nobody_staffs_is_listed_only_while_somebody_is_there(
        self, office, library, counter, by
    ):
        take(library)
        desk.call_next(counter, by=by, at=at(60))
        counter.refresh_from_db()
        counter.officer = None
        counter.save()
        assert [p.number for p in board(office, at(61)).places] == [counter.number]
        desk.finish_ticket(Ticket.objects.get(), by=by, at=at(70))
        shown = board(office, at(71))
        assert [c.number for c in shown.now] == ["A001"]
        assert shown.places == []

    def test_open_break_closed_and_closed_with_somebody_still_there(self, tv, office, library, counter, by):
        for hours in office.hours.all():
            hours.break_start, hours.break_end = datetime(1, 1, 1, 12).time(), datetime(1, 1, 1, 13).time()
            hours.save()
        assert "Silakan mengambil nomor antrian" in page(tv)
        lunch = page(tv, 2.5 * 3600)
        assert "Istirahat" in lunch
        assert "13.00 WITA" in lunch
        closed = page(tv, 8 * 3600)
        assert "Di luar jam layanan" in closed
        assert "Selasa, 3 Maret" in closed
        ticket = take(library)
        desk.call_next(counter, by=by, at=at(60))
        desk.arrived(fresh(ticket), by=by, at=at(61))
        late = page(tv, 8 * 3600)
        assert 'data-now="A001"' in late
        assert "board-door" in late


class TestFaults:
    def report(self, tv: Client, state: str) -> Device:
        assert tv.post(SOUND, {"state": state}).status_code == 204
        return Device.objects.get(purpose="display")

    def test_locked_sound_is_the_devices_fault_until_it_works(self, tv):
        device = self.report(tv, "locked")
        assert "Ketuk layar TV" in device.fault
        since = device.fault_at
        assert since
        assert self.report(tv, "locked").fault_at == since
        assert "data-sound-fault" in page(tv)
        device = self.report(tv, "ok")
        assert (device.fault, device.fault_at) == ("", None)
        assert "data-sound-fault" not in page(tv)
        lines = AuditEntry.objects.filter(target_id=device.pk, action__in=("device.fault", "device.well"))
        assert [(line.action, line.actor) for line in lines.order_by("pk")] == [
            ("device.fault", "device"),
            ("device.well", "device"),
        ]

    def test_only_known_states_are_taken(self, tv):
        assert tv.post(SOUND, {"state": "<b>"}).status_code == 422
        assert tv.get(SOUND).status_code == 405
        assert Device.objects.get(purpose="display").fault == ""

    def test_a_tv_needs_the_token_of_its_page(self, make_device, office):
        strict = Client(enforce_csrf_checks=True)
        strict.cookies[cookie_name("display")] = make_device(office, "display")[1]
        assert strict.post(SOUND, {"state": "locked"}).status_code == 403
