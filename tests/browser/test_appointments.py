"""Booked on a phone, checked in on the tablet by the code, called first when the time has come."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from queueing.models import Appointment, ServiceQueue, Ticket
from services.offices.models import ServiceHours
from tests.browser.conftest import connected, scan
from tests.daytime import by_day


@pytest.fixture
def office(offices):
    """Open round the clock, with slots of five minutes."""
    office = by_day(offices["7411"])
    office.hours.all().delete()
    office.hours_exceptions.all().delete()
    for weekday in range(7):
        ServiceHours.objects.create(office=office, weekday=weekday, opens=time(0), closes=time(23, 59))
    service = office.services.get(slug="library")
    ServiceQueue.objects.create(service=service, slot_people=1, slot_minutes=5, days_ahead=2)
    return office


def test_booked_on_the_phone_checked_in_on_the_tablet_called_at_the_time(screens, office):
    phone, kiosk, desk = screens.phone(), screens.kiosk(office), screens.desk(office)
    connected(kiosk, desk)

    phone.goto(f"/{office.code}/")
    phone.get_by_role("link", name="Buat janji temu").tap()
    phone.locator(".pick-days a").first.tap()
    phone.locator(".slot-times .choice").nth(1).tap()
    phone.get_by_role("button", name="Pesan waktu ini").tap()
    expect(phone.locator("[data-appointment=booked]")).to_be_visible()
    code = phone.locator("[data-code]").inner_text()
    assert Appointment.objects.get().starts_at - timezone.now() <= timedelta(minutes=10)

    kiosk.get_by_role("button", name="Perpustakaan").tap()  # somebody without an appointment was here before
    kiosk.wait_for_url("**/kios/tiket/**")
    kiosk.get_by_role("link", name="Selesai").tap()
    kiosk.get_by_role("link", name="Saya punya janji temu").tap()
    kiosk.wait_for_url("**/kios/janji/")
    scan(kiosk, "ZZZZZZ")
    expect(kiosk.get_by_text("Kode ini tidak kami temukan").first).to_be_visible()
    scan(kiosk, code)
    kiosk.wait_for_url("**/kios/tiket/**")
    expect(kiosk.locator(".ticket-slip")).to_contain_text("A002")
    expect(kiosk.locator(".ticket-slip")).to_contain_text("Janji temu pukul")

    phone.reload()
    expect(phone.locator("[data-appointment=checked_in]")).to_be_visible()
    kiosk.get_by_role("link", name="Selesai").tap()
    kiosk.get_by_role("button", name="Perpustakaan").tap()
    kiosk.wait_for_url("**/kios/tiket/**")

    order = desk.locator("#queue .ticket-number")
    expect(order).to_contain_text(["A001", "A002", "A003"])  # the time has not come: as they came
    Ticket.objects.filter(number=2).update(appointment_at=timezone.now() - timedelta(seconds=1))
    desk.reload()
    expect(order).to_contain_text(["A002", "A001", "A003"])
    desk.get_by_role("button", name="Panggil berikutnya").click()
    expect(desk.locator("[data-visit]")).to_contain_text("A002")


def test_two_phones_for_the_last_place(screens, office):
    first, second = screens.phone(), screens.phone()
    tomorrow = office.today() + timedelta(days=1)
    for phone in (first, second):
        phone.goto(f"/{office.code}/janji/?layanan=library&hari={tomorrow}")
        phone.locator(".slot-times .choice").first.tap()
        phone.get_by_label("Jumlah orang").fill("4")
    first.get_by_role("button", name="Pesan waktu ini").tap()
    first.wait_for_url("**/j/**")
    second.get_by_role("button", name="Pesan waktu ini").tap()
    expect(second.get_by_text("Waktu ini sudah penuh").first).to_be_visible()
    expect(second.get_by_text("Waktu kosong berikutnya")).to_be_visible()
    expect(second.get_by_label("Jumlah orang")).to_have_value("4")
    first.get_by_role("button", name="Batalkan").tap()
    first.get_by_role("button", name="Ya, batalkan").tap()
    expect(first.locator("[data-appointment=cancelled]")).to_be_visible()
    second.goto(second.url)
    begins = office.local(datetime.combine(tomorrow, time(0), tzinfo=office.zone))
    expect(second.locator(".slot-times .choice").first).to_contain_text(f"{begins:%H.%M}")


def test_slips_are_entered_from_the_keyboard(screens, office):
    desk = screens.desk(office, counter=None)
    desk.goto("/meja/slip/")
    desk.get_by_text("Perpustakaan · A900–A999").click()
    desk.get_by_role("button", name="Buat blok").click()
    expect(desk.get_by_text("Slip A900–A923 siap dicetak.")).to_be_visible()
    desk.get_by_role("link", name="Catat slip").click()
    desk.wait_for_url("**/catat/")
    yesterday = office.today() - timedelta(days=1)
    desk.get_by_label("Tanggal").fill(str(yesterday))
    desk.get_by_label("Nomor slip").focus()
    desk.keyboard.type("a900")
    desk.keyboard.press("Tab")
    for number in ("A900", "A901"):  # the second number is there already
        expect(desk.get_by_label("Nomor slip")).to_have_value(re.compile(number, re.IGNORECASE))
        expect(desk.get_by_label("Datang pukul")).to_be_focused()
        for typed in ("0800", "0810", "0830"):
            desk.keyboard.type(typed)
            desk.keyboard.press("Tab")
        desk.keyboard.press("Enter")
        expect(desk.get_by_text(f"{number} tercatat.")).to_be_visible()
        expect(desk.get_by_label("Tanggal")).to_have_value(str(yesterday))
    expect(desk.locator("[data-entered] li")).to_contain_text(["A901", "A900"])
    assert Ticket.objects.filter(manual=True, day=yesterday, state="finished").count() == 2
