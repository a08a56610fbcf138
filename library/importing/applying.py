"""Second half of an import: all of it becomes the catalogue's in one transaction, or none of it. The way back: taking_back.py.

Everything is compared once more, because the catalogue went on while an officer looked.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection
from django.utils import timezone

from library.importing.fields import Row
from library.importing.match import Match, Matcher, Places, plain, same_edition
from library.importing.reading import AT_ONCE, counted
from library.importing.words import kept
from library.importing.words import told as _
from library.models import (
    AccessChange,
    Copy,
    Import,
    ImportRow,
    Publication,
    SourceRecord,
)
from library.models.catalogue import FACTS
from library.search import index
from library.workflows import release
from services.audit.actors import SYSTEM, Actor

Outcome = ImportRow.Outcome
TAKEN = (Outcome.NEW, Outcome.CHANGED, Outcome.COPY, Outcome.SAME, Outcome.OTHERS)
LOCK = 0x505354_01  # one import changes the catalogue at a time


def pieces(batch: Import, outcomes: tuple[str, ...]) -> Iterator[list[ImportRow]]:
    last = 0
    rows = batch.rows.filter(outcome__in=outcomes).order_by("pk")
    while piece := list(rows.filter(pk__gt=last)[:AT_ONCE]):
        yield piece
        last = piece[-1].pk


def lock() -> None:
    """Until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def apply(batch: Import, progress: Callable[[int], None] = lambda _rows: None) -> None:
    """Inside a transaction, after `lock()`."""
    store, done = _Store(batch), 0
    for rows in pieces(batch, TAKEN):
        store.add(rows)
        done += len(rows)
        progress(done)
    batch.counts = counted(batch)


class _Store:
    def __init__(self, batch: Import):
        self.batch, self.office = batch, batch.office
        self.matcher, self.places, self.lists = (
            Matcher(batch.office, batch.kind),
            Places(),
            index.Lists.read(),
        )
        self.now = timezone.now()
        self.by = Actor("officer", user_id=batch.made_by_id) if batch.made_by_id else SYSTEM

    def add(self, rows: list[ImportRow]) -> None:
        matches = self._matched([_row(row) for row in rows])
        pairs = list(zip(rows, matches, strict=True))
        self._within(pairs)
        self.places.prepare(
            (match.row.data.get("series", ""), self._region(match))
            for match in matches
            if match.outcome in (Outcome.NEW, Outcome.CHANGED)
        )
        self._new(pairs)
        self._changed(pairs)
        self._copies(pairs)
        self._records(pairs)
        for row, match in pairs:
            row.outcome, row.publication = match.outcome, match.publication
        _save(rows)

    def _matched(self, rows: list[Row]) -> list[Match]:
        """Compared under the locks of what will be changed: what an officer corrects in this moment is not written
        over."""
        locked: set[int] = set()
        while True:
            matches = self.matcher.match(rows)
            found = [m.publication for m in matches if m.publication and m.outcome == Outcome.CHANGED]
            stamps = {publication.pk: publication.updated_at for publication in found}
            if stamps.keys() <= locked:
                return matches
            rows_ = Publication.objects.select_for_update(no_key=True).filter(pk__in=stamps).order_by("pk")
            if dict(rows_.values_list("pk", "updated_at")) == stamps:
                return matches
            locked |= stamps.keys()

    def _within(self, pairs: list[tuple[ImportRow, Match]]) -> None:
        """Two rows of this batch that are one new edition: the second adds its copies to the first's record."""
        first: dict[Any, Publication] = {}
        codes: dict[str, int] = {}
        for row, match in pairs:
            for barcode, _shelf in match.copies:
                if codes.setdefault(barcode.upper(), row.pk) != row.pk:
                    match.outcome = Outcome.FAULTY
            if match.outcome == Outcome.FAULTY:
                row.notes = [*row.notes, ["barcode", *kept(_("Barcode ini sudah dipakai."))]]
            if match.outcome != Outcome.NEW:
                continue
            data = match.row.data
            signs = [("key", match.row.key), ("title", data["title"].upper(), data.get("year"))]
            signs += [("isbn", data["isbn"])] if data.get("isbn") else []
            known = [first[sign] for sign in signs if sign in first]
            there = first.get(signs[0]) or next((p for p in known if same_edition(data, p)), None)
            if there is not None:
                match.publication = there
                match.outcome = Outcome.COPY if match.copies else Outcome.DUPLICATE
                continue
            publication = Publication(keeper=self.office, source=self.batch.kind)
            publication.title, publication.year = data["title"], data.get("year")
            publication.isbn, publication.catalogue_number = (
                data.get("isbn", ""),
                data.get("catalogue_number", ""),
            )
            publication.region = self.places.regions.get(data.get("region", ""))
            match.publication = publication
            first |= dict.fromkeys(signs, publication)

    def _region(self, match: Match) -> str:
        """The code of the region the record has in the end."""
        kept = match.publication.region if match.publication else None
        if match.outcome == Outcome.NEW or "region" in match.changes or kept is None:
            return str(match.row.data.get("region", ""))
        return kept.code

    def _new(self, pairs: list[tuple[ImportRow, Match]]) -> None:
        made = []
        for _stored, match in pairs:
            if match.outcome == Outcome.NEW and match.publication is not None:
                self.places.put(match.publication, ordered(match.row.data))
                match.publication.search = index.vector(match.publication, self.lists)
                made.append(match.publication)
        held = release.hold_back(made, self.office, self.by)
        Publication.objects.bulk_create(made)
        AccessChange.objects.bulk_create(held)

    def _changed(self, pairs: list[tuple[ImportRow, Match]]) -> None:
        changed: list[Publication] = []
        dated: list[Publication] = []
        for row, match in pairs:
            row.before = None
            if match.outcome == Outcome.CHANGED and match.publication is not None:
                now = plain(match.publication)
                row.before = {name: now[name] for name in match.changes}
                self.places.put(match.publication, ordered(match.changes))
                match.publication.updated_at = self.now
                match.publication.search = index.vector(match.publication, self.lists)
                changed.append(match.publication)
                if "released_on" in match.changes:
                    dated.append(match.publication)
        held = release.hold_back(dated, self.office, self.by)
        write(changed)
        AccessChange.objects.bulk_create(held)

    def _copies(self, pairs: list[tuple[ImportRow, Match]]) -> None:
        made: list[tuple[ImportRow, Copy]] = []
        for row, match in pairs:
            row.made_copies = []
            if match.outcome == Outcome.FAULTY or match.publication is None:
                continue
            made += [
                (row, Copy(office=self.office, publication=match.publication, barcode=barcode, shelf=shelf))
                for barcode, shelf in match.copies
            ]
        Copy.objects.bulk_create([copy for _row_, copy in made])
        for row, copy in made:
            row.made_copies.append(copy.pk)

    def _records(self, pairs: list[tuple[ImportRow, Match]]) -> None:
        """What the source says now, to be compared with what it says next time."""
        new: dict[str, SourceRecord] = {}
        known: dict[int, SourceRecord] = {}
        for row, match in pairs:
            row.said_before = None
            publication = match.publication
            mine = publication is not None and publication.keeper_id == self.office.pk
            if not mine or match.outcome == Outcome.FAULTY or not match.row.key or publication is None:
                continue
            if match.record is None:
                record = SourceRecord(source=self.batch.kind, key=match.row.key, publication=publication)
                record.said = match.row.data
                if match.row.key not in new:
                    row.said_before = {}  # nothing, until now
                    new[match.row.key] = record
            elif match.record.said != (said := match.record.said | match.row.data):
                row.said_before = match.record.said
                match.record.said = said
                known[match.record.pk] = match.record
        SourceRecord.objects.bulk_create(new.values())
        SourceRecord.objects.bulk_update(known.values(), ["said"], batch_size=250)


SAVE = """
    UPDATE library_importrow AS r
    SET outcome = v.outcome, publication_id = v.publication, before = v.before, said_before = v.said_before,
        made_copies = v.made_copies, notes = v.notes
    FROM jsonb_to_recordset(%s::jsonb) AS v(
        id bigint, outcome text, publication bigint, before jsonb, said_before jsonb, made_copies bigint[], notes jsonb
    )
    WHERE r.id = v.id
"""


def _save(rows: list[ImportRow]) -> None:
    """What became of the rows, in one statement: Django's bulk_update takes longer to write its own than all the rest
    of an import (tests/bench/import.py)."""
    values = [
        {
            "id": row.pk, "outcome": row.outcome, "publication": row.publication_id, "before": row.before,
            "said_before": row.said_before, "made_copies": row.made_copies, "notes": row.notes,
        }
        for row in rows
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(SAVE, [json.dumps(values)])


def _row(row: ImportRow) -> Row:
    return Row(row.number, key=row.key, data=row.data, copies=row.copies)


def ordered(values: dict[str, Any]) -> dict[str, Any]:
    """The region before the series: two regions may have a series of one title."""
    return {name: values[name] for name in sorted(values, key=lambda name: name == "series")}


def write(publications: list[Publication]) -> None:
    Publication.objects.bulk_update(
        publications, [*FACTS, "embargo_until", "search", "updated_at"], batch_size=100
    )
