"""Secrets of the second step as they are stored, through a change of the key; and whose address an officer's is."""

from __future__ import annotations

import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from pst.account import linking, second_step
from services.accounts import visitors
from services.accounts.models import User
from services.audit.models import AuditEntry
from tests.account.support import MAIL, SECRET, code_in, make_account, signed_in
from tests.conftest import new_user
from tests.queueing.support import fresh

pytestmark = pytest.mark.usefixtures("offices")
HOME, DOOR, CHANGE = reverse("account:home"), reverse("account_login"), reverse("account_email")
NEW = "baru@rumah.test"
OTHER_KEY = "kunci-lain-yang-cukup-panjang-untuk-sebuah-rahasia-0123456789"


@pytest.fixture
def user(db) -> User:
    return make_account()


@pytest.fixture
def secret(user) -> str:
    made = totp.generate_totp_secret()
    totp.TOTP.activate(user, made)
    RecoveryCodes.activate(user)
    return made


def current(secret: str) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


def comes_in_with(code: str) -> bool:
    cache.clear()  # allauth lets a code be used once
    client = Client()
    client.post(DOOR, {"login": MAIL, "password": SECRET})
    client.post(reverse("mfa_authenticate"), {"code": code})
    return client.get(HOME).status_code == 200


def stored() -> str:
    return str(list(Authenticator.objects.order_by("pk").values_list("data", flat=True)))


def spare() -> list[str]:
    return RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()


class TestSecrets:
    def test_neither_secret_nor_codes_are_readable_in_the_database(self, secret):
        assert secret not in stored()
        assert stored().count(second_step.SIGN) == 2
        assert not any(code in stored() for code in spare())
        assert comes_in_with(current(secret))
        assert comes_in_with(spare()[0])

    def test_a_code_in_reserve_is_good_once(self, secret):
        first = spare()[0]
        assert comes_in_with(first)
        assert not comes_in_with(first)

    def test_another_key_with_the_old_one_behind_it(self, secret, settings):
        codes, old = spare(), settings.SECRET_KEY
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OTHER_KEY, [old]
        assert comes_in_with(current(secret))
        before = stored()
        assert second_step.renew() == 2
        assert stored() != before
        settings.SECRET_KEY_FALLBACKS = []
        assert comes_in_with(current(secret))
        assert spare() == codes
        assert second_step.renew() == 0  # nothing left to do

    def test_without_the_key_no_code_fits_and_nothing_breaks(self, secret, settings, caplog):
        codes = spare()
        settings.SECRET_KEY = OTHER_KEY
        before = stored()
        assert not comes_in_with(current(secret))
        assert not comes_in_with(codes[0])
        assert "stored under a key" in caplog.text
        assert second_step.renew() == 0
        assert stored() == before  # the key may be found again

    def test_what_was_stored_readable_goes_on_working_and_is_encrypted_at_night(self, user):
        secret = totp.generate_totp_secret()
        Authenticator.objects.create(user=user, type="totp", data={"secret": secret})
        Authenticator.objects.create(
            user=user,
            type="recovery_codes",
            data={"migrated_codes": ["11111111", "22222222"], "used_mask": 0},
        )
        assert comes_in_with(current(secret))
        assert second_step.renew() == 2
        assert secret not in stored()
        assert "11111111" not in stored()
        assert comes_in_with(current(secret))
        assert comes_in_with("22222222")
        assert not comes_in_with("22222222")


def change_address(client: Client, mailbox):
    """Up to the code that went to the new address."""
    answer = client.post(CHANGE, {"action_add": "1", "email": NEW})
    if answer.status_code == 302 and "pastikan" in answer.headers["Location"]:
        client.post(answer.headers["Location"], {"password": SECRET})
        answer = client.post(CHANGE, {"action_add": "1", "email": NEW})
    return answer


class TestAddress:
    def test_a_visitor_changes_their_own(self, user, mailbox):
        client = signed_in(user)
        answer = change_address(client, mailbox)
        assert answer.status_code == 302
        client.post(reverse("account_email_verification_sent"), {"code": code_in(mailbox.wait(1))})
        assert fresh(user).email == NEW

    @pytest.mark.parametrize("who", ["frontliner", "supervisor", "administrator"])
    def test_who_works_here_does_not(self, user, mailbox, office, who):
        if who == "administrator":
            User.objects.filter(pk=user.pk).update(is_staff=True, is_superuser=True)
        else:
            user.memberships.create(office=office, role=who)
        client = signed_in(fresh(user))
        page = client.get(CHANGE)
        assert page.status_code == 200
        assert "hanya administrator" in page.content.decode()
        assert 'name="email"' not in page.content.decode()
        assert change_address(client, mailbox).status_code == 403
        assert mailbox.messages == []
        assert fresh(user).email == MAIL
        assert f'href="{CHANGE}"' not in client.get(reverse("account:profile")).content.decode()

    def test_a_change_begun_before_they_worked_here_does_not_end(self, user, mailbox, office):
        client = signed_in(user)
        change_address(client, mailbox)
        code = code_in(mailbox.wait(1))
        user.memberships.create(office=office, role="frontliner")
        client.post(reverse("account_email_verification_sent"), {"code": code})
        assert fresh(user).email == MAIL
        assert not EmailAddress.objects.filter(email=NEW, verified=True).exists()

    def test_an_officer_s_first_proof_of_the_address_they_have(self, office):
        officer = new_user(office)
        address = EmailAddress.objects.create(user=officer, email=officer.email, primary=True)
        assert linking.mailbox_shown(address, lambda: True)

    def test_an_administrator_changes_it_and_it_is_to_be_shown_anew(self, user, office):
        user.memberships.create(office=office, role="frontliner")
        boss = new_user(is_staff=True, is_superuser=True)
        admin = signed_in(boss)
        where = reverse("admin:accounts_user_change", args=[user.pk])
        kept = user.memberships.get()
        form = {
            "email": NEW, "name": user.name, "is_active": "on", "memberships-TOTAL_FORMS": "1",
            "memberships-INITIAL_FORMS": "1", "memberships-0-id": kept.pk, "memberships-0-user": user.pk,
            "memberships-0-office": office.pk, "memberships-0-role": "frontliner",
        }  # fmt: skip
        assert admin.post(where, form).status_code == 302
        assert fresh(user).email == NEW
        assert visitors.mailbox(fresh(user)) == ""
        assert not EmailAddress.objects.filter(user=user).exists()
        entry = AuditEntry.objects.get(action="user.address_changed")
        assert (entry.user, entry.target_id) == (boss, user.pk)
        assert NEW not in str(entry.detail)
        assert admin.post(where, form | {"name": "Nama Lain"}).status_code == 302
        assert AuditEntry.objects.filter(action="user.address_changed").count() == 1
