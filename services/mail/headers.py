"""Headers every automatic mail bears (RFC 3834), so that no other machine answers it."""

from __future__ import annotations


def of_automatic(*, answers: bool = False) -> dict[str, str]:
    """`answers`: it is the reply to a mail that came in."""
    return {
        "Auto-Submitted": "auto-replied" if answers else "auto-generated",
        "X-Auto-Response-Suppress": "All",  # Exchange and Outlook: no absence notices back
    }
