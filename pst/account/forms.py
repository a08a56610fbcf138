"""allauth's forms, in our words and with our limits."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base import forms as second
from allauth.mfa.totp import forms as totp
from django import forms
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from pst.account import registration
from services.accounts import limits, visitors
from services.accounts.models import User

MOST_NAME = 120
MOST_ADDRESS = 254
LABELS = {
    "name": _("Nama lengkap"),
    "email": _("E-mail"),
    "login": _("E-mail"),
    "password": _("Kata sandi"),
    "password1": _("Kata sandi"),
    "password2": _("Kata sandi sekali lagi"),
    "oldpassword": _("Kata sandi sekarang"),
    "code": _("Kode"),
}
PASSWORD_HELP = _("Paling sedikit 12 karakter; bukan nama, alamat, atau kata yang umum.")


class Plain:
    """Our labels and no placeholders: what stands in a field was typed by its owner."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            field.widget.attrs.pop("placeholder", None)
            field.label = LABELS.get(name, field.label)
            field.help_text = PASSWORD_HELP if name == "password1" else ""
            if name in ("email", "login"):
                field.widget.attrs |= {"inputmode": "email", "autocapitalize": "none", "spellcheck": "false"}
            if name == "code":
                field.widget.attrs |= {"inputmode": "numeric", "autocapitalize": "characters"}


def slow_down(email: str) -> None:
    """So many mails an hour to one mailbox and from one network, counted for all web processes together; the same whether
    the address has an account. Raises ValidationError."""
    request = context.request
    if limits.exceeded(request, "account mail", whose=email) or limits.exceeded(request, "account network"):
        raise ValidationError(limits.words())


class SignupForm(Plain, allauth.SignupForm):
    """The first of two screens. Nothing else is asked before somebody needs it."""

    name = forms.CharField(max_length=MOST_NAME, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    consent = forms.BooleanField(label=_("Saya setuju"))
    field_order = ["name", "email", "password1", "consent"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wording = registration.wording()
        self.fields["password1"].help_text = _(
            "Tanpa kata sandi, Anda masuk dengan kode yang kami kirim lewat e-mail. Bila diisi: paling sedikit 12 karakter."
        )

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_email(self) -> str:
        email = str(self.data.get("email", "")).strip()
        slow_down(email)
        return super().clean_email()

    def validate_unique_email(self, value: str) -> str:
        """An account that was begun with this address and never finished is nobody's."""
        if registration.unfinished().filter(email__iexact=value).exists():
            return value
        return super().validate_unique_email(value)

    def try_save(self, request: HttpRequest) -> tuple[User | None, Any]:
        if self.account_already_exists:  # as long as for a new one
            make_password(self.cleaned_data.get("password1") or "-")
        return super().try_save(request)

    @transaction.atomic
    def save(self, request: HttpRequest) -> User:
        registration.let_go_of(self.cleaned_data["email"])
        user = super().save(request)
        registration.agree(user, wording=self.wording)
        return user


class LoginForm(Plain, allauth.LoginForm):
    def clean_login(self) -> str:
        """No address is longer than what those who count failed log-ins can store."""
        login = super().clean_login()
        if len(login) > MOST_ADDRESS:
            raise get_adapter().validation_error("email_password_mismatch")
        return str(login)


def _may_come_by_mail(user: User | None) -> User | None:
    """Who has shown that the mailbox is theirs. An officer's rooms do not open to whoever reads their mail."""
    return user if user and visitors.mailbox(user) and not visitors.works_here(user) else None


class RequestLoginCodeForm(Plain, allauth.RequestLoginCodeForm):
    _user: User | None

    def clean_email(self) -> str:
        slow_down(self.cleaned_data["email"])
        email = super().clean_email()
        self._user = _may_come_by_mail(self._user)
        return email


class ResetPasswordForm(Plain, allauth.ResetPasswordForm):
    users: list[User]

    def clean_email(self) -> str:
        slow_down(self.cleaned_data["email"])
        email = super().clean_email()
        self.users = [user for user in self.users if _may_come_by_mail(user)]
        return email


class AddEmailForm(Plain, allauth.AddEmailForm):
    """Another address; it counts once its code was typed."""

    def clean_email(self) -> str:
        slow_down(self.cleaned_data["email"])
        registration.let_go_of(self.cleaned_data["email"])
        return super().clean_email()


class LoginCodeForm(Plain, allauth.ConfirmLoginCodeForm):
    pass


class EmailCodeForm(Plain, allauth.ConfirmEmailVerificationCodeForm):
    pass


class ChangePasswordForm(Plain, allauth.ChangePasswordForm):
    pass


class SetPasswordForm(Plain, allauth.SetPasswordForm):
    pass


class ResetPasswordKeyForm(Plain, allauth.ResetPasswordKeyForm):
    pass


class ReauthenticateForm(Plain, allauth.ReauthenticateForm):
    pass


class SecondStepForm(Plain, second.AuthenticateForm):
    pass


class SecondStepAgainForm(Plain, second.ReauthenticateForm):
    pass


class ActivateSecondStepForm(Plain, totp.ActivateTOTPForm):
    pass
