"""Sending a complaint: once, however often the form is sent; so often an hour from one address."""

from __future__ import annotations

import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from complaints.models import Complaint
from complaints.workflows import ending, handling, lodging
from services.accounts import limits
from services.accounts.models import Attempt
from tests.guestbook.support import DEVICE

URL = "/7411/pengaduan/"


def key_of(page: str) -> str:
    return re.search(r'name="key" value="([^"]+)"', page)[1]


def receipt(response) -> tuple[str, str]:
    page = response.content.decode()
    return tuple(re.search(rf"data-complaint-{w}>([^<]+)<", page)[1] for w in ("number", "secret"))


def test_a_form_sent_twice_is_one_complaint_with_the_same_number_and_secret(office):
    form = {"text": "Kipas mati", "key": key_of(Client().get(URL).content.decode())}
    first, again = receipt(Client().post(URL, form)), receipt(Client().post(URL, form))
    assert first == again
    assert Complaint.objects.count() == 1
    assert lodging.find(*first) is not None


def test_other_words_under_the_same_key_are_another_complaint(office):
    """Back, written anew, sent again: nothing of it may be lost."""
    key = key_of(Client().get(URL).content.decode())
    for text in ("Kipas mati", "Kipas dan lampu mati"):
        Client().post(URL, {"text": text, "key": key})
    assert Complaint.objects.count() == 2


def test_without_a_key_every_form_is_a_complaint_of_its_own(office):
    for _n in range(2):
        Client().post(URL, {"text": "Kipas mati"})
    assert Complaint.objects.count() == 2


def test_a_key_of_one_form_tells_nobody_elses_secret(office):
    """The secret hangs on the words and on the server's own, not on the key alone."""
    ours, _ = lodging.lodge(office=office, text="A", key="k", channel="online", by=DEVICE)
    _theirs, secret = lodging.lodge(office=office, text="B", key="k", channel="online", by=DEVICE)
    assert lodging.find(ours.number, secret) is None


@pytest.mark.parametrize(
    ("what", "url", "form"),
    [
        ("complaint", URL, {"text": "Kipas mati"}),
        ("complaint status", f"{URL}status/", {"number": "P7411-AAAAAA", "secret": "x"}),
    ],
)
def test_one_too_many_within_the_hour_is_told_and_keeps_what_was_typed(office, monkeypatch, what, url, form):
    monkeypatch.setitem(limits.LIMITS, what, 2)
    answers = [Client().post(url, form) for _n in range(3)]
    assert [a.status_code == 429 for a in answers] == [False, False, True]
    page = answers[2].content.decode()
    assert "Terlalu banyak kali" in page
    assert next(iter(form.values())) in page
    assert Client().post(url, form, REMOTE_ADDR="10.9.9.9").status_code != 429


def test_the_offices_own_tablet_does_not_count_with_its_wifi(kiosk, monkeypatch):
    monkeypatch.setitem(limits.LIMITS, "complaint", 1)
    assert [Client().post(URL, {"text": f"Kipas {n}"}).status_code for n in range(2)] == [200, 429]
    assert kiosk.post("/kios/pengaduan/", {"text": "Kipas mati"}).status_code == 200


def test_pairing_codes_are_limited_too(db, monkeypatch):
    monkeypatch.setitem(limits.LIMITS, "pairing", 1)
    pages = [Client().post(reverse("accounts:pair"), {"purpose": "kiosk"}, follow=True) for _n in range(2)]
    assert ["data-pairing-code" in p.content.decode() for p in pages] == [True, False]
    assert "Terlalu banyak kali" in pages[1].content.decode()


def test_no_address_is_kept_and_old_attempts_are_forgotten(office):
    Client().post(URL, {"text": "Kipas mati"}, REMOTE_ADDR="10.1.2.3")
    attempt = Attempt.objects.get()
    assert "10.1.2.3" not in str(Attempt.objects.values().get())
    Attempt.objects.update(at=attempt.at - limits.WITHIN)
    limits.forget()
    assert not Attempt.objects.exists()


def test_a_reply_that_came_too_late_stays_on_the_screen(office, chief, by):
    complaint, _secret = lodging.lodge(office=office, text="A", channel="online", by=DEVICE)
    address = reverse("complaints:detail", args=[complaint.pk])
    ending.close(complaint, "Selesai", by=by)
    page = chief.post(address, {"what": "answer", "body": "Panjang lebar", "was": "received"})
    assert page.status_code == 422
    assert "Panjang lebar" in page.content.decode()
    assert "sekarang berstatus" in page.content.decode()


def test_a_later_answer_leaves_the_earlier_one_in_the_conversation(office, chief, by):
    complaint, _secret = lodging.lodge(office=office, text="A", channel="online", by=DEVICE)
    for reply in ("Sudah diganti", "Belum diganti"):
        handling.answer(complaint, reply, by=by)
    page = chief.get(reverse("complaints:detail", args=[complaint.pk])).content.decode()
    assert page.count("Sudah diganti") == 1
    assert "Belum diganti" in page


def test_a_page_older_than_what_happened_reopens_nothing(office, chief, by):
    complaint, _secret = lodging.lodge(office=office, text="A", channel="online", by=DEVICE)
    ending.close(complaint, "Selesai", by=by)
    form = {"do": "reopen", "why": "keliru", "was": "answered"}
    page = chief.post(reverse("complaints:manage", args=[complaint.pk]), form)
    assert page.status_code == 422
    assert "keliru" in page.content.decode()
    complaint.refresh_from_db()
    assert complaint.state == "closed"


def test_the_secret_may_be_copied_by_hand(office):
    complaint, secret = lodging.lodge(office=office, text="A", channel="online", by=DEVICE)
    assert re.fullmatch(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", secret)
    for typed in (secret.lower(), secret.replace("-", ""), secret.replace("-", " ")):
        assert lodging.find(complaint.number, typed) == complaint


def test_a_refused_pairing_stores_nothing(db, monkeypatch):
    monkeypatch.setitem(limits.LIMITS, "pairing", 0)
    answer = Client().post(reverse("accounts:pair"), {"purpose": "kiosk"})
    assert answer.status_code == 429
    assert not Session.objects.exists()
