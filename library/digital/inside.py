"""Searching inside one softcopy: the pages on which all the words stand, and the words as they stand there."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import BooleanField
from django.db.models.expressions import RawSQL
from django.utils.safestring import SafeString

from library.models import DigitalCopy
from library.search.highlight import WORD, Marker
from library.search.query import MOST_TYPED, understand
from library.search.text import fold

MOST_HITS = 100
MOST_WORDS = 12  # different spellings that are looked for on one page


@dataclass(frozen=True)
class Hit:
    page: int
    snippet: SafeString


@dataclass(frozen=True)
class Hits:
    """`more`: there are pages after these."""

    typed: str
    rows: list[Hit]
    more: bool = False
    scanned: bool = False  # no page has text: nothing can ever be found


def typed_in(text: str) -> str:
    return " ".join(text.replace("\0", "")[:MOST_TYPED].split())


def hits(digital: DigitalCopy, text: str) -> Hits:
    """The first MOST_HITS pages with all the words, in their order."""
    question = understand(typed_in(text))
    if not question.terms:
        return Hits(question.typed, [])
    fits = RawSQL(
        "library_digitalpage.search @@ %s::tsquery", [question.tsquery], output_field=BooleanField()
    )
    rows = list(digital.texts.filter(fits).values_list("number", "text")[: MOST_HITS + 1])
    if not rows and digital.pages and len(digital.without_text) >= digital.pages:
        return Hits(question.typed, [], scanned=True)
    marker = Marker(question)
    found = [Hit(number, marker.excerpt(words)) for number, words in rows[:MOST_HITS]]
    return Hits(question.typed, found, more=len(rows) > MOST_HITS)


def words_on(page_text: str, text: str) -> list[str]:
    """The words of the page that the question means: "miskin" stands there as "kemiskinan"."""
    question = understand(typed_in(text))
    if not question.terms:
        return []
    marker = Marker(question)
    found = {fold(word[0]) for word in WORD.finditer(page_text) if marker.fits(word[0])}
    return sorted(found)[:MOST_WORDS]
