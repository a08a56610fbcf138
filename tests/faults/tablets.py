"""Paired tablets that take numbers without a pause, each repeating its own submission until it is answered."""

from __future__ import annotations

import contextlib
import logging
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import httpx

from queueing import tokens
from services.accounts.devices import cookie_name

logging.getLogger("httpx").setLevel(logging.WARNING)  # else a failure is buried below hundreds of requests

PAUSE_SECONDS = 0.03
LIMIT_SECONDS = 30  # from the end of the fault to the answer of the last submission


@dataclass(frozen=True)
class Acknowledged:
    """What the tablet was told about one submission."""

    visit: str  # the address of the visit
    number: str
    tries: int


class Tablet(threading.Thread):
    """One device. `taken` by submission key; `refused`: answers that are neither a ticket nor a passing fault."""

    def __init__(self, url: str, device: int, secret: str, service: str) -> None:
        super().__init__(daemon=True)
        self.device, self.service = device, service
        self.client = httpx.Client(
            base_url=url, cookies={cookie_name("kiosk"): secret}, timeout=httpx.Timeout(3), trust_env=False
        )
        self.taken: dict[str, Acknowledged] = {}
        self.refused: list[str] = []
        self.pending = ""
        self.ending = threading.Event()

    def run(self) -> None:
        with self.client:
            while not self.ending.is_set() and not self.refused:
                self.visitor()
                time.sleep(PAUSE_SECONDS)

    def visitor(self) -> None:
        """The next visitor takes a number."""
        page, _tries = self._until_answered("GET", "/kios/")
        csrf, token = (_value(page.text, name) for name in ("csrfmiddlewaretoken", "token"))
        self.pending = tokens.read(token, self.device).key
        form = {"csrfmiddlewaretoken": csrf, "token": token, "service": self.service}
        answer, tries = self._until_answered("POST", "/kios/ambil/", data=form)
        address = answer.headers.get("location", "")
        if "/kios/tiket/" not in address:
            self.refused.append(f"{answer.status_code} {address} {answer.text[:300]}")
            return
        shown, _tries = self._until_answered("GET", address)
        number = re.search(r"<h1.*?\b([A-Z]{1,2}\d{3,})\b.*?</h1>", shown.text, re.DOTALL)
        if number is None:
            self.refused.append(f"no number on {shown.text[:3000]}")
            return
        self.taken[self.pending] = Acknowledged(address.rstrip("/").rpartition("/")[2], number[1], tries)
        self.pending = ""

    def _until_answered(self, method: str, path: str, **more) -> tuple[httpx.Response, int]:
        """The first answer that is not a failure of the server or of the way there, and how many tries it took."""
        for tries in range(1, 10_000):
            with contextlib.suppress(httpx.TransportError):
                answer = self.client.request(method, path, **more)
                if answer.status_code < 500:
                    return answer, tries
            time.sleep(0.1)
        raise AssertionError("no answer")


def _value(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found, page[:2000]
    return found[1]


class Crowd:
    """Several tablets at once."""

    def __init__(self, tablets: list[Tablet]) -> None:
        self.tablets = tablets

    def work(self, more: int) -> None:
        """Waits until every tablet has taken `more` numbers more than now."""
        goals = {t: len(t.taken) + more for t in self.tablets}
        deadline = time.monotonic() + LIMIT_SECONDS
        while any(len(t.taken) < goal for t, goal in goals.items()):
            assert time.monotonic() < deadline, self.state()
            assert all(t.is_alive() for t in self.tablets), self.state()
            time.sleep(0.02)

    def met_a_fault(self) -> bool:
        """Whether a number had to be asked for more than once."""
        return any(told.tries > 1 for t in self.tablets for told in t.taken.values())

    def state(self) -> list[tuple[int, str, list[str]]]:
        return [(len(t.taken), t.pending, t.refused) for t in self.tablets]

    def end(self) -> dict[str, Acknowledged]:
        """Every submission is repeated until it is answered; what all were told."""
        for tablet in self.tablets:
            tablet.ending.set()
        for tablet in self.tablets:
            tablet.join(LIMIT_SECONDS)
        assert not any(t.is_alive() or t.pending or t.refused for t in self.tablets), self.state()
        return {key: told for t in self.tablets for key, told in t.taken.items()}


@contextlib.contextmanager
def crowd(url: str, devices: list[tuple[int, str]]) -> Iterator[Crowd]:
    """Half of them for each service of the office. Ended also when the test fails."""
    services = ("library", "consultation")
    tablets = [Tablet(url, *device, services[n % 2]) for n, device in enumerate(devices)]
    for tablet in tablets:
        tablet.start()
    try:
        yield Crowd(tablets)
    finally:
        for tablet in tablets:
            tablet.ending.set()
