"""What somebody typed, understood: years and regions as filters, the rest as words in any order."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from library.search import lists
from library.search.lists import LEVELS, Place
from library.search.text import ASKING, MARKED, meaningful, tokens, word_term

MOST_TYPED = 300
MOST_WORDS = 16
YEAR = re.compile(r"(?:1[89]|20|21)[0-9]{2}")
YEARS = re.compile(r"((?:1[89]|20|21)[0-9]{2})-((?:1[89]|20|21)[0-9]{2})")
MOST_RANGE = 30


@dataclass
class Question:
    """`words` are what is left; `terms` are the parts of the tsquery, all of which a record must have."""

    typed: str
    words: list[str] = field(default_factory=list)
    years: list[int] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    terms: list[str] = field(default_factory=list)

    @property
    def tsquery(self) -> str:
        return " & ".join(f"({term})" for term in self.terms)

    @property
    def all_but_one(self) -> str:
        """Each of the terms may be missing, one at a time."""
        one_less = ([t for t in self.terms if t is not left_out] for left_out in self.terms)
        return " | ".join(f"({' & '.join(f'({t})' for t in terms)})" for terms in one_less)

    @property
    def any_of(self) -> str:
        return " | ".join(f"({term})" for term in self.terms)


def understand(typed: str) -> Question:
    """Never fails; something without a single word has no terms."""
    question = Question(typed=" ".join(typed[:MOST_TYPED].split()))
    words = _without_parts(tokens(question.typed))[:MOST_WORDS]
    words = _take_years(words, question)
    words = _take_places(words, question)
    told = [word for word in words if word not in ASKING] or words
    question.words = list(dict.fromkeys(meaningful(told) if told else []))
    if (question.years or question.places) and all(w in LEVELS | ASKING for w in question.words):
        question.words = []
    question.terms += [word_term(w) for w in question.words]
    return question


def _without_parts(found: list[str]) -> list[str]:
    """Of a number with marks only the whole: its parts follow it in the list."""
    words: list[str] = []
    skip = 0
    for token in found:
        if skip:
            skip -= 1
            continue
        skip = len(MARKED.split(token)) if MARKED.search(token) else 0
        words.append(token)
    return words


def _take_years(words: list[str], question: Question) -> list[str]:
    """Several years: any of them. Their digits may also stand in a title without being its year."""
    rest, lexemes = [], []
    for word in words:
        if found := YEARS.fullmatch(word):
            first, last = sorted((int(found[1]), int(found[2])))
            years = list(range(first, min(last, first + MOST_RANGE) + 1))
        elif YEAR.fullmatch(word):
            years = [int(word)]
        else:
            rest.append(word)
            continue
        question.years += years
        lexemes += [f"'{word}'", *(f"'y{y}'" for y in years)]
    if lexemes:
        question.terms.append(" | ".join(dict.fromkeys(lexemes)))
    return rest


def _take_places(words: list[str], question: Question) -> list[str]:
    """The longest names first: "Belitung Timur" is not Belitung. A record that only names the place is found too."""
    names = lists.read().places
    rest: list[str] = []
    at = 0
    while at < len(words):
        for length in range(min(6, len(words) - at), 0, -1):
            part = tuple(words[at : at + length])
            if part in names:
                places = names[part]
                question.places += places
                spelled = " & ".join(f"'{word}'" for word in part)
                codes = " | ".join(f"'r{place.code}'" for place in places)
                question.terms.append(f"{codes} | ({spelled})")
                while rest and rest[-1] in LEVELS:
                    rest.pop()
                at += length
                break
        else:
            rest.append(words[at])
            at += 1
    return rest
