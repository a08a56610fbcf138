"""What the TV's strip shows today, cut into pieces that can be read from a chair."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

from django.db.models import Q

from queueing.models import Announcement
from services.offices.models import Office, Standard

# Fits three lines of the strip at the size that is read from 4 m (docs/design-system.md).
PAGE = 84
# Slow readers manage about twelve characters a second; nothing goes by in less than the first number.
LEAST_SECONDS, PICTURE_SECONDS, CHARACTERS_A_SECOND = 8, 15, 12


@dataclass(frozen=True)
class Shown:
    """One announcement on the TV. `pages`: (text, seconds it stays)."""

    id: int
    kind: str
    title: str
    text: str
    picture: str
    pages: list[tuple[str, int]]


def on_day(office: Office, day: date) -> list[Announcement]:
    """Those that are switched on, between their dates (both days included), in the supervisor's order."""
    begun = Q(starts=None) | Q(starts__lte=day)
    not_over = Q(ends=None) | Q(ends__gte=day)
    return list(office.announcements.filter(begun, not_over, active=True))


def strip(office: Office, day: date) -> list[Shown]:
    """The announcements of that day of the office as the TV shows them, then the pledges of the standards in force."""
    shown = [_shown(a) for a in on_day(office, day)]
    said = {" ".join(one.text.split()) for one in shown}
    return [*shown, *(one for one in _pledges(office) if one.text not in said)]


def _pledges(office: Office) -> list[Shown]:
    """One for each standard, said once where they are the same. Their numbers are below zero: no announcement has such."""
    standards = Standard.objects.in_force().filter(service__office=office, service__active=True)
    rows = standards.exclude(pledge="").order_by("service__position").values_list("pk", "pledge")
    texts = {" ".join(pledge.split()): pk for pk, pledge in reversed(list(rows))}
    kind = Announcement.Kind.PLEDGE
    return [
        Shown(-pk, kind.value, str(kind.label), text, "", [(page, seconds(page)) for page in paged(text)])
        for text, pk in sorted(texts.items(), key=lambda pair: pair[1])
    ]


def _shown(announcement: Announcement) -> Shown:
    kind = Announcement.Kind(announcement.kind)
    if kind == Announcement.Kind.IMAGE:
        pages = [("", PICTURE_SECONDS)]
    else:
        pages = [(page, seconds(page)) for page in paged(announcement.text)]
    return Shown(
        announcement.pk, kind.value, str(kind.label), announcement.text, picture_name(announcement), pages
    )


def picture_name(announcement: Announcement) -> str:
    """The last part of the stored file's name, "" when there is none."""
    return PurePosixPath(announcement.image.name or "").name


def seconds(text: str) -> int:
    """How long a piece of text stays."""
    return max(LEAST_SECONDS, 3 + len(text) // CHARACTERS_A_SECOND)


def paged(text: str, most: int = PAGE) -> list[str]:
    """The text in pieces of at most `most` characters, of about the same length, cut between sentences or words."""
    words = [piece for word in text.split() for piece in re.findall(f".{{1,{most}}}", word)]
    whole = " ".join(words)
    even = -(-len(whole) // max(1, -(-len(whole) // most)))  # e.g. 90 characters: twice 45, not 84 and 6
    pages: list[str] = []
    for word in words:
        last = pages[-1] if pages else ""
        full = len(last) + 1 + len(word) > most or len(last) >= even or _sentence_ends(last, even)
        if not pages or full:
            pages.append(word)
        else:
            pages[-1] = f"{last} {word}"
    return pages


def _sentence_ends(text: str, even: int) -> bool:
    """A good place to cut: the end of a sentence when the page is well filled."""
    return text.endswith((".", "!", "?", ";")) and len(text) >= even * 0.6
