"""Whose address counts, and how often one address may try to log in."""

from __future__ import annotations

import asyncio

import pytest
from django.test import Client, RequestFactory

from pst import asgi
from services.accounts import limits
from services.accounts.network import client_address, sender_of
from tests.conftest import PASSWORD

LOGIN = "/masuk/"


@pytest.mark.parametrize(
    ("header", "address"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("1.2.3.4, 203.0.113.9", "203.0.113.9"),  # only the last entry is our proxy's own
        ("203.0.113.9:4711", "203.0.113.9"),
        ("[2001:db8:1:2:3:4:5:6]:4711", "2001:db8:1:2::"),
        ("2001:db8:1:2::7", "2001:db8:1:2::"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("garbage", "127.0.0.1"),
        ("unknown", "127.0.0.1"),
        ("", "127.0.0.1"),
        ("x" * 5000, "127.0.0.1"),
    ],
)
def test_behind_our_proxy_the_last_entry_counts(settings, header, address):
    settings.TRUSTED_PROXY = True
    request = RequestFactory().get("/", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR=header)
    assert client_address(request) == address
    headers = [(b"host", b"x"), (b"x-forwarded-for", header.encode())]
    assert sender_of({"client": ("127.0.0.1", 4711), "headers": headers}) == address


def test_two_headers_are_read_as_one(settings):
    settings.TRUSTED_PROXY = True
    headers = [(b"x-forwarded-for", b"1.2.3.4"), (b"x-forwarded-for", b"203.0.113.9")]
    assert sender_of({"client": None, "headers": headers}) == "203.0.113.9"


def test_without_a_proxy_the_header_is_not_read(settings):
    settings.TRUSTED_PROXY = False
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR="203.0.113.9")
    assert client_address(request) == "192.0.2.1"


def test_a_header_with_underscores_never_reaches_a_page(monkeypatch):
    """CGI would make it the same header as the one our proxy writes."""
    seen = []

    async def pages(scope, _receive, _send):
        seen.extend(name for name, _value in scope["headers"])

    monkeypatch.setattr(asgi, "pages", pages)
    headers = [(b"x-forwarded-for", b"203.0.113.9"), (b"x_forwarded_for", b"1.1.1.1")]
    scope = {"type": "http", "path": "/", "method": "GET", "headers": headers}

    async def receive():
        return {"type": "http.request", "body": b""}

    asyncio.run(asgi.application(scope, receive, None))
    assert seen == [b"x-forwarded-for"]


@pytest.mark.parametrize("header", ["garbage", "203.0.113.9:4711"])
def test_an_odd_address_stops_nobody_from_logging_in(settings, make_user, office, header):
    settings.TRUSTED_PROXY = True
    user = make_user(office)
    for password, status in (("wrong", 200), (PASSWORD, 302)):
        form = {"username": user.email, "password": password}
        assert Client().post(LOGIN, form, HTTP_X_FORWARDED_FOR=header).status_code == status


def test_many_accounts_tried_from_one_address_are_stopped(monkeypatch, make_user, office):
    monkeypatch.setitem(limits.LIMITS, "failed login", 3)
    user = make_user(office)
    for n in range(3):
        Client().post(LOGIN, {"username": f"nobody{n}@example.test", "password": "x"})
    page = Client().post(LOGIN, {"username": user.email, "password": PASSWORD})
    assert "Terlalu banyak percobaan masuk dari jaringan ini" in page.content.decode()
    elsewhere = Client().post(LOGIN, {"username": user.email, "password": PASSWORD}, REMOTE_ADDR="10.1.1.1")
    assert elsewhere.status_code == 302


def test_the_process_may_open_as_many_files_as_the_system_lets_it():
    import resource

    assert asgi.file_limit() == resource.getrlimit(resource.RLIMIT_NOFILE)[0] > asgi.KEPT_FOR_PAGES
