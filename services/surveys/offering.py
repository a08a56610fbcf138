"""Whether somebody who was just served is asked, and by which questionnaire."""

from __future__ import annotations

import hashlib

from services.guestbook.models import VisitService
from services.offices.models import Office
from services.surveys.models import Instrument, SurveyRule

Offer = SurveyRule.Offer


def rule_of(office: Office, kind: str) -> SurveyRule | None:
    """The office's own; without one SKM is offered to everybody, SKD to nobody."""
    found = SurveyRule.objects.filter(office=office, kind=kind).select_related("instrument").first()
    if found or kind != Instrument.Kind.SKM:
        return found
    newest = Instrument.objects.filter(kind=kind, retired=False, key="skm-2017").first()
    return newest and SurveyRule(office=office, kind=kind, instrument=newest)


def asks(rule: SurveyRule | None, received: VisitService) -> bool:
    """One in so many is drawn by the visit itself: asked again, the answer is the same, and nobody can draw for somebody."""
    if rule is None or rule.offer == Offer.NEVER:
        return False
    if rule.offer == Offer.ALWAYS:
        return True
    drawn = hashlib.sha256(f"survey {rule.kind} {received.visit.token}".encode()).digest()
    return int.from_bytes(drawn[:8], "big") % rule.every == 0
