"""Asking the catalogue: the best records of a question, what to narrow it by, and what was meant when nothing fits.

Of a common word there may be a hundred thousand records. Ranked are the newest RANKED that fit; the count stops
early. Both keep the cost of a search flat however large the catalogue grows (candidates.py).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from library.models import Publication
from library.search import candidates, lists, typos
from library.search.candidates import Filters, Row
from library.search.query import Question, understand
from library.search.text import word_term
from services.offices.models import Office

PAGE = 20
MOST_PAGES = candidates.RANKED // PAGE
FACET_ROWS = 12


@dataclass
class Facet:
    """One way to narrow: its rows as (value, label, how many of the ranked)."""

    name: str
    rows: list[tuple[str, str, int]]


@dataclass
class Results:
    question: Question
    page: list[Publication]
    number: int
    pages: int
    count: int
    capped: bool
    facets: list[Facet] = field(default_factory=list)
    corrected: Question | None = None  # the words that were searched instead
    near: bool = False  # nothing has all the words; these have some


def search(typed: str, filters: Filters, page: int = 1, *, as_typed: bool = False) -> Results:
    """Never empty-handed if anything fits: typing errors are corrected, then some of the words are enough.
    `as_typed`: no correction."""
    question, corrected, near, found = _understood(typed, filters, as_typed)
    rows = found.rows
    pages = max(1, -(-len(rows) // PAGE))
    page = min(max(1, page), pages)
    shown = _load([row.pk for row in rows[(page - 1) * PAGE : page * PAGE]], filters.office)
    return Results(
        question,
        shown,
        page,
        pages,
        found.count,
        found.more,
        [] if near else _facets(rows, filters),
        corrected,
        near and bool(rows),
    )


def everything(typed: str, filters: Filters, *, as_typed: bool = False) -> list[int]:
    """The keys of all that a search ranks, in its order: what its pages show one after the other."""
    return [row.pk for row in _understood(typed, filters, as_typed)[3].rows]


def _understood(
    typed: str, filters: Filters, as_typed: bool
) -> tuple[Question, Question | None, bool, candidates.Found]:
    """What was typed, the words that were searched instead, whether nothing has all of them, and what was found."""
    question = understand(typed)
    found = candidates.ranked(question, filters)
    better = typos.corrected(question) if not found.rows and question.words and not as_typed else None
    if better is not None and (mended := candidates.ranked(better, filters)).rows:
        return question, better, False, mended
    if not found.rows and len(question.terms) > 1:
        rows = candidates.nearest(better or question, filters)
        return question, None, True, candidates.Found(rows, len(rows))
    return question, None, False, found


# What a list of hits shows; a whole record is read where one is looked at.
COLUMNS = (
    "id", "title", "year", "year_end", "region_id", "subject_id", "abstract", "catalogue_number", "publication_number",
    "issn", "isbn", "language", "producer", "released_on", "web_address", "has_digital", "cover", "updated_at",
)  # fmt: skip
LOAD = f"""
    SELECT {", ".join(f"p.{name}" for name in COLUMNS)}, c.publication_id IS NOT NULL AS printed, coalesce(c.there, FALSE) AS on_shelf
    FROM library_publication p LEFT JOIN (
        SELECT publication_id, bool_or(state = 'shelf') AS there FROM library_copy
        WHERE publication_id = ANY(%s) AND state <> 'withdrawn' AND (%s OR office_id = %s) GROUP BY publication_id
    ) c ON c.publication_id = p.id WHERE p.id = ANY(%s)
"""  # noqa: S608 (the constants above)


def _load(pks: list[int], office: Office | None) -> list[Publication]:
    """In this order, with region and subject; `printed`: the office (or any) has a copy, `on_shelf`: one is there.

    Written as SQL because building these queries took longer than answering them (tests/bench/search.py).
    """
    if not pks:
        return []
    known = lists.read()
    found = {}
    for publication in Publication.objects.raw(LOAD, [pks, office is None, office and office.pk, pks]):
        if region := known.regions.get(publication.region_id or 0):
            publication.region = region
        if subject := known.subjects.get(publication.subject_id or 0):
            publication.subject = subject
        found[publication.pk] = publication
    return [found[pk] for pk in pks if pk in found]


def _facets(rows: list[Row], filters: Filters) -> list[Facet]:
    """From the ranked rows."""
    known = lists.read()
    years = Counter(row.year for row in rows if row.year)
    regions = _named(known.regions, Counter(r.region_id for r in rows if r.region_id))
    subjects = _named(known.subjects, Counter(r.subject_id for r in rows if r.subject_id))
    forms = [
        ("printed", "", sum(row.printed for row in rows)),
        ("digital", "", sum(row.digital for row in rows)),
    ]
    return [
        Facet("region", regions),
        Facet("subject", subjects),
        Facet(
            "year",
            [(str(year), str(year), n) for year, n in sorted(years.items(), reverse=True)[:FACET_ROWS]],
        ),
        Facet("form", [row for row in forms if row[2]]),
    ]


def _named(rows: dict[int, Any], counted: Counter) -> list[tuple[str, str, int]]:
    most = counted.most_common(FACET_ROWS)
    return [(rows[pk].code, rows[pk].name, n) for pk, n in most if pk in rows]


def suggest(typed: str, most: int = 8) -> list[Publication]:
    """Titles while somebody types: words may be unfinished."""
    question = understand(typed)
    if not question.terms or len(question.typed) < 3:
        return []
    others = question.terms[: len(question.terms) - len(question.words)]
    begun = [
        f"'{word}':* | {word_term(word)}" if len(word) > 2 else word_term(word) for word in question.words
    ]
    tsquery = " & ".join(f"({term})" for term in [*others, *begun])
    return _load(candidates.begun(tsquery, most), None)
