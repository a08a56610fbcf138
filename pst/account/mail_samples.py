"""The mails about accounts, each with an example."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy

from services.mail import kinds
from services.offices.models import Office


def _code(office: Office) -> dict[str, Any]:
    return {"code": "123456"}


def _addresses(office: Office) -> dict[str, Any]:
    return {
        "password_reset_url": f"{settings.SITE}/akun/",
        "signup_url": f"{settings.SITE}/akun/",
        "code": "123456",
    }


def register() -> None:
    for name, title in (
        ("email_confirmation", gettext_lazy("Kode untuk memastikan alamat e-mail")),
        ("email_confirmation_signup", gettext_lazy("Kode pendaftaran akun")),
        ("login_code", gettext_lazy("Kode masuk")),
        ("password_reset_code", gettext_lazy("Kode untuk kata sandi baru")),
    ):
        kinds.register(f"account_{name}", title, _code)
    kinds.register(
        "account_account_already_exists", gettext_lazy("Pendaftaran dengan alamat yang sudah ada"), _addresses
    )
    kinds.register("account_mailbox_changed", gettext_lazy("Alamat e-mail akun diganti"), lambda office: {})
    kinds.register("account_unknown_account", gettext_lazy("Kode untuk alamat tanpa akun"), _addresses)
