"""The key in a kiosk's form: one page, one ticket.

Signed for the device that got the page; a double tap or a retry sends the same key and gets the same ticket.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import NamedTuple

from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext as _

SALT = "queueing.kiosk"
MAX_AGE_SECONDS = 12 * 3600


class TokenRefused(Exception):
    """`str()` says what happened and what to do."""


class Opened(NamedTuple):
    """What a token says: the submission key, and when its page was made (UTC)."""

    key: str
    at: datetime


def make(device_id: int, key: str = "") -> str:
    """A token of this moment; with the `key` of an earlier one it still stands for the same submission."""
    key = key or secrets.token_hex(12)
    return signing.dumps([device_id, key, int(timezone.now().timestamp())], salt=SALT)


def read(token: str, device_id: int) -> Opened:
    """Raises TokenRefused for a stale, foreign or broken token."""
    try:
        owner, key, made = signing.loads(token, salt=SALT, max_age=MAX_AGE_SECONDS)
    except signing.SignatureExpired:
        raise TokenRefused(
            _("Halaman ini terlalu lama terbuka. Silakan pilih layanan sekali lagi.")
        ) from None
    except (signing.BadSignature, ValueError, TypeError):
        raise TokenRefused(_("Halaman ini tidak lengkap. Silakan pilih layanan sekali lagi.")) from None
    if owner != device_id:
        raise TokenRefused(_("Halaman ini dibuka untuk tablet lain. Silakan pilih layanan sekali lagi."))
    return Opened(key, datetime.fromtimestamp(made, UTC))
