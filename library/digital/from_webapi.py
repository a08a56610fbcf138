"""Softcopies that the BPS WebAPI offers, for publications that have none: some every night, politely."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from typing import Any

import httpx
from django.conf import settings
from django.core.files.base import File
from django.db.models import Q

from library.digital import files
from library.importing.http import Polite, check_address
from library.importing.webapi import KEY_HERE, PDF, STAMP
from library.importing.words import Unreadable
from library.models import CatalogueSource, DigitalCopy, Publication, SourceRecord
from library.pdf import limits
from library.pdf.faults import Refused
from library.workflows import intake
from services.audit.actors import SYSTEM

A_NIGHT = 50  # files for one office: the bureau's server is not ours to fill our disk from in one go
GIVEN_UP = 3  # failures in a row: the server is away
State = DigitalCopy.State
log = logging.getLogger(__name__)


def wanted(source: CatalogueSource) -> Iterator[SourceRecord]:
    """Records of this office with a file there and none here, but for those whose file was refused already."""
    records = SourceRecord.objects.filter(
        ~Q(**{f"said__{PDF}": ""}), source=Publication.Source.WEBAPI, publication__keeper=source.office,
        publication__has_digital=False, said__has_key=PDF,
    )  # fmt: skip
    records = records.exclude(publication__digital_copies__state__in=(State.CHECKING, State.READY))
    tried = set(source.office.digital_copies.exclude(source_key="").values_list("source_key", flat=True))
    rows = records.select_related("publication").defer("publication__search", "publication__abstract")
    for record in rows.order_by("-publication__year", "pk").iterator(chunk_size=200):
        if _key(record) not in tried:
            yield record


def _key(record: SourceRecord) -> str:
    """Named anew when the bureau changes the publication: then a refused file is worth another look."""
    return f"{record.key} {record.said.get(STAMP, '')}"[:700]


def fetch(source: CatalogueSource, most: int = A_NIGHT) -> int:
    """Bring in what is wanted; returns how many came."""
    came = failed = 0
    with Polite(pause=settings.HARVEST_PAUSE, secret=settings.BPS_KEY) as polite:
        for record in wanted(source):
            if came >= most or failed >= GIVEN_UP:
                break
            try:
                _one(polite, source, record)
            except (Unreadable, httpx.HTTPError, OSError) as problem:
                failed += 1
                log.warning("softcopy of %s: %s", record.key, polite.clean(str(problem)))
            else:
                came, failed = came + 1, 0
    return came


def _one(polite: Polite, source: CatalogueSource, record: SourceRecord) -> None:
    """What is refused at once is noted, so that it is not fetched again every night."""
    link = str(record.said[PDF]).replace(KEY_HERE, settings.BPS_KEY)
    check_address(link)
    with files.scratch() as folder, tempfile.TemporaryFile(dir=folder) as fetched:
        polite.fetch(httpx.URL(link), fetched, limits.FILE_BYTES)
        fetched.seek(0)
        name = f"{record.publication.publication_number or record.key}.pdf"
        given: dict[str, Any] = {
            "name": name,
            "publication": record.publication,
            "origin": DigitalCopy.Origin.WEBAPI,
        }
        try:
            intake.receive(source.office, File(fetched), by=SYSTEM, source_key=_key(record), **given)
        except Refused as refused:
            intake.note_refused(
                source.office, refused, by=SYSTEM, source_key=_key(record), size=fetched.seek(0, 2), **given
            )
