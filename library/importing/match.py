"""Whether a record that was read is in the catalogue already, and what it would change there.

The same record is found by the source's own name for it; failing that by ISBN and year, by catalogue number, year and a
like title (a catalogue number is a series' and comes again every year), or by title and year. What is found otherwise
than by name is only completed, never overwritten. A record that another office keeps is not changed at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, Value
from django.db.models.functions import Upper

from library.importing.fields import Row
from library.models import Copy, ImportRow, Publication, Region, Series, SourceRecord, Subject
from library.models.catalogue import FACTS
from library.search.text import meaningful, tokens
from services.offices.models import Office

Outcome = ImportRow.Outcome
ALIKE = 0.6  # share of words that two titles of one catalogue number and year must have in common


@dataclass
class Match:
    """`changes`: field → new value, as plain data. `copies`: those not there yet. `why`: what stands against it."""

    row: Row
    outcome: str = Outcome.NEW
    publication: Publication | None = None
    record: SourceRecord | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    copies: list[list[str]] = field(default_factory=list)
    why: list[list[str]] = field(default_factory=list)


class Matcher:
    def __init__(self, office: Office, source: str):
        self.office, self.source = office, source

    def match(self, rows: Sequence[Row]) -> list[Match]:
        """One batch: a handful of queries, however many rows."""
        sound = [row for row in rows if not row.faulty]
        records = self._records(sound)
        publications = self._candidates([row for row in sound if row.key not in records and not row.gone])
        copies = self._copies(sound)
        return [self._one(row, records, publications, copies) for row in rows]

    def _records(self, rows: list[Row]) -> dict[str, SourceRecord]:
        found = SourceRecord.objects.filter(source=self.source, key__in={row.key for row in rows if row.key})
        found = found.select_related(
            "publication__series", "publication__region", "publication__subject", "publication__keeper"
        )
        return {record.key: record for record in found}

    def _candidates(self, rows: list[Row]) -> list[Publication]:
        """Everything that one of these rows might be."""
        isbns = {row.data["isbn"] for row in rows if row.data.get("isbn")}
        numbers = {row.data["catalogue_number"] for row in rows if row.data.get("catalogue_number")}
        titles = [Upper(Value(title)) for title in {row.data["title"] for row in rows}]
        years = {row.data.get("year") for row in rows}
        some_year = Q(year__in=years - {None}) | Q(year=None)
        rows_ = (
            Publication.objects.known_to(self.office)
            .select_related("series", "region", "subject", "keeper")
            .alias(upper=Upper("title"))
        )
        found: dict[int, Publication] = {}
        for condition in (
            Q(isbn__in=isbns) & ~Q(isbn="") if isbns else None,
            Q(catalogue_number__in=numbers) & some_year if numbers else None,
            Q(upper__in=titles) & some_year if titles else None,
        ):
            if condition is not None:
                found |= {publication.pk: publication for publication in rows_.filter(condition)}
        return [found[pk] for pk in sorted(found)]

    def _copies(self, rows: list[Row]) -> dict[str, Copy]:
        wanted = [Upper(Value(code)) for code in {barcode for row in rows for barcode, _shelf in row.copies}]
        if not wanted:
            return {}
        found = Copy.objects.alias(upper=Upper("barcode")).filter(office=self.office, upper__in=wanted)
        return {copy.barcode.upper(): copy for copy in found.select_related("publication")}

    def _one(
        self, row: Row, records: dict[str, SourceRecord], known: list[Publication], copies: dict[str, Copy]
    ) -> Match:
        match = Match(row)
        if row.faulty:
            match.outcome = Outcome.FAULTY
            return match
        match.record = records.get(row.key)
        if match.record:
            match.publication = match.record.publication
        elif not row.gone:
            match.publication = next((p for p in known if same_edition(row.data, p)), None)
        if row.gone:
            match.outcome = Outcome.GONE
            return match
        self._copies_of(match, copies)
        if match.why:
            match.outcome = Outcome.FAULTY
        elif match.publication:
            self._compare(match)
        return match

    def _copies_of(self, match: Match, copies: dict[str, Copy]) -> None:
        for barcode, shelf in match.row.copies:
            there = copies.get(barcode.upper())
            if there is None:
                match.copies.append([barcode, shelf])
            elif match.publication is None or there.publication_id != match.publication.pk:
                match.why.append(["barcode", f"{barcode}: {there.publication}"])

    def _compare(self, match: Match) -> None:
        publication = match.publication
        assert publication is not None
        if publication.keeper_id != self.office.pk:
            match.outcome = Outcome.COPY if match.copies else Outcome.OTHERS
            return
        match.changes = changes(publication, match.row.data, match.record.said if match.record else None)
        if match.changes:
            match.outcome = Outcome.CHANGED
        else:
            match.outcome = Outcome.COPY if match.copies else Outcome.SAME


def changes(publication: Publication, data: dict[str, Any], said: dict[str, Any] | None) -> dict[str, Any]:
    """What the record would change. `said`: what this source said before; only what it says differently now counts, so
    that a correction by hand stays. Without it only empty fields are filled in."""
    now = plain(publication)
    new = {name: data[name] for name in FACTS if data.get(name) not in (None, "")}
    if said is None:
        new = {name: value for name, value in new.items() if now.get(name) in (None, "")}
        if publication.year:
            new.pop("year_end", None)
    else:
        new = {
            name: value for name, value in new.items() if said.get(name) != value and now.get(name) != value
        }
        if "year" in new and "year_end" not in data:
            new["year_end"] = None
    return new


def plain(publication: Publication) -> dict[str, Any]:
    """A stored record as an import would say it."""
    values: dict[str, Any] = {name: getattr(publication, name) for name in FACTS}
    values["series"] = publication.series.title if publication.series else ""
    values["region"] = publication.region.code if publication.region else ""
    values["subject"] = publication.subject.code if publication.subject else ""
    if publication.released_on:
        values["released_on"] = publication.released_on.isoformat()
    return values


def same_edition(data: dict[str, Any], publication: Publication) -> bool:
    """Whether this is the same edition of the same title, as far as both say."""
    year, region = data.get("year"), data.get("region")
    if year and publication.year and year != publication.year:
        return False
    if region and publication.region and region != publication.region.code:
        return False
    if data.get("isbn") and data["isbn"] == publication.isbn:
        return True
    if data.get("isbn") and publication.isbn:
        return False
    if data["title"].upper() == publication.title.upper():
        return bool(year) == bool(publication.year)
    number = data.get("catalogue_number")
    if number and number == publication.catalogue_number and year and year == publication.year:
        return alike(data["title"], publication.title)
    return False


def alike(one: str, other: str) -> bool:
    """Most words in common."""
    words, others = set(meaningful(tokens(one))), set(meaningful(tokens(other)))
    return bool(words and others) and len(words & others) >= ALIKE * len(words | others)


class Places:
    """Codes and titles → rows; a series is made at the first need."""

    def __init__(self) -> None:
        self.regions = {region.code: region for region in Region.objects.all()}
        self.subjects = {subject.code: subject for subject in Subject.objects.all()}
        self.series: dict[tuple[str, int | None], Series] = {}

    def prepare(self, wanted: Iterable[tuple[str, str]]) -> None:
        """The series of a batch (title, region code), in two queries."""
        keys = {(title.upper(), self._region(code)): title for title, code in wanted if title}
        if len(self.series) > 20_000:
            self.series.clear()
        missing = {key for key in keys if key not in self.series}
        if not missing:
            return
        self._read({keys[key] for key in missing})
        new = [
            Series(title=keys[key], region_id=key[1]) for key in sorted(missing - set(self.series), key=str)
        ]
        if new:  # a desk may make the same one in this moment: then it is that one
            Series.objects.bulk_create(new, ignore_conflicts=True)
            self._read({series.title for series in new})

    def _read(self, titles: Iterable[str]) -> None:
        """By the database's own capitals, as its constraint has them."""
        capitals = [Upper(Value(title)) for title in titles]
        found = Series.objects.alias(upper=Upper("title")).filter(upper__in=capitals)
        self.series |= {(series.title.upper(), series.region_id): series for series in found}

    def _region(self, code: str) -> int | None:
        return self.regions[code].pk if code in self.regions else None

    def put(self, publication: Publication, values: dict[str, Any]) -> None:
        """Plain values onto a record; those it does not know as empty."""
        for name, value in values.items():
            if name == "region":
                publication.region = self.regions.get(value)
            elif name == "subject":
                publication.subject = self.subjects.get(value)
            elif name == "series":
                key = (value or "").upper(), publication.region_id
                publication.series = self.series[key] if value else None
            elif name in FACTS:
                setattr(publication, name, value if value is not None or name in NULLABLE else "")


NULLABLE = {"year", "year_end", "pages", "released_on"}
