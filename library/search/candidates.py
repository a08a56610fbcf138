"""The records that fit a question, ranked.

Up to MOST_COUNTED records are gathered through the index of words: that gives the count and the newest to rank in one
go. Of a commoner question the newest are gathered by the same index, one year and then more: to walk the catalogue from
its newest record on until enough fit took seconds where what is asked for lies far back (tests/bench/search.py). The
newest are those whose last year is: of PDRB 2021-2025 that is 2025.

Of what is more than MOST_COUNTED only a lower bound is told, VERY_MANY where the planner expects twice that. It expects too
many of words that hardly ever stand together; it must not read the whole table for them, so it may only use indexes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from library.search import lists
from library.search.query import Question
from services.offices.models import Office

RANKED = 500  # of those that fit, the newest
NEAR = 20
BACK = (0, 1, 3, 7, 15, 31, 63)  # years
MOST_COUNTED = 5_000
VERY_MANY = 10_000
SURELY = 2 * VERY_MANY  # estimated
ENOUGH = 4 * RANKED  # of some years
RELEASED = "(p.embargo_until IS NULL OR p.embargo_until <= %s)"
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


class Row(NamedTuple):
    pk: int
    year: int | None
    region_id: int | None
    subject_id: int | None
    digital: bool
    printed: bool


@dataclass(frozen=True)
class Found:
    """The ranked rows in their order; how many fit; `more`: they are more than that."""

    rows: list[Row]
    count: int
    more: bool = False


def ranked(question: Question, filters: Filters) -> Found:
    """Records with all of the words, in the order asked for."""
    last = max([*question.years, filters.year or 0])
    return _best(question.tsquery, filters, _order(question.tsquery, filters.sort), last=last)


def nearest(question: Question, filters: Filters) -> list[Row]:
    """Records without one of the words; where there is none, with any of them. Those with the most first."""
    matches = " + ".join(["(fit.search @@ %s::tsquery)::int"] * len(question.terms))
    order = f"{matches} DESC, ts_rank(%s, fit.search, %s::tsquery) DESC, fit.last_year DESC NULLS LAST, fit.id DESC"
    ranks = [*question.terms, WEIGHTS, question.any_of]
    for tsquery in dict.fromkeys([question.all_but_one, question.any_of]):
        if found := _best(tsquery, filters, (order, ranks)).rows:
            return found[:NEAR]
    return []


def begun(tsquery: str, most: int) -> list[int]:
    """Keys of the best, where a word may not be finished yet."""
    found = _best(tsquery, Filters(), _order(tsquery, ""))
    return [row.pk for row in found.rows[:most]]


def _best(tsquery: str, filters: Filters, order: tuple[str, list[Any]], *, last: int = 0) -> Found:
    """`last`: the last year asked for; the newest are sought from there on, or from the newest of all."""
    at_least = VERY_MANY
    if _estimated(tsquery, filters) < SURELY:
        rows, count = _fetch(tsquery, filters, order, most=MOST_COUNTED)
        if count <= MOST_COUNTED:
            return Found(rows, count)
        at_least = MOST_COUNTED
    newest = last or lists.read().newest
    until = last + 1 if last else timezone.localdate().year + 1
    for years in BACK:
        rows, count = _fetch(tsquery, filters, order, years=range(newest - years, until + 1), least=RANKED)
        if count >= RANKED:
            return Found(rows, at_least, more=True)
    rows, count = _fetch(tsquery, filters, order)
    return Found(rows, min(count, VERY_MANY), more=count > VERY_MANY)


def _estimated(tsquery: str, filters: Filters) -> int:
    """How many fit by the database's statistics."""
    where, params = conditions(tsquery, filters)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) SELECT 1 FROM library_publication p WHERE {where}", params)  # noqa: S608
        return cursor.fetchone()[0][0]["Plan"]["Plan Rows"]


_LAST_YEAR = "COALESCE(p.year_end, p.year)"
_STATEMENT = """
    WITH found AS MATERIALIZED (SELECT p.ctid AS place, p.id, {last_year} AS year FROM library_publication p WHERE {where} LIMIT {gathered}),
    few AS (SELECT count(*) AS counted FROM found),
    newest AS (
        SELECT place FROM found ORDER BY year DESC NULLS LAST, id DESC
        LIMIT CASE WHEN (SELECT counted FROM few) BETWEEN {least} AND {most} THEN {ranked} ELSE 0 END
    ),
    fit AS MATERIALIZED (
        SELECT p.id, p.title, p.year, {last_year} AS last_year, p.region_id, p.subject_id, p.has_digital, p.search
        FROM newest JOIN library_publication p ON p.ctid = newest.place
    )
    SELECT few.counted, fit.id, fit.year, fit.region_id, fit.subject_id, fit.has_digital,
           EXISTS (SELECT 1 FROM library_copy c WHERE c.publication_id = fit.id AND c.state <> 'withdrawn')
    FROM few LEFT JOIN fit ON TRUE ORDER BY {order}
"""
_BY_INDEX = "SET LOCAL enable_seqscan = off; SET LOCAL jit = off; "
_AS_BEFORE = "; SET LOCAL enable_seqscan TO DEFAULT; SET LOCAL jit TO DEFAULT"


def _fetch(
    tsquery: str, filters: Filters, order: tuple[str, list[Any]], *, years: range = range(0), least: int = 0, most: int = 0
) -> tuple[list[Row], int]:  # fmt: skip
    """The ranked rows, none if they are less than `least` or more than `most`; and how many fit, as far as was
    counted."""
    where, params = conditions(tsquery, filters, years)
    gathered = ENOUGH if years else (most or VERY_MANY) + 1
    sql = _STATEMENT.format(
        last_year=_LAST_YEAR,
        where=where,
        order=order[0],
        gathered=gathered,
        ranked=RANKED,
        least=least,
        most=most or gathered,
    )
    # In one round trip; without words (a list of everything) the table has to be read.
    by_index = "search @@" in where
    with connection.cursor() as cursor:
        cursor.execute(f"{_BY_INDEX}{sql}{_AS_BEFORE}" if by_index else sql, [*params, *order[1]])
        if by_index:
            cursor.nextset(), cursor.nextset()
        found = cursor.fetchall()
    return [Row(*row[1:]) for row in found if row[1] is not None], found[0][0]


def conditions(tsquery: str, filters: Filters, years: range = range(0)) -> tuple[str, list[Any]]:
    """Of released records `p`, as SQL."""
    parts = [RELEASED]
    params: list[Any] = [timezone.now()]
    words = [f"({tsquery})"] if tsquery else []
    if years:
        of_the_years = " | ".join(f"'y{year}'" for year in years)
        words.append(f"({of_the_years})")
    whole = " & ".join([*words, *filters.lexemes])
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
    return " AND ".join(parts), params


def _order(tsquery: str, sort: str) -> tuple[str, list[Any]]:
    if sort == "title":
        return "fit.title, fit.id", []
    newest = "fit.last_year DESC NULLS LAST, fit.id DESC"
    if sort == "newest" or not tsquery:
        return newest, []
    return f"ts_rank_cd(%s, fit.search, %s::tsquery, 1) DESC, {newest}", [WEIGHTS, tsquery]
