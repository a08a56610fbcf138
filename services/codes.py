"""Codes made by chance: for people to copy by hand, and for forms that may be sent twice."""

from __future__ import annotations

import re
import secrets

# No 0/O, 1/I/L: read aloud from a TV at the other end of the room, or copied from a screen.
READABLE = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def readable(length: int) -> str:
    return "".join(secrets.choice(READABLE) for _i in range(length))


def as_readable(typed: str) -> str:
    """A code as it was made, however somebody copied it: without gaps and marks, in capitals."""
    return "".join(c for c in typed.upper() if c in READABLE)


# A queue number as people write it: "A012", "a 12", "A-12".
NUMBER = re.compile(r"([A-Z]{1,2})[ .-]*([0-9]{1,4})", re.ASCII | re.IGNORECASE)


def queue_number(typed: str) -> tuple[str, int] | None:
    """Its letters in capitals and its number; None for what is none."""
    found = NUMBER.fullmatch(typed.strip())
    return (found[1].upper(), int(found[2])) if found else None


def new_key() -> str:
    """The hidden key of a form: sent again with it, the form is the same submission (128 random bits)."""
    return secrets.token_urlsafe(16)
