"""Codes made by chance: for people to copy by hand, and for forms that may be sent twice."""

from __future__ import annotations

import secrets

# No 0/O, 1/I/L: read aloud from a TV at the other end of the room, or copied from a screen.
READABLE = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def readable(length: int) -> str:
    return "".join(secrets.choice(READABLE) for _i in range(length))


def new_key() -> str:
    """The hidden key of a form: sent again with it, the form is the same submission (128 random bits)."""
    return secrets.token_urlsafe(16)
