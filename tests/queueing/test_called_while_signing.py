"""Called while the guest book is being filled in: the phone and the tablet say so, and the desk sees why nobody comes."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from queueing.workflows import counters
from queueing.workflows import desk as work
from services.guestbook import filling
from services.guestbook.models import Visitor
from tests.accounts.world import sign
from tests.queueing.support import NINE, fresh, minutes, take

HTMX = {"headers": {"HX-Request": "true"}}
NAMES = {"phone": "visit_guest_book", "tablet": "kiosk_guest_book"}


@pytest.fixture(autouse=True)
def at_nine():
    with time_machine.travel(NINE, tick=False) as now:
        yield now


@pytest.fixture
def ticket(library):
    return take(library, NINE)


@pytest.fixture
def screen(request, kiosk, ticket):
    """(client, address of the guest book) on the phone or the tablet."""
    return (Client() if request.param == "phone" else kiosk), reverse(
        f"queueing:{NAMES[request.param]}", args=[ticket.received.visit.token]
    )


both = pytest.mark.parametrize("screen", NAMES, indirect=True)


@both
def test_the_call_is_said_above_the_form_and_only_the_strip_is_sent_again(screen, counter, by):
    client, address = screen
    page = client.get(address).content.decode()
    assert 'id="guest-book"' in page
    assert 'role="status"' in page
    assert "called-strip" not in page
    work.call_next(counter, by=by, at=NINE)
    strip = client.get(address, **HTMX).content.decode()
    assert "Giliran Anda! Silakan ke" in strip
    assert "Loket 1" in strip
    assert "<form" not in strip


@both
def test_signed_at_the_desk_meanwhile_the_strip_is_still_only_a_strip(screen, ticket, by):
    client, address = screen
    sign(ticket.received.visit, by)
    answer = client.get(address, **HTMX)
    assert answer.status_code == 200
    assert "data-forget" in answer.content.decode()
    assert not filling.open_on(fresh(ticket.received.visit))


def test_at_the_tablet_it_is_said_also_where_one_looks_for_the_code(kiosk, ticket):
    address = reverse("queueing:kiosk_guest_book", args=[ticket.received.visit.token])
    page = kiosk.get(f"{address}?kenal=1").content.decode()
    assert f'hx-get="{address}"' in page
    assert filling.open_on(fresh(ticket.received.visit)) == "tablet"


@pytest.mark.parametrize(
    ("screen", "words"), [("phone", "di ponsel"), ("tablet", "di tablet")], indirect=["screen"]
)
def test_the_desk_sees_it_on_the_card_and_beside_the_next_call(
    screen, words, desk, counter, ticket, by, at_nine
):
    client, address = screen
    counters.open_counter(counter, by=by)
    called = work.call_next(counter, by=by, at=NINE)
    card = reverse("queueing:desk_visit", args=[called.received.visit_id])
    places = (card, reverse("queueing:desk_queue"))
    assert not any("data-filling" in desk.get(place).content.decode() for place in places)
    client.get(address)
    assert all(f"Sedang mengisi buku tamu {words}" in desk.get(place).content.decode() for place in places)
    at_nine.move_to(minutes(4))  # the page was left
    assert not any("data-filling" in desk.get(place).content.decode() for place in places)
    client.get(address, **HTMX)  # and looked at again
    assert all("data-filling" in desk.get(place).content.decode() for place in places)


def test_the_mark_is_written_once_a_minute_and_names_nobody(
    ticket, django_assert_max_num_queries, django_assert_num_queries
):
    visit = ticket.received.visit
    filling.seen_open(visit, "phone")
    visit = fresh(visit)
    with django_assert_num_queries(0):
        filling.seen_open(visit, "phone", minutes(0.5))
    with django_assert_max_num_queries(3):  # the row, in a transaction; nobody is told again
        filling.seen_open(visit, "phone", minutes(1))
    assert fresh(visit).book_open_at == minutes(1)
    assert not Visitor.objects.exists()


def test_the_phone_shows_what_the_ticket_says(library):
    ticket = take(library, NINE, priority=True, party_size=3)
    page = Client().get(reverse("queueing:visit", args=[ticket.received.visit.token])).content.decode()
    assert "Prioritas · 3 orang" in page
