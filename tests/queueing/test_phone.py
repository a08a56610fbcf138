"""The visitor's own page: more time, back in the queue, leaving, and an address that expires."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from queueing.models import OfficeQueue, Ticket
from queueing.workflows import desk, visitor
from services.guestbook import workflows as visits
from services.guestbook.models import ConsentWording, Visit
from services.workflow import IllegalMove
from tests.queueing.support import KIOSK, NINE, fresh, minutes, take


def address(name, ticket):
    return reverse(f"queueing:{name}", args=[ticket.received.visit.token])


class TestMoreTime:
    def test_others_are_called_first_then_the_number_has_its_place_again(self, counter, library, by):
        first, second, third = (take(library, minutes(n)) for n in range(3))
        visitor.more_time(first, by=KIOSK, at=minutes(5))
        assert fresh(first).not_before == minutes(15)
        assert desk.call_next(counter, by=by, at=minutes(6)) == second
        assert desk.call_next(counter, by=by, at=minutes(16)) == first
        assert desk.call_next(counter, by=by, at=minutes(17)) == third

    def test_the_promise_counts_from_then_and_the_next_ones_at_once(self, counter, consultation, by):
        first, second = take(consultation, minutes(0)), take(consultation, minutes(1))
        assert fresh(first.received).clock_due_at == minutes(10)
        visitor.more_time(first, by=KIOSK, at=minutes(5))
        assert fresh(first.received).clock_due_at == minutes(25)
        assert fresh(second.received).clock_started_at == minutes(5)
        desk.call_next(counter, by=by, at=minutes(6))
        desk.call_next(counter, by=by, at=minutes(16))
        desk.start(fresh(first).received, by=by, at=minutes(24))
        assert fresh(first.received).clock_result == "kept"

    def test_a_promise_that_was_broken_stays_broken(self, consultation):
        ticket = take(consultation, minutes(0))
        visitor.more_time(ticket, by=KIOSK, at=minutes(11))
        assert fresh(ticket.received).clock_due_at == minutes(10)

    def test_as_often_as_the_office_allows(self, library):
        ticket = take(library, minutes(0))
        visitor.more_time(ticket, by=KIOSK, at=minutes(1))
        with pytest.raises(IllegalMove, match="sudah dipakai"):
            visitor.more_time(ticket, by=KIOSK, at=minutes(2))
        OfficeQueue.objects.create(office=library.office, more_minutes=0)
        other = take(library, minutes(3))
        with pytest.raises(IllegalMove):
            visitor.more_time(other, by=KIOSK, at=minutes(4))

    def test_not_when_called_already(self, counter, library, by):
        ticket = take(library, minutes(0))
        desk.call_next(counter, by=by, at=minutes(1))
        with pytest.raises(IllegalMove, match="sudah dipanggil"):
            visitor.more_time(ticket, by=KIOSK, at=minutes(2))

    def test_signing_meanwhile_does_not_start_the_clock_early(self, library, by):
        ticket = take(library, minutes(0))
        visitor.more_time(ticket, by=KIOSK, at=minutes(1))
        visits.sign(
            visit=ticket.received.visit, person={"name": "Tamu"}, answers={}, consent=True,
            wording=ConsentWording.objects.first(), channel="phone", by=KIOSK, at=minutes(3),
        )  # fmt: skip
        assert fresh(ticket.received).clock_started_at == minutes(11)


class TestPage:
    @pytest.fixture(autouse=True)
    def at_nine(self):
        with time_machine.travel(NINE, tick=False):
            yield

    def test_more_time_by_the_button(self, library):
        ticket = take(library, NINE)
        take(library, NINE)
        page = Client().get(address("visit", ticket)).content.decode()
        assert 'id="more-time"' in page
        assert Client().post(address("visit_more_time", ticket)).status_code == 302
        page = Client().get(address("visit", ticket)).content.decode()
        assert "09.10" in page
        assert 'id="more-time"' not in page

    def test_skipped_one_may_come_back_once(self, counter, library, by):
        ticket = take(library, NINE)
        desk.call_next(counter, by=by, at=NINE)
        desk.skip(fresh(ticket), by=by, at=NINE)
        assert 'id="rejoin"' in Client().get(address("visit", ticket)).content.decode()
        Client().post(address("visit_rejoin", ticket))
        assert (fresh(ticket).state, fresh(ticket).rejoined) == (Ticket.State.WAITING, True)
        assert Client().post(address("visit_rejoin", ticket)).status_code == 302  # a second tap

    def test_leaving_gives_the_place_up(self, library):
        ticket = take(library, NINE)
        Client().post(address("visit_leave", ticket))
        assert fresh(ticket).state == Ticket.State.CANCELLED

    def test_says_nothing_about_anyone_else(self, library, by):
        ticket, other = take(library, NINE), take(library, NINE)
        visits.sign(
            visit=other.received.visit, person={"name": "Nama Rahasia"}, answers={}, consent=True,
            wording=ConsentWording.objects.first(), channel="desk", by=by, at=NINE,
        )  # fmt: skip
        page = Client().get(address("visit", ticket)).content.decode()
        assert other.label not in page
        assert "Rahasia" not in page


def test_the_address_expires_a_day_after_the_visit(library, by):
    ticket = take(library, NINE)
    desk.cancel(ticket, by=by, at=minutes(30))
    with time_machine.travel(NINE + timedelta(hours=24), tick=False):
        assert Client().get(address("visit", ticket)).status_code == 200
    with time_machine.travel(NINE + timedelta(hours=25), tick=False):
        for name in ("visit", "visit_guest_book", "visit_rate"):
            answer = Client().get(address(name, ticket))
            assert answer.status_code == 410
            assert ticket.label not in answer.content.decode()
        for name in ("visit_leave", "visit_more_time", "visit_rejoin"):
            assert Client().post(address(name, ticket)).status_code == 410


def test_a_visit_that_nobody_closed_expires_as_well(library):
    ticket = take(library, NINE)
    assert Visit.objects.get().ended_at is None
    with time_machine.travel(NINE + timedelta(hours=49), tick=False):
        assert Client().get(address("visit", ticket)).status_code == 410


class TestLanguage:
    """Who chose English on the tablet reads English on the phone, however the phone is set (domain.md §8.7)."""

    def page(self, ticket, client=None, name="queueing:visit", **headers) -> str:
        url = reverse(name, args=[ticket.received.visit.token])
        return (client or Client()).get(url, headers=headers).content.decode()

    def test_of_the_visit_whatever_the_phone_is_set_to(self, library):
        ticket = take(library, timezone.now(), language="en")
        for name in ("queueing:visit", "queueing:visit_guest_book", "complaints:from_visit"):
            page = self.page(ticket, name=name, **{"Accept-Language": "ja,id;q=0.8"})
            assert '<html lang="en"' in page, name

    def test_chosen_anew_on_the_phone(self, library):
        phone = Client()
        phone.cookies[settings.LANGUAGE_COOKIE_NAME] = "id"
        assert '<html lang="id"' in self.page(take(library, timezone.now(), language="en"), phone)

    def test_an_english_phone_of_somebody_who_chose_nothing(self, library):
        page = self.page(take(library, timezone.now()), **{"Accept-Language": "en-GB"})
        assert '<html lang="en"' in page
