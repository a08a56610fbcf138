"""Ten thousand complaints, and ten thousand ratings and questionnaires, from one address against the running site, while fifty
people lodge theirs from fifty other addresses. LONG=1: twice as many.

The addresses are said by X-Forwarded-For, which the site believes as behind its own proxy. First the fifty without the flood,
then the fifty while it runs: the ratio of their times is measured on the same machine within minutes. Loopback only; it ends when
everything was sent.
"""

from __future__ import annotations

import asyncio
import re
import time
from typing import Any
from urllib.parse import urlencode

import uvloop

from tests.bench.http import Client
from tests.bench.place import Server, own_database, say, server

OFFICE = "7411"
FLOODER, CONNECTIONS = "203.0.113.9", 20
HONEST = 50
PAUSE = 0.1  # between two honest ones


def run(*, long: bool) -> dict:
    many = 20_000 if long else 10_000
    with own_database():
        from django.db import connections

        tokens, head = _furnish(many)
        connections.close_all()
        with (
            server(environment={"PST_TRUSTED_PROXY": "yes", "PST_LOG_LEVEL": "ERROR"}) as web,
            asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
        ):
            sent = runner.run(_measure(web, tokens, many))
        return {**sent, **_stored(head)}


def _furnish(many: int) -> tuple[dict[str, str], Any]:
    """A supervisor, and two visits that were served; the tokens of their pages."""
    from services.accounts.models import Membership, User
    from services.offices.models import Office
    from tests.surveys.support import served

    office = Office.objects.get(code=OFFICE)
    head = User.objects.create_user("head@example.test", name="Head")
    Membership.objects.create(user=head, office=office, role="supervisor")
    return {what: served(office).visit.token for what in ("rating", "survey")}, head


async def _measure(web: Server, tokens: dict[str, str], many: int) -> dict[str, Any]:
    from services.surveys.skm import ELEMENTS

    complaint = f"/{OFFICE}/pengaduan/"
    await _honest(web, "198.51.100", "Sebelum", 5)  # warm
    quiet = await _honest(web, "198.51.101", "Sungguh", HONEST)
    found: dict[str, Any] = {"quiet_p50_ms": _middle(quiet)}
    floods = {
        "complaints": (complaint, {"text": "Banjir", "privacy": "anonymous"}),
        "ratings": (f"/k/{tokens['rating']}/penilaian/", {"stars": "1"}),
        "surveys": (f"/k/{tokens['survey']}/survei/", dict.fromkeys(ELEMENTS, "1")),
    }
    for number, (name, (address, form)) in enumerate(floods.items()):
        started = time.monotonic()
        flood = asyncio.create_task(_flood(web, address, form, many))
        await asyncio.sleep(1)  # until it has begun
        honest = await _honest(web, f"198.51.{102 + number}", f"Sungguh {name}", HONEST)
        still = not flood.done()
        answers = await flood
        found |= {
            f"{name}_per_s": round(many / (time.monotonic() - started)), f"{name}_answers": answers,
            f"{name}_honest_p50_ms": _middle(honest), f"{name}_honest_worst_ms": round(max(honest), 1),
            f"{name}_ratio": round(_middle(honest) / found["quiet_p50_ms"], 2), f"{name}_flood_outlasted": still,
        }  # fmt: skip
        say(f"{name}: {answers}, honest {_middle(honest)} ms beside {found['quiet_p50_ms']} ms")
    return found


def _middle(times: list[float]) -> float:
    return round(sorted(times)[len(times) // 2], 1)


class _Visitor(Client):
    """A browser that has opened the form, as people do."""

    token = ""

    @classmethod
    async def arrive(cls, web: Server, address: str, sender: str) -> _Visitor:
        client = cls(web.host, web.port)
        page = await client.get(address, f"X-Forwarded-For: {sender}\r\n")
        found = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', page.body)
        if not found:
            raise RuntimeError(f"{address}: {page.status}, no form")
        client.token = found[1].decode()
        return client


async def _post(client: _Visitor, address: str, form: dict[str, str], sender: str) -> int:
    body = urlencode({**form, "csrfmiddlewaretoken": client.token}).encode()
    head = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\nX-Forwarded-For: {sender}\r\n"
    return (await client._ask(f"POST {address} HTTP/1.1\r\n{head}", body)).status


async def _honest(web: Server, network: str, text: str, people: int) -> list[float]:
    """One after the other, each from an address of their own; milliseconds. Fails when one is refused."""
    times = []
    for n in range(people):
        client = await _Visitor.arrive(web, f"/{OFFICE}/pengaduan/", f"{network}.{n + 1}")
        started = time.monotonic()
        status = await _post(client, f"/{OFFICE}/pengaduan/", {"text": f"{text} {n}"}, f"{network}.{n + 1}")
        times.append(1000 * (time.monotonic() - started))
        client.close()
        if status != 200:
            raise RuntimeError(f"an honest complaint was answered {status}")
        await asyncio.sleep(PAUSE)
    return times


async def _flood(web: Server, address: str, form: dict[str, str], many: int) -> dict[int, int]:
    """How many answers of each status."""
    left, answers = iter(range(many)), dict[int, int]()

    async def sender() -> None:
        client = await _Visitor.arrive(web, address, FLOODER)
        for n in left:
            told = {**form, "text": f"Banjir {n}"} if "text" in form else form
            status = await _post(client, address, told, FLOODER)
            answers[status] = answers.get(status, 0) + 1
        client.close()

    await asyncio.gather(*(sender() for _n in range(CONNECTIONS)))
    return answers


def _stored(head: Any) -> dict[str, Any]:
    """What the desk finds afterwards."""
    from django.utils import timezone

    from complaints import rounds
    from complaints.models import Complaint, Flood
    from services.audit.models import AuditEntry
    from services.mail.models import Outgoing
    from services.ratings.models import Rating
    from services.surveys.models import Response
    from tests.bench.visits import _open, _queries
    from tests.complaints.support import browser

    honest = Complaint.objects.filter(text__startswith="Sungguh").count()
    if honest != 4 * HONEST:
        raise RuntimeError(f"{4 * HONEST} honest ones were lodged, {honest} are stored")
    flood = Flood.objects.get()
    client, started = browser(head), time.monotonic()
    client.defaults["HTTP_HOST"] = "127.0.0.1"
    rounds.recompute(timezone.now())
    found = {"round_s": round(time.monotonic() - started, 2)}
    pages = {"list": "/meja/pengaduan/", "flood": f"/meja/pengaduan/banjir/{flood.pk}/"}
    for name, page in pages.items():
        found |= {
            f"queries_{name}": _queries(client, page),
            f"ms_{name}": round(1000 * _open(client, page), 1),
        }
    return {
        "taken": flood.complaints.count(), "held": flood.held, "honest_stored": honest,
        "flood_mails": Outgoing.objects.filter(kind="complaint_flood").count(),
        "lines": AuditEntry.objects.filter(action__endswith=".flood").count(),
        "ratings": Rating.objects.count(), "responses": Response.objects.count(), **found,
    }  # fmt: skip
