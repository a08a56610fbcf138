"""Whether a call comes from Meta: an HMAC-SHA256 of the body as it came, made with the app's secret."""

from __future__ import annotations

import hashlib
import hmac

HEADER = "X-Hub-Signature-256"
PREFIX = "sha256="


def of(body: bytes, secret: str) -> str:
    """What the header of a true call says."""
    return PREFIX + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def is_true(body: bytes, secret: str, said: str) -> bool:
    """Compared in constant time. A header that is missing, or of another kind, is false."""
    return hmac.compare_digest(of(body, secret).encode(), said.strip().lower().encode("utf-8", "replace"))


def same(one: str, other: str) -> bool:
    """Two secrets, in constant time."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))
