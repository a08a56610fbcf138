"""Appointments on the phone, on the tablet and at the desk: what each page says, and that nothing typed is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from queueing import slots
from queueing.models import Appointment, ServiceQueue, Ticket
from queueing.workflows import appointments
from services.accounts.limits import LIMITS
from services.accounts.models import Attempt
from services.audit.actors import SYSTEM, Actor
from services.guestbook.models import Visit
from services.offices.models import Service
from tests.queueing.ahead import MONDAY_NINE, book, later, slots_of
from tests.queueing.support import take

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

    def test_until_its_time_the_time_says_more_than_the_place(self, client, bookable):
        take(bookable, MONDAY_NINE)
        ticket = come(book(bookable, later(0.5)), MONDAY_NINE)
        address = f"/k/{ticket.received.visit.token}/"
        page = client.get(address).content.decode()
        assert "Anda dipanggil sekitar pukul 09.30" in page
        assert "sebelum Anda" not in page
        with time_machine.travel(MONDAY_NINE + timedelta(minutes=31), tick=False):
            assert "Anda berikutnya" in client.get(address).content.decode()

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
