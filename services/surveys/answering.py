"""A filled-in questionnaire comes in: whole, and once for each service received."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from services.audit import trail
from services.audit.actors import VISITOR, Actor
from services.guestbook.models import VisitService
from services.offices.models import Office, Service
from services.surveys.models import Answer, Instrument, Response
from services.surveys.questions import read
from services.workflow import IllegalMove

AFTERWARDS = timedelta(days=7)
PROFILE = ("gender", "age", "education", "job", "institution")
Scored = tuple[int, int | None]  # satisfaction, importance


def answer(
    instrument: Instrument,
    *,
    office: Office,
    scores: Mapping[str, Scored],
    channel: str,
    received: VisitService | None = None,
    service: Service | None = None,
    place: int = 1,
    day: date | None = None,
    profile: Mapping[str, Any] | None = None,
    comment: str = "",
    needs: list[dict[str, Any]] | None = None,
    submission: str = "",
    by: Actor,
    at: datetime | None = None,
) -> Response:
    """Store it. `received` and `place`: the service it is about and which person of the party answers; kept only as a keyed
    hash. `day`: of a form on paper; `submission`: the key of the page it was typed in, sent twice it counts once. Raises
    IllegalMove when it was answered already or the time is over, ValueError for scores that are not the questionnaire's."""
    at = at or timezone.now()
    _check(instrument, scores)
    once = _keyed(f"paper {by.user_id} {submission}") if submission else None
    if received:
        if received.ended_at is None or at > received.ended_at + AFTERWARDS:
            raise IllegalMove(_("Masa pengisian survei untuk layanan ini sudah lewat."))
        service, day = received.service, received.visit.day
        once = once_for(instrument, received, place)
    on_paper = channel == Response.Channel.PAPER
    response = Response(
        office=office, instrument=instrument, service=service, day=day or office.today(at), at=at, channel=channel,
        once=once, entered_by_id=by.user_id if on_paper else None, comment=comment.strip(), needs=needs or [],
        **{name: value for name, value in (profile or {}).items() if name in PROFILE},
    )  # fmt: skip
    # Who answered is nobody's business; who typed in a form on paper is.
    _store(response, scores, by=by if on_paper else VISITOR)
    return response


def _store(response: Response, scores: Mapping[str, Scored], *, by: Actor) -> None:
    try:
        with transaction.atomic():
            response.save(force_insert=True)
            Answer.objects.bulk_create(
                Answer(response=response, code=code, score=score, importance=importance)
                for code, (score, importance) in scores.items()
            )
            trail.record("survey.answered", response, by=by, office_id=response.office_id, at=response.at)
    except IntegrityError:
        raise IllegalMove(_("Survei untuk layanan ini sudah diisi. Terima kasih.")) from None


def once_for(instrument: Instrument, received: VisitService, place: int) -> str:
    return _keyed(f"{instrument.kind} {received.pk} {place}")


def _keyed(words: str) -> str:
    return salted_hmac("services.surveys.once", words, algorithm="sha256").hexdigest()


def _check(instrument: Instrument, scores: Mapping[str, Scored]) -> None:
    """All of the questions and no others: half a questionnaire is not counted (PermenPANRB 14/2017)."""
    form = read(instrument.content)
    if set(scores) != {question.code for question in form.questions}:
        raise ValueError("every question has one answer")
    for question in form.questions:
        score, importance = scores[question.code]
        if not 1 <= score <= question.highest:
            raise ValueError(f"{question.code}: {score} is not on the scale")
        if form.importance != (importance is not None) or not 1 <= (importance or 1) <= question.highest:
            raise ValueError(f"{question.code}: importance {importance}")
