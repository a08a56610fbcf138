"""Secrets of the second step are stored encrypted: who copies the database cannot make anybody's codes.

The key comes of PST_SECRET_KEY. After a change of it the old one stands in PST_SECRET_KEY_FALLBACKS until the night's
task has written everything anew. `cryptography` comes with django-allauth, whose sign-on checks signatures with it.
"""

from __future__ import annotations

import base64
import logging
import secrets
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

log = logging.getLogger(__name__)
SIGN = "f1:"  # before what is encrypted; what has none was stored before it was
ONE = ("secret", "seed")
SEVERAL = "migrated_codes"


class SecondStep(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return SIGN + _keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """What no key of ours opens matches no code, instead of failing whoever logs in: an administrator takes that
        second step away."""
        if not encrypted_text.startswith(SIGN):
            return encrypted_text
        try:
            return _keys().decrypt(encrypted_text.removeprefix(SIGN)).decode()
        except InvalidToken:
            log.error(
                "A second step was stored under a key that is in neither PST_SECRET_KEY nor its fallbacks"
            )
            return base64.b32encode(secrets.token_bytes(20)).decode()


def shown_just_now(*, request: HttpRequest, user: Any, authenticator: Authenticator, **_more: Any) -> None:
    """Who switches it on has just typed a code of it: the page with the codes in reserve, which comes next, does not ask
    for another one. (The same code would be refused for half a minute.)"""
    if authenticator.type == Authenticator.Type.TOTP:
        record_authentication(request, user, "mfa", type=authenticator.type, reauthenticated=True)


def _keys() -> MultiFernet:
    """Encrypts with the first."""
    found = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(secret)) for secret in found])


def _key(secret: str) -> bytes:
    made = salted_hmac("pst.account.second_step", "key", secret=secret, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(made)


@transaction.atomic
def renew() -> int:
    """Every night: all of it under today's key. Returns how many rows were written anew."""
    today, done = Fernet(_key(settings.SECRET_KEY)), 0
    for row in Authenticator.objects.select_for_update().order_by("pk"):
        data = dict(row.data)
        for name in ONE:
            if name in data:
                data[name] = _renewed(data[name], today)
        if data.get(SEVERAL):
            data[SEVERAL] = [_renewed(code, today) for code in data[SEVERAL]]
        if data != row.data:
            Authenticator.objects.filter(pk=row.pk).update(data=data)
            done += 1
    return done


def _renewed(stored: str, today: Fernet) -> str:
    if not stored.startswith(SIGN):
        return SIGN + today.encrypt(stored.encode()).decode()
    token = stored.removeprefix(SIGN)
    try:
        today.decrypt(token)
    except InvalidToken:
        try:
            return SIGN + _keys().rotate(token).decode()
        except InvalidToken:
            return stored  # no key of ours
    return stored
