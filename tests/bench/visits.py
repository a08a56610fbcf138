"""Pages of an office with 10,000 visits beside those of its twin with 100, in one run.

The twin is an office of its own under the same published standards, with the same counters and lockers. Both get
their visits through the import of an earlier guest book (`services.guestbook.importing`), which is timed; every
third visitor comes again, and some are written down twice. Then a supervisor of each office opens the same pages by
turns, through Django's test client in this process: no server, no network, templates and queries only. The time of
a page is the median of the turns; queries are counted once more beside that, not while the time runs.
"""

from __future__ import annotations

import gc
import random
import resource
import statistics
import time
from collections.abc import Iterator
from datetime import date, timedelta

from tests.bench.place import own_database, say

OFFICE, TWIN = "7411", "7499"
FIRST_DAY = date(2015, 1, 5)  # so that 100,000 visits, forty a working day, are over by now
FEW = 100
PAGES = {
    "list": f"/meja/kunjungan/?dari={FIRST_DAY}",
    "list_last": f"/meja/kunjungan/?dari={FIRST_DAY}&page=100000",
    "list_today": "/meja/kunjungan/",
    "desk": "/meja/",
    "present": "/meja/hadir/",
    "lockers": "/meja/loker/",
    "personal_data": "/meja/data-pribadi/",
    "duplicates": "/panel/tamu-ganda/",
}


def run(*, long: bool) -> dict:
    many, turns = (100_000, 30) if long else (10_000, 15)
    with own_database():
        offices = {"many": _office(OFFICE), "few": _office(TWIN)}
        _import(offices["few"], FEW)
        imported = _import(offices["many"], many)
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as autovacuum does within a minute
        return {"visits": many, **imported, **_measure(offices, turns)}


def _office(code: str):
    """The demo office, or another one under its standards."""
    from pst.portal import demo
    from services.audit.actors import SYSTEM
    from services.offices import loading
    from services.offices.models import Office

    known = Office.objects.filter(code=code).first()
    if known:
        return known
    example = Office.objects.get(code=OFFICE)
    twin = Office.objects.create(
        code=code, parent=example.parent, level=example.level, name="BPS Kabupaten Kembar", area="Kembar",
        time_zone=example.time_zone,
    )  # fmt: skip
    for path in sorted(demo.TEXTS.glob("*.txt")):
        loaded = loading.load(path.read_bytes(), source_name=path.name, by=SYSTEM)
        if loaded.standard.service.office == example:
            loading.load(path.read_bytes(), source_name=path.name, by=SYSTEM, office=twin)
    demo.furnish(twin)
    return twin


class _Lines:
    """A CSV file that is written while it is read: its size is not in the memory measured."""

    def __init__(self, lines: Iterator[str]):
        self.lines = lines

    def readline(self, _most: int = -1) -> str:
        return next(self.lines)

    def __iter__(self) -> Iterator[str]:
        return self.lines


def _book(rows: int) -> Iterator[str]:
    """Forty visits a working day, the same in every run."""
    chance = random.Random(7411)
    day, of_day = FIRST_DAY, 0
    yield "date,arrived,began,ended,service,number,name,phone,email,gender,birth_year,job,party_size,consent\r\n"
    for n in range(rows):
        if of_day == 40:
            day, of_day = day + timedelta(days=3 if day.weekday() == 4 else 1), 0
        of_day += 1
        minute = 8 * 60 + 10 * of_day
        times = ",".join(f"{(minute + m) // 60:02d}:{(minute + m) % 60:02d}" for m in (0, 4, 25))
        service = chance.choice(("library", "consultation"))
        person = chance.randrange(1 + rows // 3) if chance.random() < 0.5 else rows + n
        name = f"Tamu {person}" if chance.random() > 0.002 else f"Tamu {person} Lestari"
        who = f"{name},0812{person:08d},tamu{person}@example.test,female,{1960 + person % 45},student"
        consent = "yes" if chance.random() > 0.2 else "no"
        yield f"{day},{times},{service},A{of_day:03d},{who},{chance.choice((1, 1, 1, 2, 15))},{consent}\r\n"


def _import(office, rows: int) -> dict:
    from services.audit.actors import SYSTEM
    from services.guestbook.importing import import_visits

    gc.collect()
    before, started = _peak_mb(), time.monotonic()
    done = import_visits(_Lines(_book(rows)), office=office, by=SYSTEM)  # type: ignore[arg-type]
    seconds = time.monotonic() - started
    if done.added != rows:
        raise RuntimeError(f"{rows} rows were written, {done}")
    say(f"{rows} visits of {done.people} people imported in {seconds:.1f} s")
    return {
        "import_per_s": round(rows / seconds),
        "import_peak_mb": round(_peak_mb() - before, 1),
        "people": done.people,
    }


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _measure(offices: dict, turns: int) -> dict:
    clients = {size: _supervisor(office) for size, office in offices.items()}
    figures: dict[str, float] = {}
    for page, address in PAGES.items():
        times: dict[str, list[float]] = {"many": [], "few": []}
        queries = {size: _queries(client, address) for size, client in clients.items()}
        for turn in range(turns):
            for size, client in clients.items():
                took = _open(client, address)
                if turn:  # the first warms
                    times[size].append(took)
        median = {size: statistics.median(took) * 1000 for size, took in times.items()}
        figures |= {
            f"queries_{page}": queries["many"],
            f"queries_{page}_few": queries["few"],
            f"ms_{page}": round(median["many"], 1),
            f"ratio_{page}": round(median["many"] / median["few"], 2),
        }
        say(
            f"{page:14} {queries['many']:3} queries ({queries['few']} with {FEW}),"
            f" {median['many']:7.1f} ms, {median['many'] / median['few']:5.2f} times that of {FEW} visits"
        )
    return figures


def _supervisor(office):
    from django.test import Client

    from services.accounts.models import Membership, Role, User

    user = User.objects.create_user(f"bench.{office.code}@example.test", name="Bench")
    Membership.objects.create(user=user, office=office, role=Role.SUPERVISOR)
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _open(client, address: str) -> float:
    started = time.perf_counter()
    answer = client.get(address)
    took = time.perf_counter() - started
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status_code}")
    return took


def _queries(client, address: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    _open(client, address)
    with CaptureQueriesContext(connection) as queries:
        _open(client, address)
    return len([q for q in queries if not q["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))])
