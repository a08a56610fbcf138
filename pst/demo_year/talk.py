"""One consultation while its life is made up: what is said, which deadlines move, how it ends."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from consultation.models import ClockChange
from pst.demo_year.place import SYSTEM, VISITOR, By, Place

What, Why = ClockChange.What, ClockChange.Why
ANSWERS = (
    "Yth. Bapak/Ibu, datanya ada pada publikasi yang kami sebutkan; silakan diunduh.",
    "Tabelnya kami sertakan di bawah ini. Angka tahun terakhir masih sementara.",
    "Data tersebut tidak dikumpulkan sampai tingkat desa; yang tersedia menurut kecamatan.",
    "Konsep dan definisinya dijelaskan pada bagian penjelasan teknis publikasi.",
)


@dataclass
class Talk:
    """One consultation while its life is made up: what it will be stored as."""

    place: Place
    at: datetime
    channel: str
    fields: dict[str, Any]
    state: str = "submitted"
    steps: list[tuple[str, datetime, By, str]] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)
    rounds: list[dict[str, Any]] = field(default_factory=list)
    pauses: list[list[Any]] = field(default_factory=list)  # [round, since, until]
    changes: list[dict[str, Any]] = field(default_factory=list)
    due: datetime | None = None
    closes: datetime | None = None
    remind: datetime | None = None
    days: int | None = None
    silence: int | None = None

    def step(self, state: str, at: datetime, by: By, why: str = "") -> None:
        self.state = state
        self.steps.append((state, at, by, why))

    def say(self, kind: str, body: str, at: datetime, by: By) -> None:
        self.messages.append(
            {"kind": kind, "channel": self.channel, "body": body, "at": at, "by_user_id": by.user}
        )

    def set_due(self, due: datetime | None, at: datetime, why: str) -> None:
        if due != self.due:
            self.changes.append({"what": What.DUE, "at": at, "was": self.due, "now": due, "why": why})
        self.due = due

    def set_closes(self, closes: datetime | None, at: datetime, why: str) -> None:
        if closes != self.closes:
            self.changes.append(
                {"what": What.CLOSES, "at": at, "was": self.closes, "now": closes, "why": why}
            )
        self.closes = closes
        self.remind = None

    def begin(self, at: datetime) -> None:
        due = self.place.calendar.deadline(at, self.days) if self.days else None
        self.rounds.append(
            {"number": len(self.rounds) + 1, "started_at": at, "working_days": self.days, "due_at": due}
        )
        self.set_due(due, at, Why.STARTED)
        self.set_closes(None, at, Why.STARTED)

    def wait_for_visitor(self, at: datetime, why: str) -> None:
        calendar = self.place.calendar
        self.set_closes(calendar.deadline(at, self.silence) if self.silence else None, at, why)
        if self.silence and self.silence > 1:
            remind = calendar.deadline(at, self.silence - 1)
            self.remind = remind if remind > self.place.now else None

    def ask_back(self, at: datetime, by: By) -> None:
        self.say("officer", "Mohon sebutkan tahun dan wilayah yang dibutuhkan.", at, by)
        self.pauses.append([len(self.rounds), at, None])
        self.set_due(None, at, Why.PAUSED)
        self.wait_for_visitor(at, Why.PAUSED)
        self.step("waiting", at, by)

    def reply(self, at: datetime) -> None:
        self.say("visitor", "Lima tahun terakhir, menurut kecamatan.", at, VISITOR)
        self.pauses[-1][2] = at
        number, running = len(self.rounds), self.rounds[-1]
        if self.days:
            spans = [(since, until) for n, since, until in self.pauses if n == number and until]
            running["due_at"] = self.place.calendar.deadline(running["started_at"], self.days, spans)
        self.set_due(running["due_at"], at, Why.RESUMED)
        self.set_closes(None, at, Why.RESUMED)
        self.step("assigned" if self.fields.get("officer_id") else "submitted", at, VISITOR)

    def answer(self, at: datetime, by: By, body: str) -> None:
        self.say("officer", body, at, by)
        self.rounds[-1] |= {"answered_at": at, "ended_at": at}
        self.fields["officer_id"] = self.fields.get("officer_id") or by.user
        self.fields["first_answered_at"] = self.fields.get("first_answered_at") or at
        self.set_due(None, at, Why.ANSWERED)
        self.wait_for_visitor(at, Why.ANSWERED)
        self.step("answered", at, by)

    def write_again(self, at: datetime) -> None:
        self.say("visitor", "Terima kasih. Apakah ada juga untuk tahun sebelumnya?", at, VISITOR)
        self.begin(at)
        self.step("reopened", at, VISITOR)

    def end(self, state: str, at: datetime, by: By, why: str = "") -> None:
        if not self.rounds[-1].get("ended_at"):
            self.rounds[-1]["ended_at"] = at
            for pause in self.pauses:
                pause[2] = pause[2] or at
        self.set_due(None, at, Why.ENDED)
        self.set_closes(None, at, Why.ENDED)
        self.fields["ended_at"] = at
        self.step(state, at, by, why)


class Course:
    """What becomes of a question, one thing after the other, as far as the year goes. `stop`: the state in which it is left."""

    def __init__(self, talk: Talk, stop: str, officer: By, chance: random.Random):
        self.talk, self.stop, self.officer, self.chance = talk, stop, officer, chance
        self.place, self.at = talk.place, talk.at

    def run(self) -> None:
        talk = self.talk
        talk.say("visitor", f"Selamat pagi. Mohon {talk.fields['subject'].lower()}.", talk.at, VISITOR)
        talk.begin(talk.at)
        talk.step("submitted", talk.at, self.officer if talk.channel == "phone" else VISITOR)
        stages = (self._taken, self._asked_back, self._answered, self._reopened, self._thanked)
        if self.stop != "submitted" and all(stage() for stage in stages):
            self._silence()

    def _later(self, least: float, most: float) -> bool:
        """On to an hour at which somebody works, so many hours later; whether it lies within the year."""
        if self.stop:
            self.at += timedelta(minutes=20)
        else:
            self.at = self.place.working_hour(
                self.chance, self.at + timedelta(hours=self.chance.uniform(least, most))
            )
        return self.at <= self.place.now

    def _drawn(self, share: float, stop: str) -> bool:
        return self.stop == stop or (not self.stop and self.chance.random() < share)

    def _taken(self) -> bool:
        if self.stop or self.chance.random() < 0.7:
            if not self._later(0.1, 8):
                return False
            self.talk.fields["officer_id"] = self.officer.user
            self.talk.step("assigned", self.at, self.officer)
        return self.stop != "assigned"

    def _asked_back(self) -> bool:
        """The visitor is asked for something, and answers; else silence ends it."""
        talk = self.talk
        if not self._drawn(0.13, "waiting"):
            return True
        if not self._later(0.2, 6):
            return False
        talk.ask_back(self.at, self.officer)
        if self.stop:
            return False
        reply = self.at + timedelta(minutes=self.chance.randrange(10, 1300))
        if self.chance.random() < 0.72 and not (talk.closes and reply >= talk.closes):
            if reply > self.place.now:
                return False
            talk.reply(reply)
            self.at = reply
            return True
        self._silence()
        return False

    def _answered(self) -> bool:
        if not self._later(*((80, 200) if self.chance.random() < 0.1 else (0.5, 44))):
            return False
        self.talk.answer(self.at, self.officer, self.chance.choice(ANSWERS))
        return self.stop != "answered"

    def _reopened(self) -> bool:
        """The visitor asks on, and is answered once more."""
        talk = self.talk
        if not self._drawn(0.07, "reopened"):
            return True
        again = self.at + (timedelta(minutes=20) if self.stop else timedelta(hours=3))
        if again > self.place.now or (talk.closes and again >= talk.closes):
            return True
        self.at = again
        talk.write_again(again)
        if self.stop or not self._later(1, 40):
            return False
        talk.answer(self.at, self.officer, self.chance.choice(ANSWERS))
        return True

    def _thanked(self) -> bool:
        talk, thanks = self.talk, self.at + timedelta(minutes=self.chance.randrange(5, 600))
        if (
            self._drawn(0.35, "closed")
            and thanks <= self.place.now
            and not (talk.closes and thanks >= talk.closes)
        ):
            talk.end("closed", thanks, VISITOR, "visitor")
            return False
        return True

    def _silence(self) -> None:
        """Closed by itself where the standard says so, else by an officer after a while."""
        talk = self.talk
        if talk.closes:
            at = talk.closes + timedelta(minutes=self.chance.randrange(1, 14))
            if at <= self.place.now:
                talk.end("auto_closed", at, SYSTEM)
            return
        at = self.place.working_hour(
            self.chance, talk.steps[-1][1] + timedelta(days=self.chance.randrange(6, 12))
        )
        if at <= self.place.now:
            talk.end("closed", at, self.officer, "Tidak ada tanggapan lagi.")
