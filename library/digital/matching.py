"""Which publication a file may be: by a publication number in its name, or by its name or title."""

from __future__ import annotations

import re
from pathlib import PurePath

from django.utils import timezone

from library.models import Publication
from library.search import engine
from services.offices.models import Office

MOST = 5
# 74110.2501 and 1102001.7411, however the file's name separates them.
NUMBER = re.compile(r"(?<!\d)(\d{5})[ ._-](\d{4})(?!\d)|(?<!\d)(\d{7})[ ._-](\d{4})(?!\d)", re.ASCII)


def suggestions(file_name: str, office: Office, title: str = "") -> list[Publication]:
    """The likeliest first, of what this office may know of. A number that stands in the name is surer than words."""
    found: dict[int, Publication] = {}
    stem = PurePath(file_name).stem
    for number in NUMBER.finditer(stem):
        written = ".".join(part for part in number.groups() if part)
        field = "publication_number" if number[1] else "catalogue_number"
        rows = Publication.objects.known_to(office).filter(**{field: written})
        for publication in rows.defer("search", "abstract")[:MOST]:
            found[publication.pk] = publication
    for words in (title, re.sub(r"[\W_]+", " ", stem)):
        if len(found) < MOST and len(words) > 3:
            for publication in engine.search(words, engine.Filters()).page[:MOST]:
                found.setdefault(publication.pk, publication)
    return list(found.values())[:MOST]


def unreleased(office: Office, typed: str) -> list[Publication]:
    """The office's own that wait for their release: the search, which is everybody's, does not find them. Without words
    those that have no softcopy yet."""
    rows = Publication.objects.filter(keeper=office, embargo_until__gt=timezone.now())
    rows = rows if typed else rows.filter(has_digital=False)
    for word in typed.split()[:10]:
        rows = rows.filter(title__icontains=word)
    return list(rows.defer("search", "abstract").order_by("-pk")[:MOST])


def certain(file_name: str) -> Publication | None:
    """The one publication whose number stands in the file's name."""
    stem = PurePath(file_name).stem
    numbers = {f"{n[1]}.{n[2]}" for n in NUMBER.finditer(stem) if n[1]}
    found = list(Publication.objects.filter(publication_number__in=numbers).defer("search", "abstract")[:2])
    return found[0] if len(found) == 1 else None
