"""Kiosk, TV and desk stay open while server and database are killed: they say so, and recover without a hand.

On a server process and a cluster of their own (tests.faults), which may be killed; the screens are the same ones
from the first test to the last.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, TimeoutError, expect

from tests.browser.conftest import Screens, connected
from tests.faults.place import Place, own_place
from tests.faults.tablets import Tablet

SEEN_SECONDS = 5.0  # the design's promise: by then a screen shows that it is cut off
SLACK_SECONDS = 1.0  # for a busy machine
RECOVERED = 30_000  # milliseconds; the pause between attempts to connect is 15 s at most

# When the page itself changed its state, in milliseconds since 1970.
STATES = """document.addEventListener('DOMContentLoaded', () => {
  window.__states = [];
  document.body.addEventListener('live-state', (event) => window.__states.push([Date.now(), event.detail.state]));
})"""


@dataclass
class Watched:
    place: Place
    other_tablet: tuple[int, str]
    kiosk: Page
    tv: Page
    desk: Page

    @property
    def pages(self) -> tuple[Page, Page, Page]:
        return self.kiosk, self.tv, self.desk

    def take_elsewhere(self) -> str:
        """Another tablet of the office takes a number of the library, without a browser."""
        tablet = Tablet(self.place.url, *self.other_tablet, "library")
        with tablet.client:
            tablet.visitor()
        assert not tablet.refused, tablet.refused
        return next(iter(tablet.taken.values())).number

    def tickets(self) -> int:
        return self.place.rows("SELECT count(*) FROM queueing_ticket")[0][0]

    def called(self) -> str:
        """The number called last, as the database has it."""
        return self.place.rows(
            "SELECT t.prefix || lpad(t.number::text, 3, '0') FROM queueing_ticketstep s"
            " JOIN queueing_ticket t ON t.id = s.subject_id WHERE s.state = 'called' ORDER BY s.id DESC LIMIT 1"
        )[0][0]


@pytest.fixture(scope="module")
def watched(browser) -> Iterator[Watched]:
    with own_place() as place:
        made = place.furnish()
        place.start_web()
        place.answers_within(60)
        secrets = {"kiosk": made["kiosks"][0], "display": made["tv"]}
        screens = Screens(
            place,
            browser,
            make_device=lambda _office, purpose: secrets[purpose],
            make_user=lambda _office, _role: SimpleNamespace(email=made["email"]),
        )
        try:
            kiosk, tv, desk = screens.kiosk(None), screens.tv(None), screens.desk(None)
            for page in (kiosk, tv, desk):
                page.add_init_script(STATES)
                page.reload()
            yield Watched(place, tuple(made["kiosks"][1]), kiosk, tv, desk)
        finally:
            for context in screens.contexts:
                context.close()
        assert screens.problems == []


@pytest.fixture(autouse=True)
def _repaired(watched: Watched) -> Iterator[None]:
    """After a test that failed half way the next one finds server and database running."""
    yield
    watched.place.start_database()
    if watched.place.web.poll() is not None:
        watched.place.start_web()
    watched.place.answers_within(60)


def cut_off_seen(watched: Watched, since: float) -> None:
    """Each screen said within five seconds, by its own clock, that it is cut off; and it can be read there."""
    for page in watched.pages:
        expect(page.locator("body")).to_have_attribute("data-live-state", "stale")
        expect(page.get_by_text("Sambungan terputus").first).to_be_visible()
        at = next(
            at for at, state in page.evaluate("window.__states") if state == "stale" and at / 1000 > since
        )
        assert at / 1000 - since < SEEN_SECONDS + SLACK_SECONDS


def tell_visitor(watched: Watched, within: float) -> None:
    """A tap on a service while nothing can be taken: the tablet says so, and stays a page of ours."""
    watched.kiosk.get_by_role("button", name="Perpustakaan").tap()
    said = watched.kiosk.locator(".toast, [role=alert], dialog[open]").filter(visible=True).first
    expect(said).to_be_visible(timeout=within * 1000)
    expect(said).to_contain_text("terputus")
    expect(watched.kiosk.get_by_role("heading", name="Selamat datang")).to_be_visible()


def recovered(watched: Watched) -> None:
    for page in watched.pages:
        expect(page.locator("body")).to_have_attribute("data-live-state", "ok", timeout=RECOVERED)
        expect(page.get_by_text("Sambungan terputus").first).to_be_hidden()


def visitor_gets_the_number(watched: Watched) -> None:
    """What was tapped in vain comes by itself or by a second tap: one number either way."""
    before = watched.tickets()
    sent_by_itself = "/kios/tiket/" in watched.kiosk.url
    if not sent_by_itself:
        try:
            watched.kiosk.wait_for_url("**/kios/tiket/**", timeout=2000)
            sent_by_itself = True
        except TimeoutError:
            watched.kiosk.get_by_role("button", name="Perpustakaan").tap()
            watched.kiosk.wait_for_url("**/kios/tiket/**")
    assert watched.tickets() - before <= 1
    watched.kiosk.get_by_role("link", name="Selesai").tap()
    expect(watched.kiosk.get_by_role("heading", name="Selamat datang")).to_be_visible()
    connected(watched.kiosk)


def desk_and_tv_go_on(watched: Watched, number: str) -> None:
    """The number taken right after the restart is in the desk's list; a call there is on the TV."""
    expect(watched.desk.locator("#queue")).to_contain_text(number)
    last = watched.place.rows("SELECT coalesce(max(id), 0) FROM queueing_ticketstep WHERE state = 'called'")[
        0
    ][0]
    watched.desk.get_by_role("button", name="Panggil berikutnya").click()
    deadline = time.monotonic() + 8
    while not watched.place.rows(
        "SELECT id FROM queueing_ticketstep WHERE state = 'called' AND id > %s", last
    ):
        assert time.monotonic() < deadline, "not called"
        watched.desk.wait_for_timeout(50)
    expect(watched.desk.locator("[data-visit]")).to_contain_text(watched.called())
    expect(watched.tv.locator(f"[data-now={watched.called()}]")).to_be_visible()


@contextmanager
def pages_that_are_never_loaded_anew(watched: Watched) -> Iterator[None]:
    """TV and desk; the tablet goes from page to page by itself."""
    for page in (watched.tv, watched.desk):
        page.evaluate("window.__same = true")
    yield
    for page in (watched.tv, watched.desk):
        assert page.evaluate("window.__same === true")


def test_a_killed_server_is_seen_and_the_screens_recover(watched):
    connected(*watched.pages)
    watched.take_elsewhere()
    with pages_that_are_never_loaded_anew(watched):
        tickets = watched.tickets()
        since = time.time()
        watched.place.kill_web()
        tell_visitor(watched, within=1.5)
        cut_off_seen(watched, since)
        assert watched.tickets() == tickets
        watched.place.start_web()
        watched.place.answers_within(15)
        number = watched.take_elsewhere()
        recovered(watched)
        desk_and_tv_go_on(watched, number)
        visitor_gets_the_number(watched)
    assert watched.tickets() == tickets + 2


def test_a_killed_database_is_seen_and_the_screens_recover(watched):
    connected(*watched.pages)
    with pages_that_are_never_loaded_anew(watched):
        tickets, server = watched.tickets(), watched.place.web.pid
        since = time.time()
        watched.place.kill_database()
        cut_off_seen(watched, since)
        tell_visitor(watched, within=SEEN_SECONDS)
        watched.place.start_database()
        watched.place.answers_within(6)
        number = watched.take_elsewhere()
        recovered(watched)
        desk_and_tv_go_on(watched, number)
        visitor_gets_the_number(watched)
    assert watched.tickets() == tickets + 2
    assert watched.place.web.pid == server


def test_a_server_that_was_silent_for_a_while_is_seen_and_comes_back(watched):
    """As a tablet at the edge of the Wi-Fi: the line was never broken, so nothing opens anew."""
    connected(*watched.pages)
    with pages_that_are_never_loaded_anew(watched):
        since = time.time()
        os.kill(watched.place.web.pid, signal.SIGSTOP)
        try:
            cut_off_seen(watched, since)
        finally:
            os.kill(watched.place.web.pid, signal.SIGCONT)
        for page in watched.pages:
            expect(page.locator("body")).to_have_attribute("data-live-state", "ok", timeout=3000)
        desk_and_tv_go_on(watched, watched.take_elsewhere())


def test_a_screen_switched_on_while_the_database_is_away_starts_by_itself(watched):
    """An error page on a TV or a tablet does not wait for somebody who presses a button."""
    watched.place.kill_database()
    for page, address in ((watched.tv, "/layar/"), (watched.kiosk, "/kios/buku-tamu/")):
        assert page.goto(address).status == 500
        expect(page.get_by_role("heading", name="Terjadi gangguan di server")).to_be_visible()
    watched.place.start_database()
    expect(watched.tv.locator("[data-now]").first).to_be_visible(timeout=RECOVERED)
    expect(watched.kiosk.get_by_role("heading", name="Selamat datang")).to_be_visible(timeout=RECOVERED)
    connected(watched.tv, watched.kiosk)
