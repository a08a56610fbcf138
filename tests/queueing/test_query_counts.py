"""The busy screens ask the database a fixed number of questions, however full the house is."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from queueing import tokens
from queueing.models import Ticket
from queueing.workflows import desk as work
from queueing.workflows.issue import issue
from services.accounts import devices
from services.accounts.models import Device
from services.guestbook import workflows as visits
from services.guestbook.models import ConsentWording
from tests.accounts.world import sign

MANY = 30


def count(client, url: str, data: dict | None = None) -> int:
    """Queries of one request. A page is looked at once before: that may fill caches of the process, which run out by the clock."""
    if data is None:
        client.get(url)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(url) if data is None else client.post(url, data)
    assert answer.status_code in (200, 302), answer
    return len([q for q in queries if "SAVEPOINT" not in q["sql"]])


@pytest.fixture
def arrivals(office, by):
    """Lets people come: some wait, some were skipped, some are in the house with a signed guest book."""
    services = list(office.services.all())
    wording = ConsentWording.objects.first()

    def arrive(how_many: int) -> None:
        for _n in range(how_many):
            number = Ticket.objects.count()
            issue(office=office, service=services[number % 2], submission=f"n{number}", by=by)
            if number % 3 == 0:
                continue
            counter = office.counters.first()
            at = timezone.now()
            called = work.call_next(counter, by=by, at=at)
            if number % 3 == 1:
                work.skip(called, by=by, at=at)
                continue
            visits.sign(
                visit=called.received.visit, person={"name": "Tamu"}, answers={}, consent=True,
                wording=wording, channel="desk", by=by, at=at,
            )  # fmt: skip
            work.start(called.received, by=by, at=at)
            if called.service.attended:
                work.end(called.received, by=by, at=at)

    return arrive


@pytest.fixture
def tv(make_device, office):
    client = Client()
    _device, secret = make_device(office, "display")
    client.cookies[devices.cookie_name("display")] = secret
    return client


def test_a_ticket(kiosk, arrivals):
    device = Device.objects.get()

    def take() -> int:
        form = {"token": tokens.make(device.pk), "service": "consultation"}
        return count(kiosk, "/kios/ambil/", form)

    take()
    one = take()
    arrivals(MANY)
    assert take() == one <= 6


@pytest.mark.parametrize(
    ("screen", "url", "most"),
    [
        ("kiosk", "/kios/", 18),
        ("kiosk", "/kios/buku-tamu/", 5),
        ("kiosk", "/kios/penilaian/", 4),
        ("tv", "/layar/", 12),
        ("desk", "/meja/", 10),
        ("desk", "/meja/antrian/", 10),
        ("desk", "/meja/hadir/", 10),
        ("desk", "/meja/loker/", 10),
        ("desk", "/meja/data-pribadi/", 10),
        ("desk", "/meja/janji/", 10),
        ("desk", "/meja/slip/", 10),
        ("desk", "/meja/slip/catat/", 10),
        ("desk", "/meja/perangkat/", 10),
    ],
)
def test_a_screen(request, screen, url, most, arrivals, counter, frontliner):
    client = request.getfixturevalue(screen)
    counter.officer = frontliner
    counter.save()
    arrivals(6)
    count(client, url)
    few = count(client, url)
    arrivals(MANY)
    assert count(client, url) == few <= most


def test_a_visit_on_the_desk(desk, arrivals, office):
    def card() -> int:
        visit = office.visits.exclude(visitor=None).latest("pk")
        count(desk, f"/meja/kunjungan/{visit.pk}/")  # notes that the record was read
        return count(desk, f"/meja/kunjungan/{visit.pk}/")

    arrivals(6)
    few = card()
    arrivals(MANY)
    assert card() == few <= 10


def test_the_desk_with_somebody_at_the_counter(desk, arrivals, office, frontliner, by):
    """The whole page with the card in it, in each state: called, with a bag to be taken, being served."""
    own = office.counters.last()
    own.officer = frontliner
    own.save()
    arrivals(6)
    issue(office=office, service=office.services.get(slug="library"), submission="now", by=by)
    ticket = work.call_next(own, by=by)
    seen = []
    for go_on in (
        lambda: None,
        lambda: sign(ticket.received.visit, by),
        lambda: work.start(ticket.received, by=by),
    ):
        go_on()
        count(desk, "/meja/")
        few = count(desk, "/meja/")
        arrivals(MANY)
        assert count(desk, "/meja/") == few
        seen.append(few)
    assert max(seen) <= 10, seen


def test_the_visitors_own_page(client, arrivals, office):
    arrivals(6)
    page = f"/k/{office.visits.earliest('pk').token}/"
    count(client, page)
    few = count(client, page)
    arrivals(MANY)
    assert count(client, page) == few <= 8
