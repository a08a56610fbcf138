"""Invented visitors and officers. Nobody has a person's name: a visitor is called by office and number, and "(contoh)"."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from pst.demo_year.place import Place
from services.accounts.models import Membership, Role, User
from services.guestbook.models import Visitor

MORE_OFFICERS = 3
JOBS = (("student", 46), ("civil-servant", 20), ("researcher", 9), ("private", 10), ("self-employed", 6), ("state-enterprise", 4), ("other", 5))  # fmt: skip
# job → institution category, use of data, education
BACKGROUND: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "student": (("education",), ("education",) * 9 + ("research",), ("upper-secondary",) * 6 + ("diploma", "bachelor", "bachelor")),
    "civil-servant": (("regional",) * 6 + ("ministry", "security", "state-body"), ("government",), ("bachelor",) * 5 + ("master", "diploma")),
    "researcher": (("education",) * 5 + ("international",), ("research",) * 4 + ("education",), ("master", "master", "doctor", "bachelor")),
    "private": (("private",) * 5 + ("other",), ("commercial",) * 3 + ("other", "research"), ("bachelor", "bachelor", "diploma", "upper-secondary")),
    "self-employed": (("other", "private"), ("commercial", "commercial", "other"), ("upper-secondary", "diploma", "bachelor")),
    "state-enterprise": (("state-enterprise",), ("commercial", "government"), ("bachelor", "master", "diploma")),
    "other": (("other",), ("other", "education", "commercial"), ("upper-secondary", "diploma", "bachelor")),
}  # fmt: skip
INSTITUTIONS = {
    "education": "Kampus contoh", "regional": "Dinas contoh", "ministry": "Kementerian contoh", "private": "Perusahaan contoh",
    "security": "Kantor contoh", "state-body": "Lembaga contoh", "international": "Lembaga internasional contoh",
    "state-enterprise": "BUMD contoh", "other": "",
}  # fmt: skip
ASSISTANCE = ("kursi roda", "juru bahasa isyarat", "bacaan huruf besar", "pendampingan")
REGULARS = 40


@dataclass
class Person:
    """What later rows ask about somebody: how they are called, and what they said of themselves."""

    pk: int
    name: str
    email: str
    phone: str
    gender: str
    birth_year: int | None
    education: str
    job: str
    category: str
    use: str
    since: date
    borrowed: int = 0  # books that are out
    copied: dict[int, set[int]] = field(default_factory=dict)  # pages of a publication they have


class Pool:
    """The people known at one office."""

    def __init__(self, place: Place):
        self.place, self.people = place, []  # type: ignore[var-annotated]

    def somebody(self, chance: random.Random, at: datetime) -> Person:
        """Every third is known already; of these one in three is one of the regulars."""
        if self.people and chance.random() < 0.36:
            near = self.people[:REGULARS] if chance.random() < 0.33 else self.people[-1500:]
            known = chance.choice(near)
            # Not recognised at the tablet, they write themselves down a second time.
            return self._twice(known, chance, at) if chance.random() < 0.015 else known
        return self.new(chance, at)

    def _twice(self, known: Person, chance: random.Random, at: datetime) -> Person:
        again = replace(known, since=self.place.day_of(at), copied={})
        again.pk = self.place.store.add(Visitor, **self._row(again, chance, at))
        return again

    def new(self, chance: random.Random, at: datetime) -> Person:
        place = self.place
        number = len(self.people) + 1
        job = chance.choices([j for j, _w in JOBS], [w for _j, w in JOBS])[0]
        categories, uses, educations = BACKGROUND[job]
        category, use, education = chance.choice(categories), chance.choice(uses), chance.choice(educations)
        age = int(chance.triangular(15, 30, 20)) if job == "student" else int(chance.triangular(21, 68, 36))
        has_mail, has_phone = chance.random() < 0.9, chance.random() < 0.7
        person = Person(
            pk=0, name=f"Tamu {place.code}-{number:05d} (contoh)",
            email=f"tamu{number}.{place.code}@example.test" if has_mail else "",
            phone=f"+62812{place.code}{number:05d}"[:16] if has_phone or not has_mail else "",
            gender=chance.choices(("female", "male", ""), (54, 43, 3))[0],
            birth_year=at.year - age if chance.random() < 0.94 else None,
            education=education, job=job, category=category, use=use, since=place.day_of(at),
        )  # fmt: skip
        person.pk = place.store.add(Visitor, **self._row(person, chance, at))
        self.people.append(person)
        return person

    def _row(self, person: Person, chance: random.Random, at: datetime) -> dict[str, Any]:
        institution = INSTITUTIONS[person.category]
        return {
            "office_id": self.place.office.pk, "name": person.name, "email": person.email, "phone": person.phone,
            "email_waiver": "" if person.email else "Tidak punya e-mail", "gender": person.gender, "birth_year": person.birth_year,
            "assistance": chance.choice(ASSISTANCE) if chance.random() < 0.015 else "",
            "education": person.education, "job": person.job, "institution_category": person.category,
            "institution": f"{institution} {chance.randrange(1, 30)}" if institution else "", "created_at": at,
        }  # fmt: skip


def staff(place: Place) -> None:
    """The office's own officers and three more, who cannot log in; rows that are there already are used again."""
    office, members = place.office, place.office.memberships
    place.officers = list(
        members.filter(role=Role.FRONTLINER)
        .exclude(user__email__contains="-tahun.")
        .order_by("pk")
        .values_list("user", flat=True)
    )
    place.supervisor = (
        members.filter(role=Role.SUPERVISOR).order_by("pk").values_list("user", flat=True).first()
    )
    for n in range(2, 2 + MORE_OFFICERS):
        email = f"petugas{n}-tahun.{office.code}@example.test"
        user = User.objects.filter(email=email).first()
        if user is None:
            user = User(email=email, name=f"Petugas {n} {office.area} (contoh)")
            user.set_unusable_password()
            user.save()
            place.store.note(user)
            place.store.note(Membership.objects.create(user=user, office=office, role=Role.FRONTLINER))
        place.officers.append(user.pk)
    if place.supervisor is None:
        email = f"atasan-tahun.{office.code}@example.test"
        head = User(email=email, name=f"Atasan {office.area} (contoh)")
        head.set_unusable_password()
        head.save()
        place.store.note(head)
        place.store.note(Membership.objects.create(user=head, office=office, role=Role.SUPERVISOR))
        place.supervisor = head.pk
