"""Words as the searches know them: folded, split, and brought to their Indonesian stem; and the tsvector made of them.

PySastrawi finds the stems that PostgreSQL's own Indonesian stemmer misses (perumahan, kependudukan); it is slow, so
every word is looked up once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

from Sastrawi.Dictionary.ArrayDictionary import ArrayDictionary
from Sastrawi.Stemmer.Stemmer import Stemmer
from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

# Standing in so many titles that they tell nothing; only left out while other words are there.
STOP_WORDS = frozenset(
    [
        "dan",
        "yang",
        "di",
        "ke",
        "dari",
        "untuk",
        "pada",
        "dengan",
        "atau",
        "oleh",
        "serta",
        "menurut",
        "para",
        "the",
        "of",
        "and",
        "in",
        "by",
        "for",
        "on",
        "to",
        "a",
        "an",
    ]
)
# What the stemmer gets wrong and people look for.
STEMS = {
    "peternakan": "ternak",
    "beternak": "ternak",
    "peternak": "ternak",
    "ketenagakerjaan": "tenaga kerja",
    "tenagakerja": "tenaga kerja",
    "pengangguran": "nganggur",
    "penganggur": "nganggur",
    "menganggur": "nganggur",
    "kependudukan": "penduduk",
    "penduduk": "penduduk",
    "berpenduduk": "penduduk",
    "dalam": "dalam",
    "angka": "angka",
}
# How a person asks, not what for. In the index they stay: a title may hold them.
ASKING = frozenset(
    [
        "saya", "aku", "kami", "mau", "ingin", "mohon", "minta", "tolong", "cari", "mencari", "butuh",
        "perlu", "ada", "apa", "berapa", "tentang", "mengenai", "terkait", "data", "tahun",
    ]
)  # fmt: skip
# A catalogue number keeps its dots ("1102001.7411"), a number with hyphens its hyphens ("978-602-438-123-4").
TOKEN = re.compile(r"[0-9]+(?:[.-][0-9x]+)+|[a-z0-9]+")
MARKED = re.compile(r"[.-]")
LONGEST = 60
ONLY_LETTERS = re.compile(r"[a-z]+")


def fold(text: str) -> str:
    """Small letters without accents; every kind of dash is one."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return re.sub(r"[\u2010-\u2015\u2212]", "-", plain)


def tokens(text: str) -> list[str]:
    """The words of a text in order. A number with marks comes whole and in its parts."""
    found: list[str] = []
    for token in TOKEN.findall(fold(text)):
        parts = re.split(r"[.-]", token)
        if len(parts) > 1:
            found.append(token[:LONGEST])
        found.extend(part[:LONGEST] for part in parts if part)
    return found


def meaningful(words: list[str]) -> list[str]:
    """Without stop words, unless there is nothing else."""
    return [w for w in words if w not in STOP_WORDS] or words


@cache
def _stemmer() -> Stemmer:
    """The factory's would remember every word for ever."""
    return Stemmer(ArrayDictionary(StemmerFactory().get_words()))


@lru_cache(maxsize=100_000)
def stems(word: str) -> tuple[str, ...]:
    """The stem of a word; two for a compound; none for a number."""
    if not ONLY_LETTERS.fullmatch(word) or len(word) > 30:
        return ()
    if word in STEMS:
        return tuple(STEMS[word].split())
    return (_stemmer().stem(word),)


class Text:
    """A tsvector in the making."""

    def __init__(self) -> None:
        self.places: dict[str, list[str]] = {}
        self.position = 0

    def add(self, words: Sequence[str], weight: str) -> None:
        for word in words:
            self.position = min(self.position + 1, 16_383)  # PostgreSQL's highest position
            for lexeme in (word, *(f"~{stem}" for stem in stems(word))):
                where = self.places.setdefault(lexeme, [])
                if len(where) < 20:
                    where.append(f"{self.position}{weight}")
        self.position += 1  # words of two fields are no neighbours

    def mark(self, lexemes: Iterable[str]) -> None:
        for lexeme in lexemes:
            self.places.setdefault(lexeme, [])

    def __str__(self) -> str:
        return " ".join(
            f"'{lexeme}':{','.join(where)}" if where else f"'{lexeme}'"
            for lexeme, where in self.places.items()
        )


def word_term(word: str) -> str:
    if MARKED.search(word):
        return f"'{word}' | '{MARKED.sub('', word)}'"
    stem = " & ".join(f"'~{s}'" for s in stems(word))
    return f"'{word}' | ({stem})" if stem else f"'{word}'"
