"""Finding what was written by what somebody asks: the same words and stems as in the catalogue (services/text.py)."""

from __future__ import annotations

from functools import reduce
from operator import add
from typing import Any

from django.contrib.postgres.search import SearchQueryField, SearchRank, SearchVectorField
from django.db.models import BooleanField, Case, F, Func, IntegerField, QuerySet, TextField, Value, When

from services.text import ASKING, Text, meaningful, tokens, word_term

MOST_TYPED = 4_000
MOST_WORDS = 16
MOST_INDEXED = 3_000


def vector(*parts: tuple[str, str]) -> Func:
    """For a `search` column: (text, weight A to D) each."""
    made = Text()
    for text, weight in parts:
        made.add(tokens(text)[:MOST_INDEXED], weight)
    return Func(
        Value(str(made), output_field=TextField()),
        template="(%(expressions)s)::tsvector",
        output_field=SearchVectorField(),
    )


def terms_of(typed: str) -> list[str]:
    """What to look for in a sentence; its first words, without those that only ask."""
    words = [word for word in meaningful(tokens(typed[:MOST_TYPED])) if word not in ASKING]
    return [f"({word_term(word)})" for word in list(dict.fromkeys(words))[:MOST_WORDS]]


def find(rows: QuerySet, typed: str) -> QuerySet:
    """Those with at least half of the words, those with most of them first; nothing typed finds nothing."""
    terms = terms_of(typed)
    if not terms:
        return rows.none()
    found: list[Any] = [
        Case(When(_has(term), then=1), default=0, output_field=IntegerField()) for term in terms
    ]
    any_of = " | ".join(terms)
    query = Func(Value(any_of), template="(%(expressions)s)::tsquery", output_field=SearchQueryField())
    rows = rows.filter(_has(any_of)).annotate(
        has=reduce(add, found),
        rank=SearchRank(F("search"), query),
    )
    return rows.filter(has__gte=(len(terms) + 1) // 2).order_by("-has", "-rank", "-pk")


def _has(query: str) -> Func:
    return Func(
        F("search"), Value(query), template="(%(expressions)s::tsquery)", arg_joiner=" @@ ",
        output_field=BooleanField(),
    )  # fmt: skip
