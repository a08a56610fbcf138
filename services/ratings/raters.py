"""Telling the phones of a party apart: everybody rates once by the code on the one ticket (domain.md §8.4).

A random key in a cookie that is sent to this visit's pages only: nobody is recognised at another visit by it. Who
deletes it may rate again, at most as often as people were served.
"""

from __future__ import annotations

import re
import secrets
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

COOKIE = "pst_rater"
KEY = re.compile(r"[A-Za-z0-9_-]{22}")
KEPT = timedelta(days=8)  # a day longer than one may rate


def new() -> str:
    return secrets.token_urlsafe(16)


def known(request: HttpRequest) -> str:
    """This browser's key, or nothing."""
    key = request.COOKIES.get(COOKIE, "")
    return key if KEY.fullmatch(key) else ""


def remember(response: HttpResponse, key: str, path: str) -> HttpResponse:
    response.set_cookie(
        COOKIE, key, max_age=KEPT, path=path, httponly=True, samesite="Lax", secure=settings.HTTPS
    )
    return response
