"""The page behind an invitation's link: what one is asked to be, and one's own password."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from services.accounts import access, staff
from services.accounts.http import Request
from services.accounts.models import Invitation, User
from services.offices.current import enter
from services.workflow import IllegalMove


def _password(label: Any, **more: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    return forms.CharField(label=label, strip=False, max_length=200, widget=widget, **more)


class PasswordForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Nama lengkap"), max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    password1 = _password(
        gettext_lazy("Kata sandi"),
        help_text=gettext_lazy("Paling sedikit 12 karakter; bukan nama, alamat, atau kata yang umum."),
    )
    password2 = _password(gettext_lazy("Kata sandi sekali lagi"))

    def __init__(self, *args: Any, email: str, needed: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        self.email, self.needed = email, needed
        if not needed:  # they keep the account they have
            self.fields.clear()

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        first, second = said.get("password1"), said.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("Berbeda dengan yang pertama."))
        elif first:
            try:
                validate_password(first, User(email=self.email, name=said.get("name", "")))
            except ValidationError as problem:
                self.add_error("password1", problem)
        return said


@access.public
@never_cache
@sensitive_post_parameters()
def invitation(request: Request, secret: str) -> HttpResponse:
    """Good once, and for a week; whoever opens it has shown that they read the mailbox."""
    row = staff.by_secret(secret)
    if row is None:
        return render(request, "setup/invitation_over.html", status=404)
    enter(request, row.office)
    needed = staff.needs_password(row)
    form = PasswordForm(
        request.POST if request.method == "POST" else None,
        email=row.email,
        needed=needed,
        initial={"name": row.name},
    )
    if request.method == "POST" and form.is_valid():
        return _accept(request, row, form)
    context = {"invitation": row, "form": form, "needed": needed}
    return render(request, "setup/invitation.html", context, status=422 if form.errors else 200)


@sensitive_variables()
def _accept(request: Request, row: Invitation, form: PasswordForm) -> HttpResponse:
    said = form.cleaned_data
    try:
        staff.accept(row, name=said.get("name", row.name), password=said.get("password1", ""))
    except IllegalMove:
        return render(request, "setup/invitation_over.html", status=404)
    messages.success(request, _("Selamat datang. Masuk dengan e-mail dan kata sandi Anda."))
    return redirect("accounts:login")
