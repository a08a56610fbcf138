"""The event stream as a bare ASGI endpoint: GET /live/<office code>/ (Server-Sent Events).

An event's data is a topic name, never data. `ping` every two seconds lets a screen notice a dead line.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

from services.live.hub import Hub
from services.live.publish import DEVICES, channel

PING_SECONDS = 2.0
RECHECK_SECONDS = 60.0
PATH = re.compile(r"^/live/(\d{4})/$")

Authorise = Callable[[dict[str, Any], str], Awaitable[bool]]


class EventStream:
    """`authorise(scope, office_code)` decides who may listen; asked at the start, every minute, and at once
    when a device of the office was paired or revoked."""

    def __init__(self, hub: Callable[[], Hub], authorise: Authorise):
        self.hub = hub
        self.authorise = authorise

    async def __call__(self, scope, receive, send) -> None:
        match = PATH.match(scope["path"])
        if not match or scope["method"] != "GET":
            return await _plain(send, 404, b"not found")
        code = match[1]
        if not await self.authorise(scope, code):
            return await _plain(send, 403, b"forbidden")
        headers = [
            (b"content-type", b"text/event-stream; charset=utf-8"),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        subscriber = await self.hub().subscribe(channel(code))
        sender = asyncio.create_task(self._send_events(scope, code, subscriber, send))
        gone = asyncio.create_task(_disconnected(receive))
        try:
            await asyncio.wait({sender, gone}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (sender, gone):
                task.cancel()
            await asyncio.gather(sender, gone, return_exceptions=True)
            await self.hub().unsubscribe(subscriber)

    async def _send_events(self, scope, code, subscriber, send) -> None:
        loop = asyncio.get_running_loop()
        checked = loop.time()
        await _event(send, "event: ping\ndata: ok\n\n")
        while True:
            topics = await subscriber.next(PING_SECONDS)
            if DEVICES in topics or loop.time() - checked > RECHECK_SECONDS:
                checked = loop.time()
                if not await self.authorise(scope, code):
                    await _event(send, "event: bye\ndata: access\n\n", more=False)
                    return
            text = "".join(f"data: {topic}\n\n" for topic in sorted(topics)) or "event: ping\ndata: ok\n\n"
            await _event(send, text)


async def _event(send, text: str, *, more: bool = True) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": more})


async def _disconnected(receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _plain(send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"text/plain"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
