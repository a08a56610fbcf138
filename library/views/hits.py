"""What a search shows of each record. Badges are drawn once and kept: twenty hits with two of them each would take
more time than the search itself (tests/bench/search.py)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from library.models import Publication
from library.search.highlight import Marker


@dataclass(frozen=True)
class Hit:
    publication: Publication
    title: SafeString
    excerpt: SafeString
    facts: str
    badges: SafeString


def hits(publications: Iterable[Publication], marker: Marker) -> list[Hit]:
    """Of records as the engine loads them (`printed`, `on_shelf`)."""
    badges = {
        "shelf": _badge(_("Ada di rak"), "ok", "book"),
        "in use": _badge(_("Sedang dipakai"), "", "book"),
        "digital": _badge(_("Softcopy"), "info", "file"),
    }
    catalogue = _("Katalog")
    return [
        Hit(
            publication,
            marker.mark(publication.title),
            marker.excerpt(publication.abstract),
            _facts(publication, catalogue),
            mark_safe("".join(badges[name] for name in _forms(publication))),  # noqa: S308 (drawn above)
        )
        for publication in publications
    ]


@cache
def _badge(text: str, level: str, icon: str) -> SafeString:
    """Three in each language."""
    return render_to_string("components/badge.html", {"text": text, "level": level, "icon": icon})


def _forms(publication: Publication) -> list[str]:
    printed = ["shelf" if publication.on_shelf else "in use"] if publication.printed else []  # type: ignore[attr-defined]
    return printed + (["digital"] if publication.has_digital else [])


def _facts(publication: Publication, catalogue: str) -> str:
    years = "–".join(str(year) for year in (publication.year, publication.year_end) if year)
    number = f"{catalogue} {publication.catalogue_number}" if publication.catalogue_number else ""
    region = publication.region.name if publication.region else ""
    subject = publication.subject.name if publication.subject else ""
    return " · ".join(part for part in (region, subject, years, number) if part)
