"""How often one network address may do what anybody may do: lodge a complaint, ask for a pairing code.

Counted in the database, so that several web processes count together. Only a keyed hash of the address is kept,
and only for the hour.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from services.accounts.http import Request
from services.accounts.models import Attempt
from services.accounts.network import client_address

WITHIN = timedelta(hours=1)
# An office's visitors share one address on its Wi-Fi, so these are far above what a day there brings.
LIMITS = {"complaint": 20, "complaint status": 60, "pairing": 30}


def exceeded(request: Request, what: str) -> bool:
    """Count this attempt; whether it is one too many. Two at the same instant may both pass: a limit, no lock."""
    address = salted_hmac("accounts.limits", client_address(request)).hexdigest()[:32]
    now = timezone.now()
    attempts = Attempt.objects.filter(what=what, address=address, at__gt=now - WITHIN)
    if attempts.count() >= LIMITS[what]:
        return True
    Attempt.objects.create(what=what, address=address, at=now)
    return False


def words() -> str:
    """What to tell whoever met a limit."""
    return _("Terlalu banyak kali dari jaringan ini dalam satu jam. Coba lagi nanti, atau temui petugas.")


def forget() -> None:
    """Drop what no limit asks for any more."""
    Attempt.objects.filter(at__lte=timezone.now() - WITHIN).delete()
