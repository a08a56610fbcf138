"""The endpoint itself, with a client and an access check that behave as badly as wanted."""

from __future__ import annotations

import asyncio

import pytest

from services.live import hub as hub_module
from services.live import stream as stream_module
from services.live.hub import Hub
from services.live.publish import QUEUE, channel
from services.live.stream import EventStream

SCOPE = {"type": "http", "method": "GET", "path": "/live/7411/", "headers": [], "query_string": b""}


class Screen:
    """An ASGI client. `stuck`: it takes the headers and then nothing more."""

    def __init__(self, stuck: bool = False):
        self.stuck = stuck
        self.sent: list[dict] = []
        self.gone = asyncio.Event()

    async def receive(self) -> dict:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict) -> None:
        if self.stuck and message["type"] == "http.response.body":
            await asyncio.Event().wait()
        self.sent.append(message)

    @property
    def text(self) -> str:
        return b"".join(m.get("body", b"") for m in self.sent).decode()

    async def until(self, text: str, after: int = 0) -> None:
        async with asyncio.timeout(5):
            while text not in self.text[after:]:
                await asyncio.sleep(0.01)


@pytest.fixture
def endpoint(run, conninfo):
    """Runs a test with (endpoint, hub); `allowed` is the list of the access check's next answers."""

    def start(test, allowed=()):
        answers = list(allowed)

        async def authorise(_scope, _code):
            answer = answers.pop(0) if answers else "a screen"
            if isinstance(answer, Exception):
                raise answer
            return answer

        async def main():
            hub = Hub(conninfo)
            try:
                return await test(EventStream(lambda: hub, authorise), hub)
            finally:
                await hub.close()

        return run(main())

    return start


def test_a_screen_that_reads_nothing_holds_up_nobody(endpoint, notify):
    async def test(endpoint, hub):
        stuck, quick = Screen(stuck=True), Screen()
        tasks = [asyncio.create_task(endpoint(SCOPE, s.receive, s.send)) for s in (stuck, quick)]
        await quick.until("ping")
        for _n in range(500):
            notify(channel("7411"), QUEUE)
        await quick.until("data: queue")
        assert hub.streams == 2
        stuck.gone.set()
        quick.gone.set()
        await asyncio.gather(*tasks)
        assert hub.streams == 0

    endpoint(test)


def test_200_disconnects_leave_no_subscriber_and_no_task(endpoint):
    async def test(endpoint, hub):
        async def come_and_go():
            screen = Screen()
            task = asyncio.create_task(endpoint(SCOPE, screen.receive, screen.send))
            await screen.until("ping")
            screen.gone.set()
            await task

        await come_and_go()
        before = len(asyncio.all_tasks())
        for _n in range(10):
            await asyncio.gather(*(come_and_go() for _n in range(20)))
        assert hub.streams == 0
        assert len(asyncio.all_tasks()) == before

    endpoint(test)


def test_one_ticket_or_device_has_so_many_streams_and_no_more(endpoint, monkeypatch):
    monkeypatch.setattr(stream_module, "MOST_STREAMS", 3)

    async def test(endpoint, hub):
        screens = [Screen() for _n in range(4)]
        tasks = [asyncio.create_task(endpoint(SCOPE, s.receive, s.send)) for s in screens]
        for screen in screens[:3]:
            await screen.until("ping")
        await tasks[3]
        assert screens[3].sent[0]["status"] == 429
        screens[0].gone.set()
        await tasks[0]
        again = Screen()
        tasks.append(asyncio.create_task(endpoint(SCOPE, again.receive, again.send)))
        await again.until("ping")
        for screen in (*screens, again):
            screen.gone.set()
        await asyncio.gather(*tasks)
        assert hub.streams == 0

    endpoint(test)


def test_a_cancelled_request_leaves_no_subscriber(endpoint):
    async def test(endpoint, hub):
        screen = Screen()
        task = asyncio.create_task(endpoint(SCOPE, screen.receive, screen.send))
        await screen.until("ping")
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert hub.streams == 0

    endpoint(test)


@pytest.mark.parametrize("answer", ["", RuntimeError("no database")])
def test_access_is_asked_again_and_when_in_doubt_refused(endpoint, monkeypatch, answer):
    monkeypatch.setattr(stream_module, "RECHECK_SECONDS", 0.1)
    monkeypatch.setattr(stream_module, "PING_SECONDS", 0.05)

    async def test(endpoint, hub):
        screen = Screen()
        async with asyncio.timeout(5):
            await endpoint(SCOPE, screen.receive, screen.send)
        assert screen.text.endswith("event: bye\ndata: access\n\n")
        assert screen.sent[-1]["more_body"] is False
        assert hub.streams == 0

    endpoint(test, ["a screen", "a screen", answer])


def test_the_first_byte_comes_when_nothing_can_be_missed_any_more(endpoint, notify):
    """A screen refetches on `open`; a change right after that must be told."""

    async def test(endpoint, _hub):
        screen = Screen()
        task = asyncio.create_task(endpoint(SCOPE, screen.receive, screen.send))
        while not screen.sent:
            await asyncio.sleep(0)
        notify(channel("7411"), QUEUE)
        await screen.until("data: queue")
        screen.gone.set()
        await task

    endpoint(test)


def test_while_the_database_is_away_the_screen_is_told_so_and_afterwards_to_catch_up(
    endpoint, kill_listeners, monkeypatch
):
    """The line itself is well all the time; without this a screen would show old numbers as if they were new."""
    monkeypatch.setattr(hub_module, "RETRY_SECONDS", 0.5)
    monkeypatch.setattr(stream_module, "PING_SECONDS", 0.05)

    async def test(endpoint, _hub):
        screen = Screen()
        task = asyncio.create_task(endpoint(SCOPE, screen.receive, screen.send))
        await screen.until("event: ping")
        assert "away" not in screen.text
        assert await asyncio.to_thread(kill_listeners, "pst-test-live") == 1
        await screen.until("event: away\ndata: database")
        await screen.until("data: *")
        back = len(screen.text)
        await screen.until("event: ping", back)
        assert "away" not in screen.text[back:]
        screen.gone.set()
        await task

    endpoint(test)
