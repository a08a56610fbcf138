"""The key in a kiosk's form: one page, one ticket.

Signed for the device that got the page; a double tap or a retry sends the same key and gets the same ticket.
"""

from __future__ import annotations

import secrets

from django.core import signing
from django.utils.translation import gettext as _

SALT = "queueing.kiosk"
MAX_AGE_SECONDS = 12 * 3600


class TokenRefused(Exception):
    """`str()` says what happened and what to do."""


def make(device_id: int) -> str:
    return signing.dumps([device_id, secrets.token_hex(12)], salt=SALT)


def submission_of(token: str, device_id: int) -> str:
    """The submission key inside. Raises TokenRefused for a stale, foreign or broken token."""
    try:
        owner, key = signing.loads(token, salt=SALT, max_age=MAX_AGE_SECONDS)
    except signing.SignatureExpired:
        raise TokenRefused(
            _("Halaman ini terlalu lama terbuka. Silakan pilih layanan sekali lagi.")
        ) from None
    except (signing.BadSignature, ValueError, TypeError):
        raise TokenRefused(_("Halaman ini tidak lengkap. Silakan pilih layanan sekali lagi.")) from None
    if owner != device_id:
        raise TokenRefused(_("Halaman ini dibuka untuk tablet lain. Silakan pilih layanan sekali lagi."))
    return key
