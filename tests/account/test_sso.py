"""An agency's single sign-on, against a real OpenID Connect server: it opens an officer's log-in and makes nobody one."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from django.test import Client
from django.urls import reverse

from pst.account import sign_on
from services.accounts.models import User
from services.audit.models import AuditEntry
from tests.account.oidc_server import CLIENT, PASSWORD, SECRET, USER
from tests.account.support import make_account

BACK = "http://testserver/akun/instansi/sso/kembali/"
ADDRESS = "petugas@bps.test"


@pytest.fixture
def agency(tmp_path, settings) -> Iterator[Callable[[dict], str]]:
    """Starts the agency's server with what it says about its user, and sets PST up for it."""
    started: list[subprocess.Popen] = []

    def start(claims: dict) -> str:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [
            sys.executable, "-m", "tests.account.oidc_server", str(port), str(tmp_path), BACK, json.dumps(claims),
        ]  # fmt: skip
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        started.append(server)
        assert server.stdout is not None
        assert server.stdout.readline().strip() == "ready"
        url = f"http://127.0.0.1:{port}"
        settings.SOCIALACCOUNT_PROVIDERS = sign_on.providers(url, CLIENT, SECRET, "SSO Uji")
        return url

    yield start
    for server in started:
        server.terminate()
        server.wait(10)


def sign_on_with(client: Client, password: str = PASSWORD):
    """As the browser goes: to the agency, in there, and back with what it gives."""
    there = client.post(reverse("openid_connect_login", args=["sso"])).headers["Location"]
    with httpx.Client(follow_redirects=False, timeout=20) as browser:
        door = browser.get(there).headers["Location"]
        host = f"{urlsplit(there).scheme}://{urlsplit(there).netloc}"
        inside = browser.get(host + door + f"&u={USER}&p={password}")
        if inside.status_code != 302:
            return inside
        back = browser.get(host + inside.headers["Location"]).headers["Location"]
    assert back.startswith(BACK)
    return client.get(back.removeprefix("http://testserver"))


@pytest.fixture
def officer(office, make_user) -> User:
    user = make_user(office)
    User.objects.filter(pk=user.pk).update(email=ADDRESS)
    user.refresh_from_db()
    return user


def test_the_agencys_word_opens_an_officers_desk(agency, officer):
    agency({"email": "Petugas@BPS.test", "email_verified": True})
    client = Client()
    assert sign_on_with(client).headers["Location"] == reverse("accounts:start")
    assert client.get("/meja/").status_code == 200
    officer.refresh_from_db()
    assert officer.has_usable_password()  # both ways stay open
    entry = AuditEntry.objects.get(action="user.logged_in")
    assert (entry.user, entry.actor) == (officer, "officer")


@pytest.mark.parametrize(
    "claims",
    [
        {"email": ADDRESS, "email_verified": False},
        {"email": ADDRESS, "email_verified": "false"},
        {"email": ADDRESS},
        {"email": "lain@bps.test", "email_verified": True},
        {"name": "Petugas"},
    ],
)
def test_an_address_that_is_unverified_or_unknown_opens_nothing(agency, officer, claims):
    agency(claims)
    before = User.objects.count()
    client = Client()
    answer = sign_on_with(client)
    assert answer.status_code == 403
    assert "bukan akun petugas" in answer.content.decode()
    assert client.get("/meja/").status_code == 302
    assert User.objects.count() == before
    assert AuditEntry.objects.get(action="user.sso_refused").detail == {}


def test_a_visitors_account_is_no_officers(agency, offices):
    make_account(ADDRESS)
    agency({"email": ADDRESS, "email_verified": True})
    client = Client()
    assert sign_on_with(client).status_code == 403
    assert client.get(reverse("account:home")).status_code == 302


def test_an_officer_who_left_is_out(agency, officer):
    User.objects.filter(pk=officer.pk).update(is_active=False)
    agency({"email": ADDRESS, "email_verified": True})
    assert sign_on_with(Client()).status_code == 403


def test_a_forged_answer_opens_nothing(agency, officer):
    agency({"email": ADDRESS, "email_verified": True})
    client = Client()
    client.post(reverse("openid_connect_login", args=["sso"]))
    answer = client.get(reverse("openid_connect_callback", args=["sso"]), {"code": "x", "state": "y"})
    assert answer.status_code == 401
    assert client.get("/meja/").status_code == 302


def test_a_server_that_is_away_is_told_in_words(settings, officer):
    settings.SOCIALACCOUNT_PROVIDERS = sign_on.providers("http://127.0.0.1:9", CLIENT, SECRET, "SSO Uji")
    answer = Client().post(reverse("openid_connect_login", args=["sso"]))
    assert answer.status_code == 503
    assert "Coba lagi" in answer.content.decode()


def test_without_settings_there_is_no_such_door(office):
    assert Client().post(reverse("openid_connect_login", args=["sso"])).status_code == 404
    assert "instansi/sso" not in Client().get("/masuk/").content.decode()
