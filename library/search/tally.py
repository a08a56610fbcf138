"""What is sought and whether it is found: the collection grows by it. Never who sought it."""

from __future__ import annotations

import re
from datetime import date

from django.db import connection

from library.search.query import YEAR, Question
from services.offices.models import Office

LONGEST = 200
MOST_DIGITS = (
    5  # a longer number may be a phone's or an identity card's; a catalogue number is found by itself
)
MOST_A_DAY = 2_000  # different questions of a day at one office: a flood of made-up ones fills no disk
NOTE = """
    WITH again AS (
        UPDATE library_searchtally SET times = times + 1
        WHERE day = %(day)s AND {of_office} AND text = %(text)s AND found = %(found)s RETURNING 1
    )
    INSERT INTO library_searchtally (day, office_id, text, found, times)
    SELECT %(day)s, %(office)s, %(text)s, %(found)s, 1
    WHERE NOT EXISTS (SELECT FROM again)
      AND (SELECT count(*) FROM library_searchtally WHERE day = %(day)s AND {of_office}) < %(most)s
    ON CONFLICT (day, office_id, text, found) DO UPDATE SET times = library_searchtally.times + 1
"""
GROUPS = re.compile(r"[0-9]+(?:[ ()+/-]{1,3}[0-9]+)+")
MOST_GROUPED = 7  # digits side by side: a range of years with a number of months is shorter


def note(question: Question, *, found: bool, office: Office | None, day: date) -> None:
    """One more of this question on this day. Words that look like a person's number or address are left out."""
    text = plain(question)
    if not text:
        return
    of_office = "office_id = %(office)s" if office else "office_id IS NULL"
    said = {
        "day": day,
        "office": office.pk if office else None,
        "text": text,
        "found": found,
        "most": MOST_A_DAY,
    }
    with connection.cursor() as cursor:
        cursor.execute(NOTE.format(of_office=of_office), said)


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
