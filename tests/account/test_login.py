"""Coming in: by password, by a code, with a second step; and what an account never opens."""

from __future__ import annotations

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from services.accounts import devices
from services.accounts.models import User
from services.audit.models import AuditEntry
from tests.account.support import MAIL, SECRET, code_in, make_account, signed_in, wrong
from tests.conftest import PASSWORD
from tests.mail_server import text_of
from tests.queueing.support import fresh

pytestmark = pytest.mark.usefixtures("offices")
HOME, DOOR = reverse("account:home"), reverse("account_login")


@pytest.fixture
def user(db) -> User:
    return make_account()


def enter(client: Client, password: str = SECRET, email: str = MAIL):
    return client.post(DOOR, {"login": email, "password": password})


def ask_code(mailbox, client: Client, email: str = MAIL):
    count = len(mailbox.messages)
    answer = client.post(reverse("account_request_login_code"), {"email": email})
    assert answer.headers["Location"] == reverse("account_confirm_login_code")
    return mailbox.wait(count + 1)


def current(secret: str) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


class TestCode:
    def test_a_code_from_the_mailbox_opens_the_account(self, user, mailbox):
        client = Client()
        code = code_in(ask_code(mailbox, client))
        assert client.post(reverse("account_confirm_login_code"), {"code": code}).headers["Location"] == HOME
        assert client.get(HOME).status_code == 200

    def test_a_code_is_good_once_and_in_this_browser_only(self, user, mailbox):
        client, other = Client(), Client()
        code = code_in(ask_code(mailbox, client))
        other.post(reverse("account_confirm_login_code"), {"code": code})
        assert other.get(HOME).status_code == 302
        client.post(reverse("account_confirm_login_code"), {"code": code})
        client.post(reverse("account_logout"))
        client.post(reverse("account_confirm_login_code"), {"code": code})
        assert client.get(HOME).status_code == 302

    def test_three_wrong_codes_end_it(self, user, mailbox):
        client = Client()
        code = code_in(ask_code(mailbox, client))
        for _try in range(3):
            client.post(reverse("account_confirm_login_code"), {"code": wrong(code)})
        client.post(reverse("account_confirm_login_code"), {"code": code})
        assert client.get(HOME).status_code == 302

    def test_an_unknown_address_looks_the_same_and_is_told_how_to_register(self, user, mailbox):
        message = ask_code(mailbox, Client(), "asing@rumah.test")
        assert message["Subject"] == "Tidak ada akun untuk alamat ini"
        assert reverse("account_signup") in text_of(message)

    def test_an_officers_rooms_do_not_open_to_whoever_reads_their_mail(self, frontliner, mailbox):
        make_account("dua@rumah.test", "Dua")
        for address in (frontliner.email, "belum@rumah.test"):
            make = address.startswith("belum") and make_account(address, "Belum", verified=False)
            assert "Kode masuk" not in ask_code(mailbox, Client(), address)["Subject"], make

    def test_a_forgotten_password_is_replaced_by_a_code(self, user, mailbox):
        client = Client()
        client.post(reverse("account_reset_password"), {"email": MAIL})
        code = code_in(mailbox.wait(1))
        client.post(reverse("account_confirm_password_reset_code"), {"code": code})
        new = {"password1": "hijau-daun-selatan-3", "password2": "hijau-daun-selatan-3"}
        assert client.post(reverse("account_complete_password_reset"), new).status_code == 302
        assert enter(Client(), "hijau-daun-selatan-3").headers["Location"] == HOME

    def test_an_officers_password_is_not_replaced_by_mail(self, frontliner, mailbox):
        Client().post(reverse("account_reset_password"), {"email": frontliner.email})
        assert mailbox.wait(1)["Subject"] == "Tidak ada akun untuk alamat ini"


class TestPassword:
    def test_wrong_ones_are_counted_and_the_account_closes_for_a_while(self, user):
        for _try in range(5):
            cache.clear()  # allauth's own count, of one process
            answer = enter(Client(), "salah-salah-salah")
        assert answer.status_code == 429
        assert "15 menit" in answer.content.decode()
        cache.clear()
        assert enter(Client()).status_code == 429

    def test_an_unknown_address_gets_the_very_same_words(self, user):
        texts = [
            re.sub(r'value="[^"]*"', "", enter(Client(), "salah-salah-salah", email).content.decode())
            for email in (MAIL, "asing@rumah.test")
        ]
        said = [text.split("<main")[1].split("</main>")[0] for text in texts]
        assert said[0] == said[1]
        assert "tidak cocok" in said[0]

    def test_a_new_password_ends_every_other_session(self, user):
        here, elsewhere = Client(), Client()
        enter(here), enter(elsewhere)
        changed = {
            "oldpassword": SECRET,
            "password1": "hijau-daun-selatan-3",
            "password2": "hijau-daun-selatan-3",
        }
        assert here.post(reverse("account_change_password"), changed).status_code == 302
        assert here.get(HOME).status_code == 200
        assert elsewhere.get(HOME).status_code == 302

    def test_the_session_gets_a_new_key(self, user):
        client = Client()
        client.get(DOOR)
        client.session.save()
        before = client.session.session_key
        enter(client)
        assert client.session.session_key != before

    def test_only_addresses_of_this_site_follow_the_log_in(self, user):
        for where, place in (("/cari/", "/cari/"), ("https://evil.test/", HOME), ("//evil.test", HOME)):
            answer = Client().post(DOOR, {"login": MAIL, "password": SECRET, "next": where})
            assert answer.headers["Location"] == place

    def test_an_unverified_one_is_asked_for_the_code_first(self, mailbox):
        make_account("belum@rumah.test", "Belum", verified=False)
        client = Client()
        answer = enter(client, email="belum@rumah.test")
        assert answer.headers["Location"] == reverse("account_email_verification_sent")
        assert client.get(HOME).status_code == 302
        answer = client.post(answer.headers["Location"], {"code": code_in(mailbox.wait(1))})
        assert answer.headers["Location"] == HOME


class TestSecondStep:
    @pytest.fixture
    def secret(self, user) -> str:
        secret = totp.generate_totp_secret()
        totp.TOTP.activate(user, secret)
        RecoveryCodes.activate(user)
        return secret

    def test_it_is_switched_on_with_the_password_once_more(self, user):
        client = Client()
        enter(client)
        page = reverse("mfa_activate_totp")
        again = client.get(page).headers["Location"]
        assert again.startswith(reverse("account_reauthenticate"))
        assert client.post(again, {"password": SECRET}).headers["Location"] == page
        shown = client.get(page)
        code = current(shown.context["form"].secret)
        assert client.post(page, {"code": code}).headers["Location"] == reverse("mfa_view_recovery_codes")
        codes = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
        assert len(codes) == 10

    @pytest.mark.django_db(transaction=True)
    def test_without_a_password_the_codes_in_reserve_are_shown_at_once(self, user, mailbox):
        user.set_unusable_password()
        user.save()
        client = Client()
        code = code_in(ask_code(mailbox, client))
        client.post(reverse("account_confirm_login_code"), {"code": code})
        page = reverse("mfa_activate_totp")
        code = current(client.get(page).context["form"].secret)
        answer = client.post(page, {"code": code}, follow=True)
        assert len(answer.context["unused_codes"]) == 10

    def test_the_password_alone_is_not_enough_at_either_door(self, user, secret, frontliner):
        totp.TOTP.activate(frontliner, secret)
        for door, form in (
            (DOOR, {"login": MAIL, "password": SECRET}),
            ("/masuk/", {"username": MAIL, "password": SECRET}),
            ("/masuk/", {"username": frontliner.email, "password": PASSWORD}),
        ):
            cache.clear()  # a code is good once in its half minute
            client = Client()
            assert client.post(door, form).headers["Location"] == reverse("mfa_authenticate")
            assert client.get(reverse("accounts:start")).headers["Location"].startswith("/masuk/")
            assert client.post(reverse("mfa_authenticate"), {"code": current(secret)}).status_code == 302
            assert not client.get(reverse("accounts:start")).headers["Location"].startswith("/masuk/")

    def test_a_spare_code_works_once(self, user, secret):
        spare = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()[0]
        for works in (True, False):
            client = Client()
            enter(client)
            client.post(reverse("mfa_authenticate"), {"code": spare})
            assert (client.get(HOME).status_code == 200) is works

    def test_a_code_from_the_mailbox_alone_is_not_enough(self, user, secret, mailbox):
        client = Client()
        code = code_in(ask_code(mailbox, client))
        answer = client.post(reverse("account_confirm_login_code"), {"code": code})
        assert answer.headers["Location"] == reverse("mfa_authenticate")


class TestWhoTheyAre:
    def test_in_the_trail_a_visitor_is_no_officer(self, user, frontliner):
        enter(Client())
        Client().post("/masuk/", {"username": frontliner.email, "password": PASSWORD})
        found = AuditEntry.objects.filter(action="user.logged_in").order_by("pk")
        assert list(found.values_list("actor", "user")) == [("visitor", user.pk), ("officer", frontliner.pk)]

    def test_the_work_of_a_visitor_is_their_account(self, user):
        assert signed_in(user).get(reverse("accounts:start")).headers["Location"] == HOME

    def test_an_officer_shows_once_that_the_mailbox_is_theirs(self, desk, frontliner, mailbox):
        door = desk.get(HOME).headers["Location"]
        assert door.startswith(reverse("account:verify"))
        assert desk.get(door).status_code == 200
        assert mailbox.messages == []  # nothing is sent by looking
        sent = desk.post(door).headers["Location"]
        assert desk.post(sent, {"code": code_in(mailbox.wait(1))}).headers["Location"] == HOME
        assert desk.get(HOME).status_code == 200
        assert desk.get("/meja/").status_code == 200

    @pytest.mark.parametrize("door", [DOOR, "/masuk/"])
    @pytest.mark.parametrize("purpose", ["kiosk", "display", "reader"])
    def test_no_account_is_entered_on_a_device_of_the_office(self, user, make_device, office, door, purpose):
        client = Client()
        client.cookies[devices.cookie_name(purpose)] = make_device(office, purpose)[1]
        answer = client.post(door, {"login": MAIL, "username": MAIL, "password": SECRET})
        assert answer.status_code == 403
        assert "_auth_user_id" not in client.session
        assert "Pakai ponsel" in answer.content.decode()

    def test_a_browser_that_becomes_a_device_shows_the_account_no_more(self, user, make_device, office):
        client = signed_in(user)
        client.cookies[devices.cookie_name("reader")] = make_device(office, "reader")[1]
        assert client.get(HOME).status_code == 403

    def test_a_closed_account_is_out_with_the_next_request(self, user):
        client = signed_in(user)
        assert client.get(HOME).status_code == 200
        User.objects.filter(pk=user.pk).update(is_active=False)
        assert client.get(HOME).status_code == 302
        assert fresh(user).is_active is False


def test_an_address_longer_than_any_is_refused_like_a_wrong_one(user):
    answer = enter(Client(), email=f"{'a' * 300}@rumah.test")
    assert "tidak cocok" in answer.content.decode()
