"""Every room of the supervisor's panel, and every report it offers, with a demo year of 60,000 visits (PANEL_VISITS: as many).

The rooms are those of the navigation (pst/context.py), as a supervisor of the busiest office has it; from each the links of the panel
are followed once (`MOST_LINKS` of a room at most): pages and, by their type, reports. Rooms that are added later are found by
themselves. Asked in this process, without a server: the first look warms, then `TURNS` are timed by turns; `page_p95_ms` is over all
looks at pages, `page_cpu_…` the CPU of this process and the database: other work on the machine is not in it. A report is asked for once and read to its end.
"""

from __future__ import annotations

import html
import math
import os
import re
import resource
import time
from collections.abc import Iterable
from datetime import date
from typing import Any

from tests.bench.place import DatabaseCpu, own_database, say

OFFICE = "6571"
TURNS, MOST_LINKS = 3, 40
LINK = re.compile(r'<a\b[^>]*?\bhref="([^"#]+)"')
REPORT = re.compile(r"\.(pdf|xlsx|csv)\b|/laporan/[a-z]|[?&]format=")
PERIOD = re.compile(r"\bperiode=[^&]*")
YEAR = date.today().year  # noqa: DTZ011 (the demo year ends yesterday)


def run(*, long: bool) -> dict:
    visits = int(os.environ.get("PANEL_VISITS", "60000"))
    turns = TURNS * (3 if long else 1)
    with own_database() as address:
        made = _fill(visits, address)
        client, rooms = _supervisor()
        pages, reports = _walk(client, rooms)
        say(f"{len(rooms)} rooms, {len(pages)} pages, {len(reports)} reports")
        database = DatabaseCpu(address)
        return {**made, "rooms": len(rooms), "pages": len(pages), "reports": len(reports)} | _measure(
            client, pages, reports, turns, database
        )


def _fill(visits: int, address: str) -> dict[str, Any]:
    from pst.demo_year import check, run
    from pst.demo_year.plan import Plan
    from services.guestbook.models import Visit

    _softcopies()
    before, database = _peak(), DatabaseCpu(address)
    started, busy, theirs = time.monotonic(), time.process_time(), database.seconds()
    run.fill(Plan(run.yesterday(), visits=visits), say)
    made = {
        "visits": Visit.objects.count(), "fill_s": round(time.monotonic() - started, 1), "fill_cpu_s": round(time.process_time() - busy, 1),
        "fill_db_cpu_s": round(database.seconds() - theirs, 1), "fill_mb": _peak(), "mb_before": before,
    }  # fmt: skip
    faults = check.check_invariants()
    say("\n".join(faults) or "no broken rule")
    return made | {"broken_rules": len(faults)}


def _softcopies() -> None:
    from services.offices.models import Office
    from tests.panel import softcopies

    for office in Office.objects.serving():
        softcopies.ready(office, 2)


def _supervisor() -> tuple[Any, list[str]]:
    """Somebody who is logged in, and the rooms of their panel."""
    from django.test import Client, RequestFactory
    from django.urls import reverse

    from pst import context
    from services.accounts.models import Role, User
    from services.offices.models import Office

    office = Office.objects.get(code=OFFICE)
    user = User.objects.filter(memberships__office=office, memberships__role=Role.SUPERVISOR).first()
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    request: Any = RequestFactory().get(reverse("panel:standards"))
    request.office, request.role, request.user, request.device, request.memberships = (
        office,
        Role.SUPERVISOR,
        user,
        None,
        [],
    )
    return client, _addresses(
        [room for group in context.office(request)["side_nav"] for room in group["items"]]
    )


def _addresses(rows: Any) -> list[str]:
    """Of a navigation, however deep it is grouped."""
    if isinstance(rows, dict):
        own = [rows["url"]] if rows.get("url") else []
        return list(dict.fromkeys([*own, *(a for value in rows.values() for a in _addresses(value))]))
    if isinstance(rows, list | tuple):
        return list(dict.fromkeys(a for row in rows for a in _addresses(row)))
    return []


def _walk(client: Any, rooms: list[str]) -> tuple[list[str], list[str]]:
    """Rooms and what they link to: pages of the panel, and reports, these also from pages of reports. All of a whole year."""
    pages, reports = dict.fromkeys(rooms), {}  # type: ignore[var-annotated]
    for room in rooms:
        followed = 0
        for address in _links(client, room):
            if REPORT.search(address):
                reports[address] = None
            elif address.startswith(room) and address not in pages and followed < MOST_LINKS:
                followed += 1
                pages[address] = None
    for report in [r for r in reports if "." not in r.partition("?")[0]]:
        reports |= dict.fromkeys(a for a in _links(client, report) if REPORT.search(a))
    return list(pages), list(reports)


def _links(client: Any, page: str) -> list[str]:
    """Where a page of the panel leads to within the panel."""
    answer = client.get(page)
    if answer.status_code != 200:
        raise RuntimeError(f"{page}: {answer.status_code}")
    found = []
    for link in LINK.findall(answer.content.decode()):
        link = html.unescape(link)
        whole = page.partition("?")[0] + link if link.startswith("?") else link
        if whole.startswith("/panel/"):
            found.append(PERIOD.sub(f"periode={YEAR}-y", whole))
    return list(dict.fromkeys(found))


def _measure(
    client: Any, pages: list[str], reports: list[str], turns: int, database: DatabaseCpu
) -> dict[str, Any]:
    queries = {page: _queries(client, page) for page in pages}
    looks: dict[str, list[tuple[float, float]]] = {page: [] for page in pages}
    for _turn in range(turns):
        for page in pages:
            looks[page].append(_look(client, page, database))
    cpu = {page: sum(busy for _took, busy in looks[page]) * 1000 / turns for page in pages}
    best = {page: min(took for took, _busy in looks[page]) * 1000 for page in pages}
    for page in sorted(pages, key=lambda page: -cpu[page])[:12]:
        say(f"{best[page]:7.0f} ms {cpu[page]:6.0f} ms of CPU {queries[page]:4} queries  {page}")
    taken = {report: _look(client, report, database) for report in reports}
    for report, (took, busy) in sorted(taken.items(), key=lambda row: -row[1][1])[:12]:
        say(f"{took:7.2f} s {busy:6.2f} s of CPU  {report}")
    every = [took * 1000 for page in pages for took, _busy in looks[page]]
    return {
        "queries_max": max(queries.values()), "queries_page": max(queries, key=lambda p: queries[p]), "page_p95_ms": _p95(every),
        "page_best_p95_ms": _p95(best.values()), "page_cpu_p95_ms": _p95(cpu.values()), "page_cpu_max_ms": round(max(cpu.values())),
        "report_max_s": round(max((took for took, _busy in taken.values()), default=0.0), 2),
        "report_cpu_max_s": round(max((busy for _took, busy in taken.values()), default=0.0), 2), "peak_mb": _peak(),
    }  # fmt: skip


def _look(client: Any, address: str, database: DatabaseCpu) -> tuple[float, float]:
    """Seconds by the clock, and of CPU, this process's and the database's together."""
    busy = time.process_time() + database.seconds()
    took = _open(client, address)
    return took, time.process_time() + database.seconds() - busy


def _p95(values: Iterable[float]) -> float:
    ordered = sorted(values)
    return round(ordered[math.ceil(0.95 * len(ordered)) - 1], 1)


def _open(client: Any, address: str) -> float:
    started = time.perf_counter()
    answer = client.get(address)
    if answer.streaming:
        for _part in answer.streaming_content:
            pass
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status_code}")
    return time.perf_counter() - started


def _queries(client: Any, address: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    _open(client, address)
    with CaptureQueriesContext(connection) as queries:
        _open(client, address)
    return len([q for q in queries if not q["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))])


def _peak() -> float:
    """Of this process since it began, in MB: it only grows."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
