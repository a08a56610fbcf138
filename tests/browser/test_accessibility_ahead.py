"""Appointments and paper slips under the eyes of test_accessibility: axe, both schemes, no sideways scrolling."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from queueing.models import Appointment, ServiceQueue
from queueing.workflows import appointments
from queueing.workflows import slips as work
from services.audit.actors import SYSTEM
from tests.browser.test_accessibility import DESK, LONG_OFFICE, PAGE, TABLET, auditor, screens
from tests.daytime import by_day

__all__ = ["auditor", "screens"]


@pytest.fixture
def bookings(offices):
    """One of each state, one that no longer fits, and a printed block."""
    office = by_day(offices["7411"])
    office.name = LONG_OFFICE
    office.save(update_fields=["name"])
    services = list(office.services.all())
    for service in services:
        ServiceQueue.objects.create(service=service, slot_people=2, early_minutes=600)
        work.print_block(service, count=8, seen=900, by=SYSTEM)
    ServiceQueue.objects.filter(service=services[1]).update(last=950)
    now = timezone.now()
    minutes = {"booked": 1, "checked_in": 2, "cancelled": 3, "missed": -60, "outside": 24 * 60 * 3}
    made = {
        state: Appointment.objects.create(
            office=office, service=services[0], starts_at=now + timedelta(minutes=n), place=1, party_size=15,
            priority=True, created_at=now,
        )
        for state, n in minutes.items()
    }  # fmt: skip
    appointments.check_in(made["checked_in"], office=office, by=SYSTEM)
    appointments.cancel(made["cancelled"], by=SYSTEM)
    appointments.mark_missed(office, by=SYSTEM)
    return office, made


def test_the_phone(screens, bookings, auditor):
    office, made = bookings
    phone = screens.phone()
    for path in (f"/{office.code}/", f"/{office.code}/janji/", f"/{office.code}/janji/?layanan=library"):
        auditor.visit(phone, path, PAGE)
    phone.locator(".pick-days a").nth(2).click()
    phone.get_by_role("button", name="Pesan waktu ini").click()
    expect(phone.get_by_text("Periksa isian berikut")).to_be_visible()
    auditor.look(phone, "booking with errors", PAGE)
    for appointment in made.values():
        auditor.visit(phone, f"/j/{appointment.token}/", PAGE)
    auditor.visit(phone, "/6571/janji/", PAGE)


def test_the_tablet(screens, bookings, auditor):
    office, _made = bookings
    kiosk = screens.kiosk(office)
    auditor.visit(kiosk, "/kios/", TABLET)
    auditor.visit(kiosk, "/kios/janji/", TABLET)
    kiosk.get_by_label("Kode janji temu").fill("ZZZZZZ")
    kiosk.get_by_role("button", name="Lapor datang").tap()
    expect(kiosk.get_by_text("Periksa isian berikut")).to_be_visible()
    auditor.look(kiosk, "code with errors", TABLET)
    visit = Appointment.objects.get(state="checked_in").ticket.received.visit
    auditor.visit(kiosk, f"/kios/tiket/{visit.token}/", TABLET)


def test_the_desk(screens, bookings, auditor):
    office, _made = bookings
    desk = screens.desk(office)
    expect(desk.locator("#present h2")).to_be_visible()
    auditor.look(desk, "desk with an appointment", DESK)
    for path in ("/meja/janji/", "/meja/slip/", "/meja/slip/catat/"):
        auditor.visit(desk, path, DESK)
    desk.get_by_label("Datang pukul").fill("99")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Periksa isian berikut")).to_be_visible()
    auditor.look(desk, "slip with errors", DESK)
