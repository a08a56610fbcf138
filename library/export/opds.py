"""The catalogue for e-readers: OPDS 1.2 (https://specs.opds.io/opds-1.2), which is Atom with named links."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

from django.urls import reverse
from django.utils.translation import gettext as _

from library.export.citation import ISO_639_2, author, plain, years
from library.export.xml import child
from library.models import Publication
from library.search.engine import PAGE, Results
from services.pictures import CONTENT_TYPES

ATOM = "http://www.w3.org/2005/Atom"
DC = "http://purl.org/dc/terms/"
OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
NAVIGATION = "application/atom+xml;profile=opds-catalog;kind=navigation"
ACQUISITION = "application/atom+xml;profile=opds-catalog;kind=acquisition"
Absolute = Callable[[str], str]


def _feed(absolute: Absolute, identifier: str, title: str, now: datetime) -> ET.Element:
    made = ET.Element("feed", {"xmlns": ATOM, "xmlns:dc": DC, "xmlns:opensearch": OPENSEARCH})
    child(made, "id", absolute(identifier))
    child(made, "title", title)
    child(made, "updated", now.isoformat(timespec="seconds"))
    who = child(made, "author")
    child(who, "name", "Badan Pusat Statistik")
    child(who, "uri", absolute("/"))
    child(made, "link", rel="start", href=absolute(reverse("library:opds")), type=NAVIGATION)
    child(
        made, "link", rel="search", href=absolute(reverse("library:opds_search")),
        type="application/opensearchdescription+xml",
    )  # fmt: skip
    return made


def root(absolute: Absolute, now: datetime) -> ET.Element:
    here, newest = reverse("library:opds"), reverse("library:opds_list")
    made = _feed(absolute, here, _("Pustaka BPS"), now)
    child(made, "link", rel="self", href=absolute(here), type=NAVIGATION)
    entry = child(made, "entry")
    child(entry, "title", _("Terbitan terbaru"))
    child(entry, "id", absolute(newest))
    child(entry, "updated", now.isoformat(timespec="seconds"))
    child(entry, "content", _("Publikasi BPS, yang terbaru lebih dahulu."), type="text")
    child(entry, "link", rel="http://opds-spec.org/sort/new", href=absolute(newest), type=ACQUISITION)
    return made


def listing(absolute: Absolute, found: Results, typed: str, now: datetime) -> ET.Element:
    here = reverse("library:opds_list")
    made = _feed(
        absolute, f"{here}?{urlencode({'q': typed})}" if typed else here, typed or _("Terbitan terbaru"), now
    )
    relations = {"self": found.number, "first": 1}
    if found.number > 1:
        relations["previous"] = found.number - 1
    if found.number < found.pages:
        relations["next"] = found.number + 1
    for relation, number in relations.items():
        query = urlencode({"q": typed, "hal": number} if typed else {"hal": number})
        child(made, "link", rel=relation, href=absolute(f"{here}?{query}"), type=ACQUISITION)
    for name, number in (
        ("totalResults", found.count), ("startIndex", (found.number - 1) * PAGE + 1), ("itemsPerPage", PAGE),
    ):  # fmt: skip
        child(made, f"opensearch:{name}", str(number))
    for publication in found.page:
        _entry(made, publication, absolute)
    return made


def _entry(feed: ET.Element, publication: Publication, absolute: Absolute) -> None:
    address = absolute(publication.get_absolute_url())
    made = child(feed, "entry")
    child(made, "title", plain(publication.title))
    child(made, "id", address)
    child(made, "updated", publication.updated_at.isoformat(timespec="seconds"))
    who = child(made, "author")
    child(who, "name", author(publication))
    for code in ISO_639_2[publication.language]:
        child(made, "dc:language", code)
    if issued := years(publication):
        child(made, "dc:issued", issued)
    if publication.isbn:
        child(made, "dc:identifier", f"urn:isbn:{publication.isbn.replace('-', '')}")
    if publication.subject:
        child(made, "category", term=publication.subject.code, label=publication.subject.name)
    if publication.abstract:
        child(made, "summary", plain(publication.abstract)[:1000], type="text")
    child(made, "link", rel="alternate", href=address, type="text/html")
    if publication.cover:
        picture = absolute(publication.cover_url)
        for relation in ("image", "image/thumbnail"):  # drawn small enough for both (services/pictures.py)
            child(made, "link", rel=f"http://opds-spec.org/{relation}", href=picture, type=_kind(picture))
    # The page tells where a printed copy stands and how the softcopy is read: nothing is handed out past the rules.
    child(made, "link", rel="http://opds-spec.org/acquisition/borrow", href=address, type="text/html")


def _kind(picture: str) -> str:
    return CONTENT_TYPES.get(f".{picture.rpartition('.')[2]}", "image/jpeg")


def description(absolute: Absolute) -> ET.Element:
    made = ET.Element("OpenSearchDescription", {"xmlns": OPENSEARCH})
    child(made, "ShortName", "PST BPS")
    child(made, "Description", _("Cari pustaka BPS"))
    child(made, "InputEncoding", "UTF-8")
    template = absolute(reverse("library:opds_list")) + "?q={searchTerms}"
    child(made, "Url", type=ACQUISITION, template=template)
    return made
