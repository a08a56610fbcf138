"""Event streams: how fast a change reaches every open screen, and what open screens cost the pages.

Short: 200 streams over 50 offices; LONG=1: 1,100 streams over 550 offices, all in one web process as `make run`
starts it. Streams carry the cookie of a paired tablet of their office. For the latency each office in turn gets
a NOTIFY with a topic of its own, committed by a connection of the load process; each of its streams must get
it once. The time runs from just before the commit to the event's arrival, half of the events beside busy pages.
`lost` counts what never came.

For the pages a few clients fetch the kiosk's first page on kept-open connections, by turns without any stream
and with all of them open and events flowing; `page_throughput_kept` is the second rate over the first.
"""

from __future__ import annotations

import asyncio
import resource
import secrets
import time

import psycopg
import uvloop

from tests.bench.http import Client, Stream
from tests.bench.place import Server, own_database, say, server

PAGE_CLIENTS = 4
EVENTS_PER_SECOND = 25
GRACE_SECONDS = 3.0
OPEN_AT_ONCE = 20


def run(*, long: bool) -> dict:
    offices, streams, rounds, seconds = (550, 1100, 3, 20.0) if long else (50, 200, 2, 5.0)
    allow_many_files()
    with own_database() as address:
        from django.db import connections

        screens = offices_with(offices)
        connections.close_all()
        with server() as web, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            bench = Bench(web, address, screens, streams)
            return runner.run(bench.measure(rounds, seconds))


def allow_many_files() -> None:
    """A stream is an open file here and another in the server, which inherits the limit."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 65536 if hard == resource.RLIM_INFINITY else min(hard, 65536)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def offices_with(count: int, purpose: str = "kiosk") -> list[tuple[str, str]]:
    """(code, secret of a tablet or TV) of the demo office and of new ones; codes no region has."""
    from services.accounts.models import Device, hash_secret
    from services.offices.models import Office

    new = [
        Office(code=f"{n:04d}", name=f"Kantor {n}", area=f"Wilayah {n}", level="regency")
        for n in range(1, count)
    ]
    offices = [Office.objects.get(code="7411"), *Office.objects.bulk_create(new)]
    made = [(office, secrets.token_urlsafe(32)) for office in offices]
    Device.objects.bulk_create(
        Device(office=office, purpose=purpose, name="bench", secret_hash=hash_secret(secret))
        for office, secret in made
    )
    return [(office.code, secret) for office, secret in made]


class Bench:
    cookie = "pst_device_kiosk"

    def __init__(self, web: Server, address: str, screens: list[tuple[str, str]], wanted: int):
        self.web, self.address, self.screens, self.wanted = web, address, screens, wanted
        self.streams: list[Stream] = []
        self.readers: list[asyncio.Task] = []
        self.sent: dict[str, float] = {}
        self.latencies: list[float] = []
        self.expected = 0

    async def measure(self, rounds: int, seconds: float) -> dict:
        alone = beside = 0.0
        await self.pages(1.0)  # warm
        for turn in range(1, rounds + 1):
            rate = await self.pages(seconds)
            alone += rate
            say(f"round {turn}/{rounds}: {rate:6.1f} pages/s without streams")
            started = time.monotonic()
            await self.open()
            say(
                f"round {turn}/{rounds}: {len(self.streams)} streams opened in {time.monotonic() - started:.1f} s"
            )
            await self.events(seconds)
            say(
                f"round {turn}/{rounds}: {len(self.latencies)} deliveries so far, p50 {self.percentile(50):.1f} ms"
            )
            rate, _done = await asyncio.gather(self.pages(seconds), self.events(seconds))
            beside += rate
            say(f"round {turn}/{rounds}: {rate:6.1f} pages/s with them and events flowing")
            await self.close()
        return {
            "streams": self.wanted,
            "p50_ms": round(self.percentile(50), 1),
            "p99_ms": round(self.percentile(99), 1),
            "lost": self.expected - len(self.latencies),
            "page_throughput_kept": round(beside / alone, 3),
            "pages_per_s_alone": round(alone / rounds, 1),
            "deliveries": len(self.latencies),
            "offices": len(self.screens),
        }

    def percentile(self, share: int) -> float:
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, len(ordered) * share // 100)]

    async def open(self) -> None:
        gate = asyncio.Semaphore(OPEN_AT_ONCE)

        async def one(code: str, secret: str) -> Stream:
            async with gate:
                client = Client(self.web.host, self.web.port, {self.cookie: secret})
                stream = await Stream.open(client, f"/live/{code}/")
                if stream.status != 200:
                    raise RuntimeError(f"/live/{code}/ answered {stream.status}")
                return stream

        chosen = [self.screens[n % len(self.screens)] for n in range(self.wanted)]
        self.streams = list(await asyncio.gather(*(one(*screen) for screen in chosen)))
        self.readers = [asyncio.create_task(self.listen(stream)) for stream in self.streams]

    async def listen(self, stream: Stream) -> None:
        while True:
            topic = await stream.topic()
            self.latencies.append(time.monotonic() - self.sent[topic])

    async def close(self) -> None:
        for task in self.readers:
            task.cancel()
        ended = await asyncio.gather(*self.readers, return_exceptions=True)
        broken = [e for e in ended if not isinstance(e, asyncio.CancelledError)]
        if broken:
            say(f"{len(broken)} streams broke: {broken[0]!r}")
        for stream in self.streams:
            stream.close()
        await asyncio.sleep(0.5)

    async def events(self, seconds: float) -> None:
        """Each office in turn; then waits until everything has come, or the time of grace is over."""
        listeners = [
            self.wanted // len(self.screens) + (n < self.wanted % len(self.screens))
            for n in range(len(self.screens))
        ]
        async with await psycopg.AsyncConnection.connect(self.address, autocommit=True) as connection:
            begun = time.monotonic()
            for turn in range(int(seconds * EVENTS_PER_SECOND)):
                await asyncio.sleep(max(0.0, begun + turn / EVENTS_PER_SECOND - time.monotonic()))
                office = turn % len(self.screens)
                topic = f"bench-{len(self.sent)}"
                self.expected += listeners[office]
                self.sent[topic] = time.monotonic()
                await connection.execute(
                    "SELECT pg_notify(%s, %s)", [f"pst_{self.screens[office][0]}", topic]
                )
        ends = time.monotonic() + GRACE_SECONDS
        while len(self.latencies) < self.expected and time.monotonic() < ends:
            await asyncio.sleep(0.02)

    async def pages(self, seconds: float) -> float:
        ends = time.monotonic() + seconds

        async def client() -> int:
            tablet, done = Client(self.web.host, self.web.port, {"pst_device_kiosk": self.screens[0][1]}), 0
            while time.monotonic() < ends:
                answer = await tablet.get("/kios/")
                if answer.status != 200:
                    raise RuntimeError(f"/kios/ answered {answer.status}")
                done += 1
            tablet.close()
            return done

        return sum(await asyncio.gather(*(client() for _n in range(PAGE_CLIENTS)))) / seconds
