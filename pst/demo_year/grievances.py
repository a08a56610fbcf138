"""Complaints and suggestions of every kind, with the clocks of complaints.clocks and what the office did about them."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from complaints.clocks import Clocks
from complaints.models import Action, Complaint, ComplaintStep, Identity, Message
from complaints.workflows.lodging import hash_secret
from pst.demo_year.place import SYSTEM, VISITOR, By, Place
from pst.demo_year.plan import is_bad
from pst.demo_year.visits import Written
from services.codes import new_key, readable

KINDS = (("service", 54), ("suggestion", 26), ("information", 15), ("supervisory", 5))
CHANNELS = (("tablet", 22), ("phone", 10), ("online", 22), ("box", 14), ("desk", 8), ("whatsapp", 10), ("email", 7), ("call", 4), ("social", 2), ("lapor", 1))  # fmt: skip
ROUND = timedelta(minutes=4)  # the worker looks every five minutes
WRITTEN_DOWN = ("box", "desk", "whatsapp", "email", "call", "social", "lapor")
TEXTS = (
    (
        "U3",
        "Menunggu lebih lama daripada yang dijanjikan di standar pelayanan.",
        "Menambah petugas loket pada jam sibuk.",
    ),
    ("U8", "Ruang tunggu panas dan kursinya kurang.", "Memasang kipas dan menambah kursi."),
    (
        "U2",
        "Alurnya membingungkan; saya diminta kembali ke meja yang sama.",
        "Memasang papan alur di pintu masuk.",
    ),
    (
        "U5",
        "Data yang diumumkan tidak dapat ditemukan di perpustakaan.",
        "Melengkapi katalog dengan terbitan terbaru.",
    ),
    ("U7", "Petugas kurang ramah ketika saya bertanya.", "Mengadakan pelatihan pelayanan bagi petugas."),
    (
        "U1",
        "Persyaratan kartu identitas tidak jelas bagi pelajar.",
        "Menjelaskan kartu pelajar pada syarat pelayanan.",
    ),
    ("U9", "Saran saya bulan lalu belum dijawab.", "Menjawab kotak saran setiap hari Senin."),
    ("U6", "Penjelasan tentang konsep kurang lengkap.", "Menyediakan lembar konsep dan definisi."),
)


@dataclass
class Grievance:
    """One complaint while its life is made up; `row` is never saved, it is what the clocks read."""

    place: Place
    row: Complaint
    steps: list[tuple[str, datetime, By, str]] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)
    action: dict[str, Any] | None = None
    gone_up: list[datetime] = field(default_factory=list)  # when it was late
    at: datetime = datetime(2000, 1, 1, tzinfo=UTC)  # how far its life is made up

    def move(self, state: str, at: datetime, by: By, why: str = "", **changes: Any) -> None:
        anonymous = self.row.privacy == "anonymous" and by.kind == "visitor"
        self.row.state, self.row.updated_at = state, at
        for name, value in changes.items():
            setattr(self.row, name, value)
        self.steps.append((state, at, VISITOR if anonymous else by, why))

    def say(self, who: str, body: str, at: datetime, by: By) -> None:
        user = by.user if who != "complainant" else None
        self.messages.append(
            {"who": who, "channel": self.row.channel, "body": body, "at": at, "by_user_id": user}
        )


class Grievances:
    """Of one office."""

    def __init__(self, place: Place, expected: float):
        self.place, self.expected, self.owed, self.count = place, expected, 0.0, 0
        self.clocks = Clocks(place.office)

    def of_day(self, day: date, visits: list[Written]) -> None:
        """`expected`: how many this day brings on average; five times as many where people had to wait for weeks."""
        place = self.place
        chance = place.plan.chance(place.code, "grievances", day)
        self.owed += self.expected * (5 if is_bad(place.plan, place.profile, day) else 1)
        found = []
        while self.owed >= 1:
            self.owed -= 1
            found.append(self._lodged(day, visits, chance))
        for grievance in sorted(found, key=lambda g: g.row.created_at):
            if grievance.row.created_at <= place.now:
                self._live(grievance, chance)
                self._store(grievance, chance)

    def _lodged(self, day: date, visits: list[Written], chance: random.Random) -> Grievance:
        place, self.count = self.place, self.count + 1
        kind = chance.choices([k for k, _w in KINDS], [w for _k, w in KINDS])[0]
        channel = chance.choices([c for c, _w in CHANNELS], [w for _c, w in CHANNELS])[0]
        privacy = chance.choices(("open", "confidential", "anonymous"), (58, 20, 22))[0]
        served = [w for w in visits if w.served and not w.came.on_paper]
        visit = chance.choice(served) if served and channel in ("tablet", "phone") else None
        at = place.midnight(day) + timedelta(seconds=int(chance.triangular(7 * 3600, 22 * 3600, 11 * 3600)))
        if visit is not None:
            at = visit.gone_at - timedelta(seconds=15)
        elif channel in WRITTEN_DOWN:
            at = place.working_hour(chance, place.midnight(day))
        element, text, _did = chance.choice(TEXTS)
        named = visit is not None and privacy != "anonymous"
        row = Complaint(
            office=place.office, place=place.office, kind=kind, privacy=privacy, channel=channel, text=text,
            service=visit.offered.service if visit else (place.library or place.offered[0]).service if chance.random() < 0.6 else None,
            received_id=visit.received if visit and named else None, happened_on=day - timedelta(days=0 if visit else chance.randrange(0, 12)),
            number=f"P{place.code}-{readable(6)}", secret_hash=hash_secret(new_key()), submission=f"{new_key()}{new_key()}"[:64],
            created_at=at, updated_at=at, complete_at=at, entered_by_id=chance.choice(place.officers) if channel in WRITTEN_DOWN and privacy != "anonymous" else None,
        )  # fmt: skip
        row.element = element if chance.random() < 0.8 else ""
        grievance = Grievance(place, row)
        by = By("officer", row.entered_by_id) if row.entered_by_id else VISITOR
        grievance.steps.append(("received", at, by, ""))
        return grievance

    def _live(self, g: Grievance, chance: random.Random) -> None:
        """One thing after the other, as far as the year goes."""
        officer = By("officer", chance.choice(self.place.officers))
        g.at = g.row.created_at
        stages = (self._withdrawn, self._asked_more, self._given, self._heard, self._not_ours)
        if all(stage(g, officer, chance) for stage in stages):
            span = (16, 40) if chance.random() < 0.09 else (0.6, 8)
            if self._later(g, chance, *span):
                self._answered(g, g.at, officer, chance)

    def _later(self, g: Grievance, chance: random.Random, least: float, most: float) -> bool:
        """On to an hour at which somebody works, so many days later; whether it lies within the year."""
        g.at = self.place.working_hour(chance, g.at + timedelta(days=chance.uniform(least, most)))
        return g.at <= self.place.now

    def _withdrawn(self, g: Grievance, officer: By, chance: random.Random) -> bool:
        if chance.random() > 0.04:
            return True
        if self._later(g, chance, 0.2, 2):
            g.move("withdrawn", g.at, VISITOR, ended_at=g.at)
        return False

    def _asked_more(self, g: Grievance, officer: By, chance: random.Random) -> bool:
        if chance.random() > 0.14:
            return True
        if not self._later(g, chance, 0.3, 4) or not self._completed(g, g.at, officer, chance):
            return False
        g.at = g.steps[-1][1]
        return True

    def _given(self, g: Grievance, officer: By, chance: random.Random) -> bool:
        if chance.random() > 0.85:
            return True
        if not self._later(g, chance, 0.1, 3):
            return False
        g.move("handled", g.at, self.place.head, handler_id=officer.user)
        return True

    def _heard(self, g: Grievance, officer: By, chance: random.Random) -> bool:
        if chance.random() > 0.3:
            return True
        if not self._later(g, chance, 0.2, 2):
            return False
        g.say("office", "Terima kasih. Kami sedang memeriksanya.", g.at, officer)
        g.row.first_answered_at = g.row.first_answered_at or g.at
        return True

    def _not_ours(self, g: Grievance, officer: By, chance: random.Random) -> bool:
        if chance.random() > 0.05:
            return True
        if self._later(g, chance, 0.5, 4):
            g.say(
                "office", "Hal ini di luar wewenang kantor kami; silakan ke instansi terkait.", g.at, officer
            )
            g.move("closed", g.at, officer, ended_at=g.at, first_answered_at=g.row.first_answered_at or g.at)
        return False

    def _completed(self, g: Grievance, at: datetime, officer: By, chance: random.Random) -> bool:
        """Asked to complete it; whether they did."""
        row, place = g.row, self.place
        g.say("office", "Mohon sebutkan tanggal dan layanannya.", at, officer)
        g.move("incomplete", at, officer, complete_at=None, first_answered_at=row.first_answered_at or at)
        due = self.clocks.awaited(row, at)
        row.awaited_until = due.at if due else None
        reply = at + timedelta(days=chance.uniform(0.3, 12))
        if chance.random() < 0.7:
            if reply > place.now:
                return False
            g.say("complainant", "Kejadiannya pada kunjungan saya terakhir.", reply, VISITOR)
            g.move("received", reply, VISITOR, complete_at=reply, awaited_until=None)
            return True
        self._silence(g, "not completed")
        return False

    def _silence(self, g: Grievance, why: str) -> None:
        until = g.row.awaited_until
        at = until + timedelta(minutes=9) if until else None
        if at and at <= self.place.now:
            g.move("auto_closed", at, SYSTEM, why, ended_at=at, awaited_until=None)

    def _answered(
        self, g: Grievance, at: datetime, officer: By, chance: random.Random, *, again: bool = False
    ) -> None:
        row, place = g.row, self.place
        self._late(g, at)
        did = next((did for element, _t, did in TEXTS if element == row.element), TEXTS[0][2])
        g.say("office", f"Terima kasih atas masukannya. {did}", at, officer)
        g.move(
            "answered", at, officer, decided_at=at, first_answered_at=row.first_answered_at or at,
            complete_at=row.complete_at or at, handler_id=row.handler_id or officer.user,
        )  # fmt: skip
        due = self.clocks.awaited(row, at)
        row.awaited_until = due.at if due else None
        if chance.random() < 0.3 and g.action is None:
            self._acted(g, did, at, chance)
        drawn, reply = chance.random(), at + timedelta(days=chance.uniform(0.2, 6))
        if drawn < 0.07 and not again:
            if reply <= place.now and row.awaited_until and reply < row.awaited_until:
                g.say("complainant", "Jawabannya belum menjawab keluhan saya.", reply, VISITOR)
                g.move(
                    "handled",
                    reply,
                    VISITOR,
                    "reopened",
                    complete_at=reply,
                    decided_at=None,
                    ended_at=None,
                    awaited_until=None,
                )
                third = place.working_hour(chance, reply + timedelta(days=chance.uniform(1, 5)))
                if third <= place.now:
                    self._answered(g, third, officer, chance, again=True)
            return
        if drawn < 0.42:
            if reply <= place.now and row.awaited_until and reply < row.awaited_until:
                stars = chance.choices((1, 2, 3, 4, 5), (5, 9, 20, 38, 28))[0]
                g.move("closed", reply, VISITOR, ended_at=reply, satisfied=stars, awaited_until=None)
            return
        self._silence(g, "silence")

    def _late(self, g: Grievance, until: datetime) -> bool:
        """Past its deadline it goes up, at the round that comes next; whether it is up at `until`."""
        due = self.clocks.due(g.row)
        up = due.at + ROUND if due else None
        if up is None or up > until:
            return False
        g.gone_up.append(up)
        return True

    def _acted(self, g: Grievance, did: str, at: datetime, chance: random.Random) -> None:
        """What is done so that it does not happen again, and for some the words for everybody."""
        done = self.place.working_hour(chance, at + timedelta(days=chance.randrange(4, 40)))
        over = done <= self.place.now and chance.random() < 0.85
        g.action = {
            "what": did, "owner_id": self.place.supervisor, "due_on": self.place.day_of(at) + timedelta(days=30), "created_at": at,
            "done_at": done if over else None, "proof": "Foto dan catatan rapat pelayanan" if over else "",
        }  # fmt: skip
        if over and chance.random() < 0.5:
            g.row.said, g.row.did, g.row.published_at = g.row.text, did, done

    def _store(self, g: Grievance, chance: random.Random) -> None:
        place, row, store = self.place, g.row, self.place.store
        due = self.clocks.due(row)
        row.due_at = due.at if due else None
        if self._late(g, place.now):
            row.escalated_at = g.gone_up[-1]
        values = {
            f.attname: getattr(row, f.attname) for f in Complaint._meta.concrete_fields if f.attname != "id"
        }
        key = store.add(Complaint, **values)
        if row.privacy != "anonymous":
            store.add(
                Identity, complaint_id=key, name=f"Pelapor {place.code}-{self.count:04d} (contoh)",
                email=f"pelapor{self.count}.{place.code}@example.test" if chance.random() < 0.75 else "",
            )  # fmt: skip
        for message in g.messages:
            store.add(Message, complaint_id=key, **message)
        if g.action:
            store.add(Action, complaint_id=key, **g.action)
        for at in g.gone_up:
            place.note(at, "complaint.escalated", Complaint, key, SYSTEM)
        was = ""
        for state, at, by, why in g.steps:
            place.moved(Complaint, ComplaintStep, key, state, at, by, why=why, was=was)
            if not was:
                place.note(at, "complaint.lodged", Complaint, key, by, channel=row.channel, place=place.code)
            elif by.kind == "officer":
                place.note(at - timedelta(seconds=50), "read", Complaint, key, by, why="")
            was = state
