"""Tablets and TVs: paired by a code that an officer types, recognised by a secret, gone at once when revoked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse

from services.accounts import devices
from services.accounts.devices import MAX_PAIRINGS, cookie_name
from services.accounts.models import Device, Pairing

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PAIR, DEVICES, KIOSK, DISPLAY = "/perangkat/", "/meja/perangkat/", "/kios/", "/layar/"


def begin(purpose="kiosk") -> tuple[Client, str]:
    """A fresh tablet that shows its code."""
    client = Client()
    page = client.post(PAIR, {"purpose": purpose}, follow=True)
    code = Pairing.objects.latest("pk").code
    assert f'data-pairing-code="{code}"' in page.content.decode()
    return client, code


def approve(desk, code, name="Tablet pintu"):
    return desk.post(DEVICES, {"code": code, "name": name})


def test_pairing_from_the_code_on_the_screen_to_the_first_page(desk, office):
    tablet, code = begin()
    assert tablet.get(KIOSK).headers["Location"] == f"{PAIR}?untuk=kiosk"
    assert approve(desk, code).status_code == 302
    refetch = tablet.get(PAIR, {"untuk": "kiosk"}, headers={"HX-Request": "true"})
    assert refetch.headers["HX-Redirect"] == KIOSK
    page = tablet.get(KIOSK)
    assert page.status_code == 200
    assert page.wsgi_request.office == office


def test_a_code_may_be_typed_in_small_letters_and_with_a_space(desk):
    _tablet, code = begin()
    assert approve(desk, f" {code[:3].lower()} {code[3:].lower()} ").status_code == 302


def test_a_code_works_once(desk):
    _tablet, code = begin()
    approve(desk, code)
    assert approve(desk, code).status_code == 422
    assert Device.objects.count() == 1


def test_a_wrong_code_is_told_at_the_field_and_keeps_what_was_typed(desk):
    begin()
    response = approve(desk, "ABCDEF", "TV ruang tunggu")
    assert response.status_code == 422
    text = response.content.decode()
    assert 'id="id_code_error"' in text
    assert 'aria-describedby="id_code_error"' in text
    assert "Kode tidak dikenal atau sudah kedaluwarsa" in text
    assert 'value="TV ruang tunggu"' in text


def test_a_code_is_over_after_fifteen_minutes(office, by):
    with time_machine.travel(NINE, tick=False):
        tablet, code = begin()
    with time_machine.travel(NINE + timedelta(minutes=15, seconds=1), tick=False):
        with pytest.raises(devices.PairingFailed):
            devices.approve(code=code, name="x", office=office, by=by)
        page = tablet.get(PAIR, {"untuk": "kiosk"})
    assert "data-pairing-code" not in page.content.decode()


def test_a_revoked_device_loses_its_access_with_the_next_request(desk, kiosk):
    assert kiosk.get(KIOSK).status_code == 200
    device = Device.objects.get()
    assert desk.post(reverse("accounts:revoke", args=[device.pk])).status_code == 302
    assert kiosk.get(KIOSK).status_code == 302
    assert (
        kiosk.post(reverse("queueing:take_number"), {"service": "library"})
        .headers["Location"]
        .startswith(PAIR)
    )


def test_revoking_twice_changes_nothing(desk, kiosk):
    device = Device.objects.get()
    url = reverse("accounts:revoke", args=[device.pk])
    assert [desk.post(url).status_code for _n in range(2)] == [302, 404]


def test_the_secret_of_a_tv_opens_no_tablet(make_device, office):
    _device, secret = make_device(office, "display")
    thief = Client()
    thief.cookies[cookie_name("kiosk")] = secret
    assert thief.get(KIOSK).status_code == 302
    thief.cookies[cookie_name("display")] = secret
    assert thief.get(DISPLAY).status_code == 200


def test_the_hash_in_the_database_is_no_key(make_device, office):
    device, _secret = make_device(office)
    thief = Client()
    thief.cookies[cookie_name("kiosk")] = device.secret_hash
    assert thief.get(KIOSK).status_code == 302


def test_the_secret_is_nowhere_in_the_database(desk):
    tablet, code = begin()
    secret = tablet.cookies[cookie_name("kiosk")].value
    approve(desk, code)
    assert len(secret) >= 43
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{secret}%"])
            assert cursor.fetchone() == (0,), table


def test_a_device_that_polls_is_noted_at_most_every_thirty_seconds(kiosk):
    seen = []
    for second in (0, 10, 29, 31, 40):
        with time_machine.travel(NINE + timedelta(seconds=second), tick=False):
            kiosk.get(KIOSK)
        seen.append(Device.objects.get().last_seen_at)
    assert seen == [NINE, NINE, NINE, NINE + timedelta(seconds=31), NINE + timedelta(seconds=31)]


def test_asking_for_codes_again_and_again_fills_nothing(db):
    for _n in range(MAX_PAIRINGS + 5):
        devices.begin("kiosk")
    assert Pairing.objects.count() == MAX_PAIRINGS


def test_old_codes_are_swept_away_when_a_new_one_is_asked_for(db):
    with time_machine.travel(NINE, tick=False):
        devices.begin("kiosk")
    with time_machine.travel(NINE + timedelta(hours=1), tick=False):
        devices.begin("kiosk")
    assert Pairing.objects.count() == 1


def test_only_an_officer_can_approve_a_code(kiosk):
    _tablet, code = begin()
    for client in (Client(), kiosk):
        assert approve(client, code).headers["Location"].startswith("/masuk/")
    assert Pairing.objects.count() == 1


def test_a_tablet_shows_its_code_only_to_itself(db):
    _tablet, code = begin()
    assert code not in Client().get(PAIR, {"untuk": "kiosk"}).content.decode()
