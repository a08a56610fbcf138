"""The account's own pages: all that is theirs, at every office, and nothing of anybody else."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from complaints.workflows import lodging
from library.models import Copy, Hold, Loan, Publication
from pst.privacy.models import PrivacyRequest
from services.accounts.models import User
from services.audit.models import AuditEntry
from services.guestbook import workflows as visits
from services.guestbook.models import Visitor
from services.mail.models import Outgoing
from services.ratings.workflows import rate
from tests.account.support import MAIL, NAME, SECRET, code_in, make_account, signed_in
from tests.account.test_linking import written
from tests.queueing.support import fresh

pytestmark = pytest.mark.usefixtures("offices")
HOME = reverse("account:home")


@pytest.fixture
def user(db) -> User:
    return make_account()


@pytest.fixture
def me(user) -> Client:
    return signed_in(user)


def traces(office, person: Visitor, word: str, by) -> None:
    """A loan, a place in a line, a complaint and a rating, each with this word in it."""
    book = Publication.objects.create(title=f"Buku {word}", keeper=office)
    copy = Copy.objects.create(office=office, publication=book, barcode=f"99{person.pk}", state="out")
    now = timezone.now()
    Loan.objects.create(
        office=office, copy=copy, visitor=person, kind="loan", out_at=now, due_on=office.today(now)
    )
    Hold.objects.create(
        office=office, publication=Publication.objects.create(title=f"Pesanan {word}", keeper=office),
        visitor=person, asked_at=now,
    )  # fmt: skip
    lodging.lodge(
        office=office,
        text=f"Aduan {word}",
        person={"email": person.email, "name": person.name},
        channel="online",
        by=by,
    )
    received = person.visits.first().services.first()
    visits.end_service(visits.start_service(received, by=by), by=by)
    rate(fresh(received), stars=5, comment=f"Kata {word}", channel="phone", by=by)


def test_everything_of_every_office_and_nobody_elses(offices, user, me, by):
    for code in ("7411", "1906"):
        traces(offices[code], written(offices[code]), f"saya{code}", by)
    traces(offices["7411"], written(offices["7411"], name="Siti"), "kakak", by)
    traces(offices["1906"], written(offices["1906"], email="x@rumah.test"), "orang", by)
    page = me.get(HOME).content.decode()
    for code in ("7411", "1906"):
        for shown in (f"Buku saya{code}", f"Pesanan saya{code}", f"Kata saya{code}"):
            assert shown in page
        assert reverse("account:own_data", args=[code]) in page
    file = me.get(reverse("account:take_along")).content.decode()
    own = me.get(reverse("account:own_data", args=["7411"])).content.decode()
    for text in (page, file, own):
        assert not [word for word in ("kakak", "orang", "Siti", "x@rumah.test") if word in text]
    assert "Aduan saya7411" in file
    assert "Aduan saya1906" in file
    assert json.loads(file)["account"]["email"] == MAIL
    assert AuditEntry.objects.filter(action="account.own_read", user=user, actor="visitor").count() == 1


def test_the_first_page_asks_no_more_with_more_of_it(office, me, by):
    def questions() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert me.get(HOME).status_code == 200
        return len(asked)

    first = written(office)
    traces(office, first, "satu", by)
    few = questions()
    for n in range(4):
        person = written(office)
        traces(office, person, f"lagi{n}", by)
    assert questions() <= few + 2  # another circle of the same person may take a step more


def test_an_office_that_knows_nothing_has_no_page(me, user, offices):
    written(offices["7411"], name="Siti")
    assert me.get(reverse("account:own_data", args=["7411"])).status_code == 404
    assert me.post(reverse("account:own_request", args=["7411"]), {"kind": "erasure"}).status_code == 404


def test_what_stands_at_one_office_is_corrected_there(office, me, user):
    person = written(office)
    page = reverse("account:own_data", args=[office.code])
    form = me.get(page).context["form"]
    assert "name" not in form.fields
    sent = {name: form.initial.get(name) or "" for name in form.fields} | {"institution": "Kampus"}
    assert me.post(page, sent).status_code == 302
    assert (fresh(person).institution, fresh(person).name, fresh(person).account) == ("Kampus", NAME, user)


def test_another_address_takes_the_records_along(office, me, user, mailbox):
    person = written(office)
    page = reverse("account_email")
    new = {"email": "baru@rumah.test", "action_add": "1"}
    again = me.post(page, new).headers["Location"]  # the password once more
    sent = me.post(again, {"password": SECRET})
    assert fresh(person).email == MAIL  # not before the code
    code = code_in(mailbox.wait(1))
    assert mailbox.messages[0]["To"] == "baru@rumah.test"
    me.post(sent.headers["Location"], {"code": code})
    assert (fresh(user).email, fresh(person).email) == ("baru@rumah.test", "baru@rumah.test")
    told = Outgoing.objects.get(
        kind="account_mailbox_changed"
    )  # whoever had the old one is not left in the dark
    assert (told.to, "baru@rumah.test" in told.text) == (MAIL, False)
    assert me.get(reverse("account:own_data", args=[office.code])).status_code == 200
    assert Client().post(reverse("account_login"), {"login": MAIL, "password": SECRET}).status_code == 200


def test_somebody_elses_address_is_not_taken(office, me, user, mailbox):
    make_account("siti@rumah.test", "Siti")
    page = reverse("account_email")
    again = me.post(page, {"email": "siti@rumah.test", "action_add": "1"}).headers["Location"]
    sent = me.post(again, {"password": SECRET})
    answer = me.post(sent.headers["Location"], {"code": code_in(mailbox.wait(1))})  # even by who reads both
    assert "tidak dapat dipakai" in answer.content.decode()
    assert fresh(user).email == MAIL


def close(client: Client, choice: str):
    page = reverse("account:close")
    again = client.post(page, {"records": choice})
    if again.status_code == 302:
        again = client.post(again.headers["Location"], {"password": SECRET})
    return again


def test_closing_asks_what_becomes_of_the_records(office, user, me):
    assert me.get(reverse("account:close")).context["form"]["records"].value() is None
    answer = close(me, "")
    assert answer.status_code == 422
    assert fresh(user).is_active


@pytest.mark.parametrize(("choice", "asked"), [("keep", 0), ("erase", 2)])
def test_closing(offices, user, me, choice, asked):
    people = [written(offices[code]) for code in ("7411", "1906")]
    written(offices["7411"], name="Siti")
    answer = close(me, choice)
    assert answer.status_code == 200
    assert me.get(HOME).status_code == 302
    assert not fresh(user).is_active
    found = PrivacyRequest.objects.filter(kind="erasure", channel="own", state="open")
    assert found.count() == asked
    assert {r.visitor for r in found} <= set(people)
    assert [fresh(p).name for p in people] == [NAME, NAME]  # the office has its three days
