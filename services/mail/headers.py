"""Headers every automatic mail bears (RFC 3834), so that no other machine answers it; and those by which it is ended."""

from __future__ import annotations


def of_automatic(*, answers: bool = False) -> dict[str, str]:
    """`answers`: it is the reply to a mail that came in."""
    return {
        "Auto-Submitted": "auto-replied" if answers else "auto-generated",
        "X-Auto-Response-Suppress": "All",  # Exchange and Outlook: no absence notices back
    }


def of_unsubscribing(address: str) -> dict[str, str]:
    """One click in the mail program ends such mail (RFC 8058): it sends a form there, without cookies."""
    if not address:
        return {}
    return {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
