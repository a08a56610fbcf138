"""Filled-in questionnaires."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from services.audit.actors import VISITOR
from services.guestbook.models import Visit, VisitService
from services.surveys import answering
from services.surveys.models import Instrument, Response
from services.surveys.skm import ELEMENTS
from tests.guestbook.support import arrive


def skm() -> Instrument:
    return Instrument.objects.get(key="skm-2017")


def skd() -> Instrument:
    return Instrument.objects.get(key="skd-17")


def nine(*scores: int) -> dict[str, tuple[int, None]]:
    """One score for all nine elements, or nine."""
    each = scores * 9 if len(scores) == 1 else scores
    return {code: (score, None) for code, score in zip(ELEMENTS, each, strict=True)}


def fill(office, *scores: int, instrument: Instrument | None = None, **more) -> Response:
    more = {"channel": "tablet", "by": VISITOR, **more}
    return answering.answer(instrument or skm(), office=office, scores=nine(*scores), **more)


def served(office, party_size: int = 1) -> VisitService:
    """A service that ended an hour ago."""
    received = arrive(office).main
    Visit.objects.filter(pk=received.visit_id).update(party_size=party_size)
    VisitService.objects.filter(pk=received.pk).update(
        state="done", ended_at=timezone.now() - timedelta(hours=1)
    )
    return VisitService.objects.select_related("visit", "service").get(pk=received.pk)
