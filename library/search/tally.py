"""What is sought and whether it is found: the collection grows by it. Never who sought it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date

from django.db import connection

from library.later import Later
from library.search.query import YEAR, Question
from services.offices.models import Office

LONGEST = 200
MOST_DIGITS = (
    5  # a longer number may be a phone's or an identity card's; a catalogue number is found by itself
)
MOST_A_DAY = 2_000  # different questions of a day at one office: a flood of made-up ones fills no disk
NOTE = """
    WITH said AS (SELECT * FROM unnest(%(texts)s::text[], %(found)s::boolean[], %(times)s::integer[]) AS s (text, found, times)),
    again AS (
        UPDATE library_searchtally t SET times = t.times + s.times FROM said s
        WHERE t.day = %(day)s AND {of_office} AND t.text = s.text AND t.found = s.found RETURNING s.text, s.found
    )
    INSERT INTO library_searchtally (day, office_id, text, found, times)
    SELECT %(day)s, %(office)s, s.text, s.found, s.times FROM said s
    WHERE (s.text, s.found) NOT IN (SELECT text, found FROM again)
    ORDER BY s.text, s.found
    LIMIT greatest(0, %(most)s - (SELECT count(*) FROM library_searchtally t WHERE t.day = %(day)s AND {of_office}))
    ON CONFLICT (day, office_id, text, found) DO UPDATE SET times = library_searchtally.times + excluded.times
"""
Asked = tuple[date, int | None, str, bool]  # day, office, text, whether it was found
GROUPS = re.compile(r"[0-9]+(?:[ ()+/-]{1,3}[0-9]+)+")
MOST_GROUPED = 7  # digits side by side: a range of years with a number of months is shorter


def note(question: Question, *, found: bool, office: Office | None, day: date) -> None:
    """One more of this question on this day, written within a second or so. Words that look like a person's number or
    address are left out."""
    if text := plain(question):
        LATER.add([(day, office.pk if office else None, text, found)])


def _write(asked: Counter[Asked]) -> None:
    for (day, office), rows in _by_day_and_office(asked):
        texts, found, times = zip(*rows, strict=True)
        of_office = "t.office_id = %(office)s" if office else "t.office_id IS NULL"
        said = {
            "day": day,
            "office": office,
            "texts": list(texts),
            "found": list(found),
            "times": list(times),
        }
        with connection.cursor() as cursor:
            cursor.execute(NOTE.format(of_office=of_office), {**said, "most": MOST_A_DAY})


def _by_day_and_office(
    asked: Counter[Asked],
) -> Iterable[tuple[tuple[date, int | None], list[tuple[str, bool, int]]]]:
    groups: dict[tuple[date, int | None], list[tuple[str, bool, int]]] = {}
    # In one order everywhere: two processes that count the same never wait for each other.
    for (day, office, text, found), times in sorted(
        asked.items(), key=lambda row: (row[0][0], row[0][1] or 0, *row[0][2:])
    ):
        groups.setdefault((day, office), []).append((text, found, times))
    return groups.items()


LATER = Later(_write)


def _somebodys(typed: str) -> bool:
    """A phone's or an identity card's number, written in groups: "0812 3456 7890". Years side by side are none."""
    groups = [re.findall("[0-9]+", found[0]) for found in GROUPS.finditer(typed)]
    return any(len("".join(g)) > MOST_GROUPED and not all(map(YEAR.fullmatch, g)) for g in groups)


def plain(question: Question) -> str:
    """What was asked in one spelling, so that the same question counts as the same."""
    if "@" in question.typed or _somebodys(question.typed):
        return ""
    words = [w for w in question.words if sum(c.isdigit() for c in w) <= MOST_DIGITS]
    words += [place.name for place in question.places[:1]]
    words += [str(year) for year in question.years[:2]]
    return " ".join(words)[:LONGEST]
