"""Logging in and out, and choosing the office to work in."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView, redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from services.accounts import access, devices, limits, visitors
from services.accounts.http import Request
from services.accounts.middleware import OFFICE_KEY, refuse_on_device
from services.accounts.models import Role, User
from services.audit import trail

MAX_EMAIL = 254


class LoginForm(AuthenticationForm):
    """Django's own form, speaking of e-mail addresses."""

    error_messages = {
        "invalid_login": gettext_lazy(
            "E-mail atau kata sandi tidak cocok. Periksa ejaan dan huruf besar-kecil, lalu coba lagi."
        ),
        "inactive": gettext_lazy("Akun ini sudah tidak aktif. Hubungi administrator sistem."),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("E-mail")
        self.fields["username"].widget.input_type = "email"
        self.fields["username"].widget.attrs |= {"autocomplete": "username", "inputmode": "email"}
        self.fields["password"].label = _("Kata sandi")

    def clean_username(self) -> str:
        name = self.cleaned_data["username"].strip().lower()
        if len(name) > MAX_EMAIL:  # Django's form only asks the browser to keep to it
            raise ValidationError(_("E-mail paling panjang %d karakter.") % MAX_EMAIL)
        return name

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        """As Django's, but the account is named by USERNAME_FIELD: under "username" django-axes reads no
        account at all, counts everybody's failures together and never closes one.
        """
        email, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        assert self.request is not None
        if email and password:
            # Whoever tries many accounts from one place is stopped before the costly hashing.
            if limits.reached(self.request, "failed login"):
                raise ValidationError(
                    _(
                        "Terlalu banyak percobaan masuk dari jaringan ini. Tunggu beberapa menit, lalu coba lagi."
                    )
                )
            self.user_cache = authenticate(self.request, email=email, password=password)
            if self.user_cache is None:
                limits.count(self.request, "failed login")
                raise self.get_invalid_login_error()
            self.confirm_login_allowed(self.user_cache)
        return self.cleaned_data


class OfficerLoginView(LoginView):
    template_name = "accounts/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True
    extra_context = {"sso": settings.SSO_NAME if settings.SSO_URL else ""}

    def get_redirect_url(self, *args: Any, **kwargs: Any) -> str:
        """Not back to the log-in page itself: Django would see a loop, and answer with an error."""
        url = super().get_redirect_url(*args, **kwargs)
        return "" if url.split("?")[0] == reverse("accounts:login") else url

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """By allauth's steps, so that a second factor is asked for at this door too, and a visitor's mailbox shown."""
        user = form.get_user()
        assert isinstance(user, User)
        officer = visitors.works_here(user)
        if not officer and devices.on_one(self.request):
            return refuse_on_device(self.request)
        attempt = Login(
            user=user,
            redirect_url=self.get_success_url(),
            email_verification="none" if officer else "mandatory",
        )
        return perform_password_login(self.request, {"email": user.email}, attempt)


login = access.public(OfficerLoginView.as_view())
logout = access.login(LogoutView.as_view())


@access.login
def start(request: Request) -> HttpResponse:
    """Where a person's work begins: the desk of an office, its panel, or the administration; else their account."""
    if request.role == Role.SUPERVISOR:
        return redirect("panel:today")
    if request.memberships:
        return redirect("queueing:desk")
    if request.user.is_staff:
        return redirect("admin:index")
    return redirect("account:home")


@access.public
def admin_login(request: Request) -> HttpResponse:
    """One door for everybody: Django's admin has no log-in page of its own here."""
    if request.user.is_authenticated and not request.user.is_staff:
        raise PermissionDenied
    return redirect_to_login(request.GET.get("next") or reverse("admin:index"), reverse("accounts:login"))


@access.public
def locked_out(request: Request, response=None, credentials=None, *args, **kwargs) -> HttpResponse:
    """Too many failed attempts (django-axes): what happened and how long to wait."""
    if request.path == reverse("account_login"):
        return render(request, "account/login.html", {"locked_out": True}, status=429)
    form = LoginForm(request, initial={"username": (credentials or {}).get("email", "")})
    return render(request, "accounts/login.html", {"form": form, "locked_out": True}, status=429)


@access.login
@require_POST
def switch_office(request: Request) -> HttpResponse:
    """Work in another of one's own offices."""
    membership = get_object_or_404(
        request.user.memberships, office__code=str(request.POST.get("office", ""))[:4]
    )
    request.session[OFFICE_KEY] = membership.office_id
    trail.record("user.switched_office", request.user, by=request.actor, office_id=membership.office_id)
    request.session.pop("counter_id", None)
    return redirect("queueing:desk")
