"""How often one network address may do what anybody may do: lodge a complaint, ask for a pairing code.

Counted in the database, so that several web processes count together. Only a keyed hash of the address is kept,
another one for each thing that is counted, and only for the hour.
"""

from __future__ import annotations

from datetime import timedelta
from threading import BoundedSemaphore
from time import sleep

from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from services.accounts.models import Attempt
from services.accounts.network import client_address

WITHIN = timedelta(hours=1)
WAIT = 1.0  # seconds
_waiting = BoundedSemaphore(4)
# An office's visitors share one address on its Wi-Fi, so these are far above what a day there brings.
LIMITS = {
    "complaint": 60,  # of one address, or of one paired tablet
    "complaint of a visit": 5,  # from one visit's own page, wherever it is opened
    "complaint receipt": 5,  # to one mailbox that anybody may write into the form
    "rating": 60,  # sent from one visit's own page, or by its mail; a party of thirty rates twice
    "survey": 120,  # the same; what is missing is sent again
    "complaint status": 60,
    "complaint number": 10,  # wrong secrets of one number from one address
    "complaint number all": 600,  # the same from everywhere: slowed from there on, never closed
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
    return so_far(request, what, whose) >= LIMITS[what]


def so_far(request: HttpRequest, what: str, whose: str = "") -> int:
    """How many were counted within the hour."""
    since = timezone.now() - WITHIN
    return Attempt.objects.filter(what=what, address=_hashed(request, what, whose), at__gt=since).count()


def count(request: HttpRequest, what: str, whose: str = "") -> None:
    Attempt.objects.create(what=what, address=_hashed(request, what, whose), at=timezone.now())


def from_here(request: HttpRequest, what: str) -> str:
    """For `whose`: this thing from this network address, so that nobody elsewhere is kept from it."""
    return f"{client_address(request)} {what}"


def slow_down() -> None:
    """Let whoever tries so often wait for the answer. Few wait at once in one process, so that its threads stay for others."""
    if _waiting.acquire(blocking=False):
        try:
            sleep(WAIT)
        finally:
            _waiting.release()


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
