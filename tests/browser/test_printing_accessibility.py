"""The screens of devices and slips by the measure of test_accessibility: axe, light and dark, no sideways scrolling."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from queueing.models import Printer, PrintJob
from services.accounts.models import Device
from tests.browser.conftest import connected
from tests.browser.test_accessibility import DESK, TABLET, auditor, screens

__all__ = ["auditor", "screens"]  # fixtures

LONG = "Printer tiket ruang tunggu sayap kanan gedung pelayanan lama"


def test_devices_printers_and_the_notice(screens, offices, make_device, auditor):
    office = offices["7411"]
    now = timezone.now()
    kiosk, _secret = make_device(office, "kiosk")
    make_device(office, "display")
    Device.objects.filter(purpose="display").update(last_seen_at=now - timedelta(days=2), name=LONG)
    printer = Printer.objects.create(office=office, name=LONG, host="10.0.0.9", fault="broken", fault_at=now)
    printer.tablets.add(kiosk)
    Printer.objects.create(office=office, name="Mati", active=False)
    Printer.objects.create(office=office, name="Tablet", kind="browser")
    Printer.objects.create(office=office, name="Sehat", host="10.0.0.8", last_ok_at=now)
    PrintJob.objects.create(
        office=office, printer=printer, copy=True, state="failed", error="broken", created_at=now
    )
    desk = screens.desk(office, role="supervisor")
    expect(desk.locator("[data-alarm]").first).to_be_visible()
    auditor.look(desk, "desk with a notice", DESK)
    for path in ("/meja/perangkat/", "/meja/perangkat/printer/", f"/meja/perangkat/printer/{printer.pk}/"):
        auditor.visit(desk, path, DESK)
    desk.goto("/meja/perangkat/printer/")
    desk.get_by_role("button", name="Simpan printer").click()
    expect(desk.get_by_text("Periksa isian berikut")).to_be_visible()
    auditor.look(desk, "printer with errors", DESK)


def test_the_ticket_page_in_each_state_of_its_slip(screens, offices, auditor):
    office = offices["7411"]
    kiosk = screens.kiosk(office)
    printer = Printer.objects.create(office=office, name=LONG, host="10.0.0.9")
    printer.tablets.set(Device.objects.filter(purpose="kiosk"))
    kiosk.get_by_role("button", name="Perpustakaan").click()
    kiosk.wait_for_url("**/kios/tiket/**")
    connected(kiosk)
    auditor.look(kiosk, "ticket, to print", TABLET)
    kiosk.get_by_role("button", name="Cetak nomor").click()
    expect(kiosk.locator("[data-slip=printing]")).to_be_visible()
    auditor.look(kiosk, "ticket, printing", TABLET)
    for state, error in (("failed", "unreachable"), ("printed", "")):
        PrintJob.objects.update(state=state, error=error)
        kiosk.reload()
        connected(kiosk)
        auditor.look(kiosk, f"ticket, {state}", TABLET)
