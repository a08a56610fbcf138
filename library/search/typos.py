"""Typing errors: a word that stands in no record is compared with those that do."""

from __future__ import annotations

from django.db import connection

from library.models import Word
from library.search.query import Question, understand
from library.search.text import stems

SHORTEST = 3
CANDIDATES = 40


def corrected(question: Question) -> Question | None:
    """The question with every unknown word replaced by the nearest known one; None when there is nothing to better."""
    words = question.words
    known = set(
        Word.objects.filter(text__in=[*words, *(f"~{s}" for w in words for s in stems(w))]).values_list(
            "text", flat=True
        )
    )
    better, changed = [], False
    for word in words:
        is_known = word in known or (stems(word) and all(f"~{s}" in known for s in stems(word)))
        meant = None if is_known or len(word) < SHORTEST or not word.isalpha() else nearest(word)
        changed |= meant is not None
        better.append(meant or word)
    if not changed:
        return None
    # Years and places were understood already; their names are written out again.
    kept = [place.name for place in question.places] + [str(year) for year in question.years]
    return understand(" ".join([*better, *dict.fromkeys(kept)]))


def nearest(word: str) -> str | None:
    """The most alike known word: of two as near the one with the same letters (a swap), then the more frequent; also
    two known words written as one."""
    limit = 1 if len(word) <= 5 else 2
    found = [
        (distance(word, text, limit), sorted(text) != sorted(word), -times, text)
        for text, times in _alike(word)
    ]
    far, _other_letters, _times, text = min(found, default=(limit + 1, True, 0, ""))
    return text if far <= limit else _two_words(word)


def _alike(word: str) -> list[tuple[str, int]]:
    """By trigrams; of a short word also by its first letter and length, because one swap leaves no trigram whole."""
    sql = """
        (SELECT text, times FROM library_word WHERE text %% %s ORDER BY similarity(text, %s) DESC, times DESC LIMIT %s)
    """
    params: list = [word, word, CANDIDATES]
    if len(word) <= 6:
        sql += " UNION SELECT text, times FROM library_word WHERE text LIKE %s AND length(text) BETWEEN %s AND %s"
        params += [f"{word[0]}%", len(word) - 1, len(word) + 1]
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [row for row in cursor.fetchall() if row[0].isalpha()]


def _two_words(word: str) -> str | None:
    cuts = [(word[:i], word[i:]) for i in range(3, len(word) - 2)]
    known = dict(
        Word.objects.filter(text__in={part for cut in cuts for part in cut}).values_list("text", "times")
    )
    whole = [(min(known[a], known[b]), f"{a} {b}") for a, b in cuts if a in known and b in known]
    return max(whole)[1] if whole else None


def distance(one: str, two: str, limit: int) -> int:
    """How many letters were missed, added, mistaken or swapped (optimal string alignment); `limit` + 1 when more."""
    if abs(len(one) - len(two)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(two) + 1))
    for i, a in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, b in enumerate(two, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == two[j - 2] and one[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]
