"""Logging in: throttled for one account from one address, said in words; and choosing the office to work in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from services.accounts.models import Membership, Role
from services.audit.models import AuditEntry
from tests.accounts.world import BACKEND
from tests.conftest import PASSWORD

LOGIN = "/masuk/"
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def attempt(user, password="wrong", client=None, **more):
    return (client or Client()).post(LOGIN, {"username": user.email, "password": password, **more})


def fail(user, times):
    return [attempt(user).status_code for _n in range(times)]


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def test_a_wrong_password_is_told_in_words_and_the_address_stays_typed(frontliner):
    response = attempt(frontliner)
    text = response.content.decode()
    assert "E-mail atau kata sandi tidak cocok" in text
    assert frontliner.email in text
    assert "wrong" not in text


def test_an_unknown_address_gets_the_very_same_words(frontliner):
    response = Client().post(LOGIN, {"username": "nobody@example.test", "password": "wrong"})
    assert "E-mail atau kata sandi tidak cocok" in response.content.decode()


def test_the_fifth_failure_closes_the_account_for_fifteen_minutes_and_says_so(frontliner):
    assert fail(frontliner, 4) == [200] * 4
    response = attempt(frontliner)
    assert response.status_code == 429
    text = response.content.decode()
    assert "Terlalu banyak percobaan" in text
    assert "15 menit" in text
    assert attempt(frontliner, PASSWORD).status_code == 429


def test_after_fifteen_minutes_the_right_password_works_again(frontliner):
    fail(frontliner, 5)
    with time_machine.travel(NOON + timedelta(minutes=15, seconds=5), tick=False):
        assert attempt(frontliner, PASSWORD).status_code == 302


def test_capital_letters_and_spaces_do_not_give_further_attempts(frontliner):
    for name in (
        frontliner.email,
        frontliner.email.upper(),
        f" {frontliner.email} ",
        frontliner.email.title(),
    ):
        Client().post(LOGIN, {"username": name, "password": "wrong"})
    assert attempt(frontliner).status_code == 429


def test_another_account_is_not_closed_with_it(frontliner, make_user, office):
    fail(frontliner, 5)
    assert attempt(make_user(office), PASSWORD).status_code == 302


def test_a_success_starts_the_count_anew(frontliner):
    fail(frontliner, 4)
    assert attempt(frontliner, PASSWORD).status_code == 302
    assert fail(frontliner, 4) == [200] * 4


def test_an_inactive_account_cannot_log_in(make_user, office):
    assert attempt(make_user(office, is_active=False), PASSWORD).status_code == 200


def test_an_account_that_is_made_inactive_is_out_with_the_next_request(desk, frontliner):
    assert desk.get("/meja/").status_code == 200
    type(frontliner).objects.update(is_active=False)
    assert desk.get("/meja/").headers["Location"].startswith(LOGIN)


def test_a_membership_that_ends_ends_the_access_with_the_next_request(desk, frontliner):
    assert desk.get("/meja/").status_code == 200
    frontliner.memberships.all().delete()
    assert desk.get("/meja/").status_code == 403


def test_the_session_gets_a_new_key_at_login(frontliner):
    client = Client()
    client.get(LOGIN)
    client.session.save()
    before = client.session.session_key
    attempt(frontliner, PASSWORD, client)
    assert client.session.session_key != before


def test_logging_out_ends_the_session(desk):
    assert desk.post("/keluar/").status_code == 302
    assert desk.get("/meja/").headers["Location"].startswith(LOGIN)


def test_one_who_serves_two_offices_chooses_where_to_work(offices, make_user):
    user = make_user(offices["7411"])
    Membership.objects.create(user=user, office=offices["6571"], role=Role.SUPERVISOR)
    client = Client()
    client.force_login(user, backend=BACKEND)
    first = client.get("/meja/").wsgi_request.office.code
    other = ({"7411", "6571"} - {first}).pop()
    assert client.post(reverse("accounts:switch_office"), {"office": other}).status_code == 302
    assert client.get("/meja/").wsgi_request.office.code == other
    assert client.get("/panel/").status_code == (200 if other == "6571" else 403)


@pytest.mark.parametrize("code", ["6571", "9999", "", "7411x' OR 1=1", "٧٤١١"])
def test_an_office_one_does_not_serve_does_not_exist(desk, code):
    response = desk.post(reverse("accounts:switch_office"), {"office": code})
    assert response.status_code == (302 if code[:4] == "7411" else 404)
    assert desk.get("/meja/").wsgi_request.office.code == "7411"


def test_pairing_leaves_a_trace_with_who_did_it(make_device, office):
    make_device(office)
    entry = AuditEntry.objects.get(action="device.paired")
    assert (entry.actor, entry.office, entry.user is None) == ("officer", office, False)


def test_a_log_in_page_that_leads_to_itself_leads_to_the_work(desk):
    answer = desk.get(reverse("accounts:login"), {"next": reverse("accounts:login")})
    assert answer.headers["Location"] == reverse("accounts:start")


def test_a_supervisor_begins_in_the_panel_and_a_frontliner_at_the_desk(office, make_user):
    for role, place in (("supervisor", "panel:today"), ("frontliner", "queueing:desk")):
        client = Client()
        client.force_login(make_user(office, role), backend="django.contrib.auth.backends.ModelBackend")
        assert client.get(reverse("accounts:start")).headers["Location"] == reverse(place)
