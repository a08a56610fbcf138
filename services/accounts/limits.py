"""How often one network address may do what anybody may do: lodge a complaint, ask for a pairing code.

Counted in the database, so that several web processes count together. Only a keyed hash of the address is kept,
another one for each thing that is counted, and only for the hour.
"""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from services.accounts.models import Attempt
from services.accounts.network import client_address

WITHIN = timedelta(hours=1)
# An office's visitors share one address on its Wi-Fi, so these are far above what a day there brings.
LIMITS = {
    "complaint": 60,  # of one address, or of one paired tablet
    "complaint of a visit": 5,  # from one visit's own page, wherever it is opened
    "complaint receipt": 5,  # to one mailbox that anybody may write into the form
    "rating": 60,  # sent from one visit's own page, or by its mail; a party of thirty rates twice
    "survey": 120,  # the same; what is missing is sent again
    "complaint status": 60,
    "complaint number": 30,  # wrong secrets of one number, from wherever they come
    "pairing": 30,
    "invitation": 40,
    "failed login": 50,
    "booking": 10,
    "personal code": 60,
    "contact code": 40,
    "code at the tablet": 60,
    "survey report": 30,  # that are drawn; what is drawn already costs nothing
    "rating link": 60,  # addresses that lead to nothing
    "search file": 60,
    "softcopy link": 120,
    "consultation": 20,
    "consultation receipt": 5,  # to one mailbox that anybody may write into the form
    "consultation link": 60,  # addresses that lead to no consultation
    "whatsapp signature": 60,  # written down; each is refused
    "suggestion enough": 60,
    "softcopy download": 60,
    "serial": 60,
    "account mail": 8,  # to one mailbox: codes of six digits, three tries each
    "account network": 60,
    "pages of softcopies": 60,  # each stands for 50 pages (library/views/reader_pages.py)
}


def exceeded(request: HttpRequest, what: str, whose: str = "") -> bool:
    """Count this attempt; whether it is one too many. Two at the same instant may both pass: a limit, no lock. `whose`:
    counted for this mailbox, wherever the attempts come from."""
    if reached(request, what, whose):
        return True
    count(request, what, whose)
    return False


def reached(request: HttpRequest, what: str, whose: str = "") -> bool:
    since = timezone.now() - WITHIN
    attempts = Attempt.objects.filter(what=what, address=_hashed(request, what, whose), at__gt=since)
    return attempts.count() >= LIMITS[what]


def count(request: HttpRequest, what: str, whose: str = "") -> None:
    Attempt.objects.create(what=what, address=_hashed(request, what, whose), at=timezone.now())


def source(request: HttpRequest, whose: str = "") -> str:
    """Where it comes from, as a keyed hash of its own: it cannot be laid beside the counts."""
    of = whose.strip().casefold() or client_address(request)
    return salted_hmac("accounts.limits.source", of).hexdigest()[:32]


def _hashed(request: HttpRequest, what: str, whose: str = "") -> str:
    of = whose.strip().casefold() or client_address(request)
    return salted_hmac(f"accounts.limits {what}", of).hexdigest()[:32]


def words() -> str:
    """What to tell whoever met a limit."""
    return _("Terlalu banyak kali dari jaringan ini dalam satu jam. Coba lagi nanti, atau temui petugas.")


def forget() -> None:
    """Drop what no limit asks for any more."""
    Attempt.objects.filter(at__lte=timezone.now() - WITHIN).delete()
