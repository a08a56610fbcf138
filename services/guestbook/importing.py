"""An office's earlier guest book becomes visits: all of the file in one transaction, and never twice.

A visit's origin is made from the office, what the row says and the server's secret, so the same file adds nothing when
it is read again, not even somebody who was erased meanwhile; of rows that say exactly the same each has its place in
the file's order. What a row says can be guessed, so the origin opens nothing: the visit's address is made by chance.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TextIO

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from services.audit import trail
from services.audit.actors import Actor
from services.guestbook import clocks
from services.guestbook.import_rows import Checker, Fault, Row, lines
from services.guestbook.models import (
    Consent,
    ConsentWording,
    Visit,
    Visitor,
    VisitService,
    VisitServiceStep,
    VisitStep,
)
from services.guestbook.one_person import plain_name
from services.guestbook.workflows import expect
from services.live.publish import VISITS, publish
from services.offices.models import Office

BATCH = 1000  # rows in memory at a time
MOST_FAULTS = 200  # told one by one; the rest is counted


@dataclass
class Imported:
    """What became of the file."""

    rows: int = 0
    bad: int = 0
    added: int = 0
    there: int = 0  # visits of an earlier run
    people: int = 0  # new records of people
    without_consent: int = 0
    children: int = 0  # of these: agreed themselves, which a child cannot
    stored: bool = False
    faults: list[Fault] = field(default_factory=list)
    more_faults: int = 0

    def note(self, faults: list[Fault]) -> None:
        self.bad += 1
        room = MOST_FAULTS - len(self.faults)
        self.faults += faults[:room]
        self.more_faults += max(0, len(faults) - room)


@transaction.atomic
def import_visits(
    file: TextIO,
    *,
    office: Office,
    by: Actor,
    skip_bad: bool = False,
    dry_run: bool = False,
    at: datetime | None = None,
    progress: Callable[[int], None] = lambda _rows: None,
) -> Imported:
    """Store the visits of the file. With a fault nothing is stored, unless `skip_bad`. Raises import_rows.Unreadable.

    `dry_run`: all is done and taken back. `progress` hears the rows read so far, after each batch.
    """
    Office.objects.select_for_update(no_key=True).get(pk=office.pk)  # one import of an office at a time
    result = Imported()
    store, checker = _Store(office, by, result), Checker(office, at)
    for batch in _batches(file):
        good = []
        for line, cells in batch:
            row, faults = checker.check(line, cells)
            if row:
                good.append(row)
            else:
                result.note(faults)
        result.rows += len(batch)
        if skip_bad or not result.bad:  # else only the rest of the faults is wanted
            store.add(good)
        progress(result.rows)
    if dry_run or (result.bad and not skip_bad):
        transaction.set_rollback(True)
        return result
    result.stored = True
    if result.added:
        trail.record("visits.imported", None, by=by, office_id=office.pk, at=at, rows=result.added)
        publish(office.code, VISITS)
    return result


def _batches(file: TextIO) -> Iterator[list[tuple[int, dict[str, str]]]]:
    batch = []
    for line in lines(file):
        batch.append(line)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


class _Store:
    """Writes batches of sound rows. Of the rows before only fingerprints are kept in memory."""

    def __init__(self, office: Office, by: Actor, result: Imported):
        self.office, self.by, self.result = office, by, result
        self.seen: Counter[bytes] = Counter()
        self.met: dict[bytes | None, int] = {}  # a person's sign → record
        self.wordings = list(
            ConsentWording.objects.filter(purpose=ConsentWording.Purpose.GUEST_BOOK).order_by(
                "effective_from", "version"
            )
        )

    def add(self, rows: list[Row]) -> None:
        by_origin = {self._origin(row): row for row in rows}
        there = set(self.office.visits.filter(origin__in=by_origin).values_list("origin", flat=True))
        fresh = [(origin, row) for origin, row in by_origin.items() if origin not in there]
        people = self._people([row for _origin, row in fresh if row.person])
        visits = Visit.objects.bulk_create(
            self._visit(origin, row, people.get(id(row))) for origin, row in fresh
        )
        pairs = [(visit, row) for visit, (_origin, row) in zip(visits, fresh, strict=True)]
        self._services(pairs)
        self._steps(pairs)
        Consent.objects.bulk_create(self._consent(visit, row) for visit, row in pairs if row.person)
        self.result.there += len(there)
        self.result.added += len(fresh)
        self.result.without_consent += sum(not row.person for _visit, row in pairs)
        self.result.children += sum(row.child_alone for _visit, row in pairs)

    def _origin(self, row: Row) -> str:
        content = row.content()
        print_ = _fingerprint(content)
        self.seen[print_] += 1
        said = f"{self.office.pk}:{self.seen[print_]}:{content}"
        return salted_hmac("guestbook.importing.origin", said).hexdigest()[:32]

    def _visit(self, origin: str, row: Row, visitor: int | None) -> Visit:
        return Visit(
            office=self.office, origin=origin, visitor_id=visitor, day=row.day, arrived_at=row.arrived,
            party_size=row.party_size, use_of_data=row.use_of_data,
            guest_book_at=row.arrived, guest_book_channel=Visit.Channel.PAPER,
            ended_at=row.ended, end_reason=Visit.EndReason.FINISHED,
        )  # fmt: skip

    def _services(self, pairs: list[tuple[Visit, Row]]) -> None:
        """The service received, with the rows its states would have left, each at its true time."""
        received = VisitService.objects.bulk_create(self._received(visit, row) for visit, row in pairs)
        traces = []
        for subject, (_visit, row) in zip(received, pairs, strict=True):
            times = [("waiting", row.arrived), ("serving", row.began or row.arrived), ("done", row.ended)]
            traces += [
                VisitServiceStep(
                    subject=subject, state=state, at=at, by_user_id=self.by.user_id,
                    by_device_id=self.by.device_id, actor=self.by.kind, why=clocks.IMPORTED,
                )
                for state, at in times
            ]  # fmt: skip
        VisitServiceStep.objects.bulk_create(traces)

    def _received(self, visit: Visit, row: Row) -> VisitService:
        received = expect(visit, row.service, row.arrived)
        received.number, received.state = row.number, VisitService.State.DONE
        received.started_at, received.ended_at = row.began, row.ended
        clocks.exclude(received, clocks.IMPORTED)
        return received

    def _steps(self, pairs: list[tuple[Visit, Row]]) -> None:
        VisitStep.objects.bulk_create(
            VisitStep(visit=visit, kind=kind, at=at, by_user_id=self.by.user_id, note=clocks.IMPORTED)
            for visit, row in pairs
            for kind, at in (("guest_book", row.arrived), ("service", row.ended), ("finish", row.ended))
        )

    def _consent(self, visit: Visit, row: Row) -> Consent:
        """With the wording in force that day; before there was one, the earliest."""
        in_force = [w for w in self.wordings if w.effective_from <= row.day]
        wording = max(in_force, key=lambda w: w.version) if in_force else self.wordings[0]
        return Consent(
            visit=visit, visitor_id=visit.visitor_id, wording=wording, given=True, at=row.arrived,
            channel=Visit.Channel.PAPER, guardian=row.guardian,
        )  # fmt: skip

    def _people(self, rows: list[Row]) -> dict[int, int]:
        """Record of each row's person, by id(row): one known by name and contact, of the file or of before, or new."""
        self._meet_known(rows)
        new: dict[bytes | int, Visitor] = {}
        for row in rows:
            sign = _sign(row.person)
            if sign not in self.met:
                new.setdefault(
                    sign or id(row), Visitor(office=self.office, created_at=row.arrived, **row.person)
                )
        made = Visitor.objects.bulk_create(new.values())
        found = {sign: person.pk for sign, person in zip(new, made, strict=True)}
        self.met |= {sign: pk for sign, pk in found.items() if isinstance(sign, bytes)}
        self.result.people += len(made)
        return {id(row): self.met.get(_sign(row.person)) or found[id(row)] for row in rows}

    def _meet_known(self, rows: list[Row]) -> None:
        """The office's people who have a contact of these rows; somebody written down twice by the record that counts."""
        phones = {row.person["phone"] for row in rows if not row.person["email"]} - {""}
        emails = {row.person["email"].lower() for row in rows} - {""}
        theirs = Visitor.objects.filter(office=self.office).exclude(name="").alias(lower=Lower("email"))
        theirs = theirs.filter(Q(email="", phone__in=phones) | ~Q(email="") & Q(lower__in=emails))
        for person in theirs.select_related("merged_into").order_by("pk"):
            record: Visitor = person
            while record.merged_into:
                record = record.merged_into
            sign = _sign({"name": person.name, "phone": person.phone, "email": person.email})
            if sign:
                self.met.setdefault(sign, record.pk)


def _sign(person: dict[str, Any]) -> bytes | None:
    """What makes two rows one person: the name with the e-mail or, where there is none, with the phone. Whether a row
    with an e-mail and one without are the same person, the guest book answers when it is asked (docs/decisions/022)."""
    name, phone, mailbox = plain_name(person["name"]), person["phone"], person["email"].lower()
    contact = f"email\n{mailbox}" if mailbox else f"phone\n{phone}" if phone else ""
    return _fingerprint(f"{contact}\n{name}") if contact else None


def _fingerprint(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).digest()
