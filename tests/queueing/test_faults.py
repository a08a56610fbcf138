"""Server, database and network break while tablets take numbers: what was acknowledged is stored, once.

The parts are real: a cluster with durable settings, the server as the launcher starts it, HTTP over loopback. A
tablet repeats its submission, with the same key, until it is answered with a ticket.
"""

from __future__ import annotations

import itertools
import time
from collections import defaultdict
from collections.abc import Iterator

import pytest

from tests.faults.place import Place, own_place
from tests.faults.proxy import Proxy
from tests.faults.tablets import Acknowledged, Crowd, crowd

NUMBERS_EACH = 3  # that a tablet takes before, between and after the faults
# From the moment a killed server or database is started again to the first page.
SERVER_SECONDS, DATABASE_SECONDS = 15, 4
# How long the database is away: the pool's pauses between attempts grow, but not as long as the absence was.
MOMENT, A_WHILE = 0, 9
MOST_REPEATS = 8


@pytest.fixture(scope="module")
def furnished() -> Iterator[tuple[Place, dict]]:
    with own_place() as place:
        made = place.furnish()
        place.start_web()
        place.answers_within(60)
        yield place, made


@pytest.fixture
def place(furnished) -> Place:
    return furnished[0]


@pytest.fixture
def tablets(furnished) -> Iterator[Crowd]:
    place, made = furnished
    with crowd(place.url, made["kiosks"]) as tablets:
        yield tablets


TICKETS = """
SELECT t.submission, v.token, t.prefix || lpad(t.number::text, 3, '0'), r.number, t.prefix, t.number, t.day, t.state
FROM queueing_ticket t JOIN guestbook_visitservice r ON r.id = t.received_id JOIN guestbook_visit v ON v.id = r.visit_id
"""
ORPHANS = """
SELECT v.id FROM guestbook_visit v WHERE NOT EXISTS (
    SELECT FROM guestbook_visitservice r JOIN queueing_ticket t ON t.received_id = r.id WHERE r.visit_id = v.id)
"""
WITHOUT_STEP = "SELECT id FROM queueing_ticket t WHERE (SELECT count(*) FROM queueing_ticketstep s WHERE s.subject_id = t.id) <> 1"


def submissions(place: Place) -> set[str]:
    return {key for (key,) in place.rows("SELECT submission FROM queueing_ticket")}


def check(place: Place, told: dict[str, Acknowledged], before: set[str]) -> None:
    """What the tablets were told since `before`, against everything that is stored."""
    rows = place.rows(TICKETS)
    stored = {row[0]: row for row in rows}
    assert len(stored) == len(rows), "a submission has two tickets"
    assert set(stored) - before == set(told), "every submission was acknowledged, and nothing else is stored"
    assert {key: stored[key][1:3] for key in told} == {key: (a.visit, a.number) for key, a in told.items()}
    assert all(label == on_visit for _key, _visit, label, on_visit, *_rest in rows)
    numbers = defaultdict(list)
    for _key, _visit, _label, _on_visit, prefix, number, day, _state in rows:
        numbers[day, prefix].append(number)
    assert {each: sorted(given) for each, given in numbers.items()} == {
        each: list(range(1, len(given) + 1)) for each, given in numbers.items()
    }
    counters = place.rows("SELECT day, prefix, last FROM queueing_numbersequence")
    assert {(day, prefix): last for day, prefix, last in counters} == {
        each: len(given) for each, given in numbers.items()
    }
    assert place.rows(ORPHANS) == [], "a visit without a ticket"
    assert place.rows(WITHOUT_STEP) == [], "a ticket without its first step, or with two"


def until_one_is_met(tablets: Crowd, faults: list[int]) -> Iterator[int]:
    """The faults, one after another while the tablets work; the first again while no number was being given then."""
    tablets.work(NUMBERS_EACH)
    for number, fault in enumerate(itertools.chain(faults, faults[:1] * MOST_REPEATS), start=1):
        yield fault
        tablets.work(NUMBERS_EACH)
        if number >= len(faults) and tablets.met_a_fault():
            return
    raise AssertionError("no submission met the fault")


def test_killed_servers_lose_and_double_nothing(place, tablets):
    before = submissions(place)
    for _time in until_one_is_met(tablets, [0, 0]):
        place.kill_web()
        place.start_web()
        place.answers_within(SERVER_SECONDS)
    told = tablets.end()
    check(place, told, before)


def test_killed_databases_lose_and_double_nothing_and_the_server_goes_on_by_itself(place, tablets):
    before, server = submissions(place), place.web.pid
    for away in until_one_is_met(tablets, [MOMENT, A_WHILE]):
        place.kill_database()
        time.sleep(away)
        place.start_database()
        place.answers_within(DATABASE_SECONDS)
    told = tablets.end()
    check(place, told, before)
    assert place.web.pid == server
    assert place.web.poll() is None


def test_answers_lost_on_the_way_are_asked_for_again_and_are_the_same_ticket(furnished):
    place, made = furnished
    before = submissions(place)
    proxy = Proxy(place.port)
    try:
        with crowd(proxy.url, made["kiosks"]) as tablets:
            tablets.work(1)
            proxy.bad = True
            tablets.work(NUMBERS_EACH)
            proxy.bad = False
            tablets.work(1)
            told = tablets.end()
    finally:
        proxy.close()
    assert proxy.lost_tickets > 0, "no ticket was lost on the way"
    check(place, told, before)


def test_all_at_once(furnished):
    """A bad network, a killed database and a killed server in one busy minute."""
    place, made = furnished
    before = submissions(place)
    proxy = Proxy(place.port)
    try:
        with crowd(proxy.url, made["kiosks"]) as tablets:
            tablets.work(1)
            proxy.bad = True
            place.kill_database()
            place.kill_web()
            place.start_database()
            place.start_web()
            place.answers_within(SERVER_SECONDS)
            tablets.work(2)
            proxy.bad = False
            tablets.work(1)
            told = tablets.end()
    finally:
        proxy.close()
    check(place, told, before)
