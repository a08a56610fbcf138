"""What a record is found by, written into its `search` column together with the record.

One tsvector holds four kinds of lexemes, so that one GIN index answers a whole question:
`pertanian` the word as it stands, `~tani` its stem, `y2023` each year it covers, `r7411` its region and those above,
`s1` its subject and those above. Weights: A title and numbers, B series, subject, region, C producer, D abstract.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Func, TextField, Value

from library.models import Abbreviation, DigitalPage, Publication, Region, Subject, Word
from library.search.text import LONGEST, Text, meaningful, tokens

MOST_ABSTRACT_WORDS = 600
MOST_PAGE_WORDS = 3_000  # a page of tables has two thousand figures
MOST_YEARS = 120
AT_ONCE = 500


@dataclass(frozen=True)
class Lists:
    """The reference lists, read once for many records: of a region or subject its marks, with those above it, and its
    names."""

    regions: dict[int, tuple[list[str], str]]
    subjects: dict[int, tuple[list[str], str]]
    abbreviations: tuple[tuple[str, tuple[str, ...]], ...]

    @classmethod
    def read(cls) -> Lists:
        return cls(
            _with_parents(Region.objects.all(), "r"),
            _with_parents(Subject.objects.all(), "s"),
            tuple(
                (a.short.casefold(), tuple(meaningful(tokens(a.meaning)))) for a in Abbreviation.objects.all()
            ),
        )


def _with_parents(rows: Iterable[Any], mark: str) -> dict[int, tuple[list[str], str]]:
    """Of each row: the lexemes of it and those above it, and its own names."""
    by_pk = {row.pk: row for row in rows}
    found = {}
    for row in by_pk.values():
        codes, seen, at = [], set(), row
        while at is not None and at.pk not in seen:
            seen.add(at.pk)
            codes.append(f"{mark}{at.code}")
            at = by_pk.get(at.parent_id)
        found[row.pk] = codes, " ".join([row.name, *row.aliases])
    return found


def lexemes(publication: Publication, lists: Lists) -> str:
    """The record's tsvector as PostgreSQL reads it. No database is asked when `series` is loaded."""
    text = Text()
    title = tokens(publication.title)
    text.add(title, "A")
    numbers = (
        publication.catalogue_number,
        publication.publication_number,
        publication.isbn,
        publication.issn,
    )
    for number in numbers:
        text.add(tokens(number), "A")
        text.mark(
            [number.replace("-", "").replace(".", "").casefold()[:LONGEST]]
            if number.isascii() and number
            else []
        )
    series = tokens(publication.series.title) if publication.series_id and publication.series else []
    text.add(series, "B")
    for pk, rows in ((publication.region_id, lists.regions), (publication.subject_id, lists.subjects)):
        if pk in rows:
            codes, names = rows[pk]
            text.mark(codes)
            text.add(tokens(names), "B")
    text.add(_abbreviations([*title, *series], lists), "B")
    text.add(tokens(publication.producer), "C")
    abstract = tokens(publication.abstract)[:MOST_ABSTRACT_WORDS]
    text.add(abstract, "D")
    text.add(_in_full(abstract, lists), "D")
    if publication.year:
        last = min(publication.year_end or publication.year, publication.year + MOST_YEARS)
        text.mark(f"y{year}" for year in range(publication.year, last + 1))
    return str(text)


def _abbreviations(words: list[str], lists: Lists) -> list[str]:
    """ "PDRB" where its meaning stands in full, and the meaning where only "PDRB" stands."""
    there = set(words)
    found: list[str] = []
    for short, meaning in lists.abbreviations:
        if short in there:
            found += meaning
        elif there.issuperset(meaning):
            found.append(short)
    return found


def _in_full(words: list[str], lists: Lists) -> list[str]:
    """Abbreviations whose meaning stands word for word in a text that is longer than a title."""
    said = f" {' '.join(words)} "
    return [short for short, meaning in lists.abbreviations if f" {' '.join(meaning)} " in said]


def vector(publication: Publication, lists: Lists) -> Func:
    """For `publication.search` before it is saved, alone or in bulk."""
    return Func(
        Value(lexemes(publication, lists), output_field=TextField()),
        template="(%(expressions)s)::tsvector",
        output_field=Publication._meta.get_field("search"),
    )


def page_vector(text: str) -> Func:
    """Words and stems of one page of a softcopy, for the search inside it."""
    words = Text()
    words.add(tokens(text)[:MOST_PAGE_WORDS], "D")
    return Func(
        Value(str(words), output_field=TextField()),
        template="(%(expressions)s)::tsvector",
        output_field=DigitalPage._meta.get_field("search"),
    )


def write(publications: Iterable[Publication], lists: Lists | None = None) -> None:
    """Index records that are stored already."""
    lists = lists or Lists.read()
    batch = []
    for publication in publications:
        publication.search = vector(publication, lists)
        batch.append(publication)
        if len(batch) == AT_ONCE:
            Publication.objects.bulk_update(batch, ["search"])
            batch = []
    if batch:
        Publication.objects.bulk_update(batch, ["search"])


def rebuild() -> int:
    """Everything anew, after the lists or the rules above changed; returns how many records."""
    rows = Publication.objects.select_related("series").order_by("pk")
    write(rows.iterator(chunk_size=AT_ONCE))
    refresh_words()
    return rows.count()


# Of the lexemes only words and stems, not the marks of years, regions and subjects.
WORDS = "SELECT word, ndoc FROM ts_stat(%s) WHERE word !~ '^[yrs][0-9]+$' ORDER BY word"


@transaction.atomic
def refresh_words() -> None:
    """The words of the whole catalogue, counted anew, every night."""
    with connection.cursor() as cursor:
        # Who notes a word meanwhile waits, rather than that both wait for each other.
        cursor.execute("LOCK TABLE library_word IN SHARE ROW EXCLUSIVE MODE")
    Word.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO library_word (text, times) {WORDS}",
            ["SELECT search FROM library_publication"],
        )


def note_words(pks: Iterable[int]) -> None:
    """The words of a few new records: known from now on."""
    chosen = ", ".join(str(int(pk)) for pk in pks)
    if not chosen:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO library_word (text, times) {WORDS} ON CONFLICT (text) DO NOTHING",
            [f"SELECT search FROM library_publication WHERE id IN ({chosen})"],  # noqa: S608
        )
