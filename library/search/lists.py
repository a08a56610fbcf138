"""Regions and subjects, of which every search needs some: kept in the process, a minute old at most."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.cache import cache
from django.db.models import F
from django.utils import timezone

from library.models import Publication, Region, Subject
from library.search.text import tokens
from services.codes import new_key

KEEP_SECONDS = 60
MISTAKEN = 100
# Said before a region's name, and part of no title's meaning.
LEVELS = frozenset({"kab", "kabupaten", "kota", "prov", "provinsi", "propinsi", "kabkota"})


@dataclass(frozen=True)
class Place:
    """A region that was understood in what was typed."""

    code: str
    name: str


@dataclass
class Lists:
    """`places`: every name and alias as its words; a name that two regions share stands for both. `newest`: the year
    of the newest records, but for a few, which may be mistaken."""

    regions: dict[int, Region] = field(default_factory=dict)
    subjects: dict[int, Subject] = field(default_factory=dict)
    places: dict[tuple[str, ...], list[Place]] = field(default_factory=dict)
    newest: int = 0


_kept: tuple[str, Lists] = "", Lists()


def read() -> Lists:
    """The cache only says how old they are: taking them out of it would cost more than the search."""
    global _kept
    stamp = cache.get_or_set("library.lists", new_key, KEEP_SECONDS) or ""
    if _kept[0] != stamp:
        regions = {region.pk: region for region in Region.objects.all()}
        subjects = {subject.pk: subject for subject in Subject.objects.all()}
        _kept = stamp, Lists(regions, subjects, _places(regions.values()), _newest())
    return _kept[1]


def _newest() -> int:
    years = Publication.objects.order_by(F("year").desc(nulls_last=True), "-id").values_list(
        "year", flat=True
    )
    return years[MISTAKEN : MISTAKEN + 1].first() or timezone.localdate().year


def _places(regions: Iterable[Region]) -> dict[tuple[str, ...], list[Place]]:
    names: dict[tuple[str, ...], list[Place]] = {}
    for region in regions:
        if region.code == "0000":
            continue
        place = Place(region.code, region.name)
        for name in (region.name, *region.aliases):
            words = tuple(tokens(name))
            bare = words[1:] if words and words[0] in LEVELS and len(words) > 1 else words
            for spelling in {words, bare} - {()}:
                names.setdefault(spelling, []).append(place)
    return names
