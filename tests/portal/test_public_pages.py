"""What everybody may see: the unit tree, an office's door, its standards as page and poster; no person anywhere."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from queueing.workflows.issue import issue
from services.accounts.devices import cookie_name
from services.guestbook.models import Visit
from tests.guestbook.support import DEVICE
from tests.together import at_once

MONDAY_NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SUNDAY = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
OFFICES = ["7411", "1906", "6571", "1373"]


def test_the_start_page_leads_to_every_serving_office(offices):
    page = Client().get("/").content.decode()
    for office in offices.values():
        assert office.get_absolute_url() in page


@pytest.mark.parametrize("code", OFFICES)
def test_an_offices_page_shows_its_facts_as_published(offices, code):
    office = offices[code]
    page = Client().get(f"/{code}/").content.decode()
    for fact in (office.name, office.phone, office.email):
        assert fact in page


def test_an_offices_page_says_how_many_wait_and_no_number_of_anybody(office, library):
    ticket = issue(office=office, service=library, submission="x", by=DEVICE)
    page = Client().get("/7411/").content.decode()
    assert 'data-waiting="1"' in page
    assert ticket.label not in page


@pytest.mark.parametrize(("at", "says"), [(MONDAY_NINE, "Buka sekarang"), (SUNDAY, "Sedang tutup")])
def test_an_offices_page_says_whether_it_is_open(office, at, says):
    with time_machine.travel(at, tick=False):
        assert says in Client().get("/7411/").content.decode()


@pytest.mark.parametrize("code", OFFICES)
def test_every_published_standard_has_a_page(offices, code):
    for service in offices[code].services.all():
        page = Client().get(reverse("portal:standard", args=[code, service.slug])).content.decode()
        assert service.standard.title in page


def test_a_poster_is_a_pdf_with_the_offices_code_in_its_name(office):
    response = Client().get(reverse("portal:poster", args=["7411", "consultation"]))
    assert b"".join(response.streaming_content).startswith(b"%PDF-")
    assert "standar-pelayanan-7411-consultation.pdf" in response.headers["Content-Disposition"]


def test_a_service_of_another_office_is_not_shown_under_this_one(offices):
    assert Client().get("/1906/standar/consultation/").status_code == 404


def test_a_service_out_of_use_is_gone_from_the_public_pages(office):
    office.services.filter(slug="consultation").update(active=False)
    assert Client().get("/7411/standar/consultation/").status_code == 404
    assert Client().get("/7411/standar/consultation/poster.pdf").status_code == 404


def test_health_answers_without_an_office(db):
    assert Client().get("/sehat/").content == b"ok"


def test_english_is_a_choice_away(office):
    client = Client()
    client.post("/bahasa/", {"language": "en", "next": "/7411/"})
    assert '<html lang="en"' in client.get("/7411/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_double_tap_where_there_is_no_queue_is_one_visit_and_no_error(offices, make_device):
    _device, secret = make_device(offices["1906"])

    def tablet() -> Client:
        client = Client()
        client.cookies[cookie_name("kiosk")] = secret
        return client

    token = tablet().get("/kios/").context["token"]

    def tap() -> int:
        client = tablet()
        book = client.post("/kios/ambil/", {"token": token, "service": "library"}).headers["Location"]
        return client.post(book, {"consent": "no"}).status_code

    assert at_once(*[tap] * 4) == [302] * 4
    assert Visit.objects.count() == 1
