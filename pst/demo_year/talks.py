"""Consultations: by every channel, with their rounds, pauses and deadlines, as consultation.clocks would have written them."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

from consultation import wording
from consultation.models import (
    Agreement,
    ClockChange,
    Consultation,
    ConsultationCounter,
    ConsultationStep,
    DataWanted,
    Message,
    Pause,
    Round,
)
from consultation.workflows.opening import service_of
from pst.demo_year.opinions import add_rating, stars
from pst.demo_year.people import Pool
from pst.demo_year.place import VISITOR, By, Place
from pst.demo_year.talk import ANSWERS, Course, Talk
from pst.demo_year.visits import TOPICS, Written
from services.offices.rules import Rules
from services.ratings.models import Rating

SHARES = {"7411": 0.5, "6571": 0.22, "1906": 0.15, "1373": 0.13}
ONLINE = 0.036  # for each visit of all offices
CHANNELS = (("portal", 40), ("whatsapp", 33), ("email", 19), ("phone", 8))


class Talks:
    """Of one office, numbered in the order in which they were asked."""

    def __init__(self, place: Place, pool: Pool):
        self.place, self.pool = place, pool
        self.service = service_of(place.office)
        standard = self.service.standard if self.service else None
        rules = standard.rules if standard else Rules()
        self.standard = standard.pk if standard else None
        self.days = rules.clock_online.working_days if rules.clock_online else None
        self.silence = rules.auto_close_working_days
        counters = ConsultationCounter.objects.filter(office=place.office)
        self.last = dict(counters.values_list("year", "last"))
        self.owed = 0.0

    def of_day(self, day: date, expected: float, visits: list[Written]) -> None:
        """`expected`: how many questions on line this day brings, on average."""
        place = self.place
        chance = place.plan.chance(place.code, "talks", day)
        self.owed += expected
        found: list[tuple[datetime, Talk | Written, str]] = []
        while self.owed >= 1:
            self.owed -= 1
            at = place.midnight(day) + timedelta(
                seconds=int(chance.triangular(6 * 3600, 23 * 3600, 11 * 3600))
            )
            channel = chance.choices([c for c, _w in CHANNELS], [w for _c, w in CHANNELS])[0]
            if channel == "phone":
                at = place.working_hour(chance, place.midnight(day))
            found.append((at, self._asked(at, channel, chance), ""))
        if 2 <= (place.plan.end - day).days <= 2:
            found += self._of_every_state(day, chance)
        for written in visits:
            if (
                written.served
                and written.offered.service.attended
                and not written.came.on_paper
                and chance.random() < 0.88
            ):
                found.append((written.at(written.came.began or 0), written, ""))
        for at, thing, stop in sorted(found, key=lambda row: row[0]):
            if isinstance(thing, Written):
                self._onsite(thing, chance)
            elif at <= place.now:
                Course(thing, stop, By("officer", chance.choice(place.officers)), chance).run()
                self._store(thing, chance)

    def _of_every_state(self, day: date, chance: random.Random) -> list[tuple[datetime, Talk | Written, str]]:
        """So that each list has something in it at the end: of each channel one that stands in each state."""
        found: list[tuple[datetime, Talk | Written, str]] = []
        for n, (channel, _w) in enumerate(CHANNELS):
            for m, state in enumerate(("submitted", "assigned", "waiting", "answered", "reopened", "closed")):
                at = self.place.open_at(day, 8.2 + n * 0.4 + m * 0.1)
                found.append((at, self._asked(at, channel, chance), state))
        return found

    def _asked(self, at: datetime, channel: str, chance: random.Random) -> Talk:
        place, person = self.place, self.pool.somebody(chance, at)
        topic = chance.choice(TOPICS)
        first = place.day_of(at).year - chance.randrange(2, 8)
        return Talk(
            place, at, channel,
            {
                "visitor_id": person.pk, "subject": f"{topic} {place.office.area} {first}", "use_of_data": person.use,
                "tags": [topic.split()[0]] if chance.random() < 0.3 else [], "topic": topic, "years": f"{first}–{first + 1}",
                "sought": topic.lower() if channel == "portal" and chance.random() < 0.3 else "",
            },
            days=self.days, silence=self.silence,
        )  # fmt: skip

    def _number(self, at: datetime) -> str:
        year = self.place.day_of(at).year
        self.last[year] = self.last.get(year, 0) + 1
        return f"K{self.place.code}-{year % 100:02d}-{self.last[year]:05d}"

    def _store(self, talk: Talk, chance: random.Random) -> None:
        place, store, fields = self.place, self.place.store, talk.fields
        topic, years = fields.pop("topic"), fields.pop("years")
        key = store.key(Consultation)
        rating = self._rated(talk, key, chance)
        store.add(
            Consultation, id=key, office_id=place.office.pk, number=self._number(talk.at), state=talk.state, channel=talk.channel,
            service_id=self.service.pk if self.service else None, standard_id=self.standard, submitted_at=talk.at,
            updated_at=max(talk.steps[-1][1], talk.messages[-1]["at"]), due_at=talk.due, closes_at=talk.closes,
            remind_at=talk.remind, rating_id=rating, **fields,
        )  # fmt: skip
        store.add(DataWanted, consultation_id=key, topic=topic, region=place.office.area, years=years)
        if talk.channel == "portal":
            store.add(Agreement, consultation_id=key, version=wording.VERSION, at=talk.at)
        for message in talk.messages:
            store.add(Message, consultation_id=key, **message)
        rounds = [store.add(Round, consultation_id=key, **row) for row in talk.rounds]
        for number, since, until in talk.pauses:
            store.add(Pause, round_id=rounds[number - 1], since=since, until=until)
        for change in talk.changes:
            store.add(ClockChange, consultation_id=key, **change)
        self._trace(key, talk)

    def _trace(self, key: int, talk: Talk) -> None:
        place, was = self.place, ""
        for state, at, by, why in talk.steps:
            place.moved(Consultation, ConsultationStep, key, state, at, by, why=why, was=was)
            if not was:
                place.note(at, "consultation.submitted", Consultation, key, by, channel=talk.channel)
            elif by.kind == "officer":
                place.note(at - timedelta(seconds=40), "read", Consultation, key, by, why="")
            was = state

    def _rated(self, talk: Talk, key: int, chance: random.Random) -> int | None:
        at = talk.steps[-1][1] + timedelta(minutes=chance.randrange(3, 900))
        over = talk.state in ("closed", "auto_closed") and talk.fields.get("first_answered_at")
        if not over or at > self.place.now or chance.random() > 0.24:
            return None
        late = any(
            r.get("answered_at") and r["due_at"] and r["answered_at"] > r["due_at"] for r in talk.rounds
        )
        given = stars(chance.gauss(self.place.profile.quality - (0.25 if late else 0), 0.12))
        rating = add_rating(
            self.place, at, given, chance, late=late, about="consultation", about_pk=key, channel="online",
            service_id=self.service.pk if self.service else None,
        )  # fmt: skip
        self.place.note(at, "rating.given", Rating, rating, VISITOR)
        return rating

    def _onsite(self, written: Written, chance: random.Random) -> None:
        """Question and answer of a visit, as the officer wrote them down."""
        place, store = self.place, self.place.store
        began = written.at(written.came.began or 0)
        assert written.ended_at is not None
        at, topic = written.ended_at - timedelta(seconds=20), chance.choice(TOPICS)
        on = written.offered
        key = store.add(
            Consultation, office_id=place.office.pk, number=self._number(began), received_id=written.received,
            service_id=on.service.pk, standard_id=on.standard_id, channel="onsite", state="closed",
            visitor_id=written.person.pk if written.person else None, use_of_data=written.person.use if written.person else "",
            subject=topic, officer_id=written.officer.user, submitted_at=began, updated_at=at, first_answered_at=at, ended_at=at,
            tags=[topic.split()[0]] if chance.random() < 0.3 else [],
        )  # fmt: skip
        said = {"consultation_id": key, "channel": "onsite", "at": at}
        store.add(Message, kind="visitor", body=f"{topic}?", **said)
        store.add(
            Message, kind="officer", body=chance.choice(ANSWERS), by_user_id=written.officer.user, **said
        )
        place.moved(Consultation, ConsultationStep, key, "closed", at, written.officer)
        place.note(at, "consultation.saved", Consultation, key, written.officer)

    def keep_count(self) -> None:
        """The next real question gets the number after the last one here."""
        for year, last in self.last.items():
            counter, new = ConsultationCounter.objects.get_or_create(
                office=self.place.office, year=year, defaults={"last": last}
            )
            if new:
                self.place.store.note(counter)
            elif counter.last < last:
                ConsultationCounter.objects.filter(pk=counter.pk).update(last=last)
