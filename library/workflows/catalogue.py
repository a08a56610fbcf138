"""Entering and changing the catalogue. Every function is one transaction; the search index is written with the record.
Who waits too long for an import that is being applied is told so (crossing.Busy).

A record is national: the office that keeps it may change it, and the administrators; copies belong to each office.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from library.models import Publication, Series
from library.models.catalogue import FACTS
from library.search import index
from library.search.text import tokens
from library.workflows import release
from library.workflows.crossing import one_at_a_time, patient
from services import pictures
from services.accounts.models import User
from services.audit import trail
from services.audit.actors import Actor
from services.offices.models import Office

OF_SERIES = ("title", "region", "issn", "frequency", "continues")
MOST_ALIKE = 20


class Alike(Exception):
    """Records that may be the same book. The officer decides."""

    def __init__(self, found: list[Publication]) -> None:
        self.found = found


class ChangedMeanwhile(Exception):
    """Somebody else saved the record after this form was opened. `stored` is what is there now."""

    def __init__(self, stored: Any) -> None:
        self.stored = stored


def may_change(publication: Publication, user: User, office: Office) -> bool:
    return user.is_superuser or publication.keeper_id == office.pk


def may_change_series(series: Series, user: User, office: Office) -> bool:
    """Its title stands in all its records: only who keeps every one of them."""
    kept = series.publications
    return user.is_superuser or (kept.exists() and not kept.exclude(keeper=office).exists())


def version(row: Publication | Series) -> str:
    """What a form carries along, to see whether the record is still the one it shows."""
    if isinstance(row, Publication):
        return row.updated_at.isoformat()
    facts = repr([row.pk, *(_stored_value(row, name) for name in OF_SERIES)])
    return hashlib.sha256(facts.encode()).hexdigest()[:20]


def alike(publication: Publication, office: Office) -> list[Publication]:
    """The same ISBN, the same catalogue number and year, or the same title (but for marks and capitals) and year; only
    of what this office may know of: before its release another office's record is not named."""
    same = Q(pk__in=[])
    if publication.isbn:
        same |= Q(isbn=publication.isbn)
    if publication.catalogue_number:
        same |= Q(catalogue_number__iexact=publication.catalogue_number, year=publication.year)
    rows = Publication.objects.known_to(office).defer("search", "abstract").exclude(pk=publication.pk)
    found = {row.pk: row for row in rows.filter(same)[:MOST_ALIKE]}
    title = tokens(publication.title)
    for row in _with_words(rows, publication, title):
        if tokens(row.title) == title or row.title.casefold() == publication.title.casefold():
            found[row.pk] = row
    return list(found.values())[:MOST_ALIKE]


def _with_words(
    rows: QuerySet[Publication], publication: Publication, title: list[str]
) -> QuerySet[Publication]:
    rows = rows.filter(year=publication.year)
    if not title:  # a title in letters that the index does not know
        return rows.filter(title__iexact=publication.title)
    words = " & ".join(f"'{word}':A" for word in dict.fromkeys(title))
    return rows.extra(where=["search @@ %s::tsquery"], params=[words])[:200]


@patient
def add(
    publication: Publication, *, office: Office, by: Actor, anyway: bool = False, at: datetime | None = None
) -> Publication:
    """A new record, kept by this office. Raises Alike unless `anyway`."""
    one_at_a_time()
    if not anyway and (found := alike(publication, office)):
        raise Alike(found)
    publication.keeper = office
    publication.source = Publication.Source.DESK
    _store_series(publication, office=office, by=by, at=at)
    publication.search = index.vector(publication, index.Lists.read())
    release.begin(publication, office)
    publication.save()
    index.note_words([publication.pk])
    trail.record("publication.added", publication, by=by, office_id=office.pk, at=at)
    release.begun(publication, office, by)
    return publication


@patient
def change(
    publication: Publication, *, seen: str, office: Office, by: Actor, at: datetime | None = None
) -> list[str]:
    """Store what a form has set; returns the names of what changed. `seen`: the version() the form was opened with."""
    rows = Publication.objects.select_for_update(of=("self",)).select_related(
        "series__region", "region", "subject"
    )
    stored = rows.defer("search").get(pk=publication.pk)
    if version(stored) != seen:
        raise ChangedMeanwhile(stored)
    _store_series(publication, office=office, by=by, at=at)
    changed = different(stored, publication, FACTS)
    if not changed:
        return []
    publication.search = index.vector(publication, index.Lists.read())
    publication.save(update_fields=[*changed, "search", "updated_at"])
    index.note_words([publication.pk])
    trail.record(
        "publication.changed", publication, by=by, office_id=office.pk, at=at, changed=", ".join(changed)
    )
    if "released_on" in changed:  # one that has not come hides the record
        release.tighten(publication, office=office, by=by)
    return changed


def different(stored: Any, row: Any, names: Iterable[str]) -> list[str]:
    return [name for name in names if _stored_value(stored, name) != _stored_value(row, name)]


def _stored_value(row: Any, name: str) -> Any:
    """Of a foreign key its number: asks no database."""
    return getattr(row, row._meta.get_field(name).attname)


def _store_series(publication: Publication, *, office: Office, by: Actor, at: datetime | None) -> None:
    """A series typed for the first time is made; two who type it at once get one."""
    series = publication.series
    if series is None or series.pk:
        return
    publication.series, new = Series.objects.get_or_create(
        title__iexact=series.title,
        region=series.region,
        defaults={"title": series.title, "frequency": publication.frequency},
    )
    if new:
        trail.record("series.added", publication.series, by=by, office_id=office.pk, at=at)


@patient
def change_series(
    series: Series, *, seen: str, office: Office, by: Actor, at: datetime | None = None
) -> list[str]:
    """Store what a form has set. Raises ValidationError when somebody else has just closed a circle or taken the
    title."""
    one_at_a_time()
    stored = (
        Series.objects.select_for_update(of=("self",)).select_related("region", "continues").get(pk=series.pk)
    )
    if version(stored) != seen:
        raise ChangedMeanwhile(stored)
    changed = different(stored, series, OF_SERIES)
    if not changed:
        return []
    if series.continues:
        series.continues = Series.objects.get(pk=series.continues.pk)  # as it stands now
    check_series(series)
    series.save(update_fields=changed)
    if "title" in changed:
        index.write(series.publications.select_related("series"))
        index.note_words(series.publications.values_list("pk", flat=True))
    trail.record("series.changed", series, by=by, office_id=office.pk, at=at, changed=", ".join(changed))
    return changed


def check_series(series: Series) -> None:
    """Raises ValidationError, by field: a circle, or a title that another series of the region has."""
    series.clean()
    same = Series.objects.filter(title__iexact=series.title, region=series.region).exclude(pk=series.pk)
    if same.exists():
        raise ValidationError({"title": _("Wilayah ini sudah punya seri dengan judul itu.")})


@transaction.atomic
def set_cover(
    publication: Publication,
    picture: ContentFile | None,
    *,
    office: Office,
    by: Actor,
    at: datetime | None = None,
) -> None:
    """A cover drawn anew (services/pictures.py), or none any more; the old file goes when this is certain."""
    stored = (
        Publication.objects.select_for_update(of=("self",)).defer("search", "abstract").get(pk=publication.pk)
    )
    before = stored.cover.name
    if picture is None:
        stored.cover = ""
    else:
        stored.cover.save(picture.name or "", picture, save=False)
    stored.save(
        update_fields=["cover"]
    )  # not `updated_at`: no fact changed, and no form of another is outdated
    pictures.forget(before)
    what = "publication.cover_removed" if picture is None else "publication.cover_set"
    trail.record(what, stored, by=by, office_id=office.pk, at=at)
