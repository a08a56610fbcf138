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


GROUPS = re.compile(r"[0-9]+(?:[ ()+/-]{1,3}[0-9]+)+")
MOST_GROUPED = 7  # digits side by side: a range of years with a number of months is shorter


def note(question: Question, *, found: bool, office: Office | None, day: date) -> None:
    """One more of this question on this day. Words that look like a person's number or address are left out."""
    text = plain(question)
    if not text:
        return
    sql = """
        INSERT INTO library_searchtally (day, office_id, text, found, times) VALUES (%s, %s, %s, %s, 1)
        ON CONFLICT (day, office_id, text, found) DO UPDATE SET times = library_searchtally.times + 1
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [day, office.pk if office else None, text, found])


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
