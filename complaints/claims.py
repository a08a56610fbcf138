"""An address that tells the complainant their secret once.

For whoever was not there when their complaint was written down: a mail, a message or a call that an officer handed over. The
address goes by the complainant's own channel and is signed; it holds good until it was used, or another secret was made, or
the days are over. What it tells is a new secret: neither the mailbox nor whoever wrote the complaint down knows it afterwards.
"""

from __future__ import annotations

from datetime import timedelta

from django.core import signing

from complaints.models import Complaint

SALT = "complaints.claim"
GOOD_FOR = timedelta(days=30)
PART = 16  # of the secret's hash: another secret, another address


def token(complaint: Complaint) -> str:
    return signing.dumps([complaint.pk, complaint.secret_hash[:PART]], salt=SALT)


def read(token: str) -> tuple[int, str] | None:
    """Whose it is, and of which secret; None for what was never signed here, or too long ago."""
    try:
        pk, part = signing.loads(token, salt=SALT, max_age=GOOD_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return int(pk), str(part)
