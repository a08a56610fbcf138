"""Rating a consultation: once, by whoever asked; from the thread, the account, or the address in the closing mail.

The mailed address holds the consultation's number, signed: nobody makes one up, and it opens the stars and nothing else.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from consultation.models import Consultation
from consultation.workflows.changing import locked, standing_for, topics
from services.audit import trail
from services.audit.actors import Actor
from services.live.publish import publish
from services.ratings.models import Rating
from services.ratings.workflows import rate_thing
from services.workflow import IllegalMove

SIGNER = Signer(salt="consultation.rating", sep=".")


def address(consultation: Consultation) -> str:
    """For the mail; with the site's name."""
    return settings.SITE + reverse("consultation:rate", args=[SIGNER.sign(consultation.number)])


def of(signed: str) -> Consultation | None:
    """The consultation an address was made for, or the one it was merged into; None: not an address of ours."""
    try:
        number = SIGNER.unsign(signed)
    except BadSignature:
        return None
    found = Consultation.objects.filter(number=number).first()
    if found is None:
        return None
    rows = Consultation.objects.select_related("office__parent__parent", "rating")
    return rows.get(pk=standing_for(found).pk)


def may_rate(consultation: Consultation) -> bool:
    """Whether there is something to rate, and nobody has."""
    return is_answered(consultation) and consultation.rating_id is None


def is_answered(consultation: Consultation) -> bool:
    """It had an answer, and nothing is owed in it now."""
    done = consultation.is_over or consultation.state == Consultation.State.ANSWERED
    return done and consultation.first_answered_at is not None


@transaction.atomic
def rate(
    consultation: Consultation, *, stars: int, comment: str = "", by: Actor, at: datetime | None = None
) -> Rating:
    """Once, after it was answered or is over. Raises IllegalMove."""
    at = at or timezone.now()
    found = locked(consultation)
    if found.rating_id:
        raise IllegalMove(_("Konsultasi ini sudah dinilai. Terima kasih."))
    if not may_rate(found):
        raise IllegalMove(_("Konsultasi ini belum dijawab, jadi belum dapat dinilai."))
    rating = rate_thing(
        Rating.About.CONSULTATION,
        found.pk,
        office=found.office,
        service=found.service,
        stars=stars,
        comment=comment,
        by=by,
        at=at,
    )
    found.rating = rating
    found.save(update_fields=["rating"])
    trail.record("consultation.rated", found, by=by, office_id=found.office_id, at=at)
    publish(found.office.code, *topics(found))
    return rating
