"""From the officer's press to the number on the TV, while every other office's TV is open as well.

Short: 200 streams over 50 offices; LONG=1: 1,100 over 550. One web process. In the demo office people take numbers;
twice a second the next one is called with the desk's own workflow, in a process of its own. Its TV is a client that does what the page does: it hears
the event on its stream, fetches the board as HTMX does, and has seen the call when the number stands at its counter. The time
runs from before the workflow begins (so with its queries and commit) until then.

Meanwhile other offices call too, EVENTS_PER_SECOND in all (550 offices with one call in two minutes are 4.6): each is a NOTIFY,
and a TV of that office fetches its board.
"""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor

import psycopg
import uvloop

from tests.bench.http import Client, Stream
from tests.bench.live import Bench, allow_many_files, offices_with
from tests.bench.place import own_database, say, server

DEMO = "7411"
CALLS_PER_SECOND = 2
EVENTS_PER_SECOND = 5
HTMX = "HX-Request: true\r\nHX-Target: board\r\n"


def run(*, long: bool) -> dict:
    offices, streams, seconds = (550, 1100, 60.0) if long else (50, 200, 15.0)
    allow_many_files()
    with own_database() as address:
        from django.db import connections

        screens = offices_with(offices, "display")
        connections.close_all()
        if hasattr(connections["default"], "close_pool"):
            connections["default"].close_pool()  # its threads would not be in the other process
        fork = multiprocessing.get_context("fork")
        with (
            ProcessPoolExecutor(1, fork, Desk.open, (int(seconds * CALLS_PER_SECOND),)) as desk,
            server() as web,
            asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
        ):
            desk.submit(Desk.ready).result()
            return runner.run(Calls(web, address, screens, streams).measure(desk, seconds))


class Desk:
    """Two counters of the demo office, by turns, and the people who wait for them, in a process of its own."""

    here: Desk

    @classmethod
    def open(cls, people: int) -> None:
        cls.here = cls(people)

    @classmethod
    def ready(cls) -> bool:
        return bool(cls.here)

    def __init__(self, people: int) -> None:
        from queueing.workflows.issue import issue
        from services.audit.actors import SYSTEM
        from services.offices.models import Office

        self.office = Office.objects.get(code=DEMO)
        service = self.office.services.get(slug="library")
        self.counters = list(self.office.counters.filter(number__in=(1, 2)))
        for number in range(people + 1):
            issue(office=self.office, service=service, submission=f"bench-{number}", by=SYSTEM)

    @classmethod
    def call(cls) -> tuple[str, float, float]:
        """The number called; when it began and when it was committed, in this machine's monotonic seconds."""
        from queueing.workflows import desk
        from services.audit.actors import SYSTEM

        cls.here.counters.reverse()
        begun = time.monotonic()
        ticket = desk.call_next(cls.here.counters[0], by=SYSTEM)
        assert ticket, "nobody waits any more"
        return str(ticket), begun, time.monotonic()


class Calls(Bench):
    cookie = "pst_device_display"

    async def measure(self, desk: ProcessPoolExecutor, seconds: float) -> dict:  # type: ignore[override]
        self.seen: dict[str, float] = {}
        self.fetched = asyncio.Event()
        await self.open()
        say(f"{len(self.streams)} streams opened")
        gc.collect()
        gc.freeze()  # the load's own collector is not measured
        tv = Client(self.web.host, self.web.port, {self.cookie: self.screens[0][1]})
        stream = await Stream.open(tv, f"/live/{DEMO}/")
        watching = asyncio.create_task(self.watch(stream, Client(tv.host, tv.port, dict(tv.cookies))))
        others = asyncio.create_task(self.others(seconds))
        begun, times, called, after = time.monotonic(), [], [], []
        for turn in range(int(seconds * CALLS_PER_SECOND)):
            await asyncio.sleep(max(0.0, begun + turn / CALLS_PER_SECOND - time.monotonic()))
            number, start, committed = await asyncio.wrap_future(desk.submit(Desk.call))
            called.append(1000 * (committed - start))
            while number not in self.seen:
                self.fetched.clear()
                async with asyncio.timeout(10):
                    await self.fetched.wait()
            times.append(1000 * (self.seen[number] - start))
            after.append(max(0.0, 1000 * (self.seen[number] - committed)))
        boards = await others
        watching.cancel()
        await self.close()
        times.sort()
        called.sort()
        after.sort()
        return {
            "streams": self.wanted, "offices": len(self.screens), "calls": len(times), "other_boards": boards,
            "seen_p50_ms": round(times[len(times) // 2], 1), "seen_p99_ms": round(times[len(times) * 99 // 100], 1),
            "seen_worst_ms": round(times[-1], 1),
            "workflow_p50_ms": round(called[len(called) // 2], 1),
            "after_commit_p50_ms": round(after[len(after) // 2], 1),
            "after_commit_p99_ms": round(after[len(after) * 99 // 100], 1),
        }  # fmt: skip

    async def watch(self, stream: Stream, page: Client) -> None:
        """The TV of the demo office."""
        while True:
            if await stream.topic() != "queue":
                continue
            body = (await page.get("/layar/", HTMX)).body.decode()
            now = time.monotonic()
            for number in body.split('data-now="')[1:]:
                self.seen.setdefault(number.partition('"')[0], now)
            self.fetched.set()

    async def others(self, seconds: float) -> int:
        """The other offices' calls, each fetched by a TV there; how many boards."""
        fetches = []

        async def board(secret: str) -> None:
            client = Client(self.web.host, self.web.port, {self.cookie: secret})
            answer = await client.get("/layar/", HTMX)
            assert answer.status == 200, answer
            client.close()

        async with await psycopg.AsyncConnection.connect(self.address, autocommit=True) as connection:
            begun = time.monotonic()
            for turn in range(int(seconds * EVENTS_PER_SECOND)):
                await asyncio.sleep(max(0.0, begun + turn / EVENTS_PER_SECOND - time.monotonic()))
                code, secret = self.screens[1 + turn % (len(self.screens) - 1)]
                await connection.execute("SELECT pg_notify(%s, %s)", [f"pst_{code}", f"bench-{turn}"])
                fetches.append(asyncio.create_task(board(secret)))
        await asyncio.gather(*fetches)
        return len(fetches)

    async def listen(self, stream: Stream) -> None:
        while True:
            await stream.topic()
