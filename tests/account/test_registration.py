"""Two screens: name, address and consent; then the code. Nobody learns whether an address has an account."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pst.account import registration
from pst.account.models import Agreement
from services.accounts.models import User
from services.audit.models import AuditEntry
from services.guestbook.models import ConsentWording
from tests.account.support import MAIL, NAME, SECRET, code_in, make_account, sign_up, wrong

pytestmark = pytest.mark.usefixtures("offices")
SENT = reverse("account_email_verification_sent")


def register(mailbox, client: Client, **fields) -> Client:
    count = len(mailbox.messages)
    assert sign_up(client, **fields).headers["Location"] == SENT
    answer = client.post(SENT, {"code": code_in(mailbox.wait(count + 1))})
    assert answer.headers["Location"] == reverse("account:home")
    return client


def test_two_screens_make_an_account_without_a_password(mailbox):
    client = register(mailbox, Client())
    user = User.objects.get(email=MAIL)
    assert (user.name, user.has_usable_password()) == (NAME, False)
    assert client.get(reverse("account:home")).status_code == 200
    agreed = Agreement.objects.get(user=user)
    assert agreed.wording.purpose == ConsentWording.Purpose.ACCOUNT
    entry = AuditEntry.objects.get(action="account.registered")
    assert (entry.actor, entry.user, entry.detail) == ("visitor", user, {})


def test_a_password_may_be_chosen_at_once_and_then_opens_the_account(mailbox):
    register(mailbox, Client(), password1=SECRET)
    client = Client()
    answer = client.post(reverse("account_login"), {"login": MAIL.upper(), "password": SECRET})
    assert answer.headers["Location"] == reverse("account:home")
    assert client.get(reverse("account:home")).status_code == 200


def test_consent_is_never_ticked_beforehand_and_demanded(mailbox):
    page = Client().get(reverse("account_signup")).content.decode()
    assert 'name="consent"' in page
    assert "checked" not in page.split('name="consent"')[1].split(">")[0]
    assert str(registration.wording()) in page
    assert sign_up(Client(), consent="").status_code == 200
    assert not User.objects.filter(email=MAIL).exists()
    assert mailbox.messages == []


@pytest.mark.parametrize(
    "fields", [{"name": ""}, {"name": " "}, {"email": "x"}, {"password1": "short"}, {"password1": MAIL}]
)
def test_what_is_missing_or_weak_is_told(fields, mailbox):
    answer = sign_up(Client(), **fields)
    assert answer.status_code == 200
    assert "Periksa isian berikut" in answer.content.decode()
    assert not User.objects.filter(email=MAIL).exists()


def test_before_the_code_nothing_opens(mailbox):
    client = Client()
    sign_up(client)
    assert client.get(reverse("account:home")).headers["Location"].startswith(reverse("account_login"))
    mailbox.wait(1)


def test_wrong_codes_end_the_attempt(mailbox):
    client = Client()
    sign_up(client)
    code = code_in(mailbox.wait(1))
    for _try in range(5):
        client.post(SENT, {"code": wrong(code)})
    client.post(SENT, {"code": code})
    assert not EmailAddress.objects.filter(verified=True).exists()
    assert client.get(reverse("account:home")).status_code == 302


def test_a_new_code_replaces_the_first(mailbox):
    client = Client()
    sign_up(client)
    first = code_in(mailbox.wait(1))
    client.post(SENT, {"action": "resend"})
    second = code_in(mailbox.wait(2))
    if first != second:
        assert client.post(SENT, {"code": first}).status_code == 200
    assert client.post(SENT, {"code": second}).headers["Location"] == reverse("account:home")


def test_a_known_address_looks_the_same_and_its_owner_is_told(mailbox):
    make_account()
    new, known = Client(), Client()
    answers = [sign_up(new, email="baru@rumah.test"), sign_up(known)]
    assert {(a.status_code, a.headers["Location"]) for a in answers} == {(302, SENT)}
    pages = [
        c.get(SENT).content.decode().replace("baru@rumah.test", MAIL).split("<h1>")[1].split("csrf")[0]
        for c in (new, known)
    ]
    assert pages[0] == pages[1]
    told = [m for m in mailbox.messages if m["To"] == MAIL]
    assert [m["Subject"] for m in told] == ["Anda sudah punya akun PST"]
    assert known.post(SENT, {"code": "000000"}).status_code == 200  # there is no code that would open it
    assert User.objects.filter(email=MAIL).count() == 1


def test_who_writes_a_strangers_address_first_keeps_neither_it_nor_their_password(mailbox):
    sign_up(Client(), name="Penyamar", password1="kata-sandi-penyamar")
    register(mailbox, Client(), password1=SECRET)
    user = User.objects.get(email=MAIL)
    assert user.name == NAME
    assert user.check_password(SECRET)
    login = {"login": MAIL, "password": "kata-sandi-penyamar"}
    assert Client().post(reverse("account_login"), login).status_code == 200


def test_an_officers_address_is_not_taken_by_registering(mailbox, frontliner):
    sign_up(Client(), email=frontliner.email)
    mailbox.wait(1)
    assert User.objects.get(email=frontliner.email) == frontliner
    assert not Agreement.objects.exists()


def test_what_was_begun_and_not_finished_is_forgotten(mailbox):
    sign_up(Client())
    make_account("siti@rumah.test")
    assert registration.forget_unfinished() == 0
    assert registration.forget_unfinished(timezone.now() + timedelta(days=2)) == 1
    assert not User.objects.filter(email=MAIL).exists()
    assert User.objects.filter(email="siti@rumah.test").exists()


def test_one_mailbox_gets_only_so_many_mails_an_hour(mailbox):
    for n in range(12):
        cache.clear()  # allauth's own limits are counted in each process for itself
        answer = sign_up(Client(REMOTE_ADDR=f"10.0.0.{n}"))
    assert answer.status_code == 200
    assert "Terlalu banyak" in answer.content.decode()
    assert len(mailbox.messages) == 8


def test_a_mail_server_that_is_away_is_told_and_nothing_is_lost(mailbox):
    mailbox.refusing = True
    answer = sign_up(Client())
    assert answer.status_code == 503
    assert "belum terkirim" in answer.content.decode()
    mailbox.refusing = False
    register(mailbox, Client())


def test_no_address_or_code_stands_in_a_subject_or_in_the_trail(mailbox):
    register(mailbox, Client())
    code = code_in(mailbox.messages[0])
    assert not [m for m in mailbox.messages if code in m["Subject"] or MAIL in m["Subject"]]
    assert MAIL not in str(list(AuditEntry.objects.values_list("detail", flat=True)))
