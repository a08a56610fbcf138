"""The officer's list and one thread with 10,000 consultations (LONG=1: 100,000) beside an empty page of the same app.

All are one office's: two in a hundred wait for an answer, three for the visitor, the rest is over; each has a question,
an answer, sometimes a note and further words, its rounds, steps and deadlines; their askers are a third as many. The
empty page is an officer's too (the office's list of complaints, of which there are none): log-in, frame and navigation,
and one question to the database. Pages are asked for in turns over HTTP, each by turns with the empty one; CPU is that
of the server and the database together. Queries are counted beside that, in this process, while nothing is remembered.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from tests.bench.http import Client
from tests.bench.place import DatabaseCpu, own_database, say, server

OFFICE = "7411"
EMPTY = "/meja/pengaduan/"
LIST = "/meja/konsultasi/"
AT_ONCE = 2_000
SUBJECTS = [
    "PDRB",
    "inflasi",
    "kemiskinan",
    "penduduk",
    "IPM",
    "padi",
    "pengangguran",
    "ekspor",
    "perumahan",
    "KBLI",
]
PLACES = [
    "Kolaka Timur",
    "Tirawuta",
    "Ladongi",
    "Mowewe",
    "Lambandia",
    "Loea",
    "Poli-polia",
    "Dangia",
    "Ueesi",
]


def run(*, long: bool) -> dict:
    rows, turns = (100_000, 8) if long else (10_000, 8)
    with own_database() as address:
        started = time.monotonic()
        _fill(rows)
        say(f"{rows} consultations made in {time.monotonic() - started:.0f} s")
        pages, cookie = _pages(), _officer()
        queries = {name: _queries(cookie, page) for name, page in pages.items()}
        say("queries: " + ", ".join(f"{name} {count}" for name, count in queries.items()))
        figures = asyncio.run(_measure(address, pages, cookie, turns))
        return {
            "rows": rows,
            "queries": max(queries.values()),
            **{f"queries_{name}": count for name, count in queries.items()},
            **figures,
        }


def _fill(rows: int) -> None:
    """Through bulk inserts: what is measured is reading."""
    from django.db import connection
    from django.utils import timezone

    from services.offices.models import Office
    from tests.conftest import new_user

    office, now = Office.objects.get(code=OFFICE), timezone.now()
    officer, chance = new_user(office), random.Random(7411)
    people = _people(office, rows // 3)
    for first in range(0, rows, AT_ONCE):
        _some(office, officer, people, range(first, min(first + AT_ONCE, rows)), rows, now, chance)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as autovacuum does within a minute


def _people(office: Any, count: int) -> list[Any]:
    from services.guestbook.models import Visitor

    new = (
        Visitor(
            office=office, name=f"Tamu {n} Lestari", email=f"tamu{n}@example.test", phone=f"+62812{n:08d}"
        )
        for n in range(count)
    )
    return Visitor.objects.bulk_create(new, batch_size=AT_ONCE)


def _some(office, officer, people, numbers, rows: int, now, chance: random.Random) -> None:
    from consultation.models import Consultation, ConsultationStep, Message, Round

    service = office.services.get(slug="consultation")
    made = []
    for n in numbers:
        asked = now - timedelta(minutes=4 * (rows - n))
        state = _state(n)
        words = f"{chance.choice(SUBJECTS)} {chance.choice(PLACES)} {2015 + n % 11}"
        made.append(
            Consultation(
                office=office, number=f"K{OFFICE}-26-{n + 1:05d}", service=service, standard=service.standard,
                channel=chance.choice(("portal", "email", "whatsapp", "phone")), state=state,
                visitor=chance.choice(people), subject=f"Data {words}", officer=officer if n % 3 else None,
                tags=[chance.choice(SUBJECTS)] if n % 4 == 0 else [], submitted_at=asked, updated_at=asked,
                due_at=asked + timedelta(days=3) if state in Consultation.OURS else None,
                closes_at=asked + timedelta(days=3) if state in Consultation.THEIRS else None,
            )
        )  # fmt: skip
    Consultation.objects.bulk_create(made)
    said = [Message(**fields) for c in made for fields in _said(c, officer, chance)]
    Message.objects.bulk_create(said, batch_size=AT_ONCE)
    Round.objects.bulk_create(
        Round(consultation=c, number=1, started_at=c.submitted_at, working_days=3, due_at=c.due_at)
        for c in made
    )
    ConsultationStep.objects.bulk_create(
        ConsultationStep(subject=c, state=state, at=c.submitted_at, actor="officer")
        for c in made
        for state in ("submitted", c.state)
    )


def _state(n: int) -> str:
    """Two of a hundred are the office's, three the visitor's."""
    place = n % 100
    if place < 5:
        return ("submitted", "assigned", "answered", "waiting", "answered")[place]
    return "auto_closed" if place % 3 else "closed"


def _said(consultation, officer, chance: random.Random) -> Iterator[dict[str, Any]]:
    words = f"{consultation.subject} menurut kecamatan, untuk {chance.choice(PLACES)}. " * chance.randrange(
        1, 6
    )
    told = {"consultation": consultation, "channel": consultation.channel}
    yield told | {"kind": "visitor", "body": f"Mohon {words}", "at": consultation.submitted_at}
    if consultation.state in ("submitted", "assigned"):
        return
    for turn in range(chance.choice((1, 1, 2, 5))):
        at = consultation.submitted_at + timedelta(hours=1 + turn)
        yield told | {"kind": "officer", "body": f"Yth. Bapak/Ibu, {words}", "at": at, "by_user": officer}
        if turn:
            yield told | {"kind": "visitor", "body": f"Terima kasih, {words}", "at": at}


def _pages() -> dict[str, str]:
    from consultation.models import Consultation, Message

    long = Message.objects.filter(consultation__state="answered").values_list("consultation", flat=True)
    thread = Consultation.objects.filter(pk__in=long).order_by("-pk").first()
    assert thread is not None
    return {
        "list": LIST,
        "list_all": f"{LIST}?lihat=semua",
        "list_over": f"{LIST}?lihat=selesai&page=20",
        "search": f"{LIST}?q=kemiskinan+ladongi",
        "search_common": f"{LIST}?q=penduduk",
        "search_nothing": f"{LIST}?q=tidak+ada+begitu",
        "search_name": f"{LIST}?q=tamu+77+lestari",
        "thread": f"{LIST}utas/{thread.number}/",
    }


def _officer() -> str:
    """The session of somebody who is logged in."""
    from django.conf import settings
    from django.test import Client as Browser

    from services.offices.models import Office
    from tests.conftest import new_user

    browser = Browser()
    user = new_user(Office.objects.get(code=OFFICE))
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


def _queries(cookie: str, page: str) -> int:
    from django.conf import settings
    from django.core.cache import cache
    from django.db import connection
    from django.test import Client as Browser
    from django.test.utils import CaptureQueriesContext

    browser = Browser(headers={"host": "127.0.0.1"})
    browser.cookies[settings.SESSION_COOKIE_NAME] = cookie
    browser.get(page)
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        if browser.get(page).status_code != 200:
            raise RuntimeError(page)
    return len([q for q in queries if not q["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))])


async def _measure(address: str, pages: dict[str, str], cookie: str, turns: int) -> dict[str, float]:
    from django.conf import settings

    database = DatabaseCpu(address)
    cpu: dict[str, float] = dict.fromkeys(["empty_page", *pages], 0.0)
    each = 25
    with server() as web:
        client = Client(web.host, web.port, {settings.SESSION_COOKIE_NAME: cookie})
        asked = {"empty_page": EMPTY, **pages}
        for page in asked.values():
            await _ask(client, page, 10)  # warm
        for turn in range(turns):
            for name, page in asked.items():
                before = web.cpu_seconds() + database.seconds()
                await _ask(client, page, each)
                cpu[name] += web.cpu_seconds() + database.seconds() - before
            say(f"round {turn + 1}/{turns}")
        client.close()
    figures = {f"cpu_ms_{name}": round(1000 * spent / (turns * each), 2) for name, spent in cpu.items()}
    for name in pages:
        figures[f"ratio_{name}"] = round(cpu[name] / cpu["empty_page"], 2)
        say(
            f"{name:12} {figures[f'cpu_ms_{name}']:7.2f} ms, {figures[f'ratio_{name}']:5.2f} times the empty page"
        )
    return figures


async def _ask(client: Client, page: str, times: int) -> None:
    for _n in range(times):
        answer = await client.get(page)
        if answer.status != 200:
            raise RuntimeError(f"{page}: {answer.status}")
