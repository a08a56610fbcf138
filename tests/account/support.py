"""People with accounts, and what they do in a browser."""

from __future__ import annotations

import re
from email.message import EmailMessage
from typing import Any

from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from services.accounts.models import User
from tests.mail_server import text_of

BACKEND = "django.contrib.auth.backends.ModelBackend"
MAIL = "rina@rumah.test"
NAME = "Rina Kartika"
SECRET = "biru-laut-tenggara-9"


def make_account(
    email: str = MAIL, name: str = NAME, password: str | None = SECRET, verified: bool = True
) -> User:
    """As it is once the code was typed."""
    user = User.objects.create_user(email, password, name=name)
    EmailAddress.objects.create(user=user, email=email, verified=verified, primary=True)
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def code_in(message: EmailMessage) -> str:
    found = re.search(r"^([0-9]{6})\s*$", text_of(message), re.MULTILINE)
    assert found, text_of(message)
    return found[1]


def sign_up(client: Client, **fields: Any):
    return client.post(
        reverse("account_signup"),
        {"name": NAME, "email": MAIL, "password1": "", "consent": "on"} | fields,
    )


def wrong(code: str) -> str:
    """Another one."""
    return f"{(int(code) + 1) % 10**6:06d}"
