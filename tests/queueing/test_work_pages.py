"""What an officer notes while serving: consultation and use of the library."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from consultation.models import Consultation
from consultation.workflows.onsite import said
from library.models import LibraryUse
from services.guestbook.workflows import arrive
from tests.guestbook.support import DEVICE

BACKEND = "django.contrib.auth.backends.ModelBackend"


def hidden(page, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', page.content.decode())[1]


@pytest.fixture
def consulting(office, consultation) -> str:
    received = arrive(office=office, service=consultation, by=DEVICE).main
    return reverse("consultation:onsite", args=[received.pk])


@pytest.fixture
def colleague(office, make_user) -> Client:
    client = Client()
    client.force_login(make_user(office), backend=BACKEND)
    return client


def test_two_officers_writing_at_once_lose_nothing(consulting, desk, colleague):
    desk.post(consulting, {"question": "PDRB?", "answer": "", "seen": ""})
    seen = hidden(colleague.get(consulting), "seen")
    desk.post(consulting, {"question": "PDRB?", "answer": "Tabel 5", "seen": seen})
    late = colleague.post(consulting, {"question": "PDRB per kapita?", "answer": "Tabel 7", "seen": seen})
    assert late.status_code == 422
    for text in ("Tabel 5", "Tabel 7", "menyimpan catatan ini"):
        assert text in late.content.decode()
    assert said(Consultation.objects.get())[1] == "Tabel 5"
    both = {"question": "PDRB?", "answer": "Tabel 5 dan 7", "seen": hidden(late, "seen")}
    assert colleague.post(consulting, both).status_code == 302
    assert said(Consultation.objects.get()) == ("PDRB?", "Tabel 5 dan 7")


def test_the_same_form_sent_twice_is_no_collision(consulting, desk):
    answers = [desk.post(consulting, {"question": "PDRB?", "answer": "x", "seen": ""}) for _n in range(2)]
    assert [a.status_code for a in answers] == [302, 302]


def test_a_use_of_the_library_sent_twice_is_noted_once(office, library, desk):
    url = reverse("library:use", args=[arrive(office=office, service=library, by=DEVICE).main.pk])
    key = hidden(desk.get(url), "submission")
    for _n in range(2):
        assert desk.post(url, {"kind": "read_printed", "submission": key}).status_code == 302
    assert LibraryUse.objects.count() == 1
    other = hidden(desk.get(url), "submission")
    desk.post(url, {"kind": "read_printed", "submission": other})
    assert LibraryUse.objects.count() == 2


def test_a_page_of_one_service_is_not_found_for_another(office, library, consultation, desk):
    of_library = arrive(office=office, service=library, by=DEVICE).main.pk
    assert desk.get(reverse("consultation:onsite", args=[of_library])).status_code == 404
    of_consultation = arrive(office=office, service=consultation, by=DEVICE).main.pk
    assert desk.get(reverse("library:use", args=[of_consultation])).status_code == 404
