"""What people thought of it: stars with reasons, SKM and SKD. Less content after a broken promise, in a bad month, at noon."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from pst.demo_year.place import VISITOR, Place
from pst.demo_year.plan import is_bad
from pst.demo_year.visits import Written
from services.ratings import raters
from services.ratings.models import Rating
from services.ratings.reasons import CODES, GOOD
from services.surveys.answering import once_for
from services.surveys.models import Answer, Instrument, Response
from services.surveys.questions import Question, read

PRAISE = ("Petugasnya membantu.", "Cepat dan jelas.", "Datanya lengkap, terima kasih.", "Ruangannya nyaman.")
BLAME = (
    "Menunggu terlalu lama.",
    "Data yang saya cari tidak ada.",
    "Ruang tunggunya panas.",
    "Penjelasannya kurang jelas.",
)
# How each element is seen beside the others: facilities and complaint handling lowest, the fee highest.
ELEMENTS = {
    "U1": 0.02,
    "U2": 0.0,
    "U3": -0.05,
    "U4": 0.1,
    "U5": -0.01,
    "U6": 0.03,
    "U7": 0.05,
    "U8": -0.08,
    "U9": -0.06,
}


def content(written: Written, chance: random.Random) -> float:
    """How content this visitor is, 0–1."""
    place = written.place
    level = place.profile.quality - 0.02
    level -= 0.25 if written.result == "missed" else 0
    level -= 0.13 if is_bad(place.plan, place.profile, written.day) else 0
    return max(0.05, min(1.0, chance.gauss(level, 0.12)))


def stars(level: float) -> int:
    return 1 + sum(level > limit for limit in (0.32, 0.48, 0.62, 0.82))


def rate(written: Written, chance: random.Random) -> None:
    """Every fourth visit is rated; of a group some more by the code on their ticket."""
    if not written.served or written.ended_at is None or written.came.on_paper or chance.random() > 0.26:
        return
    place, given = written.place, 0
    for n in range(min(written.came.party, 6)):
        if n and chance.random() > 0.2:
            continue
        phone = n > 0 or chance.random() < 0.35
        after = chance.randrange(600, 200_000) if phone else chance.randrange(15, 40)
        at = written.ended_at + timedelta(seconds=after)
        if at > place.now:
            continue
        given += 1
        _rating(written, at, given, phone, chance)


def _rating(written: Written, at: datetime, number: int, phone: bool, chance: random.Random) -> None:
    place, level = written.place, content(written, chance)
    given = stars(level)
    key = add_rating(
        place, at, given, chance, service_id=written.offered.service.pk, received_id=written.received, place=number,
        rater=raters.new() if phone else "", channel="phone" if phone else "tablet", late=written.result == "missed",
    )  # fmt: skip
    by = VISITOR if phone else place.kiosk
    if number == 1 and at < written.gone_at:
        written.step("rating", at, by)
    place.note(at, "rating.given", Rating, key, by)


def add_rating(
    of: Place, at: datetime, given: int, chance: random.Random, *, late: bool = False, **more: Any
) -> int:
    codes = sorted(CODES)
    reasons = sorted({chance.choice(codes) for _n in range(chance.choice((0, 0, 1, 1, 2)))})
    if late and given < GOOD and chance.random() < 0.7:
        reasons = sorted({*reasons, "time"})
    words = (PRAISE if given >= GOOD else BLAME) if chance.random() < 0.12 else ("",)
    seen = at + timedelta(minutes=7) if given <= 2 and chance.random() < 0.6 else None
    seen = seen if seen and seen <= of.now else None
    return of.store.add(
        Rating, office_id=of.office.pk, stars=given, reasons=reasons, comment=chance.choice(words), at=at,
        noticed_at=seen, noticed_by_id=of.supervisor if seen else None, **more,
    )  # fmt: skip


class Surveys:
    """The questionnaires of this year: SKM beside one visit in nine, SKD on paper in two months."""

    def __init__(self) -> None:
        found = {i.kind: i for i in Instrument.objects.filter(key__in=("skm-2017", "skd-17"))}
        self.skm, self.skd = found.get("skm"), found.get("skd")
        self.questions = {kind: read(i.content).questions for kind, i in found.items()}

    def of_visit(self, written: Written, chance: random.Random) -> None:
        if not written.served or written.ended_at is None or written.came.on_paper:
            return
        place, season = written.place, written.day.month in (8, 9)
        if self.skm and chance.random() < 0.115:
            self._answer(written, self.skm, "tablet" if chance.random() < 0.6 else "phone", chance)
        if self.skd and season and chance.random() < 0.05:
            self._answer(written, self.skd, "paper", chance)
        del place

    def _answer(self, written: Written, instrument: Instrument, channel: str, chance: random.Random) -> None:
        place, person, paper = written.place, written.person, channel == "paper"
        assert written.ended_at is not None
        at = written.ended_at + timedelta(seconds=chance.randrange(60, 1500))
        if channel == "phone":
            at += timedelta(hours=chance.randrange(0, 90))
        if at > place.now:
            return
        level = content(written, chance)
        # From paper nobody knows of which visit it was.
        received: Any = SimpleNamespace(pk=written.received)
        key = place.store.add(
            Response, office_id=place.office.pk, instrument_id=instrument.pk, service_id=written.offered.service.pk, day=written.day,
            at=at, channel=channel, once=None if paper else once_for(instrument, received, 1),
            entered_by_id=written.officer.user if paper else None, gender=person.gender if person else "",
            age=at.year - person.birth_year if person and person.birth_year else None, education=person.education if person else "",
            job=person.job if person else "", institution=person.category if person else "",
            comment=chance.choice(PRAISE if level > 0.7 else BLAME) if chance.random() < 0.08 else "",
        )  # fmt: skip
        for question in self.questions[instrument.kind]:
            place.store.add(Answer, response_id=key, **_score(question, level, instrument, chance))
        place.note(at, "survey.answered", Response, key, written.officer if paper else VISITOR)


def _score(question: Question, level: float, instrument: Instrument, chance: random.Random) -> dict[str, Any]:
    highest, code = question.highest, question.code
    seen = max(0.0, min(1.0, chance.gauss(level + ELEMENTS.get(code, 0.0), 0.1)))
    score = max(1, min(highest, round(1 + seen * (highest - 1))))
    more = max(1, min(highest, round(chance.gauss(8.6, 1.0)))) if instrument.kind == "skd" else None
    return {"code": code, "score": score, "importance": more}
