"""An expired login on a fragment leads to the log-in page, and from there only back into this site."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from services.accounts import devices
from tests.conftest import PASSWORD

HTMX = {"HX-Request": "true"}
EVIL = [
    "//evil.example/x",
    "https://evil.example/x",
    "javascript:alert(1)",
    "https://testserver@evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "https:///evil.example",
    "http://[evil",
    "///evil.example",
    " https://evil.example",
    "data:text/html,x",
]


def next_page(response) -> str:
    place = response.headers.get("HX-Redirect") or response.headers["Location"]
    assert urlsplit(place).netloc == ""
    assert urlsplit(place).path == reverse("accounts:login")
    return parse_qs(urlsplit(place).query)["next"][0]


def ask_fragment(page: str, name: str = "queueing:desk_queue"):
    return Client().get(reverse(name), headers={**HTMX, "HX-Current-URL": page})


def test_a_fragment_sends_the_whole_page_to_the_login_and_back_to_the_page(db):
    response = ask_fragment("http://testserver/meja/?kunjungan=7&x=1")
    assert response.status_code == 200
    assert response.content == b""
    assert next_page(response) == "/meja/?kunjungan=7&x=1"


def test_a_change_asked_by_htmx_also_comes_back_to_the_page(db):
    response = Client().post(
        reverse("queueing:call_next"), headers={**HTMX, "HX-Current-URL": "http://testserver/meja/"}
    )
    assert next_page(response) == "/meja/"


def test_without_a_page_the_fragment_comes_back_to_the_start(db):
    assert next_page(Client().get(reverse("queueing:desk_queue"), headers=HTMX)) == "/"


@pytest.mark.parametrize("page", [*EVIL, "http://testserver//evil.example/"])
def test_a_foreign_current_url_is_never_taken_over(db, page):
    assert next_page(ask_fragment(page)) == "/"


def test_a_page_with_a_query_comes_back_after_an_ordinary_visit(db):
    response = Client().get("/meja/?kunjungan=7")
    assert next_page(response) == "/meja/?kunjungan=7"


@pytest.mark.parametrize("target", EVIL)
def test_the_login_never_leads_out_of_the_site(frontliner, target):
    response = Client().post(
        reverse("accounts:login"), {"username": frontliner.email, "password": PASSWORD, "next": target}
    )
    assert response.status_code == 302
    assert urlsplit(response.headers["Location"]).netloc == ""
    assert response.headers["Location"].startswith("/")
    assert not response.headers["Location"].startswith(("//", "/\\"))


@pytest.mark.parametrize("target", EVIL)
def test_one_who_is_logged_in_already_is_not_sent_out_of_the_site(desk, target):
    place = desk.get(reverse("accounts:login"), {"next": target}).headers["Location"]
    assert place.startswith("/")
    assert not place.startswith(("//", "/\\"))


@pytest.mark.parametrize("target", EVIL)
def test_choosing_a_language_does_not_lead_out_of_the_site(db, target):
    response = Client().post(reverse("set_language"), {"language": "en", "next": target})
    assert response.headers["Location"] == "/"


def test_the_login_leads_to_the_page_that_was_asked_for(frontliner):
    form = {"username": frontliner.email, "password": PASSWORD, "next": "/meja/?kunjungan=7"}
    assert Client().post(reverse("accounts:login"), form).headers["Location"] == "/meja/?kunjungan=7"


def test_a_revoked_tablet_that_asks_for_a_fragment_goes_to_pairing_as_a_whole(db):
    response = Client().get(reverse("queueing:kiosk"), headers=HTMX)
    assert response.headers["HX-Redirect"] == reverse("accounts:pair") + "?untuk=kiosk"


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
@pytest.mark.parametrize(
    ("who", "name", "args"),
    [
        ("desk", "queueing:devices", []),
        ("kiosk", "queueing:kiosk", []),
        ("kiosk", "queueing:kiosk_sign", []),
        ("kiosk", "queueing:kiosk_rate", []),
        ("display", "queueing:display", []),
        ("anonymous", "portal:office", ["7411"]),
        ("anonymous", "accounts:pair", []),
    ],
)
def test_page_and_fragment_of_one_address_are_kept_apart(
    desk, kiosk, make_device, office, who, name, args, headers
):
    tv = Client()
    tv.cookies[devices.cookie_name("display")] = make_device(office, "display")[1]
    client = {"desk": desk, "kiosk": kiosk, "display": tv, "anonymous": Client()}[who]
    response = client.get(reverse(name, args=args), headers=headers)
    assert response.status_code == 200
    assert "HX-Request" in [v.strip() for v in response.headers["Vary"].split(",")]
