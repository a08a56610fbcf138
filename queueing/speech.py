"""What the TV says. Numbers are said as they stand on the ticket: A012 is "A, nol dua belas", "A, zero twelve".

A call is a list of segments, names of the recordings in static/audio/ ("id/nomor-antrian"); the screen joins them.
`PAUSE` stands where a speaker breathes. The same words, written out, are the sentence for the browser's own voice.
"""

from __future__ import annotations

from dataclasses import dataclass

PAUSE = ","
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Numbers with a word of their own, from zero on.
LOW = {
    "id": (
        "nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas",
    ),
    "en": (
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
        "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ),
}  # fmt: skip
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
PARTS = {"id": ("belas", "puluh", "seratus", "ratus"), "en": (*TENS, "hundred")}
# (before the number, before the counter)
PHRASES = {
    "id": ("nomor antrian", "silakan ke loket"),
    "en": ("queue number", "please go to counter"),
}


def words(number: int, language: str = "id") -> list[str]:
    """The words of a number from 0 to 999. Raises ValueError outside."""
    if not 0 <= number <= 999:
        raise ValueError(f"number words go from 0 to 999, not {number}")
    low = LOW[language]
    if number < len(low):
        return [low[number]]
    if number < 100:
        return _below_hundred(number, language)
    hundreds, rest = divmod(number, 100)
    tail = words(rest, language) if rest else []
    if language == "en":
        return [low[hundreds], "hundred", *tail]
    return ["seratus", *tail] if hundreds == 1 else [low[hundreds], "ratus", *tail]


def _below_hundred(number: int, language: str) -> list[str]:
    """From the first number that has no word of its own."""
    tens, rest = divmod(number, 10)
    low = LOW[language]
    tail = [low[rest]] if rest else []
    if language == "en":
        return [TENS[tens - 2], *tail]
    return [low[rest], "belas"] if tens == 1 else [low[tens], "puluh", *tail]


def label_words(label: str, language: str = "id") -> list[str]:
    """A012 → A , nol dua belas: every letter, a pause, the leading zeros as they stand on the ticket."""
    letters = [c for c in label.upper() if c in LETTERS]
    digits = "".join(c for c in label if c in "0123456789") or "0"
    zeros = len(digits) - len(digits.lstrip("0")) if digits.strip("0") else len(digits) - 1
    number = [LOW[language][0]] * zeros + _spoken(digits, language)
    return [*letters, PAUSE, *number] if letters else number


def _spoken(digits: str, language: str) -> list[str]:
    """A number in words; beyond 999 digit by digit."""
    value = int(digits)
    return words(value, language) if value <= 999 else [LOW[language][int(d)] for d in digits]


@dataclass(frozen=True)
class Sentence:
    """One call in one language: as text, and as segments in the order of saying."""

    language: str
    words: list[str]

    @property
    def segments(self) -> str:
        """Names separated by spaces: "id/nomor-antrian , id/a , id/nol id/dua id/belas"."""
        return " ".join(PAUSE if w == PAUSE else segment(self.language, w) for w in self.words)

    @property
    def text(self) -> str:
        sentence = " ".join(self.words).replace(f" {PAUSE}", PAUSE)
        return sentence[0].upper() + sentence[1:]


def call(label: str, counter: int, language: str = "id") -> Sentence:
    """ "Nomor antrian, A, nol dua belas, silakan ke loket satu"."""
    before, where = PHRASES[language]
    number, place = label_words(label, language), _spoken(str(counter), language)
    return Sentence(language, [before, PAUSE, *number, PAUSE, where, *place])


def segment(language: str, word: str) -> str:
    """The recording's name, which is its path under static/audio/ without the ending."""
    return f"{language}/{word.lower().replace(' ', '-')}"


def vocabulary(language: str) -> list[str]:
    """Every word and phrase that a call may need."""
    return [*PHRASES[language], *LETTERS, *LOW[language], *PARTS[language]]


def recordings() -> list[str]:
    """The names of all recordings, of all languages."""
    return [segment(language, word) for language in PHRASES for word in vocabulary(language)]
