"""Rating a consultation: once, by the address in the closing mail, the thread or the account; read by the supervisor."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from consultation import rounds
from consultation.workflows import ending, rating, thread, visiting
from services.audit.actors import VISITOR
from services.audit.models import AuditEntry
from services.ratings.models import Rating
from tests.account.support import make_account, signed_in
from tests.consultation.support import ask, at, fresh, seen
from tests.mail_server import text_of, work_off
from tests.together import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendar_of_2026")]
BACKEND = "django.contrib.auth.backends.ModelBackend"
WHO = {"name": "Sitti Rahma", "email": "sitti@example.test"}


@pytest.fixture
def answered(office, by):
    asked = ask(office, "2026-06-08 10:00", visitor=office.visitors.create(**WHO))
    thread.answer(asked, "Tabel 4.", by=by, seen=seen(asked), at=at(office, "2026-06-09 10:00"))
    return fresh(asked)


@pytest.fixture
def supervisor(office, make_user) -> Client:
    client = Client()
    client.force_login(make_user(office, "supervisor"), backend=BACKEND)
    return client


def closing_mail(mailbox) -> str:
    work_off()
    return text_of([m for m in mailbox.messages if m["To"] == WHO["email"]][-1])


def address_in(words: str) -> str:
    found = re.search(r"http://localhost(/konsultasi/nilai/\S+)", words)
    assert found
    return found[1]


def test_by_the_address_in_the_mail_that_closes(office, answered, mailbox, client, supervisor):
    rounds.close_silent(at(office, "2026-06-15 16:00"))
    address = address_in(closing_mail(mailbox))
    page = client.get(address).content.decode()
    assert answered.number in page
    assert "Tabel 4." not in page  # it rates, and opens nothing
    assert not Rating.objects.exists()
    assert client.post(address, {"stars": "0"}).status_code == 422
    done = client.post(address, {"stars": "4", "comment": "Cepat dan jelas"}, follow=True)
    assert "Penilaian Anda: 4 dari 5" in done.content.decode()
    client.post(address, {"stars": "1"})
    assert (Rating.objects.get().stars, fresh(answered).rating.stars) == (4, 4)
    seen_by = supervisor.get(reverse("panel:ratings")).content.decode()
    assert "Cepat dan jelas" in seen_by
    assert answered.number in seen_by
    assert AuditEntry.objects.filter(
        action="read", target_id=Rating.objects.get().pk, detail__why="ratings"
    ).exists()


def test_an_address_cannot_be_made_up(office, answered, client):
    good = rating.address(answered).removeprefix("http://localhost")
    number, signature = good.rstrip("/").rsplit("/", 1)[1].split(".")
    other = ask(office, "2026-06-08 10:00")
    for bad in (
        f"{number}.{signature[:-1]}", f"{number}.", number, f"{other.number}.{signature}", answered.token,
        f"{number.lower()}.{signature}",
    ):  # fmt: skip
        assert client.get(reverse("consultation:rate", args=[bad])).status_code == 404
    assert client.get(good).status_code == 200
    for n in range(60):
        last = client.get(reverse("consultation:rate", args=[f"{number}.{n}"])).status_code
    assert last == 429
    assert client.get(good).status_code == 200  # who has the right one is not held up


def test_an_officer_closes_it_and_the_visitor_is_asked(office, answered, mailbox, by, client):
    ending.close(answered, by=by)
    assert client.get(address_in(closing_mail(mailbox))).status_code == 200


def test_the_visitor_closed_it_and_needs_no_mail(office, answered, mailbox):
    work_off()
    before = len(mailbox.messages)
    visiting.close(answered, by=VISITOR)
    work_off()
    assert len(mailbox.messages) == before


def test_what_was_never_answered_has_nothing_to_rate(office, mailbox, by, client):
    asked = ask(office, "2026-06-08 10:00", visitor=office.visitors.create(**WHO))
    ending.close(asked, by=by)
    assert "/konsultasi/nilai/" not in closing_mail(mailbox)
    address = rating.address(asked)
    assert 'name="stars"' not in client.get(address).content.decode()
    client.post(address, {"stars": "5"})
    assert not Rating.objects.exists()


def test_from_the_account(office, by):
    owner = make_account(WHO["email"], WHO["name"])
    asked = ask(office, "2026-06-08 10:00", account=owner)
    thread.answer(asked, "Tabel 4.", by=by, seen=seen(asked))
    browser = signed_in(owner)
    mine = reverse("consultation:mine", args=[asked.number])
    assert f"{mine}#nilai" in browser.get(reverse("account:home")).content.decode()
    browser.post(mine, {"do": "rate", "stars": "5"})
    home = browser.get(reverse("account:home")).content.decode()
    assert "#nilai" not in home
    assert "5/5" in home
    assert asked.number in home


def test_another_offices_supervisor_sees_none(answered, offices, make_user):
    rating.rate(answered, stars=2, comment="Lama", by=VISITOR)
    client = Client()
    client.force_login(make_user(offices["6571"], "supervisor"), backend=BACKEND)
    assert "Lama" not in client.get(reverse("panel:ratings")).content.decode()
    assert client.get(reverse("panel:ratings") + "?untuk=lain").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_taps_at_once_are_one_rating(office, answered):
    at_once(*[lambda n=n: rating.rate(answered, stars=n, by=VISITOR) for n in (1, 5)])
    assert Rating.objects.count() == 1
