"""The address in the mail that asks what somebody thought of their visit: it rates, opens the survey, and shows nothing else.

It holds the visit's own key, signed, so that an erasure ends it too. The page of the ticket is closed after a day
(views/visit.py); this one is good for as many days as the office says.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils import timezone

from services.guestbook.models import Visit
from services.ratings.workflows import rules_of

SIGNER = Signer(salt="queueing.mailed", sep=".")
RATER = "mail"  # the address rates each service once, whoever has it


def address(visit: Visit) -> str:
    """A path of this site."""
    return reverse("queueing:mailed", args=[SIGNER.sign(visit.token)])


def survey_address(visit: Visit) -> str:
    return reverse("queueing:mailed_survey", args=[SIGNER.sign(visit.token)])


def of(signed: str) -> Visit | None:
    """None: not an address of ours, or its visit was erased since."""
    try:
        token = SIGNER.unsign(signed)
    except BadSignature:
        return None
    visits = Visit.objects.select_related("office__parent").prefetch_related("services__service")
    return visits.filter(token=token).first()


def is_over(visit: Visit, at: datetime | None = None) -> bool:
    days = timedelta(days=rules_of(visit.office).link_days)
    return visit.ended_at is None or (at or timezone.now()) > visit.ended_at + days
