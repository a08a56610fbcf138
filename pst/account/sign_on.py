"""What the settings need to know of an agency's single sign-on (pst/account/sso.py); no Django in here."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

PROVIDER = "sso"


def providers(url: str, client: str, secret: str, name: str) -> dict[str, Any]:
    """For SOCIALACCOUNT_PROVIDERS; none without an address."""
    if not url:
        return {}
    app = {
        "provider_id": PROVIDER,
        "name": name,
        "client_id": client,
        "secret": secret,
        "settings": {"server_url": url, "oauth_pkce_enabled": True},
    }
    return {"openid_connect": {"APPS": [app], "SCOPE": ["openid", "email"]}}


def origin(url: str) -> str:
    """What the content policy must let a form lead to."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
