"""Complaints: lodged by anyone, followed only with number and secret, moved only as the dict allows."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from complaints.models import Complaint, Identity
from complaints.workflows import ending, handling, lodging
from services.accounts.models import User
from tests.guestbook.support import DEVICE, arrive

REFUSED = "Nomor dan kode rahasia tidak cocok"


@pytest.fixture
def lodged(office):
    person = {"name": "Ani", "email": "ani@example.test"}
    return lodging.lodge(office=office, text="Kipas mati", person=person, channel="online", by=DEVICE)


def ask(number, secret, code="7411"):
    return Client().post(reverse("complaints:status", args=[code]), {"number": number, "secret": secret})


def told(response) -> str:
    """The words of the refusal, without what was typed."""
    return re.search(r"<li>(.*?)</li>", response.content.decode())[1]


def test_number_and_secret_are_told_once_and_open_the_complaint(office):
    page = Client().post("/7411/pengaduan/", {"text": "Kipas mati"}).content.decode()
    number = re.search(r"data-complaint-number>([^<]+)<", page)[1]
    secret = re.search(r"data-complaint-secret>([^<]+)<", page)[1]
    assert ask(number, secret).status_code == 200
    assert ask(f" {number.lower()} ", f" {secret} ").status_code == 200


def test_the_secret_is_stored_only_as_a_hash(lodged):
    _complaint, secret = lodged
    assert secret not in str(Complaint.objects.values().get())


def test_a_wrong_number_and_a_wrong_secret_are_refused_in_the_same_words(lodged):
    complaint, secret = lodged
    answers = [
        ask(complaint.number, "wrong"),
        ask("P7411-ABCDEF", secret),
        ask(complaint.number, secret, "6571"),
    ]
    assert [a.status_code for a in answers] == [422] * 3
    assert {told(a) for a in answers} == {told(answers[0])}
    assert REFUSED in told(answers[0])


@pytest.mark.parametrize("secret", ["", " ", "%", "*", "None"])
def test_without_the_secret_nothing_is_shown(lodged, secret):
    page = ask(lodged[0].number, secret)
    assert page.status_code == 422
    assert "Diterima" not in page.content.decode()


def test_the_status_page_repeats_neither_the_text_nor_the_person(lodged):
    complaint, secret = lodged
    page = ask(complaint.number, secret).content.decode()
    for hidden in ("Kipas mati", "Ani<", "ani@example.test", "Petugas"):
        assert hidden not in page


def test_it_may_be_anonymous(office):
    Client().post("/7411/pengaduan/", {"text": "Kipas mati"})
    assert Complaint.objects.count() == 1
    assert not Identity.objects.exists()


def test_from_ones_own_visit_it_knows_the_service_and_the_office(office):
    visit = arrive(office)
    Client().post(reverse("complaints:from_visit", args=[visit.token]), {"text": "Lama"})
    complaint = Complaint.objects.get()
    assert (complaint.received, complaint.office, complaint.channel) == (visit.main, office, "phone")


def test_the_tablets_page_forgets_what_was_written(kiosk):
    kiosk.post("/kios/pengaduan/", {"text": "Kipas mati"})
    page = kiosk.get("/kios/pengaduan/")
    assert "Kipas mati" not in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]


def test_a_move_that_came_too_late_is_told_in_words(lodged, by, chief):
    complaint, _secret = lodged
    ending.close(complaint, "Bukan pelayanan kami", by=by)
    page = chief.post(
        reverse("complaints:detail", args=[complaint.pk]),
        {"what": "close", "body": "Selesai", "was": "received"},
    )
    assert page.status_code == 422
    assert "sekarang berstatus" in page.content.decode()


def test_every_move_is_a_line_of_the_timeline(lodged, by):
    complaint, secret = lodged
    handling.assign(complaint, User.objects.get(pk=by.user_id), by=by)
    handling.answer(complaint, "Sudah diganti", by=by)
    assert [s.state for s in complaint.steps.all()] == ["received", "handled", "answered"]
    assert "Sudah diganti" in ask(complaint.number, secret).content.decode()


def test_the_offices_list_shows_no_person(lodged, chief):
    page = chief.get(reverse("complaints:list")).content.decode()
    assert lodged[0].number in page
    assert "ani@example.test" not in page
