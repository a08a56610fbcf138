"""Another mailbox for an account. Its owner changes it; an officer's is an administrator's to change (decision 036)."""

from __future__ import annotations

from allauth.account import views as account
from django.http import HttpResponseBase
from django.shortcuts import render

from services.accounts import visitors
from services.accounts.http import Request


def change(request: Request) -> HttpResponseBase:
    """Allauth's page, except for who works here: their address opens an office's desk, by the agency's sign-on too."""
    if visitors.works_here(request.user):
        return render(
            request, "account/officer_address.html", status=403 if request.method == "POST" else 200
        )
    return account.email(request)
