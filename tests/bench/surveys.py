"""A year of surveys: 50,000 filled-in questionnaires (LONG=1: 200,000) of one office, written with COPY, then read as the
supervisor does: the figures, the panel's page, the report as PDF, the raw data as CSV and Excel. Each in this process, where
the peak of the memory is read after each; no server, no network.
"""

from __future__ import annotations

import gc
import random
import resource
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from tests.bench.place import own_database, say

YEAR = 2025
JOBS = ("student", "researcher", "civil-servant", "private", "self-employed", "other", "")
INSTITUTIONS = ("education", "regional", "ministry", "private", "other", "")
EDUCATION = ("upper-secondary", "diploma", "bachelor", "master", "")
WORDS = ("", "", "", "Petugas ramah dan cepat.", "Ruang tunggu panas, mohon kipas angin.")


def run(*, long: bool) -> dict:
    count = 200_000 if long else 50_000
    with own_database():
        from services.offices.models import Office

        office = Office.objects.get(code="7411")
        started = time.monotonic()
        _write(office, count)
        say(f"{count} questionnaires written in {time.monotonic() - started:.1f} s")
        return {"responses": count, **_measure(office, count)}


def _write(office: Any, count: int) -> None:
    from django.db import connection

    from services.surveys.models import Instrument
    from services.surveys.skm import ELEMENTS

    chance = random.Random(count)
    instrument = Instrument.objects.get(key="skm-2017").pk
    services = [s.pk for s in office.services.all()]
    with connection.cursor() as cursor:
        columns = "id, office_id, instrument_id, service_id, day, at, channel, gender, age, education, job, institution, comment, needs"
        with cursor.copy(f"COPY surveys_response ({columns}) FROM STDIN") as copy:
            for pk in range(1, count + 1):
                day = date(YEAR, 1, 1) + timedelta(days=pk * 365 // (count + 1))
                copy.write_row((
                    pk, office.pk, instrument, chance.choice(services), day, f"{day} 03:00+00",
                    chance.choice(("tablet", "phone", "paper", "online")), chance.choice(("male", "female", "")),
                    chance.choice((None, chance.randrange(16, 80))), chance.choice(EDUCATION), chance.choice(JOBS),
                    chance.choice(INSTITUTIONS), chance.choice(WORDS), "[]",
                ))  # fmt: skip
        with cursor.copy("COPY surveys_answer (response_id, code, score) FROM STDIN") as copy:
            for pk in range(1, count + 1):
                for code in ELEMENTS:
                    copy.write_row((pk, code, chance.choice((2, 3, 3, 4, 4, 4))))
        cursor.execute("SELECT setval('surveys_response_id_seq', %s)", [count])
        cursor.execute("ANALYZE")


def _measure(office: Any, count: int) -> dict:
    from services.surveys import figures
    from services.surveys.results import Selection
    from tests.bench.visits import _queries, _supervisor

    client = _supervisor(office)
    asked = f"periode={YEAR}-y"
    selection = Selection([office], "skm", date(YEAR, 1, 1), date(YEAR, 12, 31))
    client.get("/panel/survei/")  # templates and lists are read once
    found: dict[str, Any] = {"mb_before": _peak()}

    def body(address: str) -> Callable[[], int]:
        def take() -> int:
            answer = client.get(address)
            if answer.status_code != 200:
                raise RuntimeError(f"{address}: {answer.status_code}")
            return sum(map(len, answer.streaming_content)) if answer.streaming else len(answer.content)

        return take

    steps: dict[str, Callable[[], Any]] = {
        "figures": lambda: figures.of(selection)["respondents"],
        "page": body(f"/panel/survei/?{asked}"),
        "report": body(f"/panel/survei/laporan.pdf?{asked}"),
        "csv": body(f"/panel/survei/isian.csv?{asked}"),
        "xlsx": body(f"/panel/survei/isian.xlsx?{asked}"),
    }
    for name, step in steps.items():
        gc.collect()
        started, busy = time.perf_counter(), time.process_time()
        result = step()
        found[f"s_{name}"] = round(time.perf_counter() - started, 2)
        found[f"cpu_{name}"] = round(time.process_time() - busy, 2)
        found[f"mb_{name}"] = _peak()
        say(
            f"{name:8} {found[f's_{name}']:6.2f} s ({found[f'cpu_{name}']:.2f} of CPU), peak {found[f'mb_{name}']:6.1f} MB ({result})"
        )
    found["queries_page"] = _queries(client, f"/panel/survei/?{asked}")
    found["s_all"] = round(sum(value for name, value in found.items() if name.startswith("s_")), 2)
    return found


def _peak() -> float:
    """Of this process since it began, in MB: it only grows."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
