"""The records that fit a question, ranked: two SQL statements, because how common its words are decides what is quick.

Up to MOST_COUNTED records are *gathered* through the index of words; that gives the count and the newest to rank in one
go. Of a commoner question the *newest* are taken from the index of years, which soon has enough of them; there the
gathering of all would be the slow part (tests/bench/search.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

from library.models import Word
from library.search.query import Question, word_term
from services.offices.models import Office

RANKED = 500  # of those that fit, the newest
NEAR = 20
MOST_COUNTED = 10_000
SURELY = 12_000  # by the list of words, which is as old as last night
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

    @property
    def narrow(self) -> bool:
        return bool(self.lexemes or self.form or self.available or self.office)


@dataclass(frozen=True)
class Row:
    pk: int
    year: int | None
    region_id: int | None
    subject_id: int | None
    digital: bool
    printed: bool


@dataclass(frozen=True)
class Found:
    """The ranked rows in their order; how many fit, MOST_COUNTED at most; `more`: they are more than that."""

    rows: list[Row]
    count: int
    more: bool = False


def ranked(question: Question, filters: Filters) -> Found:
    """Records with all of the words, in the order asked for."""
    where, params = _where(question.tsquery, filters)
    order, ranks = _order(question.tsquery, filters.sort)
    if not _surely_many(question, filters):
        rows, count = _fetch(_GATHERED, where, params, order, ranks)
        if count <= MOST_COUNTED:
            return Found(rows, count)
    rows, count = _fetch(_NEWEST, where, params, order, ranks)
    many = count >= RANKED
    return Found(rows, MOST_COUNTED if many else count, many)


def nearest(question: Question, filters: Filters) -> list[Row]:
    """Records without one of the words; where there is none, with any of them. Those with the most first."""
    matches = " + ".join(["(fit.search @@ %s::tsquery)::int"] * len(question.terms))
    order = (
        f"{matches} DESC, ts_rank(%s, fit.search, %s::tsquery) DESC, fit.year DESC NULLS LAST, fit.id DESC"
    )
    ranks = [*question.terms, WEIGHTS, question.any_of]
    for tsquery in dict.fromkeys([question.all_but_one, question.any_of]):
        where, params = _where(tsquery, filters)
        rows, count = _fetch(_GATHERED, where, params, order, ranks)
        if count > MOST_COUNTED:
            rows, count = _fetch(_NEWEST, where, params, order, ranks)
        if rows:
            return rows[:NEAR]
    return []


def begun(tsquery: str, most: int) -> list[int]:
    """Keys of the best, where a word may not be finished yet."""
    where, params = _where(tsquery, Filters())
    order, ranks = _order(tsquery, "")
    rows, count = _fetch(_GATHERED, where, params, order, ranks)
    if count > MOST_COUNTED:
        rows, count = _fetch(_NEWEST, where, params, order, ranks)
    return [row.pk for row in rows[:most]]


_GATHERED = """
    found AS MATERIALIZED (SELECT p.id, p.year FROM library_publication p WHERE {where} LIMIT {most} + 1),
    few AS (SELECT count(*) AS counted FROM found),
    newest AS (
        SELECT id FROM found ORDER BY year DESC NULLS LAST, id DESC
        LIMIT CASE WHEN (SELECT counted FROM few) > {most} THEN 0 ELSE {ranked} END
    )
"""
_NEWEST = """
    newest AS MATERIALIZED (
        SELECT p.id FROM library_publication p WHERE {where} ORDER BY p.year DESC NULLS LAST, p.id DESC LIMIT {ranked}
    ),
    few AS (SELECT count(*) AS counted FROM newest)
"""
_RANKING = """
    WITH {source}, fit AS MATERIALIZED (
        SELECT p.id, p.title, p.year, p.region_id, p.subject_id, p.has_digital, p.search
        FROM newest JOIN library_publication p USING (id)
    )
    SELECT few.counted, fit.id, fit.year, fit.region_id, fit.subject_id, fit.has_digital,
           EXISTS (SELECT 1 FROM library_copy c WHERE c.publication_id = fit.id AND c.state <> 'withdrawn')
    FROM few LEFT JOIN fit ON TRUE ORDER BY {order}
"""


def _fetch(source: str, where: str, params: list[Any], order: str, ranks: list[Any]) -> tuple[list[Row], int]:
    """The ranked rows, and how many fit (as far as this source counts)."""
    source = source.format(where=where, most=MOST_COUNTED, ranked=RANKED)
    sql = _RANKING.format(source=source, order=order)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params, *ranks])
        found = cursor.fetchall()
    return [Row(*row[1:]) for row in found if row[1] is not None], found[0][0]


def _where(tsquery: str, filters: Filters) -> tuple[str, list[Any]]:
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


def _order(tsquery: str, sort: str) -> tuple[str, list[Any]]:
    if sort == "title":
        return "fit.title, fit.id", []
    newest = "fit.year DESC NULLS LAST, fit.id DESC"
    if sort == "newest" or not tsquery:
        return newest, []
    return f"ts_rank_cd(%s, fit.search, %s::tsquery, 1) DESC, {newest}", [WEIGHTS, tsquery]


def _surely_many(question: Question, filters: Filters) -> bool:
    """A single word that stands in very many records: they need not be counted again."""
    if filters.narrow or len(question.words) != 1 or question.terms != [word_term(question.words[0])]:
        return False
    return Word.objects.filter(text=question.words[0], times__gt=SURELY).exists()
