"""Tickets per second over HTTP, beside the database's own floor.

What counts as one ticket: one `POST /kios/ambil/` with the cookie of a paired tablet, the CSRF cookie and token,
the page's signed one-ticket token and the chosen service, on a kept-open connection; answered with a redirect to
the ticket, which is not followed. Each client is a tablet of the same office asking for the same service, so
all move one counter. Before the clock starts every client fetches the kiosk's page once, as a browser does, for
cookie and CSRF token; the one-ticket tokens, one of which that page carries per visitor, are signed beforehand
(`queueing.tokens`), because signing is what the page's GET costs, not the POST.

The floor: the counter's upsert and a bare ticket row in one statement, autocommitted, 50 connections, one
counter, through psycopg. Both sides run by turns in the same run, from the same load process, whose own CPU time
is not counted.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

import psycopg
import uvloop

from tests.bench.http import Client
from tests.bench.place import DatabaseCpu, Server, own_database, say, server

OFFICE, SERVICE = "7411", "library"
CLIENTS = (1, 20, 50)
TOKENS_PER_SECOND = 100  # more than one client uses up

FLOOR_TABLES = """
CREATE TABLE bench_counter (counter int PRIMARY KEY, last int NOT NULL);
CREATE TABLE bench_ticket (id bigserial PRIMARY KEY, counter int NOT NULL, number int NOT NULL, at timestamptz);
"""
FLOOR = """
WITH next AS (
    INSERT INTO bench_counter VALUES (1, 1)
    ON CONFLICT (counter) DO UPDATE SET last = bench_counter.last + 1 RETURNING last
)
INSERT INTO bench_ticket (counter, number, at) SELECT 1, last, now() FROM next RETURNING number
"""


def run(*, long: bool) -> dict:
    rounds, seconds = (5, 10.0) if long else (2, 3.0)
    with own_database() as address:
        from django.db import connections

        tablets = _pair(max(CLIENTS))
        connections.close_all()
        with server() as web, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            measured = runner.run(_measure(web, address, tablets, rounds=rounds, seconds=seconds))
        return {**measured, **_numbers(measured["tickets"])}


def _pair(count: int) -> list[tuple[int, str]]:
    """Paired tablets: (device id, secret)."""
    from queueing.models import ServiceQueue
    from services.accounts import devices
    from services.audit.actors import SYSTEM
    from services.offices.models import Office

    office = Office.objects.get(code=OFFICE)
    # A day of an office ends at 899; this one goes on.
    ServiceQueue.objects.create(service=office.services.get(slug=SERVICE), last=2_000_000_000)
    made = []
    for number in range(count):
        pairing, secret = devices.begin("kiosk")
        device = devices.approve(code=pairing.code, name=f"bench {number}", office=office, by=SYSTEM)
        made.append((device.pk, secret))
    return made


async def _measure(web: Server, address: str, tablets, *, rounds: int, seconds: float) -> dict:
    tickets = dict.fromkeys(CLIENTS, 0)
    clients = await asyncio.gather(*(_Tablet.arrive(web, *tablet) for tablet in tablets))
    connections = [await psycopg.AsyncConnection.connect(address, autocommit=True) for _n in range(50)]
    await connections[0].execute(FLOOR_TABLES)
    database = DatabaseCpu(address)
    statements = tickets_all = cpu = 0
    for client in clients[:20]:
        client.prepare(seconds)
    tickets_all += await _together([c.take for c in clients[:20]], 1.0)  # warm
    for turn in range(1, rounds + 1):
        for count in CLIENTS:
            for client in clients[:count]:
                client.prepare(seconds)
            before = web.cpu_seconds() + database.seconds()
            done = await _together([c.take for c in clients[:count]], seconds)
            if count == 20:
                cpu += web.cpu_seconds() + database.seconds() - before
            tickets[count] += done
            tickets_all += done
            say(f"round {turn}/{rounds}: {count:2} clients {done / seconds:7.1f} tickets/s")
        done = await _together([_floor(c) for c in connections], seconds)
        statements += done
        say(f"round {turn}/{rounds}: plain SQL  {done / seconds:7.1f} statements/s")
    for connection in connections:
        await connection.close()
    for client in clients:
        client.close()
    time_ = rounds * seconds
    return {
        **{f"rate_{n}": round(tickets[n] / time_, 1) for n in CLIENTS},
        "sql_rate_50": round(statements / time_, 1),
        "share_of_sql": round(tickets[50] / statements, 3),
        "cpu_ms_per_ticket": round(1000 * cpu / tickets[20], 2),
        "tickets": tickets_all,
        "seconds": time_ * (len(CLIENTS) + 1),
    }


async def _together(actions: list[Callable[[], Awaitable[None]]], seconds: float) -> int:
    """Each client repeats its action until the time is up; returns how many were done in that time."""
    ends = time.monotonic() + seconds

    async def client(action) -> int:
        done = 0
        while time.monotonic() < ends:
            await action()
            done += 1
        return done

    return sum(await asyncio.gather(*(client(action) for action in actions)))


def _floor(connection: psycopg.AsyncConnection):
    async def statement() -> None:
        await connection.execute(FLOOR, prepare=True)

    return statement


class _Tablet(Client):
    """A paired tablet with its CSRF token and the tokens of its next pages."""

    device: int
    csrf: str
    bodies: list[bytes]

    @classmethod
    async def arrive(cls, web: Server, device: int, secret: str) -> _Tablet:
        tablet = cls(web.host, web.port, {"pst_device_kiosk": secret})
        page = await tablet.get("/kios/")
        found = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', page.body)
        assert page.status == 200, page
        assert found, page.body[:500]
        tablet.device, tablet.csrf = device, found[1].decode()
        tablet.bodies = []
        return tablet

    def prepare(self, seconds: float) -> None:
        """Signs the tokens of this segment's pages, before its clock starts."""
        from queueing import tokens

        fixed = {"csrfmiddlewaretoken": self.csrf, "service": SERVICE}
        while len(self.bodies) < seconds * TOKENS_PER_SECOND:
            self.bodies.append(urlencode({**fixed, "token": tokens.make(self.device)}).encode())

    async def take(self) -> None:
        if not self.bodies:
            self.prepare(0.1)
        answer = await self.post("/kios/ambil/", self.bodies.pop())
        if answer.status != 302 or "/kios/tiket/" not in answer.headers.get("location", ""):
            raise RuntimeError(f"no ticket: {answer.status} {answer.headers} {answer.body[:300]!r}")


def _numbers(expected: int) -> dict:
    """Every number of the run, as the database has them."""
    from django.db.models import Count, Max

    from queueing.models import Ticket

    rows = list(
        Ticket.objects.order_by()
        .values("day", "prefix")
        .annotate(all=Count("id"), different=Count("number", distinct=True), last=Max("number"))
    )
    stored = sum(r["all"] for r in rows)
    if stored != expected:
        raise RuntimeError(f"{expected} tickets were answered, {stored} are stored")
    return {
        "duplicates": sum(r["all"] - r["different"] for r in rows),
        "gaps": sum(r["last"] - r["different"] for r in rows),
    }
