"""The event stream as a bare ASGI endpoint: GET /live/<office code>/ (Server-Sent Events).

An event's data is a topic name, never data. `ping` every two seconds lets a screen notice a dead line; `away` in
its place says that the database is: the line is well, but what the screen shows may be old.
"""

from __future__ import annotations

import asyncio
import logging
import random
import re
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

from services.live.hub import EVERYTHING, Hub
from services.live.publish import DEVICES, OF_STAFF, channel

log = logging.getLogger(__name__)

PING_SECONDS = 2.0
PING, AWAY = "event: ping\ndata: ok\n\n", "event: away\ndata: database\n\n"
BURST_SECONDS = 0.1  # after an event, what follows within this time goes out as one
RECHECK_SECONDS = 60.0
PATH = re.compile(r"^/live/(\d{4})/$")

# Tabs and screens of one person, device or ticket; more of them is a fault or an attack, and memory is finite.
MOST_STREAMS = 50

Authorise = Callable[[dict[str, Any], str], Awaitable[str]]


class EventStream:
    """`authorise(scope, office_code)` says who listens, or "" for nobody who may; asked at the start, every
    minute, and at once when a device of the office was paired or revoked (or that may have been missed)."""

    def __init__(self, hub: Callable[[], Hub], authorise: Authorise, most: int = 10_000):
        self.most = most  # in all; each holds a socket
        self.hub = hub
        self.authorise = authorise
        self._open: Counter[str] = Counter()

    async def __call__(self, scope, receive, send) -> None:
        match = PATH.match(scope["path"])
        if not match or scope["method"] != "GET":
            return await _plain(send, 404, b"not found")
        code = match[1]
        who = await self._who(scope, code)
        if not who:
            return await _plain(send, 403, b"forbidden")
        if self._open[who] >= MOST_STREAMS or self._open.total() >= self.most:
            return await _plain(send, 429, b"too many streams")
        self._open[who] += 1
        try:
            await self._serve(scope, code, who, receive, send)
        finally:
            self._open[who] -= 1
            if not self._open[who]:
                del self._open[who]

    async def _serve(self, scope, code: str, who: str, receive, send) -> None:
        headers = [
            (b"content-type", b"text/event-stream; charset=utf-8"),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),
        ]
        # Before the first byte: a screen refetches when its stream opens, and must miss nothing from there on.
        hub = self.hub()
        subscriber = await hub.subscribe(channel(code))
        tasks: set[asyncio.Task] = set()
        try:
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            tasks.add(asyncio.create_task(self._send_events(scope, code, who, subscriber, send)))
            tasks.add(asyncio.create_task(_disconnected(receive)))
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            hub.unsubscribe(subscriber)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _who(self, scope, code: str) -> str:
        """When the question cannot be answered (no database) the answer is nobody; the screen asks again."""
        try:
            return await self.authorise(scope, code)
        except Exception:
            log.exception("live: whether a stream may open could not be found out")
            return ""

    async def _send_events(self, scope, code, who, subscriber, send) -> None:
        loop = asyncio.get_running_loop()
        # The first one somewhere in the minute: after a restart all screens come back at once.
        check_at = loop.time() + RECHECK_SECONDS * random.uniform(0.5, 1)  # noqa: S311
        await _event(send, self._sign_of_life(code))
        while True:
            topics = await subscriber.next(PING_SECONDS)
            if not who.startswith("user "):
                topics = {topic for topic in topics if not topic.startswith(OF_STAFF)}
            told = not topics & {DEVICES, EVERYTHING}
            text = "".join(f"data: {topic}\n\n" for topic in sorted(topics)) or self._sign_of_life(code)
            # What is asked once a minute is asked after the event, which says nothing by itself: a call does not wait.
            if told:
                await _event(send, text)
            if not told or loop.time() > check_at:
                check_at = loop.time() + RECHECK_SECONDS
                if not await self._who(scope, code):
                    await _event(send, "event: bye\ndata: access\n\n", more=False)
                    return
            if not told:
                await _event(send, text)
            if topics:
                await asyncio.sleep(BURST_SECONDS)

    def _sign_of_life(self, code: str) -> str:
        return PING if self.hub().hears(channel(code)) else AWAY


async def _event(send, text: str, *, more: bool = True) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": more})


async def _disconnected(receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _plain(send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"text/plain"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
