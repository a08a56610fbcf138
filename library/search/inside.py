"""Hits inside softcopies: the publications on whose pages all the words of a question stand.

At most GATHERED pages are taken from the index, whichever come first; of their publications the newest are shown. What
stands on so many pages is in titles and abstracts too.

Where that gives few, a page counts also when its publication has the words that it lacks: "Kolaka zirkonium" is a page of
Kolaka's book. Places and years may be the publication's, or any one word either side's: a question of three words is
covered whole. Each such part is answered from the rarer side, and not run at all where there are pages enough.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.cache import cache
from django.db import connection
from django.utils.safestring import SafeString, mark_safe

from library.models import DigitalPage
from library.models.catalogue import Access
from library.search import candidates
from library.search.candidates import Filters
from library.search.highlight import Marker
from library.search.query import Question

SHOWN = 5
PAGES = 6  # of each publication
GATHERED = 3_000
KEEP_SECONDS = 60
FEW = 5  # pages with all the words; from there on none is sought that has only some
MOST_APART = 5  # words of a question that may stand apart


@dataclass(frozen=True)
class Inside:
    """`pages`: the first with all the words. `snippet` only of what everybody may read: elsewhere it would tell."""

    pk: int
    title: str
    pages: list[int]
    more: bool
    snippet: SafeString


_STATEMENT = """
    WITH found AS MATERIALIZED (
        SELECT t.digital_id, t.number FROM library_digitalpage t WHERE t.search @@ %s::tsquery LIMIT {gathered}
    ), wider AS MATERIALIZED ({wider}
    ), pages AS (
        SELECT * FROM found UNION SELECT * FROM wider
    ), books AS (
        SELECT p.id, p.title, p.access, d.id AS digital_id, min(f.number) AS first, count(*) AS counted,
               (array_agg(f.number ORDER BY f.number))[1:{pages}] AS pages,
               row_number() OVER (ORDER BY coalesce(p.year_end, p.year) DESC NULLS LAST, p.id DESC) AS place
        FROM pages f JOIN library_digitalcopy d ON d.id = f.digital_id AND d.state = 'ready'
        JOIN library_publication p ON p.id = d.publication_id
        WHERE {where} GROUP BY p.id, d.id ORDER BY place LIMIT {shown}
    )
    SELECT b.id, b.title, b.pages, b.counted, CASE WHEN b.access = %s THEN t.text ELSE '' END
    FROM books b JOIN library_digitalpage t ON t.digital_id = b.digital_id AND t.number = b.first ORDER BY b.place
"""
# A part of `wider`: what must stand on the page, what in the publication, and what would have found it there alone.
_APART = """
        (SELECT t.digital_id, t.number FROM library_publication p
        JOIN library_digitalcopy d ON d.publication_id = p.id AND d.state = 'ready'
        JOIN library_digitalpage t ON t.digital_id = d.id
        WHERE (SELECT count(*) FROM found) < {few} AND t.search @@ %s::tsquery AND p.search @@ %s::tsquery
              AND NOT p.search @@ %s::tsquery LIMIT {gathered})"""
_NONE = " SELECT * FROM found LIMIT 0"


def search(question: Question, filters: Filters, marker: Marker) -> list[Inside]:
    """One statement; none where no softcopy was ever read in, or nothing but a year or a place was asked."""
    if not question.words or not any_softcopy():
        return []
    where, params = candidates.conditions("", filters)
    apart = _apart(question)
    wider = " UNION ALL".join([_APART.format(few=FEW, gathered=GATHERED)] * len(apart)) or _NONE
    sql = _STATEMENT.format(gathered=GATHERED, pages=PAGES, shown=SHOWN, where=where, wider=wider)
    split = [query for page, book in apart for query in (page, book, question.tsquery)]
    with connection.cursor() as cursor:
        cursor.execute(sql, [question.tsquery, *split, *params, Access.PUBLIC.value])
        rows = cursor.fetchall()
    return [
        Inside(pk, title, pages, counted > len(pages), marker.excerpt(text) if text else mark_safe(""))
        for pk, title, pages, counted, text in rows
    ]


def _apart(question: Question) -> list[tuple[str, str]]:
    """What the page has, and what its publication: the words and the years and places; each term alone on either side."""
    terms, marks = question.terms, len(question.terms) - len(question.words)
    split = [(_all(terms[marks:]), _all(terms[:marks]))] if marks and question.words else []
    if not 1 < len(terms) <= MOST_APART:
        return split
    alone = [(f"({term})", _all(t for t in terms if t is not term)) for term in terms]
    others = [(rest, one) for one, rest in alone]
    return list(dict.fromkeys([*split, *alone, *others]))


def _all(terms: Iterable[str]) -> str:
    return " & ".join(f"({term})" for term in terms)


def any_softcopy() -> bool:
    """A minute old at most."""
    known = cache.get("library.softcopies")
    if known is None:
        known = DigitalPage.objects.exists()
        cache.set("library.softcopies", known, KEEP_SECONDS)
    return known
