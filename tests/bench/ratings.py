"""A year of one office: 50,000 ratings of 10,000 visits and 5,000 complaints (LONG=1: four times as many ratings and complaints),
read as the supervisor does: the stars and words, what they say together with the complaints, the list of complaints, the sums of
all offices. Each in this process, where the peak of the memory is read after each; no server, no network.
"""

from __future__ import annotations

import gc
import random
import time
from datetime import timedelta
from typing import Any

from tests.bench.place import own_database, say
from tests.bench.surveys import _peak
from tests.bench.visits import FIRST_DAY, OFFICE, _import, _open, _queries, _supervisor

VISITS = 10_000
CHANNELS = ("tablet", "tablet", "phone", "mail")
REASONS = ("{}", "{}", "{conduct}", "{time,facilities}", "{product}")
WORDS = ("", "", "", "Petugas ramah dan cepat.", "Ruang tunggu panas, mohon kipas angin.")
COMPLAINED = ("U1", "U3", "U3", "U7", "U8", "")


def run(*, long: bool) -> dict:
    people, complaints = (20, 20_000) if long else (5, 5_000)
    with own_database():
        from django.db import connection

        from services.offices.models import Office

        office = Office.objects.get(code=OFFICE)
        _import(office, VISITS)
        ratings = _rate(office, people)
        _complain(office, complaints)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        return {"ratings": ratings, "complaints": complaints, **_measure(office)}


def _rate(office: Any, people: int) -> int:
    """So many of each visit, as parties do."""
    from django.db import connection

    from services.guestbook.models import VisitService

    chance = random.Random(people)
    served = list(
        VisitService.objects.filter(visit__office=office, ended_at__isnull=False).values_list(
            "pk", "service", "ended_at"
        )
    )
    columns = "office_id, about, received_id, place, rater, stars, service_id, reasons, comment, channel, at"
    with connection.cursor() as cursor, cursor.copy(f"COPY ratings_rating ({columns}) FROM STDIN") as copy:
        for received, service, at in served:
            for place in range(1, people + 1):
                copy.write_row((
                    office.pk, "visit", received, place, "", chance.choice((1, 2, 3, 4, 4, 5, 5, 5)), service,
                    chance.choice(REASONS), chance.choice(WORDS), chance.choice(CHANNELS), at,
                ))  # fmt: skip
    return len(served) * people


def _complain(office: Any, count: int) -> None:
    from django.db import connection

    chance = random.Random(count)
    services = [s.pk for s in office.services.all()]
    columns = (
        "office_id, place_id, number, secret_hash, submission, kind, privacy, channel, reference, language, text, element, service_id,"
        " consultation, about_text, state, created_at, updated_at, satisfied_word, said, did"
    )
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY complaints_complaint ({columns}) FROM STDIN") as copy,
    ):
        for n in range(count):
            at = f"{FIRST_DAY + timedelta(days=n * 355 // count)} 03:00+00"
            copy.write_row((
                office.pk, office.pk, f"BENCH-{n}", "", f"bench {n}", chance.choice(("service", "service", "suggestion")),
                chance.choice(("open", "confidential", "anonymous")), chance.choice(("online", "tablet", "box")), "", "id",
                "Menunggu terlalu lama di ruang tunggu.", chance.choice(COMPLAINED), chance.choice(services),
                "", "", chance.choice(("received", "handled", "closed", "closed", "closed")), at, at, "", "", "",
            ))  # fmt: skip


def _measure(office: Any) -> dict:
    client = _supervisor(office)
    year = f"dari={FIRST_DAY.year}-01-01&sampai={FIRST_DAY.year}-12-31"
    pages = {
        "ratings": "/panel/penilaian/?untuk=kunjungan", "insight": f"/panel/wawasan/?{year}",
        "complaints": "/meja/pengaduan/", "below": "/panel/semua-kantor/",
    }  # fmt: skip
    found: dict[str, Any] = {"mb_before": _peak()}
    for name, address in pages.items():
        client.get(address)  # templates are read once
        gc.collect()
        busy = time.process_time()
        seconds = _open(client, address)
        found |= {
            f"s_{name}": round(seconds, 2), f"cpu_{name}": round(time.process_time() - busy, 2), f"mb_{name}": _peak(),
            f"queries_{name}": _queries(client, address),
        }  # fmt: skip
        say(
            f"{name:10} {seconds:6.2f} s, {found[f'queries_{name}']} queries, peak {found[f'mb_{name}']:6.1f} MB"
        )
    return found
