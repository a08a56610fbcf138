"""The words of a question, marked where they stand in a text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from library.search.query import Question
from library.search.text import fold, stems, tokens

WORD = re.compile(r"[^\W_]+")
AROUND = 220  # characters of an abstract


@dataclass(frozen=True)
class Piece:
    text: str
    marked: bool


class Marker:
    """Knows what to mark: the words themselves, what has their stem, and the names of places and years."""

    def __init__(self, question: Question) -> None:
        names = [word for place in question.places for word in tokens(place.name)]
        self.words = {*question.words, *names, *(str(year) for year in question.years)}
        self.stems = {stem for word in question.words for stem in stems(word)}

    def fits(self, word: str) -> bool:
        plain = fold(word)
        return plain in self.words or bool(self.stems.intersection(stems(plain)))

    def mark(self, text: str) -> list[Piece]:
        pieces: list[Piece] = []
        at = 0
        for found in WORD.finditer(text):
            if self.fits(found[0]):
                if found.start() > at:
                    pieces.append(Piece(text[at : found.start()], False))
                pieces.append(Piece(found[0], True))
                at = found.end()
        if at < len(text):
            pieces.append(Piece(text[at:], False))
        return pieces

    def excerpt(self, text: str) -> list[Piece]:
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
