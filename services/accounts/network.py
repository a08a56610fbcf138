"""The network address of whoever sends a request, for throttling."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest, *args, **kwargs) -> str:
    """Behind our own proxy the last entry of X-Forwarded-For, which the proxy added; else the peer.

    Earlier entries are whatever the client claims. Used by django-axes (AXES_CLIENT_IP_CALLABLE).
    """
    peer = request.META.get("REMOTE_ADDR", "")
    if not settings.TRUSTED_PROXY:
        return peer
    return request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")[-1].strip() or peer
