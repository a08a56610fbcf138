"""The words of a question, marked where they stand in a text."""

from __future__ import annotations

import re

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from library.search.query import Question
from library.search.text import fold, stems, tokens

WORD = re.compile(r"[^\W_]+")
AROUND = 220  # characters of an abstract


class Marker:
    """Knows what to mark: the words themselves, what has their stem, and the names of places and years."""

    def __init__(self, question: Question) -> None:
        names = [word for place in question.places for word in tokens(place.name)]
        self.words = {*question.words, *names, *(str(year) for year in question.years)}
        self.stems = {stem for word in question.words for stem in stems(word)}

        self.known: dict[str, bool] = {}  # titles of one page have most of their words in common

    def fits(self, word: str) -> bool:
        if word not in self.known:
            plain = fold(word)
            self.known[word] = plain in self.words or bool(self.stems.intersection(stems(plain)))
        return self.known[word]

    def mark(self, text: str) -> SafeString:
        """As HTML, everything escaped but our own marks."""
        pieces: list[str] = []
        at = 0
        for found in WORD.finditer(text):
            if self.fits(found[0]):
                pieces += [escape(text[at : found.start()]), f"<mark>{escape(found[0])}</mark>"]
                at = found.end()
        pieces.append(escape(text[at:]))
        return mark_safe("".join(pieces))  # noqa: S308

    def excerpt(self, text: str) -> SafeString:
        """A stretch of a long text around the first word that fits, else its beginning."""
        text = " ".join(text.split())
        first = next((m.start() for m in WORD.finditer(text) if self.fits(m[0])), 0)
        begin = max(0, first - AROUND // 3)
        if begin:
            begin = text.find(" ", begin) + 1
        end = begin + AROUND
        part = text[begin:end]
        if end < len(text):
            part = part.rsplit(" ", 1)[0] + " …"
        return self.mark(f"… {part}" if begin else part)
