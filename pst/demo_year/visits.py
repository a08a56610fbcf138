"""A visit as rows: visit, service received with its clock, steps of the procedure, guest book, traces.

The clock stands in pst.demo_year.promise.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from pst.demo_year.people import Person, Pool
from pst.demo_year.place import SYSTEM, VISITOR, By, Offered, Place
from pst.demo_year.promise import END, Clock, Span, clock_of, judged
from pst.demo_year.queue import Came
from services.guestbook.models import (
    Consent,
    DataNeed,
    Visit,
    Visitor,
    VisitService,
    VisitServiceStep,
    VisitStep,
)
from services.guestbook.models.visits import new_token

TYPED_AFTER = 5400  # seconds: paper waits for the end of the power cut
CARDS = (("ktp", 80), ("sim", 8), ("passport", 1), ("other", 11))
TOPICS = (
    "Jumlah penduduk menurut kecamatan", "PDRB menurut lapangan usaha", "Inflasi bulanan", "Persentase penduduk miskin",
    "Indeks Pembangunan Manusia", "Luas panen padi", "Tingkat pengangguran terbuka", "Rata-rata lama sekolah",
    "Jumlah sekolah dan murid", "Ekspor dan impor", "Garis kemiskinan", "Jumlah wisatawan",
)  # fmt: skip


@dataclass
class Written:
    """A visit that is stored, for whatever hangs on it."""

    place: Place
    day: date
    came: Came
    base: datetime
    visit: int
    received: int
    person: Person | None
    officer: By
    signer: By
    number: str
    ended_at: datetime | None  # of the service
    gone_at: datetime  # of the visit
    result: str
    ticket: int = 0

    def at(self, seconds: int) -> datetime:
        return self.base + timedelta(seconds=seconds)

    @property
    def offered(self) -> Offered:
        return self.came.offered

    @property
    def served(self) -> bool:
        return self.came.began is not None

    def step(self, kind: str, at: datetime, by: By, *, skipped: bool = False, note: str = "") -> None:
        """As record_step: the row and the line of the trail."""
        self.place.store.add(
            VisitStep, visit_id=self.visit, kind=kind, at=at, by_user_id=by.user, by_device_id=by.device, note=note,
            outcome="skipped" if skipped else "done",
        )  # fmt: skip
        if not note:
            outcome = "skipped" if skipped else "done"
            self.place.note(at, f"visit.step.{kind}", Visit, self.visit, by, outcome=outcome)


def officer_of(place: Place, day: date, counter: int | None) -> By:
    """Who sits there that day: they take turns."""
    return By("officer", place.officers[(day.toordinal() + (counter or 0) * 2) % len(place.officers)])


def write(
    place: Place, pool: Pool, day: date, came: Came, number: str, spans: list[Span], chance: random.Random
) -> Written:
    """The rows of the visit itself; returns what the others need."""
    base = place.midnight(day)
    signed = came.signed is not None and came.signed <= came.gone
    consent = signed and chance.random() > 0.03
    person = pool.somebody(chance, base + timedelta(seconds=came.signed or 0)) if consent else None
    officer = officer_of(place, day, came.counter)
    # Nobody closed it: the round after midnight did.
    gone = 86_402 if came.outcome == "day_end" else came.gone
    phone = not came.signed_at_desk and chance.random() < 0.26
    signer = officer if came.signed_at_desk else VISITOR if phone else place.kiosk
    channel = _channel(came, phone) if signed else ""
    clock = clock_of(came, base, spans)
    visit = place.store.add(
        Visit, office_id=place.office.pk, token=new_token(), day=day, arrived_at=base + timedelta(seconds=came.at),
        guest_book_at=base + timedelta(seconds=came.signed or 0) if signed else None, guest_book_channel=channel,
        entered_at=base + timedelta(seconds=came.gone + TYPED_AFTER) if came.on_paper else None,
        ended_at=base + timedelta(seconds=gone), end_reason=END.get(came.outcome, "finished"), **_said(came, person, chance),
    )  # fmt: skip
    ended = base + timedelta(seconds=came.ended) if came.ended is not None else None
    received = place.store.add(
        VisitService, visit_id=visit, **_service(place, came, number, officer, ended, base, clock)
    )
    written = Written(
        place, day, came, base, visit, received, person, officer, signer, number, ended, base + timedelta(seconds=gone), clock.result,
    )  # fmt: skip
    (_on_paper if came.on_paper else _way)(written)
    if signed:
        _book(written, consent, channel, chance)
    return written


def _channel(came: Came, phone: bool) -> str:
    if came.on_paper:
        return "paper"
    return "desk" if came.signed_at_desk else "phone" if phone else "tablet"


def _said(came: Came, person: Person | None, chance: random.Random) -> dict[str, Any]:
    """What the guest book says of the visit; without consent only how many they were."""
    card = chance.choices([c for c, _w in CARDS], [w for _c, w in CARDS])[0]
    shown = person and came.began and came.offered.rules.identity_card
    asked = person and chance.random() < 0.5
    return {
        "visitor_id": person.pk if person else None, "party_size": came.party, "language": "en" if chance.random() < 0.012 else "id",
        "use_of_data": person.use if person else "", "complained_before": chance.random() < 0.03 if asked else None,
        "card_type": card if shown else "",
    }  # fmt: skip


def _service(
    place: Place, came: Came, number: str, officer: By, ended: datetime | None, base: datetime, clock: Clock
) -> dict[str, Any]:
    rule = came.offered.rules.clock_onsite
    return {
        "office_id": place.office.pk, "service_id": came.offered.service.pk, "standard_id": came.offered.standard_id,
        "number": number, "state": "done" if came.began is not None else "cancelled",
        "officer_id": officer.user if came.began is not None and not came.on_paper else None,
        "started_at": base + timedelta(seconds=came.began) if came.began is not None else None, "ended_at": ended,
        "clock_start_event": rule.start if rule and rule.minutes is not None else "", "clock_minutes": rule.minutes if rule else None,
        "clock_not_before": clock.not_before, "clock_started_at": clock.started, "clock_due_at": clock.due,
        "clock_stopped_at": clock.stopped, "clock_result": clock.result, "clock_reason": clock.reason,
    }  # fmt: skip


def _way(written: Written) -> None:
    """Arrival, service, end: steps and traces as the desk leaves them."""
    place, came, key = written.place, written.came, written.received
    slug = came.offered.service.slug
    place.note(written.at(came.at), "visit.arrived", Visit, written.visit, place.kiosk, service=slug)
    moved = place.moved
    moved(VisitService, VisitServiceStep, key, "waiting", written.at(came.at), place.kiosk)
    closing = SYSTEM if came.outcome == "day_end" else written.officer
    if came.began is not None:
        if "triage" in came.offered.steps:
            written.step("triage", written.at(came.at + 20), written.officer)
        moved(
            VisitService,
            VisitServiceStep,
            key,
            "serving",
            written.at(came.began),
            written.officer,
            was="waiting",
        )
        ended = written.ended_at or written.gone_at
        moved(VisitService, VisitServiceStep, key, "done", ended, written.officer, was="serving")
        written.step("service", ended, written.officer)
    else:
        by = VISITOR if came.outcome == "left" else closing
        why = END.get(came.outcome, "left")
        moved(VisitService, VisitServiceStep, key, "cancelled", written.gone_at, by, why=why, was="waiting")
        closing = by
    written.step("finish", written.gone_at, closing)
    reason = END.get(came.outcome, "finished")
    place.note(written.gone_at, "visit.closed", Visit, written.visit, closing, reason=reason)


def _on_paper(written: Written) -> None:
    """As services.guestbook.paper.store leaves it: true times, the name of who typed it in."""
    typed = written.at(written.came.gone + TYPED_AFTER)
    place, came = written.place, written.came
    why = "paper slip" if came.numbered else "paper"
    assert came.began is not None
    assert written.ended_at is not None
    for state, at in (
        ("waiting", written.at(came.at)),
        ("serving", written.at(came.began)),
        ("done", written.ended_at),
    ):
        place.moved(VisitService, VisitServiceStep, written.received, state, at, written.officer, why=why)
    if came.numbered:
        written.step("ticket", written.at(came.at), written.officer, note=why)
    written.step("service", written.ended_at, written.officer, note=why)
    written.step("finish", written.gone_at, written.officer, note=why)
    if not came.numbered:
        place.note(typed, "visit.entered", Visit, written.visit, written.officer, day=str(written.day))


def _book(written: Written, consent: bool, channel: str, chance: random.Random) -> None:
    """The guest book: consent, the data looked for, who read it."""
    place, came, person = written.place, written.came, written.person
    signed = written.at(came.signed or 0)
    place.store.add(
        Consent, visit_id=written.visit, visitor_id=person.pk if person else None, wording_id=wording_on(place, written.day),
        given=consent, at=signed, channel=channel,
    )  # fmt: skip
    written.step("guest_book", signed, written.signer)
    place.note(signed, "visit.signed", Visit, written.visit, written.signer, consent=consent)
    if person is None:
        return
    if chance.random() < 0.4:
        for _n in range(chance.choice((1, 1, 1, 2))):
            last = written.day.year - chance.choice((1, 1, 2))
            place.store.add(
                DataNeed, visit_id=written.visit, subject=chance.choice(TOPICS), region=place.office.area,
                years=f"{last - chance.randrange(1, 6)}–{last}",
            )  # fmt: skip
    if came.began is not None and chance.random() < 0.3:
        place.note(written.at(came.began + 30), "read", Visitor, person.pk, written.officer, why="desk")


def wording_on(place: Place, day: date) -> int:
    """The version of the consent that was in force."""
    return next((key for since, key in place.wordings if since <= day), place.wordings[-1][1])


def also(written: Written, offered: Offered, spans: list[Span]) -> Written:
    """The visitor wanted this service too, without a number: from the end of the first one."""
    place, came = written.place, written.came
    assert came.then is not None
    asked, (began, until) = came.ended or 0, came.then
    rule = offered.rules.clock_onsite
    second = Came(
        asked, offered, came.party, signed=came.signed, numbered=False, began=began, counter=came.counter
    )
    second.ended, second.gone = until, came.gone
    start, limit = written.at(asked), timedelta(minutes=rule.minutes if rule and rule.minutes else 5)
    clock = judged(start, start + limit, written.at(began), spans)
    ended = written.at(second.ended)
    key = place.store.add(
        VisitService,
        visit_id=written.visit,
        **_service(place, second, "", written.officer, ended, written.base, clock),
    )
    steps = (("waiting", start, ""), ("serving", written.at(began), "waiting"), ("done", ended, "serving"))
    for state, at, was in steps:
        place.moved(VisitService, VisitServiceStep, key, state, at, written.officer, was=was)
    return Written(
        place, written.day, second, written.base, written.visit, key, written.person, written.officer, written.signer, "",
        ended, written.gone_at, clock.result,
    )  # fmt: skip
