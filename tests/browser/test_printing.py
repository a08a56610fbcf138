"""The slip on the tablet and the notice of vanished devices at the desk, in a real Chromium."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from queueing.models import Printer, PrintJob
from queueing.printing import network, run
from services.accounts.models import Device
from tests.browser.conftest import connected
from tests.queueing.printer_listener import PrinterListener, text_of

COUNT_PRINTS = "window.prints = 0; window.print = () => { window.prints += 1; };"


@pytest.fixture
def office(offices):
    return offices["7411"]


@pytest.fixture
def listener(monkeypatch):
    monkeypatch.setattr(network, "CLOSE_SECONDS", 0.2)
    with PrinterListener() as listener:
        yield listener


def printer_for_the_tablets(office, **more) -> Printer:
    printer = Printer.objects.create(office=office, name="Printer pintu", **more)
    printer.tablets.set(Device.objects.filter(office=office, purpose="kiosk"))
    return printer


def take_number(kiosk: Page) -> None:
    kiosk.get_by_role("button", name="Perpustakaan").click()
    expect(kiosk.locator("[data-place]")).to_be_visible()
    connected(kiosk)


def test_one_tap_prints_one_slip_and_the_tablet_tells_how_it_went(screens, office, listener):
    kiosk = screens.kiosk(office)
    printer = printer_for_the_tablets(office, host="127.0.0.1", port=listener.port)
    take_number(kiosk)
    listener.paper = "out"
    kiosk.get_by_role("button", name="Cetak nomor").click()
    expect(kiosk.locator("[data-slip=printing]")).to_have_text("Sedang dicetak")
    connected(kiosk)
    run.print_waiting(printer.pk)
    expect(kiosk.locator("[data-slip=trouble]")).to_contain_text("pindai kode atau foto nomor ini")
    listener.paper = "ok"
    run.print_waiting(printer.pk)
    expect(kiosk.locator("[data-slip=printed]")).to_be_visible()
    expect(kiosk.get_by_role("button", name="Cetak nomor")).to_have_count(0)
    assert len(listener.slips) == PrintJob.objects.count() == 1
    assert "A001" in text_of(listener.slips[0])


@pytest.mark.parametrize("width", [80, 58])
def test_the_tablets_own_printer_prints_the_slip_and_nothing_else_once(screens, office, width):
    kiosk = screens.kiosk(office)
    kiosk.add_init_script(COUNT_PRINTS)
    printer_for_the_tablets(office, kind="browser", width=width)
    take_number(kiosk)
    assert kiosk.evaluate("window.prints") == 0
    kiosk.get_by_role("button", name="Cetak nomor").click()
    expect(kiosk.locator("[data-slip=printed]")).to_be_visible()
    assert kiosk.evaluate("window.prints") == 1
    paper = PdfReader(io.BytesIO(kiosk.pdf(prefer_css_page_size=True)))
    (page,) = paper.pages
    assert float(page.mediabox.width) == pytest.approx(width / 25.4 * 72, abs=1)
    text = page.extract_text()
    assert "A001" in text
    assert "Selesai" not in text
    kiosk.reload()
    expect(kiosk.locator("[data-slip=printed]")).to_be_visible()
    assert kiosk.evaluate("window.prints") == 0


def test_every_number_is_printed_by_itself_where_the_office_wants_it(screens, office):
    kiosk = screens.kiosk(office)
    kiosk.add_init_script(COUNT_PRINTS)
    printer_for_the_tablets(office, kind="browser", automatic=True)
    take_number(kiosk)
    expect(kiosk.locator("[data-slip=printed]")).to_be_visible()
    assert kiosk.evaluate("window.prints") == 1


def test_a_screen_that_vanished_is_told_at_the_desk_and_forgotten_when_it_is_back(screens, office):
    tv = screens.tv(office)
    connected(tv)
    desk = screens.desk(office)
    connected(desk)
    notice = desk.locator("#devices-alert")
    expect(notice).to_be_attached()
    expect(notice).not_to_contain_text("display uji")
    tv.close()
    # Three minutes pass: the desk asks again every minute, without an event from anybody.
    desk.clock.install()
    desk.reload()
    connected(desk)
    Device.objects.filter(purpose="display").update(last_seen_at=timezone.now() - timedelta(minutes=3))
    expect(notice).not_to_contain_text("display uji")
    desk.clock.run_for(61_000)
    expect(notice).to_contain_text(re.compile(r"display uji tidak terlihat sejak \d\d\.\d\d\."))
    back = screens.contexts[0].new_page()
    back.goto("/layar/")
    expect(notice).not_to_contain_text("display uji")


def test_an_idle_tablet_gives_a_sign_of_life(screens, office):
    kiosk = screens.kiosk(office)
    connected(kiosk)
    Device.objects.update(last_seen_at=timezone.now() - timedelta(minutes=1))
    kiosk.clock.install()
    kiosk.reload()
    with kiosk.expect_request("**/kios/di-sini/"):
        kiosk.clock.run_for(41_000)


def test_put_aside_for_today(screens, office):
    desk = screens.desk(office)
    connected(desk)
    Printer.objects.create(office=office, name="Printer pintu", fault="paper", fault_at=timezone.now())
    desk.reload()
    notice = desk.locator("#devices-alert")
    expect(notice).to_contain_text("Printer pintu: kertas habis")
    notice.get_by_role("button", name="Sembunyikan hari ini").click()
    expect(notice).not_to_contain_text("Printer pintu")
    desk.reload()
    connected(desk)
    expect(notice).not_to_contain_text("Printer pintu")
