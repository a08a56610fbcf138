"""The network address of whoever sends a request, for throttling."""

import ipaddress
from typing import Any

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest, *args, **kwargs) -> str:
    """Behind our own proxy the last entry of X-Forwarded-For, which the proxy added; else the peer.

    Earlier entries are whatever the client claims. An IPv6 address stands for its /64, which is what one
    connection usually has. Used by django-axes (AXES_CLIENT_IP_CALLABLE), which stores it as an address.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    return _of(peer, request.META.get("HTTP_X_FORWARDED_FOR", ""))


def sender_of(scope: Any) -> str:
    """The same of an ASGI scope, before there is a request."""
    said = (value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for")
    return _of((scope.get("client") or ("", 0))[0], ",".join(said))


def _of(peer: str, forwarded: str) -> str:
    last = forwarded.split(",")[-1] if settings.TRUSTED_PROXY else ""
    return _address(last) or _address(peer)


def _address(text: str) -> str:
    """A plain address; some proxies add the port ("203.0.113.9:4711", "[2001:db8::1]:4711")."""
    text = text.strip()[:60]
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((int(address), 64), strict=False).network_address)
