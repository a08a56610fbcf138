"""Counts of searches are written within a second or so, by another thread, and no page waits or fails by them."""

from __future__ import annotations

import time
from collections import Counter

import pytest
from django.db import DatabaseError, connection

from library import later
from library.later import Later
from library.models import Publication, PublicationUse, SearchTally
from library.search import index, tally
from library.workflows import statistics


@pytest.fixture
def gathering(settings):
    settings.COUNT_AT_ONCE = False


def wait_for(rows) -> list:
    until = time.monotonic() + 10
    while not (found := list(rows())) and time.monotonic() < until:
        time.sleep(0.05)
    return found


@pytest.mark.django_db(transaction=True)
def test_two_searches_are_counted_by_one_writing(client, gathering):
    book = Publication.objects.create(title="Statistik Gempa 2025", year=2025)
    index.write([book])
    for _again in range(2):
        client.get("/cari/?q=gempa", headers={"user-agent": "Mozilla/5.0"})
    found = wait_for(lambda: PublicationUse.objects.filter(kind="found").values_list("publication", "times"))
    asked = wait_for(lambda: SearchTally.objects.values_list("text", "found", "times"))
    assert (found, asked) == ([(book.pk, 2)], [("gempa", True, 2)])


def test_no_statement_of_a_search_counts(client, db, gathering, django_assert_max_num_queries):
    book = Publication.objects.create(title="Statistik Gempa 2025", year=2025)
    index.write([book])
    client.get("/cari/?q=gempa", headers={"user-agent": "Mozilla/5.0"})
    with django_assert_max_num_queries(3) as asked:
        client.get("/cari/?q=gempa", headers={"user-agent": "Mozilla/5.0"})
    assert not [query for query in asked if "INSERT" in query["sql"]]
    for counts in (statistics.LATER, tally.LATER):
        counts.flush()
    assert PublicationUse.objects.get().times == 2


def test_many_are_written_at_once(gathering, monkeypatch):
    monkeypatch.setattr(later, "MOST", 3)
    written: list[Counter[int]] = []
    counts: Later[int] = Later(written.append)
    counts.add([1, 1, 2, 3])
    assert written == []
    counts.add([4])
    assert written == [Counter({1: 2, 2: 1, 3: 1, 4: 1})]
    counts.flush()
    assert len(written) == 1


def test_a_database_that_is_away_is_logged_and_no_more(gathering, caplog, db):
    def away(_gathered: Counter[int]) -> None:
        raise DatabaseError("away")

    counts: Later[int] = Later(away)
    counts.add([1, 2])
    counts.flush()
    assert "2 uses were not counted" in caplog.text
    assert connection.is_usable()


def test_of_many_questions_at_once_no_more_than_a_day_holds(db, monkeypatch):
    monkeypatch.setattr(tally, "MOST_A_DAY", 3)
    from datetime import date

    day = date(2026, 11, 22)
    tally._write(Counter({(day, None, "padi", True): 1, (day, None, "ikan", False): 2}))
    tally._write(Counter({(day, None, text, True): 1 for text in ("padi", "sapi", "jagung", "teh")}))
    rows = dict(SearchTally.objects.values_list("text", "times"))
    assert len(rows) == 3
    assert rows["padi"] == 2
    assert rows["ikan"] == 2
