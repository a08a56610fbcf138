"""A real Chromium against the real ASGI application on a loopback port, with the real database."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect

from services.accounts.devices import cookie_name

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]

# What the TV tells of its calls and sounds is kept; headless Chromium has no voice of its own, so one is put there.
SPEECH = """(() => {
  window.__said = [];
  window.__heard = [];
  window.__spoken = [];
  document.addEventListener('voice:call', (event) => window.__said.push(event.detail.text));
  document.addEventListener('voice:sound', (event) => window.__heard.push(event.detail));
  const voice = {name: 'Uji', lang: 'id-ID', default: true, localService: true, voiceURI: 'uji'};
  const speech = {
    speaking: false, pending: false, paused: false, onvoiceschanged: null,
    getVoices: () => [voice], cancel() {}, pause() {}, resume() {}, addEventListener() {}, removeEventListener() {},
    speak(u) {
      window.__spoken.push(u.text);
      setTimeout(() => u.dispatchEvent(new Event('start')), 1);
      setTimeout(() => u.dispatchEvent(new Event('end')), 20);
    },
  };
  Object.defineProperty(window, 'speechSynthesis', {value: speech, configurable: true});
})()"""

expect.set_options(timeout=8000)


def pytest_collection_modifyitems(items):
    for item in items:
        if "/browser/" in str(item.fspath):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": FLAGS}


class Server:
    """uvicorn in a thread. `stop()` and `start()` keep the port, as a restart of the service does."""

    def __init__(self) -> None:
        self.port = 0
        self.start()

    def start(self) -> None:
        from pst import asgi

        asgi.hub.cache_clear()  # a hub belongs to one event loop
        config = uvicorn.Config(
            asgi.application,
            host="127.0.0.1",
            port=self.port,
            log_level="warning",
            timeout_graceful_shutdown=1,
        )
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()
        deadline = time.monotonic() + 20
        while not self.server.started:
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.02)
        self.port = self.server.servers[0].sockets[0].getsockname()[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(6)
        self.server.force_exit = True
        self.thread.join(6)
        assert not self.thread.is_alive()


@pytest.fixture
def server(transactional_db, offices, settings):
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    server = Server()
    yield server
    server.stop()


@dataclass
class Screens:
    """Opens the four kinds of screens, each in a browser profile of its own."""

    server: Server
    browser: Browser
    make_device: object
    make_user: object

    def __post_init__(self):
        self.contexts: list[BrowserContext] = []
        self.problems: list[str] = []

    def _context(self, **options) -> BrowserContext:
        context = self.browser.new_context(
            base_url=self.server.url, locale="id-ID", timezone_id="Asia/Jakarta", **options
        )
        context.add_init_script(SPEECH)
        context.on("weberror", lambda error: self.problems.append(str(error.error)))
        context.on(
            "console",
            lambda message: (
                self.problems.append(message.text)
                if message.type == "error" and "Content Security Policy" in message.text
                else None
            ),
        )
        self.contexts.append(context)
        return context

    def _device(self, office, purpose: str, **options) -> Page:
        context = self._context(**options)
        _device, secret = self.make_device(office, purpose)
        context.add_cookies([{"name": cookie_name(purpose), "value": secret, "url": self.server.url}])
        return context.new_page()

    def kiosk(self, office, **options) -> Page:
        page = self._device(
            office, "kiosk", **({"viewport": {"width": 1280, "height": 800}, "has_touch": True} | options)
        )
        page.goto("/kios/")
        return page

    def tv(self, office, goto: str = "/layar/") -> Page:
        """Without `goto` the page is not opened yet, so that a test can prepare the browser."""
        page = self._device(office, "display", viewport={"width": 1920, "height": 1080})
        if goto:
            page.goto(goto)
        return page

    def phone(self, **options) -> Page:
        size = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
        return self._context(**(size | options)).new_page()

    def desk(self, office, counter: int | None = 1, role: str = "frontliner") -> Page:
        from tests.conftest import PASSWORD

        page = self._context(viewport={"width": 1440, "height": 900}).new_page()
        user = self.make_user(office, role)
        page.goto("/masuk/?next=/meja/")
        page.get_by_label("E-mail").fill(user.email)
        page.get_by_label("Kata sandi").fill(PASSWORD)
        page.get_by_role("button", name="Masuk").click()
        page.wait_for_url("**/meja/")
        if counter:
            page.get_by_role("button", name=f"Loket {counter}").first.click()
            expect(page.locator(".counter-chip")).to_contain_text(f"Loket {counter}")
        return page


@pytest.fixture
def screens(server, browser, make_device, make_user):
    screens = Screens(server, browser, make_device, make_user)
    yield screens
    for context in screens.contexts:
        context.close()
    assert screens.problems == []


def said(page: Page, count: int) -> list[str]:
    """What the TV has said, once it has said `count` things (our content policy forbids wait_for_function)."""
    deadline = time.monotonic() + 10
    while len(words := page.evaluate("window.__said")) < count and time.monotonic() < deadline:
        page.wait_for_timeout(100)
    return words


def heard(page: Page, count: int) -> list[dict]:
    """The sounds the TV has scheduled ({name, from, until} in seconds), once there are `count` of them."""
    deadline = time.monotonic() + 25
    while len(sounds := page.evaluate("window.__heard")) < count and time.monotonic() < deadline:
        page.wait_for_timeout(100)
    return sounds


def scan(page: Page, code: str) -> None:
    """What a scanner does: it types like a keyboard, into whatever the page makes of it, and presses Enter. Somebody
    scans when the page is there."""
    expect(page.locator("[data-scanner]")).to_be_visible()
    page.wait_for_load_state("load")
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def connected(*pages: Page) -> None:
    """Wait until the event streams of these screens are open."""
    for page in pages:
        expect(page.locator("body")).to_have_attribute("data-live-state", "ok")


__all__ = ["Screens", "connected", "heard", "said", "scan"]
