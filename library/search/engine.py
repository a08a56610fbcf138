"""Asking the catalogue: the best records of a question, what to narrow it by, and what was meant when nothing fits.

Of a common word there may be a hundred thousand records. Ranked are the newest CANDIDATES that fit; the count stops
at MOST_COUNTED. Both keep the cost of a search flat however large the catalogue grows (tests/bench/search.py).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from library.models import Publication
from library.search import lists, typos
from library.search.query import Question, understand, word_term
from services.offices.models import Office

CANDIDATES = 500
MOST_COUNTED = 10_000
PAGE = 20
FACET_ROWS = 12
WEIGHTS = "{0.05, 0.2, 0.5, 1.0}"  # D abstract, C producer, B series and lists, A title


@dataclass(frozen=True)
class Filters:
    """Chosen beside the words. `office`: only what has a copy there."""

    region: str = ""
    subject: str = ""
    year: int | None = None
    form: str = ""  # printed, digital
    available: bool = False
    office: Office | None = None
    sort: str = "relevance"  # newest, title

    @property
    def lexemes(self) -> list[str]:
        """Those that stand in the same index as the words."""
        marks = [("r", self.region), ("s", self.subject), ("y", self.year)]
        return [f"'{mark}{value}'" for mark, value in marks if value]


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


@dataclass(frozen=True)
class _Row:
    pk: int
    year: int | None
    region_id: int | None
    subject_id: int | None
    digital: bool
    printed: bool


def search(typed: str, filters: Filters, page: int = 1, *, as_typed: bool = False) -> Results:
    """Never empty-handed if anything fits: typing errors are corrected, then some of the words are enough.
    `as_typed`: no correction."""
    question = understand(typed)
    rows = _candidates(question.tsquery, filters)
    better = typos.corrected(question) if not rows and question.words and not as_typed else None
    corrected, near = None, False
    if better is not None and (found := _candidates(better.tsquery, filters)):
        rows, corrected = found, better
    asked = corrected or question
    if not rows and len(asked.terms) > 1:
        rows, near = _nearest(better or question, filters), True
    count, capped = len(rows), False
    if count >= CANDIDATES and not near:
        count = _count(asked.tsquery, filters)
        count, capped = min(count, MOST_COUNTED), count > MOST_COUNTED
    pages = max(1, -(-len(rows) // PAGE))
    page = min(max(1, page), pages)
    shown = _load([row.pk for row in rows[(page - 1) * PAGE : page * PAGE]], filters.office)
    return Results(
        question,
        shown,
        page,
        pages,
        count,
        capped,
        [] if near else _facets(rows, filters),
        corrected,
        near and bool(rows),
    )


def _where(tsquery: str, filters: Filters) -> tuple[str, list[Any]]:
    """The condition for both the candidates and the count."""
    parts: list[str] = []
    params: list[Any] = []
    whole = " & ".join([*([f"({tsquery})"] if tsquery else []), *filters.lexemes])
    if whole:
        parts.append("p.search @@ %s::tsquery")
        params.append(whole)
    if filters.form == "digital":
        parts.append("p.has_digital")
    if filters.form == "printed" or filters.available or filters.office:
        condition = ["c.publication_id = p.id", "c.state <> 'withdrawn'"]
        if filters.office:
            condition.append("c.office_id = %s")
            params.append(filters.office.pk)
        if filters.available:
            condition.append("c.state = 'shelf'")
        parts.append(f"EXISTS (SELECT 1 FROM library_copy c WHERE {' AND '.join(condition)})")  # noqa: S608
    return " AND ".join(parts) or "TRUE", params


def _candidates(tsquery: str, filters: Filters) -> list[_Row]:
    """The newest that fit, in the order asked for."""
    where, params = _where(tsquery, filters)
    if filters.sort == "title":
        order = "title, id"
    elif filters.sort == "newest" or not tsquery:
        order = "year DESC NULLS LAST, id DESC"
    else:
        order = "ts_rank_cd(%s, search, %s::tsquery, 1) DESC, year DESC NULLS LAST, id DESC"
    ranked = [WEIGHTS, tsquery] if "%s" in order else []
    sql = f"""
        WITH fit AS MATERIALIZED (
            SELECT p.id, p.title, p.year, p.region_id, p.subject_id, p.has_digital, p.search
            FROM library_publication p WHERE {where}
            ORDER BY p.year DESC NULLS LAST, p.id DESC LIMIT {CANDIDATES}
        )
        SELECT id, year, region_id, subject_id, has_digital,
               EXISTS (SELECT 1 FROM library_copy c WHERE c.publication_id = fit.id AND c.state <> 'withdrawn')
        FROM fit ORDER BY {order}
    """  # noqa: S608 (only the constants above)
    return _fetch(sql, [*params, *ranked])


def _nearest(question: Question, filters: Filters) -> list[_Row]:
    """Records with some of the words: those with the most first."""
    where, params = _where(question.any_of, filters)
    matches = " + ".join(["(fit.search @@ %s::tsquery)::int"] * len(question.terms))
    sql = f"""
        WITH fit AS MATERIALIZED (
            SELECT p.id, p.year, p.region_id, p.subject_id, p.has_digital, p.search
            FROM library_publication p WHERE {where}
            ORDER BY p.year DESC NULLS LAST, p.id DESC LIMIT {4 * CANDIDATES}
        )
        SELECT id, year, region_id, subject_id, has_digital, TRUE
        FROM fit ORDER BY {matches} DESC, ts_rank(%s, search, %s::tsquery) DESC, year DESC NULLS LAST, id DESC
        LIMIT {PAGE}
    """  # noqa: S608
    return _fetch(sql, [*params, *question.terms, WEIGHTS, question.any_of])


def _fetch(sql: str, params: list[Any]) -> list[_Row]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [_Row(*row) for row in cursor.fetchall()]


def _count(tsquery: str, filters: Filters) -> int:
    where, params = _where(tsquery, filters)
    sql = f"SELECT count(*) FROM (SELECT 1 FROM library_publication p WHERE {where} LIMIT {MOST_COUNTED + 1}) AS counted"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()[0]


# What a list of hits shows; a whole record is read where one is looked at.
COLUMNS = (
    "id", "title", "year", "year_end", "region_id", "subject_id", "abstract", "catalogue_number", "publication_number",
    "issn", "isbn", "language", "producer", "released_on", "web_address", "has_digital", "cover", "updated_at",
)  # fmt: skip
LOAD = f"SELECT {', '.join(COLUMNS)} FROM library_publication WHERE id = ANY(%s)"  # noqa: S608 (the constants above)


def _load(pks: list[int], office: Office | None) -> list[Publication]:
    """In this order, with region and subject; `printed`: the office (or any) has a copy, `on_shelf`: one is there.

    Written as SQL because building these two queries took longer than answering them (tests/bench/search.py).
    """
    if not pks:
        return []
    known = lists.read()
    shelves = _shelves(pks, office)
    found = {}
    for publication in Publication.objects.raw(LOAD, [pks]):
        if region := known.regions.get(publication.region_id or 0):
            publication.region = region
        if subject := known.subjects.get(publication.subject_id or 0):
            publication.subject = subject
        publication.printed = publication.pk in shelves  # type: ignore[attr-defined]
        publication.on_shelf = shelves.get(publication.pk, False)  # type: ignore[attr-defined]
        found[publication.pk] = publication
    return [found[pk] for pk in pks if pk in found]


def _shelves(pks: list[int], office: Office | None) -> dict[int, bool]:
    """Of those with a copy: whether one is on the shelf."""
    condition = " AND office_id = %s" if office else ""
    params: list[Any] = [pks, office.pk] if office else [pks]
    sql = f"""
        SELECT publication_id, bool_or(state = 'shelf') FROM library_copy
        WHERE publication_id = ANY(%s) AND state <> 'withdrawn'{condition} GROUP BY publication_id
    """  # noqa: S608 (only the condition above)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return dict(cursor.fetchall())


def _facets(rows: list[_Row], filters: Filters) -> list[Facet]:
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
    rows = _candidates(tsquery, Filters())[:most]
    return _load([row.pk for row in rows], None)
