"""An agency's single sign-on for its officers (OpenID Connect), set up by environment variables.

It opens the log-in of an officer who is known here already, by the address the agency has verified; it makes nobody an
officer, opens no visitor's account, and stores nothing of what the agency says.
"""

from __future__ import annotations

import logging

import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.openid_connect import views as sso
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from services.accounts import visitors
from services.accounts.models import User
from services.audit import trail
from services.audit.actors import VISITOR

log = logging.getLogger(__name__)


def begin(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Allauth's view, which would fail where the agency's server does not answer."""
    try:
        return sso.login(request, provider_id)
    except requests.RequestException as problem:
        log.warning("The agency's sign-on does not answer: %s", type(problem).__name__)
        return render(request, "socialaccount/authentication_error.html", status=503)


class StaffSignOn(DefaultSocialAccountAdapter):
    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """The officer, or a page that says why not; nothing after this makes an account."""
        officer = _officer(sociallogin)
        if officer is None or sociallogin.state.get("process", AuthProcess.LOGIN) != AuthProcess.LOGIN:
            trail.record("user.sso_refused", None, by=VISITOR)
            page = render(request, "socialaccount/authentication_error.html", {"refused": True}, status=403)
            raise ImmediateHttpResponse(page)
        sociallogin.user = officer

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False


def _officer(sociallogin: SocialLogin) -> User | None:
    """Only by an address that the agency itself has verified: anybody may write another into a profile. Some servers
    write "false" as a text."""
    verified = {
        address.email.casefold() for address in sociallogin.email_addresses if address.verified is True
    }
    for user in User.objects.filter(email__in=verified, is_active=True):
        if visitors.works_here(user):
            return user
    return None
