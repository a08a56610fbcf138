"""The complainant's page by number and secret: every sending proves them again, and nothing is kept in between."""

from __future__ import annotations

import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from complaints.models import Complaint
from complaints.workflows import ending, handling, lodging
from services.accounts import limits
from services.audit.actors import VISITOR
from tests.complaints.support import fresh, officer

URL = "/7411/pengaduan/status/"


@pytest.fixture
def lodged(office, head):
    return lodging.lodge(
        office=office, text="Kipas mati", person={"name": "Ani Rahma"}, privacy="confidential", channel="online", by=VISITOR
    )  # fmt: skip


@pytest.fixture
def send(lodged):
    complaint, secret = lodged
    browser = Client()

    def send(**form):
        response = browser.post(URL, {"number": complaint.number, "secret": secret, **form})
        assert response.status_code in (200, 422, 429)
        assert not response.cookies.get("sessionid")
        return response

    return send


def test_it_carries_the_proof_in_its_forms_and_nowhere_else(lodged, send):
    complaint, secret = lodged
    response = send()
    page = response.content.decode()
    assert page.count(f'name="secret" value="{secret}"') == 2  # reply, withdraw
    assert f"?{secret}" not in page
    assert not re.search(rf'(?:href|action)="[^"]*({secret}|{complaint.number})', page)
    assert "no-store" in response.headers["Cache-Control"]
    assert not Session.objects.exists()


@pytest.mark.parametrize("do", ["reply", "judge", "withdraw"])
def test_without_the_secret_nothing_can_be_done(lodged, head, do):
    complaint, _secret = lodged
    handling.ask_completion(complaint, "Kapan?", by=officer(head))
    form = {"number": complaint.number, "secret": "ABCD-EFGH-JKMN", "do": do, "body": "Saya", "stars": "1"}
    assert Client().post(URL, form).status_code == 422
    assert fresh(complaint).state == "incomplete"
    assert not complaint.messages.filter(who="complainant").exists()


def test_completed_answered_judged(lodged, send, head):
    complaint, _secret = lodged
    handling.ask_completion(complaint, "Hari apa?", by=officer(head))
    page = send().content.decode()
    assert "Hari apa?" in page
    assert "Giliran Anda" in page
    assert "dilengkapi pelapor: 30 hari" in page
    assert "head" not in re.sub(r"<head.*?</head>|thead", "", page, flags=re.S).replace("header", "").replace(
        "-head", ""
    )
    assert "Balasan Anda terkirim" in send(do="reply", body="Senin").content.decode()
    assert fresh(complaint).state == "received"
    handling.note(complaint, "Catatan dalam", by=officer(head))
    handling.answer(complaint, "Sudah diganti.", by=officer(head))
    page = send().content.decode()
    assert "Catatan dalam" not in page
    assert "Ani Rahma" not in page
    assert "Bagaimana penanganan" in page
    send(do="judge", stars="5", word="terima kasih")
    assert (fresh(complaint).state, fresh(complaint).satisfied) == ("closed", 5)
    assert "Penilaian Anda: 5 dari 5" in send().content.decode()


def test_sent_again_by_a_reload_it_is_one_reply(lodged, send, head):
    complaint, _secret = lodged
    handling.ask_completion(complaint, "Hari apa?", by=officer(head))
    seen = re.search(r'name="seen" value="(\d+)"', send().content.decode())[1]
    for _n in range(2):
        send(do="reply", body="Senin", seen=seen)
    assert complaint.messages.filter(who="complainant").count() == 1


def test_withdrawn_and_what_is_no_longer_possible_is_told_with_the_words_kept(lodged, send):
    complaint, _secret = lodged
    assert "dicabut" in send(do="withdraw").content.decode()
    assert fresh(complaint).state == "withdrawn"
    response = send(do="reply", body="Masih mati")
    assert response.status_code == 422
    assert "sudah dicabut" in response.content.decode()
    assert not complaint.messages.exists()


def test_judged_before_there_is_an_answer_nothing_is_kept(lodged, send):
    assert send(do="judge", stars="1").status_code == 422
    assert Complaint.objects.get().satisfied is None


def test_no_stars_is_told_at_the_form(lodged, send, head):
    handling.answer(lodged[0], "Sudah.", by=officer(head))
    response = send(do="judge", word="bagus")
    assert response.status_code == 422
    assert "form-errors" in response.content.decode()


def test_a_reply_to_a_closed_one_opens_it(lodged, send, head):
    ending.close(lodged[0], "Selesai.", by=officer(head))
    send(do="reply", body="Masih mati")
    assert fresh(lodged[0]).state == "received"  # it was in nobody's hand


def test_only_wrong_tries_are_counted(lodged, send, monkeypatch):
    monkeypatch.setitem(limits.LIMITS, "complaint status", 2)
    for _n in range(4):
        assert send().status_code == 200
    wrong = {"number": "P7411-AAAAAA", "secret": "x"}
    assert [Client().post(URL, wrong).status_code for _n in range(3)] == [422, 422, 429]
    assert send().status_code == 429  # the right one too: nobody learns which it was


def test_the_page_of_another_office_opens_nothing(lodged):
    complaint, secret = lodged
    address = reverse("complaints:status", args=["6571"])
    assert Client().post(address, {"number": complaint.number, "secret": secret}).status_code == 422
