"""How django-allauth's flows look and speak here: one place for mails, messages, limits and where to go next."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import context as allauth_context
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib import messages
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from pst.account import linking
from services.accounts import visitors
from services.accounts.models import User
from services.accounts.network import client_address
from services.audit import trail
from services.mail import direct

log = logging.getLogger(__name__)
TOO_MANY = _("Terlalu banyak percobaan. Tunggu beberapa menit, lalu coba lagi.")
WRONG_CODE = _("Kode ini tidak cocok. Lihat lagi di e-mail terbaru dari kami.")
# Sentences for the page; what allauth would say besides goes without saying.
SAID = {
    "account/messages/email_confirmed.txt": _("Alamat e-mail Anda sudah dipastikan."),
    "account/messages/password_changed.txt": _("Kata sandi diganti. Di perangkat lain Anda sudah keluar."),
    "account/messages/password_set.txt": _("Kata sandi disimpan."),
    "mfa/messages/totp_activated.txt": _("Langkah kedua aktif. Simpan kode cadangannya."),
    "mfa/messages/totp_deactivated.txt": _("Langkah kedua dimatikan."),
    "mfa/messages/recovery_codes_generated.txt": _(
        "Kode cadangan baru dibuat; yang lama tidak berlaku lagi."
    ),
}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("Akun ini sudah tidak aktif."),
        "duplicate_email": _("Itu sudah alamat akun Anda."),
        "email_password_mismatch": _(
            "E-mail atau kata sandi tidak cocok. Periksa ejaan dan huruf besar-kecil, lalu coba lagi."
        ),
        "enter_current_password": _("Kata sandi sekarang tidak cocok."),
        "incorrect_code": WRONG_CODE,
        "incorrect_password": _("Kata sandi tidak cocok."),
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
        "email_taken": _("Alamat ini tidak dapat dipakai."),
        "invalid_login": _("Tulis alamat e-mail Anda."),
    }

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        user.name = form.cleaned_data["name"]
        return super().save_user(request, user, form, commit)

    def render_mail(
        self, template_prefix: str, email: Any, context: dict[str, Any], headers: dict[str, str] | None = None
    ) -> EmailMessage:
        """As every mail of ours is written; with its code it is in no outbox."""
        name = template_prefix.rpartition("/")[2]
        to = email if isinstance(email, str) else email[0]
        language = get_language() or "id"
        return direct.compose(f"account_{name}", to=to, office=None, language=language, context=context)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """At once, while its code is good; a mail server that is away is told to whoever waits for the mail. (No job for
        later: a code would wait in a queue, and arrive when it opens nothing any more.)"""
        request = context.get("request") or allauth_context.request
        try:
            self.render_mail(template_prefix, email, context | {"email": email}).send()
        except OSError as problem:  # smtplib's are such; their text may hold the address
            log.warning("A mail for an account was not sent: %s", type(problem).__name__)
            raise ImmediateHttpResponse(render(request, "account/mail_away.html", status=503)) from None

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        if text := message or SAID.get(message_template or ""):
            messages.add_message(request, level, str(text), extra_tags=extra_tags)

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request) or "0.0.0.0"  # noqa: S104 - no address: one shared count

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Officers begin at their work, everybody else with their account."""
        assert isinstance(request.user, User)
        return reverse("accounts:start" if visitors.works_here(request.user) else "account:home")

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account:home")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account:safety")

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        return reverse("account:home")

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """A mailbox was shown to be theirs: the first one, or another one from now on."""
        return linking.mailbox_shown(
            email_address, lambda: super(AccountAdapter, self).confirm_email(request, email_address)
        )

    def post_login(self, request: HttpRequest, user: Any, **more: Any) -> HttpResponse:
        response = super().post_login(request, user, **more)
        trail.record("user.logged_in", user, by=visitors.actor_of(user))
        return response
