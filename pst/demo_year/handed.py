"""Softcopies that left the house: downloads by the desk's link, excerpts within the cap, some more by a supervisor's word."""

from __future__ import annotations

import hashlib
import random
from datetime import datetime, timedelta

from library.digital import serials, terms
from library.models import CopyLink, ExcerptRequest, ExcerptStep, MarkedCopy, TermsAcceptance
from pst.demo_year.people import Person
from pst.demo_year.place import VISITOR
from pst.demo_year.reading import count, use
from pst.demo_year.visits import Written
from services.accounts.models import hash_secret
from services.codes import new_key

LINKS_KEPT = timedelta(days=30)  # pst/privacy/retention.toml


class Handing:
    """Of one office: who has accepted the terms."""

    def __init__(self) -> None:
        self.agreed: set[int] = set()

    def of_visit(self, written: Written, chance: random.Random) -> None:
        place, rules, person = written.place, written.offered.rules, written.person
        if (
            person is None
            or not written.served
            or written.came.on_paper
            or not place.softcopies
            or written.ended_at is None
        ):
            return
        at = written.ended_at - timedelta(seconds=60)
        digital = chance.choice(place.softcopies)
        if rules.download and person.email and chance.random() < 0.16:
            self._download(written, person, digital, at, chance)
        elif rules.excerpt_percent and chance.random() < 0.12:
            self._excerpt(written, person, digital, at, rules.excerpt_percent, chance)

    def _download(
        self,
        written: Written,
        person: Person,
        digital: tuple[int, int, int],
        at: datetime,
        chance: random.Random,
    ) -> None:
        """The link goes to the visitor's mailbox and is opened some minutes later, perhaps never."""
        place = written.place
        opened = at + timedelta(seconds=chance.randrange(120, 90_000))
        taken = opened <= place.now and chance.random() < 0.85
        if at > place.now - LINKS_KEPT + timedelta(days=1):
            link = place.store.add(
                CopyLink, kind="download", office_id=place.office.pk, digital_id=digital[0], visitor_id=person.pk,
                received_id=written.received, secret_hash=hash_secret(new_key()), issued_at=at, issued_by_id=written.officer.user,
                expires_at=at + timedelta(days=7), used=1 if taken else 0,
            )  # fmt: skip
            place.note(at, "softcopy.link", CopyLink, link, written.officer, kind="download")
        if not taken:
            return
        if person.pk not in self.agreed:
            self.agreed.add(person.pk)
            place.store.add(TermsAcceptance, visitor_id=person.pk, version=terms.CURRENT, at=opened)
        marked = self._copy(written, person, digital, opened, "download", "link", [])
        use(written, "download", opened, publication=digital[1], submission=marked)
        count(place, opened, digital[1], "downloaded")

    def _copy(
        self, written: Written, person: Person, digital: tuple[int, int, int], at: datetime, kind: str, handed: str,
        pages: list[int], *, reason: str = "", submission: str = "",
    ) -> str:  # fmt: skip
        place = written.place
        serial = serials.new(place.code, place.day_of(at))
        key = place.store.add(
            MarkedCopy, serial=serial, kind=kind, handed=handed, office_id=place.office.pk, digital_id=digital[0],
            publication_id=digital[1], visitor_id=person.pk, received_id=written.received, name=person.name, email=person.email,
            marked=written.offered.rules.watermark, pages=pages, reason=reason, allowed_by_id=place.supervisor if reason else None,
            sha256=hashlib.sha256(serial.encode()).hexdigest(), size=180_000 + 4_000 * (len(pages) or digital[2]), made_at=at,
            made_by_id=written.officer.user if kind == "excerpt" else None, submission=submission or new_key(),
        )  # fmt: skip
        self.last = key
        action = "softcopy.downloaded" if kind == "download" else "softcopy.excerpt"
        place.note(
            at, action, MarkedCopy, key, VISITOR if kind == "download" else written.officer, handed=handed
        )
        return serial

    def _excerpt(
        self,
        written: Written,
        person: Person,
        digital: tuple[int, int, int],
        at: datetime,
        percent: int,
        chance: random.Random,
    ) -> None:
        """At most so many of a hundred pages for one person, whenever they come; more only when a supervisor grants it."""
        cap, had = digital[2] * percent // 100, person.copied.setdefault(digital[1], set())
        fresh = [page for page in range(1, digital[2] + 1) if page not in had]
        room = cap - len(had)
        handed = "print" if chance.random() < 0.3 else "desk"
        if room < 1 or (chance.random() < 0.03 and len(fresh) > room):
            self._ask(written, person, digital, sorted(fresh[: max(1, room) + 2]), at, handed, chance)
            return
        pages = sorted(chance.sample(fresh, min(len(fresh), chance.randrange(1, room + 1))))
        had.update(pages)
        serial = self._copy(written, person, digital, at, "excerpt", handed, pages)
        use(written, "excerpt", at, publication=digital[1], submission=serial)
        count(written.place, at, digital[1], "excerpt")

    def _ask(
        self, written: Written, person: Person, digital: tuple[int, int, int], pages: list[int], at: datetime, handed: str,
        chance: random.Random,
    ) -> None:  # fmt: skip
        place, key = written.place, new_key()
        if chance.random() > 0.25 or not pages:  # most are content with what they have
            return
        answered, granted = at + timedelta(seconds=45), chance.random() < 0.6
        why = (
            "Untuk skripsi; halaman bersambung dari tabel yang sama."
            if granted
            else "Melebihi batas; silakan membaca di tempat."
        )
        marked = None
        if granted:
            serial = self._copy(
                written, person, digital, answered, "excerpt", handed, pages, reason=why, submission=key
            )
            marked = self.last
            person.copied[digital[1]].update(pages)
            use(written, "excerpt", answered, publication=digital[1], submission=serial)
            count(place, answered, digital[1], "excerpt")
        state = "granted" if granted else "refused"
        asked = place.store.add(
            ExcerptRequest, office_id=place.office.pk, received_id=written.received, digital_id=digital[0], pages=pages,
            handed=handed, note="Lanjutan tabel", state=state, answer=why, copy_id=marked, submission=key, asked_at=at,
            asked_by_id=written.officer.user, answered_at=answered, answered_by_id=place.supervisor,
        )  # fmt: skip
        place.moved(ExcerptRequest, ExcerptStep, asked, "asked", at, written.officer)
        place.moved(ExcerptRequest, ExcerptStep, asked, state, answered, place.head, was="asked")
