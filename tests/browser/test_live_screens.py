"""Screens that live: pairing, a lost server, a second browser of the same desk, two taps at once."""

from __future__ import annotations

import re
import socket
import time
import urllib.request

from playwright.sync_api import expect

from queueing.models import Ticket
from queueing.workflows.issue import issue
from services.accounts.models import Device
from services.audit.actors import SYSTEM
from services.guestbook.models import Visit
from tests.browser.conftest import connected


def test_a_tablet_is_paired_by_the_code_on_its_screen_and_put_out_by_revoking(screens, offices):
    office = offices["1373"]
    desk = screens.desk(office)
    tablet = screens.phone(viewport={"width": 1280, "height": 800}, is_mobile=False)
    tablet.goto("/perangkat/")
    tablet.get_by_role("button", name="Tablet pengunjung").click()
    code = tablet.locator("[data-pairing-code]").get_attribute("data-pairing-code")

    desk.get_by_role("link", name="Perangkat").click()
    desk.get_by_label("Kode pada layar perangkat").fill("SALAH9")
    desk.get_by_label("Nama perangkat").fill("Tablet pintu masuk")
    desk.get_by_role("button", name="Hubungkan").click()
    expect(desk.locator(".form-errors")).to_contain_text("Kode tidak dikenal")
    expect(desk.get_by_label("Nama perangkat")).to_have_value("Tablet pintu masuk")
    desk.get_by_label("Kode pada layar perangkat").fill(f"{code[:3].lower()} {code[3:]}")
    desk.get_by_role("button", name="Hubungkan").click()
    expect(desk.locator("#device-list")).to_contain_text("Tablet pintu masuk")
    expect(tablet.get_by_role("heading", name="Selamat datang")).to_be_visible()
    connected(tablet)

    desk.get_by_role("button", name="Putuskan").click()
    desk.locator("dialog[open]").get_by_role("button", name=re.compile("Ya|Putuskan|Lanjut")).click()
    expect(desk.locator("#device-list")).to_contain_text("Belum ada perangkat")
    assert Device.objects.active().count() == 0
    tablet.reload()
    expect(tablet.get_by_text("Perangkat ini belum terhubung")).to_be_visible()


def test_a_lost_server_is_seen_within_seconds_and_the_screens_recover_by_themselves(screens, offices):
    office = offices["6571"]
    tv, desk = screens.tv(office), screens.desk(office)
    connected(tv, desk)
    screens.server.stop()
    gone = time.monotonic()
    for page in (tv, desk):
        expect(page.locator("body")).to_have_attribute("data-live-state", "stale")
        expect(page.get_by_text("Sambungan terputus").first).to_be_visible()
    assert (
        time.monotonic() - gone < 30
    )  # the five seconds are checked in the script's own clock, not on a busy machine
    issue(office=office, service=office.services.get(), submission="while away", by=SYSTEM)
    screens.server.start()
    for page in (tv, desk):
        expect(page.locator("body")).to_have_attribute("data-live-state", "ok", timeout=30_000)
    expect(desk.locator("#queue")).to_contain_text("A001")
    desk.get_by_role("button", name="Panggil berikutnya").click()
    expect(tv.locator("[data-now=A001]")).to_be_visible()


def test_a_refetch_that_failed_is_made_again(screens, offices):
    """The server was too busy to answer; the screen must not show the old queue as the present one."""
    office = offices["6571"]
    desk = screens.desk(office)
    connected(desk)
    desk.wait_for_timeout(300)  # the refetch after connecting
    failed = []

    def fail(route):
        failed.append(route.request.url)
        route.fulfill(status=500, body="")

    desk.route("**/meja/antrian/?loket=*", fail, times=2)
    issue(office=office, service=office.services.get(), submission="meanwhile", by=SYSTEM)
    expect(desk.locator("#queue")).to_contain_text("A001", timeout=12_000)
    assert failed


def test_two_quick_taps_on_the_tablet_are_one_ticket(screens, offices):
    kiosk = screens.kiosk(offices["7411"])
    kiosk.get_by_role("button", name="Perpustakaan").dblclick()
    kiosk.wait_for_url("**/kios/tiket/**")
    assert Ticket.objects.count() == 1


def test_a_tap_in_the_moment_of_a_live_update_is_not_lost(screens, offices):
    """While the answer is on its way somebody else's ticket renews the tiles."""
    office = offices["7411"]
    kiosk = screens.kiosk(office)
    connected(kiosk)
    kiosk.wait_for_timeout(300)  # the refetch after connecting

    def somebody_else(route):
        issue(office=office, service=office.services.first(), submission="else", by=SYSTEM)
        kiosk.wait_for_timeout(800)  # time enough for the update to arrive
        route.continue_()

    kiosk.route("**/kios/ambil/", somebody_else, times=1)
    kiosk.get_by_role("button", name="Perpustakaan").tap()
    kiosk.wait_for_url("**/kios/tiket/**", timeout=10_000)
    assert Ticket.objects.count() == 2


def test_an_update_held_back_by_a_touch_comes_right_after(screens, offices):
    office = offices["7411"]
    kiosk = screens.kiosk(office)
    connected(kiosk)
    kiosk.wait_for_timeout(300)
    kiosk.locator("h1").dispatch_event("pointerdown")
    issue(office=office, service=office.services.first(), submission="else", by=SYSTEM)
    expect(kiosk.locator("#choices")).to_contain_text("1 orang sebelum Anda", timeout=5_000)


def test_the_back_button_does_not_give_the_next_visitor_the_last_ones_number(screens, offices):
    kiosk = screens.kiosk(offices["7411"])
    for expected in ("A001", "A002"):
        kiosk.get_by_role("button", name="Perpustakaan").tap()
        kiosk.wait_for_url("**/kios/tiket/**")
        expect(kiosk.locator(".ticket-slip")).to_contain_text(expected)
        kiosk.go_back()
        expect(kiosk.get_by_role("heading", name="Selamat datang")).to_be_visible()
        connected(kiosk)
        kiosk.wait_for_timeout(500)  # a page from the browser's memory loads itself anew
    assert Ticket.objects.count() == 2


def test_two_desks_and_a_second_browser_stay_in_step(screens, offices):
    office = offices["7411"]
    service = office.services.get(slug="library")
    for n in range(3):
        issue(office=office, service=service, submission=f"n{n}", by=SYSTEM)
    one, two = screens.desk(office, counter=1), screens.desk(office, counter=2)
    connected(one, two)
    expect(one.locator("[data-waiting='3']")).to_be_visible()
    one.get_by_role("button", name="Panggil berikutnya").click()
    expect(two.locator("[data-waiting='2']")).to_be_visible()
    two.get_by_role("button", name="Panggil berikutnya").click()
    expect(one.locator("[data-waiting='1']")).to_be_visible()
    expect(one.locator("[data-visit]")).to_contain_text("A001")
    expect(two.locator("[data-visit]")).to_contain_text("A002")
    assert Ticket.objects.filter(state="called").count() == 2


def test_an_expired_log_in_sends_the_desk_to_the_log_in_page_and_back(screens, offices):
    office = offices["7411"]
    desk = screens.desk(office)
    connected(desk)
    desk.context.clear_cookies(name="pst_session")
    issue(office=office, service=office.services.first(), submission="wake", by=SYSTEM)
    # Several pieces of the page are sent there at once; each aborts the navigation of the one before.
    expect(desk).to_have_url(re.compile(r"/masuk/\?next=%2Fmeja%2F"))
    assert Visit.objects.count() == 1


def test_leaving_on_the_phone_gives_the_number_up(screens, offices):
    office = offices["7411"]
    ticket = issue(office=office, service=office.services.first(), submission="home", by=SYSTEM)
    phone = screens.phone()
    phone.goto(f"/k/{ticket.received.visit.token}/")
    connected(phone)
    phone.get_by_role("button", name=re.compile("batalkan nomor")).click()
    # somebody else takes a number while the question stands there: the page is renewed behind it
    issue(office=office, service=office.services.first(), submission="else", by=SYSTEM, priority=True)
    expect(phone.locator("#status")).to_contain_text("1 orang sebelum Anda")
    phone.locator("dialog[open]").get_by_role("button").last.click()
    expect(phone.locator("[data-my-state=cancelled]")).to_be_visible()
    assert Ticket.objects.get(pk=ticket.pk).state == "cancelled"


def test_a_question_about_what_is_gone_meanwhile_is_told_so(screens, offices):
    """Two desks cancel the same number: the slower one hears of it."""
    office = offices["7411"]
    issue(office=office, service=office.services.first(), submission="home", by=SYSTEM)
    one, two = screens.desk(office, counter=1), screens.desk(office, counter=2)
    connected(one, two)
    for desk in (one, two):
        desk.get_by_role("button", name="Batalkan A001").click()
    for desk in (one, two):
        desk.locator("dialog[open]").get_by_role("button").last.click()
        expect(one.locator("#queue")).to_contain_text("Tidak ada yang menunggu")
        expect(two.locator("#queue")).to_contain_text("Tidak ada yang menunggu")
    expect(two.locator("#toasts")).to_contain_text("Sudah diubah petugas lain")


def test_taps_while_the_answer_is_slow_are_one_ticket(screens, offices):
    """The tablet hears of its own ticket before it has the page of it; it must not offer a second one."""
    kiosk = screens.kiosk(offices["7411"])
    connected(kiosk)

    def slowly(route):
        answer = route.fetch(max_redirects=0)
        kiosk.wait_for_timeout(7000)  # unlike time.sleep() it lets the page's other requests pass
        route.fulfill(response=answer)

    kiosk.route("**/kios/ambil/", slowly)
    kiosk.evaluate(
        "for (const s of [2.5, 5]) setTimeout(() => document.getElementById('take-library').click(), s * 1000)"
    )
    kiosk.get_by_role("button", name="Perpustakaan").tap()
    kiosk.wait_for_url("**/kios/tiket/**")
    assert Ticket.objects.count() == 1


def test_the_ticket_on_the_tablet_follows_the_queue(screens, offices):
    office = offices["7411"]
    issue(office=office, service=office.services.get(slug="library"), submission="first", by=SYSTEM)
    kiosk, desk = screens.kiosk(office), screens.desk(office)
    connected(desk)
    kiosk.get_by_role("button", name="Perpustakaan").tap()
    kiosk.wait_for_url("**/kios/tiket/**")
    connected(kiosk)
    expect(kiosk.locator("[data-place]")).to_contain_text("1 orang sebelum Anda")
    for words in ("Anda berikutnya", "Giliran Anda"):
        desk.get_by_role("button", name="Panggil berikutnya").click()
        expect(kiosk.locator("[data-place]")).to_contain_text(words)


def test_a_device_is_seen_at_the_desk_as_soon_as_it_shows_its_page(screens, offices):
    office = offices["7411"]
    desk, kiosk = screens.desk(office), screens.kiosk(office)
    connected(kiosk)
    kiosk.goto("about:blank")
    kiosk.wait_for_timeout(1000)  # its last sign of life may be on its way
    Device.objects.update(last_seen_at=None)  # as right after the pairing
    desk.goto("/meja/perangkat/")
    connected(desk)
    expect(desk.locator("#device-list")).to_contain_text("Belum dibuka")
    kiosk.goto("/kios/")
    expect(desk.locator("#device-list")).to_contain_text("Aktif")


def test_the_tablet_forgets_what_the_last_visitor_chose(screens, offices):
    kiosk = screens.kiosk(offices["7411"])
    assert kiosk.locator("body").get_attribute("data-idle-seconds") == "60"
    kiosk.clock.install()
    kiosk.reload()
    kiosk.get_by_label("Saya memerlukan prioritas", exact=False).check()
    kiosk.clock.run_for(62_000)
    expect(kiosk.get_by_label("Saya memerlukan prioritas", exact=False)).not_to_be_checked()


def test_slow_senders_do_not_stop_the_site(server):
    """Twelve open requests whose bodies never come: more than there are page threads."""
    address = ("127.0.0.1", server.port)
    head = b"POST /masuk/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nabc"
    slow = [socket.create_connection(address) for _n in range(12)]
    try:
        for connection in slow:
            connection.sendall(head)
        time.sleep(0.5)
        with urllib.request.urlopen(f"{server.url}/sehat/", timeout=8) as answer:
            assert answer.read() == b"ok"
    finally:
        for connection in slow:
            connection.close()


def test_back_on_the_tablet_never_shows_what_was_typed_or_sent(screens, offices):
    kiosk = screens.kiosk(offices["7411"])
    kiosk.get_by_role("link", name="Sampaikan pengaduan").tap()
    kiosk.get_by_label("Apa yang ingin Anda sampaikan?").fill("Rahasia saya")
    kiosk.get_by_role("button", name="Kirim pengaduan").tap()
    expect(kiosk.locator("[data-complaint-secret]")).to_be_visible()
    secret = kiosk.locator("[data-complaint-secret]").inner_text()
    kiosk.get_by_role("link", name="Selesai").tap()
    expect(kiosk.get_by_role("heading", name="Selamat datang")).to_be_visible()
    for _press in range(3):
        kiosk.go_back()
        kiosk.wait_for_timeout(400)
        text = kiosk.locator("body").inner_text()
        assert secret not in text
        assert "Rahasia saya" not in text
