"""Who may open an office's event stream: its officers, its paired devices, and a visitor with an open visit."""

from __future__ import annotations

from datetime import timedelta
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.db import close_old_connections
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from services.accounts.devices import cookie_name
from services.accounts.models import Device, Membership, Purpose, hash_secret
from services.guestbook.models import Visit

AFTER_THE_END = timedelta(hours=1)


async def authorise(scope, office_code: str) -> str:
    """Who asks for the stream: a visit, a device or an officer; "" when none of them may have it."""
    return await sync_to_async(_allowed, thread_sensitive=False)(
        _cookies(scope), _visit_token(scope), office_code
    )


def _allowed(cookies: dict[str, str], visit_token: str, code: str) -> str:
    try:
        return _visitor(visit_token, code) or _device(cookies, code) or _officer(cookies, code)
    finally:
        close_old_connections()


def _visitor(token: str, code: str) -> str:
    """While the visit lasts, and a little longer for the rating; nobody listens with an old ticket."""
    now = timezone.now()
    here = Q(ended_at=None, arrived_at__gte=now - timedelta(days=1)) | Q(ended_at__gte=now - AFTER_THE_END)
    found = token and Visit.objects.filter(here, token=token, office__code=code).exists()
    return f"visit {token}" if found else ""


def _device(cookies: dict[str, str], code: str) -> str:
    secrets = [cookies.get(cookie_name(p), "") for p in Purpose.values]
    hashes = [hash_secret(s) for s in secrets if s]
    if not hashes:
        return ""
    device = Device.objects.active().filter(secret_hash__in=hashes, office__code=code).first()
    return f"device {device.pk}" if device else ""


async def serves_as(scope, roles: frozenset[str]) -> bool:
    """Whether somebody with one of these roles in any office sends this request; the page itself asks of which."""
    return await sync_to_async(_serves, thread_sensitive=False)(_cookies(scope), roles)


def _serves(cookies: dict[str, str], roles: frozenset[str]) -> bool:
    try:
        user = _user(cookies)
        return user is not None and Membership.objects.filter(user_id=user.pk, role__in=roles).exists()
    finally:
        close_old_connections()


def _officer(cookies: dict[str, str], code: str) -> str:
    user = _user(cookies)
    member = user is not None and Membership.objects.filter(user_id=user.pk, office__code=code).exists()
    return f"user {user.pk}" if user and member else ""


def _user(cookies: dict[str, str]) -> Any:
    key = cookies.get(settings.SESSION_COOKIE_NAME, "")
    if not key:
        return None
    # As for a page: a changed password or a deactivated account ends the session here, too.
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    user = get_user(request)
    return user if user.is_authenticated else None


def _cookies(scope) -> dict[str, str]:
    raw = b"; ".join(v for k, v in scope["headers"] if k == b"cookie").decode("latin-1")
    try:
        return {k: m.value.replace("\x00", "") for k, m in SimpleCookie(raw).items()}
    except CookieError:
        return {}


def _visit_token(scope) -> str:
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    return query.get("k", [""])[0][:64].replace("\x00", "")
