"""An office on its first day: where its supervisor is led, what the rooms say of it, what they refuse."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from pst.setup.state import State
from queueing.models import Duty
from services.accounts.models import Role
from services.offices.models import StandardRule
from tests.conftest import new_user


@pytest.fixture
def panel(office) -> Client:
    client = Client()
    client.force_login(new_user(office, Role.SUPERVISOR))
    return client


def standards(office) -> tuple[str, str]:
    room = next(room for room in State(office).rooms if room.key == "standards")
    return room.level, room.text


def test_an_office_without_a_standard_in_force_is_led_to_its_first_steps(panel, office, library):
    here, lead = reverse("panel:today"), reverse("setup:start")
    assert f'href="{lead}"' not in panel.get(here).content.decode()
    office.services.update(active=False)
    assert f'href="{lead}"' in panel.get(here).content.decode()
    assert f'href="{lead}"' not in panel.get(here, headers={"HX-Request": "true"}).content.decode()
    assert standards(office) == ("", "Menunggu layanan dan standarnya.")


def test_rules_that_wait_for_confirmation_are_named_in_the_set_up(office, library):
    StandardRule.objects.update(confirmed_at=None)
    level, text = standards(office)
    assert level == "look"
    assert text.startswith("Aturan menunggu konfirmasi: ")


def test_nobody_is_on_duty_twice_at_once(panel, office):
    form = {"user": new_user(office, Role.FRONTLINER).pk, "weekday": "0", "starts": "08:00", "ends": "16:00"}
    here = reverse("setup:roster")
    assert panel.post(here, form).status_code == 302
    refused = panel.post(here, {**form, "starts": "09:00", "ends": "12:00"})
    assert "08.00–16.00" in str(refused.context["form"].errors["starts"])
    for other in (
        {"starts": "16:00", "ends": "17:00"},
        {"weekday": "1"},
        {"weekday": "", "date": "2099-01-01"},
    ):
        panel.post(here, {**form, **other})
    assert Duty.objects.filter(office=office).exclude(date__isnull=False).count() == 3


def test_the_summary_of_wrong_hours_names_the_day(panel):
    answer = panel.post(reverse("setup:hours"), {"d3_opens": "16:00", "d3_closes": "08:00"})
    assert "Tutup: Kamis: Jam tutup harus sesudah jam buka." in answer.content.decode()
