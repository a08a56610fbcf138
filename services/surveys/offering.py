"""Whether somebody who was just served is asked, and by which questionnaire."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from services.guestbook.models import VisitService
from services.offices.models import Office
from services.surveys.answering import AFTERWARDS, once_for
from services.surveys.models import Instrument, Response, SurveyRule

Offer = SurveyRule.Offer
Kind = Instrument.Kind
ON_TABLET = timedelta(minutes=30)  # as the rating (services.ratings.workflows)


def rule_of(office: Office, kind: str) -> SurveyRule | None:
    """The office's own; without one SKM is offered to everybody, SKD to nobody."""
    return _rule(office, kind, _own(office))


def _own(office: Office) -> list[SurveyRule]:
    return list(SurveyRule.objects.filter(office=office).select_related("instrument"))


def _rule(office: Office, kind: str, own: Iterable[SurveyRule]) -> SurveyRule | None:
    found = next((rule for rule in own if rule.kind == kind), None)
    if found or kind != Kind.SKM:
        return found
    newest = Instrument.objects.filter(kind=kind, retired=False, key="skm-2017").first()
    return SurveyRule(office=office, kind=kind, instrument=newest) if newest else None


def asks(rule: SurveyRule | None, received: VisitService) -> bool:
    """One in so many is drawn by the visit itself: asked again, the answer is the same, and nobody can draw for somebody."""
    if rule is None or rule.offer == Offer.NEVER:
        return False
    if rule.offer == Offer.ALWAYS:
        return True
    drawn = hashlib.sha256(f"survey {rule.kind} {received.visit.token}".encode()).digest()
    return int.from_bytes(drawn[:8], "big") % rule.every == 0


def open_for(
    office: Office, services: Iterable[VisitService], *, kinds: Collection[str] = tuple(Kind.values), own: bool = False,
    at: datetime | None = None,
) -> dict[int, list[Instrument]]:  # fmt: skip
    """By the id of the service received: the questionnaires somebody who received it may still fill in, SKM first. `own`: for the
    one person who is known to have been there (`own_place`)."""
    now = at or timezone.now()
    over = [r for r in services if r.state == r.State.DONE and r.ended_at and now <= r.ended_at + AFTERWARDS]
    if not over:
        return {}
    set_here = _own(office)
    rules = [rule for kind in Kind.values if kind in kinds and (rule := _rule(office, kind, set_here))]
    places = {
        once_for(rule.instrument, received, place): (received.pk, rule)
        for received in over
        for rule in rules
        if asks(rule, received)
        for place in (_places(received)[-1:] if own else _places(received))
    }
    taken = set(Response.objects.filter(once__in=places).values_list("once", flat=True))
    found: dict[int, list[Instrument]] = {}
    for key, (pk, rule) in places.items():
        if key not in taken and rule.instrument not in found.setdefault(pk, []):
            found[pk].append(rule.instrument)
    return found


def free_place(instrument: Instrument, received: VisitService) -> int | None:
    """Which person of the party the next answer is of; None when everybody has answered."""
    keys = {once_for(instrument, received, place): place for place in _places(received)}
    taken = set(Response.objects.filter(once__in=keys).values_list("once", flat=True))
    return next((place for key, place in keys.items() if key not in taken), None)


def own_place(instrument: Instrument, received: VisitService) -> int | None:
    """Of an account or a mailbox, which stand for one person: the last place of the party, so that it answers once; the phones and
    the tablet take the first that is free. None when it is taken."""
    place = received.visit.party_size
    taken = Response.objects.filter(once=once_for(instrument, received, place)).exists()
    return None if taken else place


def _places(received: VisitService) -> range:
    return range(1, received.visit.party_size + 1)


def asks_here(office: Office) -> bool:
    """Whether the tablet asks anybody at all: unless the office said never."""
    return not SurveyRule.objects.filter(office=office, kind=Kind.SKM, offer=Offer.NEVER).exists()


def just_served(office: Office, at: datetime | None = None) -> list[VisitService]:
    """Whom the tablet at the exit asks: services that ended a short while ago and are drawn, newest first. SKM only: the
    longer questionnaire is for a chair and one's own phone."""
    now = at or timezone.now()
    rows = VisitService.objects.filter(
        office=office, state=VisitService.State.DONE, ended_at__gte=now - ON_TABLET
    )
    services = list(
        rows.select_related("visit__office", "service")
        .prefetch_related("visit__services")
        .order_by("-ended_at")[:60]
    )
    asked = open_for(office, services, kinds=(Kind.SKM,), at=now)
    return [received for received in services if received.pk in asked]
