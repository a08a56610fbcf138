"""Appointments: booked once a place, checked in once, called first at their time; the promise not before it."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from queueing import slots, tasks
from queueing.models import Appointment, ServiceQueue, Ticket
from queueing.workflows import appointments, desk
from queueing.workflows.issue import issue
from services.accounts.limits import LIMITS
from services.accounts.models import Attempt
from services.audit.actors import SYSTEM, VISITOR, Actor
from services.guestbook import clocks
from services.guestbook import workflows as visits
from services.guestbook.models import ConsentWording, Visit, VisitService
from services.offices.models import Service
from services.workflow import IllegalMove
from tests.queueing.ahead import MONDAY_NINE, book, later, slots_of
from tests.together import at_once

KIOSK = Actor("device")
TEN = later(1)


@pytest.fixture
def bookable(library) -> Service:
    return slots_of(library)


@pytest.fixture
def nine():
    with time_machine.travel(MONDAY_NINE, tick=False):
        yield MONDAY_NINE


def come(appointment: Appointment, at, office=None) -> Ticket:
    return appointments.check_in(appointment, office=office or appointment.office, by=KIOSK, at=at)


def fresh(thing):
    return type(thing).objects.get(pk=thing.pk)


class TestBooking:
    def test_places_of_a_slot_until_it_is_full(self, bookable):
        assert [book(bookable, TEN).place for _n in range(2)] == [1, 2]
        with pytest.raises(appointments.SlotTaken, match="penuh"):
            book(bookable, TEN)

    def test_a_cancelled_place_is_given_again(self, bookable):
        first, _second = book(bookable, TEN), book(bookable, TEN)
        appointments.cancel(first, by=VISITOR)
        assert book(bookable, TEN).place == 1

    def test_fewer_places_than_are_booked_give_none(self, bookable):
        book(bookable, TEN)
        second = book(bookable, TEN)
        ServiceQueue.objects.update(slot_people=1)
        appointments.cancel(Appointment.objects.exclude(pk=second.pk).get(), by=VISITOR)
        with pytest.raises(appointments.SlotTaken):
            book(fresh(bookable), TEN)

    @pytest.mark.parametrize("hours", [-0.5, 0, 0.25, 3, 7, 24 * 5, 24 * 20])
    def test_a_time_that_is_no_slot(self, bookable, hours):
        """Past, begun, beside the grid, in the break, after closing, on Saturday, too far ahead."""
        with pytest.raises(appointments.SlotTaken, match="tidak lagi ditawarkan"):
            book(bookable, later(hours))

    def test_the_same_key_is_the_same_booking_and_its_address_is_not_the_key(self, bookable):
        one, two = book(bookable, TEN, "tap"), book(bookable, TEN, "tap")
        assert one == two
        assert "tap" not in one.token

    def test_the_trace_begins_with_booked(self, bookable):
        assert [(s.state, s.actor) for s in book(bookable, TEN).steps.all()] == [("booked", "visitor")]


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_people_for_the_last_place(self, offices):
        service = slots_of(Service.objects.get(office=offices["7411"], slug="library"), slot_people=1)
        got = at_once(*(partial(book, service, TEN, f"person {n}") for n in range(4)))
        assert [isinstance(g, appointments.SlotTaken) for g in got].count(True) == 3
        assert Appointment.objects.count() == 1

    def test_a_double_tap(self, offices):
        service = slots_of(Service.objects.get(office=offices["7411"], slug="library"), slot_people=1)
        got = at_once(*[partial(book, service, TEN, "tap")] * 4)
        assert got == [Appointment.objects.get()] * 4

    def test_eight_people_get_the_two_places(self, offices):
        service = slots_of(Service.objects.get(office=offices["7411"], slug="library"))
        at_once(*(partial(book, service, TEN, f"person {n}") for n in range(8)))
        assert sorted(Appointment.objects.values_list("place", flat=True)) == [1, 2]

    def test_scanned_on_the_tablet_and_tapped_at_the_desk(self, offices):
        service = slots_of(Service.objects.get(office=offices["7411"], slug="library"))
        appointment = book(service, TEN)
        got = at_once(*[partial(come, appointment, TEN)] * 4)
        assert got == [Ticket.objects.get()] * 4
        assert Visit.objects.count() == 1


class TestCheckIn:
    def test_a_number_tied_to_the_appointment(self, bookable):
        appointment = book(bookable, TEN, party_size=4, language="en")
        ticket = fresh(come(appointment, later(0.75)))
        appointment.refresh_from_db()
        assert (appointment.state, appointment.ticket) == ("checked_in", ticket)
        assert ticket.appointment_at == TEN
        visit = ticket.received.visit
        assert (visit.party_size, visit.language, visit.arrived_at) == (4, "en", later(0.75))

    def test_a_second_scan_gives_the_same_number(self, bookable):
        appointment = book(bookable, TEN)
        assert come(appointment, TEN) == come(appointment, later(1.1))
        assert Ticket.objects.count() == 1

    @pytest.mark.parametrize(("minutes", "allowed"), [(-30.1, False), (-30, True), (0, True), (15, True)])
    def test_from_half_an_hour_before(self, bookable, minutes, allowed):
        appointment = book(bookable, TEN)
        at = TEN + timedelta(minutes=minutes)
        if allowed:
            assert come(appointment, at).appointment_at == TEN
        else:
            with pytest.raises(IllegalMove, match=r"mulai pukul 09\.30 WITA"):
                come(appointment, at)

    def test_too_late_is_an_ordinary_number_and_missed(self, bookable):
        appointment = book(bookable, TEN)
        ticket = come(appointment, TEN + timedelta(minutes=15, seconds=1))
        assert (fresh(ticket).appointment_at, fresh(appointment).state) == (None, "missed")
        assert come(appointment, later(2)) == ticket

    def test_marked_as_missed_before_they_came(self, bookable):
        appointment = book(bookable, TEN)
        appointments.mark_missed(bookable.office, at=later(2), by=SYSTEM)
        ticket = come(appointment, later(2))
        assert ticket.appointment_at is None
        assert fresh(appointment).ticket == ticket

    def test_cancelled_another_day_another_office(self, bookable, offices):
        cancelled, tomorrow, yesterday = (book(bookable, later(h)) for h in (1, 25, 2))
        appointments.cancel(cancelled, by=VISITOR)
        Appointment.objects.filter(pk=yesterday.pk).update(starts_at=later(-23))
        for appointment, words in (
            (cancelled, "sudah dibatalkan"),
            (tomorrow, r"untuk Selasa, 3 Maret 2026 pukul 10\.00 WITA"),
            (yesterday, r"sudah lewat \(Minggu, 1 Maret 2026\)"),
        ):
            with pytest.raises(IllegalMove, match=words):
                come(appointment, TEN)
        with pytest.raises(IllegalMove, match=bookable.office.name):
            come(tomorrow, TEN, office=offices["6571"])
        assert Ticket.objects.count() == 0

    def test_a_day_is_the_offices_own(self, bookable):
        """23:30 UTC on Sunday is Monday 08:30 in Jayapura: its appointment of 08:30 is today's."""
        office = bookable.office
        office.time_zone = "Asia/Jayapura"
        office.save()
        service = Service.objects.select_related("office", "queue_rules").get(pk=bookable.pk)
        half_past_eight = MONDAY_NINE - timedelta(hours=1.5)
        appointment = book(service, half_past_eight, at=MONDAY_NINE - timedelta(hours=6))
        assert come(appointment, half_past_eight).day == half_past_eight.date() + timedelta(days=1)


class TestClock:
    """The promise begins at the later of the standard's event and the appointment (docs/decisions/012)."""

    def sign(self, ticket, by, at):
        visits.sign(
            visit=ticket.received.visit, person={"name": "Tamu"}, answers={}, consent=True,
            wording=ConsentWording.objects.get(), channel="desk", by=by, at=at,
        )  # fmt: skip
        return fresh(ticket.received)

    @pytest.mark.parametrize(("signed", "starts"), [(0.75, 1), (1.1, 1.1)])
    def test_from_the_guest_book_but_not_before_the_time(self, bookable, by, signed, starts):
        ticket = come(book(bookable, TEN), later(0.6))
        received = self.sign(ticket, by, later(signed))
        assert received.clock_started_at == later(starts)
        assert received.clock_due_at == later(starts) + timedelta(minutes=5)

    @pytest.mark.parametrize(("came", "starts"), [(0.75, 1), (1.1, 1.1)])
    def test_first_in_line_from_the_number_but_not_before_the_time(self, consultation, came, starts):
        ticket = come(book(slots_of(consultation), TEN), later(came))
        assert fresh(ticket.received).clock_started_at == later(starts)

    def test_after_the_person_before_but_not_before_the_time(self, consultation, counter, by):
        service = slots_of(consultation)
        issue(office=service.office, service=service, submission="first", by=KIOSK, at=later(0.5))
        ticket = come(book(service, TEN), later(0.6))
        before = desk.call_next(counter, by=by, at=later(0.6))
        desk.start(before.received, by=by, at=later(0.6))
        desk.end(before.received, by=by, at=later(0.7))
        assert fresh(ticket.received).clock_started_at == TEN

    def test_an_arrival_clock_is_set_to_the_time(self, bookable):
        ticket = come(book(bookable, TEN), later(0.75))
        received = fresh(ticket.received)
        received.clock_start_event, received.clock_started_at = "arrival", later(0.75)
        clocks.not_before(received, TEN)
        assert fresh(received).clock_started_at == TEN

    def test_served_before_the_time_is_kept(self, bookable, counter, by):
        ticket = come(book(bookable, TEN), later(0.6))
        desk.call_next(counter, by=by, at=later(0.7))
        self.sign(ticket, by, later(0.7))
        desk.start(fresh(ticket.received), by=by, at=later(0.8))
        assert VisitService.objects.get().clock_result == "kept"


def test_in_order_of_arrival_before_the_time_and_first_from_then_on(bookable, counter, by):
    def walk_in(at):
        key = f"walk in {at}"
        return issue(office=bookable.office, service=bookable, submission=key, by=KIOSK, at=at)

    early = walk_in(later(0.5))
    appointment = come(book(bookable, TEN), later(0.6))
    walk_in(later(0.7))
    assert desk.call_next(counter, by=by, at=later(0.9)) == early
    another = walk_in(later(0.4))  # came before the appointment, who checked in at 9:36
    assert desk.call_next(counter, by=by, at=TEN - timedelta(seconds=1)) == another
    assert desk.call_next(counter, by=by, at=TEN) == appointment


class TestHousekeeping:
    def test_only_the_late_are_marked_as_missed_each_by_its_services_rule(self, bookable, consultation):
        slots_of(consultation, late_minutes=90)
        late, patient, coming = book(bookable, TEN), book(fresh(consultation), TEN), book(bookable, later(2))
        came = book(bookable, TEN)
        come(came, TEN)
        assert appointments.mark_missed(bookable.office, at=later(1.5), by=SYSTEM) == 1
        states = [fresh(a).state for a in (late, patient, coming, came)]
        assert states == ["missed", "booked", "booked", "checked_in"]

    def test_the_worker_marks_yesterdays_of_every_office(self, offices):
        for code in ("7411", "6571"):
            book(slots_of(offices[code].services.get(slug="library")), TEN)
        with time_machine.travel(later(24), tick=False):
            tasks.mark_missed_appointments(0)
        assert list(Appointment.objects.values_list("state", flat=True)) == ["missed"] * 2

    def test_forgotten_after_ninety_days_and_the_visit_stays(self, bookable):
        old, young = book(bookable, TEN), book(bookable, later(2))
        ticket = come(old, TEN)
        with time_machine.travel(TEN + timedelta(days=90, seconds=1), tick=False):
            tasks.forget_old_appointments(0)
        assert list(Appointment.objects.all()) == [young]
        assert fresh(ticket).received.visit


@pytest.mark.usefixtures("nine")
class TestPages:
    PAGE = "/7411/janji/?layanan=library&hari=2026-03-02"

    def send(self, client: Client, at=TEN, **more):
        form = {"starts_at": timezone.localtime(at, self.zone).isoformat(), "party_size": "1", "key": "tap"}
        return client.post(self.PAGE, form | more)

    @pytest.fixture(autouse=True)
    def _zone(self, bookable):
        self.zone = bookable.office.zone

    def test_the_office_offers_it_only_where_it_is_open_for_booking(self, client):
        assert "Buat janji temu" in client.get("/7411/").content.decode()
        assert "Buat janji temu" not in client.get("/6571/").content.decode()
        assert "belum membuka janji temu" in client.get("/6571/janji/").content.decode()

    def test_booked_with_plain_forms_and_shown_with_time_and_zone(self, client):
        response = self.send(client, party_size="3", priority="on")
        appointment = Appointment.objects.get()
        assert response["Location"] == f"/j/{appointment.token}/"
        page = client.get(response["Location"]).content.decode()
        for words in (
            "Senin, 2 Maret 2026",
            "10.00 WITA",
            appointment.code,
            "antara pukul 09.30 dan 10.15 WITA",
        ):
            assert words in page
        assert (appointment.party_size, appointment.priority) == (3, True)

    def test_in_english(self, client):
        client.cookies["django_language"] = "en"
        self.send(client)
        assert Appointment.objects.get().language == "en"

    def test_a_double_tap_is_led_to_its_own_booking_also_when_the_slot_is_full_now(self, client):
        ServiceQueue.objects.update(slot_people=1)
        assert self.send(client)["Location"] == self.send(client)["Location"]

    def test_the_second_gets_a_message_at_the_field_and_the_next_free_times(self, client):
        for n in range(2):
            self.send(client, key=f"person {n}")
        response = self.send(client, key="too late", party_size="7")
        page = response.content.decode()
        assert response.status_code == 422
        assert "sudah penuh atau tidak ditawarkan" in page
        assert 'id="id_starts_at_error"' in page
        assert "Senin, 2 Maret, 10.30" in page
        assert 'name="party_size" value="7"' in page

    def test_one_address_cannot_book_everything(self, client):
        ServiceQueue.objects.update(slot_people=20)
        for n in range(LIMITS["booking"]):
            assert self.send(client, key=f"k{n}").status_code == 302
        assert self.send(client, key="k0").status_code == 302  # a double tap counts once
        response = self.send(client, key="one more")
        assert response.status_code == 429
        assert "Terlalu banyak kali" in response.content.decode()
        assert Appointment.objects.count() == Attempt.objects.count() == LIMITS["booking"]

    @pytest.mark.parametrize(
        "query", ["", "layanan=x", "layanan=library&hari=x", "hari=2026-03-07", "hari=9999-99-99"]
    )
    def test_an_odd_address_asks_again(self, client, query):
        assert client.get(f"/7411/janji/?{query}").status_code == 200
        assert client.post(f"/7411/janji/?{query}", {"starts_at": "x"}).status_code == 422
        assert Appointment.objects.count() == 0

    def test_cancelled_by_its_holder_once(self, client, bookable):
        token = book(bookable, TEN).token
        for _n in range(2):
            assert client.post(f"/j/{token}/batal/").status_code == 302
        assert Appointment.objects.get().state == "cancelled"
        assert "dibatalkan" in client.get(f"/j/{token}/").content.decode()

    def test_what_is_over_says_so_in_words(self, client, bookable):
        appointment = book(bookable, TEN)
        appointments.mark_missed(bookable.office, at=later(2), by=SYSTEM)
        page = client.post(f"/j/{appointment.token}/batal/", follow=True).content.decode()
        assert "Janji temu 2 Maret 10.00 sudah berstatus “Tidak datang”" in page

    def test_who_has_come_cannot_cancel(self, client, bookable):
        appointment = book(bookable, later(0.25 + 0.25))
        come(appointment, MONDAY_NINE)
        client.post(f"/j/{appointment.token}/batal/")
        assert fresh(appointment).state == "checked_in"
        page = client.get(f"/j/{appointment.token}/").content.decode()
        assert reverse("queueing:visit", args=[Visit.objects.get().token]) in page

    def test_the_calendar_file(self, client, bookable):
        bookable.office.address = "Jl. Merdeka 1; Gedung A, Kolaka Timur, " + "lantai dua " * 8
        bookable.office.save()
        appointment = book(bookable, TEN)
        response = client.get(f"/j/{appointment.token}/janji-temu.ics")
        assert response["Content-Type"] == "text/calendar; charset=utf-8"
        lines = response.content.split(b"\r\n")
        assert max(len(line) for line in lines) <= 75
        text = response.content.decode().replace("\r\n ", "")
        assert "DTSTART:20260302T020000Z" in text
        assert "DTEND:20260302T023000Z" in text
        assert r"LOCATION:Jl. Merdeka 1\; Gedung A\, Kolaka Timur" in text
        assert appointment.code in text


@pytest.mark.usefixtures("nine")
class TestTablet:
    def scan(self, kiosk: Client, code: str):
        return kiosk.post("/kios/janji/", {"code": code})

    def test_offered_only_where_there_are_appointments(self, kiosk, library):
        assert "Saya punya janji temu" not in kiosk.get("/kios/").content.decode()
        slots_of(library)
        assert "Saya punya janji temu" in kiosk.get("/kios/").content.decode()

    @pytest.mark.parametrize("shape", ["{code}", " {lower} ", "{spaced}", "http://pst.test/j/{token}/"])
    def test_the_code_as_it_is_typed_or_scanned(self, kiosk, bookable, shape):
        a = book(bookable, later(0.5))
        typed = shape.format(
            code=a.code, lower=a.code.lower(), spaced=f"{a.code[:3]} {a.code[3:]}", token=a.token
        )
        response = self.scan(kiosk, typed)
        ticket = Ticket.objects.get()
        assert response["Location"] == reverse("queueing:kiosk_ticket", args=[ticket.received.visit.token])
        page = kiosk.get(response["Location"]).content.decode()
        assert "Janji temu pukul 09.30 WITA" in page

    def test_the_phone_page_of_the_number_says_it_too(self, client, bookable):
        ticket = come(book(bookable, later(0.5)), MONDAY_NINE)
        page = client.get(f"/k/{ticket.received.visit.token}/").content.decode()
        assert "Janji temu pukul 09.30 WITA" in page

    def test_too_early_unknown_and_elsewhere_are_told_at_the_field(self, kiosk, bookable, offices):
        early = book(bookable, TEN)
        elsewhere = book(slots_of(offices["6571"].services.get(slug="library")), TEN)
        for code, words in (
            (early.code, "mulai pukul 09.30 WITA"),
            ("ZZZZZZ", "tidak kami temukan"),
            (elsewhere.code, "Janji temu ini untuk BPS Kota Tarakan"),
        ):
            response = self.scan(kiosk, code)
            assert response.status_code == 422
            assert words in response.content.decode()
            assert response.context["form"]["code"].value() == code
        assert Ticket.objects.count() == 0

    def test_who_is_late_is_told_and_gets_an_ordinary_number(self, kiosk, bookable):
        appointment = book(bookable, later(0.5))
        with time_machine.travel(TEN, tick=False):
            page = kiosk.get(self.scan(kiosk, appointment.code)["Location"]).content.decode()
        assert "Janji temu Anda pukul 09.30 sudah lewat. Ini nomor biasa." in page
        assert "A001" in page


@pytest.mark.usefixtures("nine")
class TestDesk:
    def test_todays_list_with_one_tap(self, desk, bookable):
        today, tomorrow = book(bookable, later(0.5)), book(bookable, later(25))
        page = desk.get("/meja/janji/").content.decode()
        assert today.code in page
        assert tomorrow.code not in page
        desk.post(f"/meja/janji/{today.pk}/datang/")
        assert fresh(today).state == "checked_in"
        assert "A001" in desk.get("/meja/janji/").content.decode()

    def test_too_early_is_told(self, desk, bookable):
        appointment = book(bookable, TEN)
        page = desk.post(f"/meja/janji/{appointment.pk}/datang/", follow=True).content.decode()
        assert "mulai pukul 09.30 WITA" in page
        assert fresh(appointment).state == "booked"

    def test_bookings_that_no_longer_fit_are_shown_and_stay(self, desk, bookable):
        appointment = book(bookable, later(25))
        ServiceQueue.objects.update(slot_people=0)
        page = desk.get("/meja/janji/").content.decode()
        assert "Tidak cocok lagi" in page
        assert appointment.code in page
        assert fresh(appointment).state == "booked"

    def test_the_queue_names_the_appointment(self, desk, bookable):
        come(book(bookable, later(0.5)), MONDAY_NINE)
        assert "Janji temu 09.30" in desk.get("/meja/antrian/").content.decode()

    def test_the_lists_ask_a_fixed_number_of_questions(self, desk, bookable, django_assert_max_num_queries):
        ServiceQueue.objects.update(slot_people=20)
        for n in range(18):
            appointment = book(fresh(bookable), later(0.5))
            if n % 2:
                come(appointment, MONDAY_NINE)
        desk.get("/meja/janji/")
        with django_assert_max_num_queries(20):
            desk.get("/meja/janji/")
        assert slots.outside(bookable.office, MONDAY_NINE) == []
