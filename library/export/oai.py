"""The catalogue for harvesters: OAI-PMH 2.0 (https://www.openarchives.org/OAI/openarchivesprotocol.html).

Records are never deleted silently from the protocol's view: an identifier that is gone answers idDoesNotExist
(deletedRecord "no"). A page's token says where to go on and of what list, signed, so that it needs no memory here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from email.utils import parseaddr
from typing import Any
from xml.etree import ElementTree as ET

from django.core import signing
from django.db.models import Min, Q, QuerySet
from django.utils import timezone
from pymarc import marcxml

from library.export import marc
from library.export.citation import CONTROL, dublin_core
from library.export.settled import settled
from library.export.xml import XSI, child
from library.models import Publication, Subject

OAI = "http://www.openarchives.org/OAI/2.0/"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
DC = "http://purl.org/dc/elements/1.1/"
MARCXML = "http://www.loc.gov/MARC21/slim"
FORMATS = {
    "oai_dc": ("http://www.openarchives.org/OAI/2.0/oai_dc.xsd", OAI_DC),
    "marcxml": ("http://www.loc.gov/standards/marcxml/schema/MARC21slim.xsd", MARCXML),
}
PAGE = 100
SALT = "library.oai"
TOKEN_LASTS = timedelta(days=1)
ARGUMENTS = {  # verb: (demanded, allowed)
    "Identify": (set(), set()),
    "ListMetadataFormats": (set(), {"identifier"}),
    "ListSets": (set(), {"resumptionToken"}),
    "GetRecord": ({"identifier", "metadataPrefix"}, set()),
    "ListIdentifiers": ({"metadataPrefix"}, {"from", "until", "set", "resumptionToken"}),
    "ListRecords": ({"metadataPrefix"}, {"from", "until", "set", "resumptionToken"}),
}  # fmt: skip
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}Z)?", re.ASCII)


class Fault(Exception):
    """An error of the protocol: its code, and words for whoever runs the harvester."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code, self.words = code, words


@dataclass(frozen=True)
class Site:
    """Where this provider is reached. `address_of` gives the page of a publication."""

    url: str
    host: str
    email: str
    name: str

    def identifier(self, pk: int) -> str:
        return f"oai:{self.host}:{pk}"

    def address(self, publication: Publication) -> str:
        return self.url.split("/oai/")[0] + publication.get_absolute_url()


@dataclass(frozen=True)
class Asked:
    """What a list is about, from the arguments or from a token."""

    prefix: str
    since: str = ""
    until: str = ""
    subject: str = ""
    after: tuple[str, int] | None = None
    done: int = 0
    size: int = 0  # of the whole list, as it was at its beginning


def answer(arguments: Mapping[str, list[str]], site: Site) -> ET.Element:
    """The whole document for a request; a fault of the asker is a document too."""
    now = timezone.now()
    root = ET.Element(
        "OAI-PMH", {"xmlns": OAI, "xmlns:xsi": XSI, "xsi:schemaLocation": f"{OAI} {OAI}OAI-PMH.xsd"}
    )
    child(root, "responseDate", moment(settled(now)))
    asked = child(root, "request", site.url)
    try:
        verb, values = _checked(arguments)
        content = VERBS[verb](values, site)
    except Fault as fault:
        if fault.code not in ("badVerb", "badArgument"):
            _repeat(asked, arguments)
        child(root, "error", fault.words, code=fault.code)
        return root
    _repeat(asked, arguments)
    root.append(content)
    return root


def _repeat(asked: ET.Element, arguments: Mapping[str, list[str]]) -> None:
    for name, values in arguments.items():
        asked.set(name, CONTROL.sub("", values[0]))


def _checked(arguments: Mapping[str, list[str]]) -> tuple[str, dict[str, str]]:
    verbs = arguments.get("verb", [])
    if len(verbs) != 1 or verbs[0] not in ARGUMENTS:
        raise Fault("badVerb", "Name exactly one verb of OAI-PMH 2.0.")
    values = {name: found[0] for name, found in arguments.items() if name != "verb"}
    if any(len(found) != 1 for found in arguments.values()):
        raise Fault("badArgument", "An argument may stand once only.")
    demanded, allowed = ARGUMENTS[verbs[0]]
    if "resumptionToken" in values and "resumptionToken" in allowed:
        if len(values) > 1:
            raise Fault("badArgument", "A resumptionToken stands alone.")
        return verbs[0], values
    if missing := demanded - values.keys():
        raise Fault("badArgument", f"Missing: {', '.join(sorted(missing))}.")
    if strange := values.keys() - demanded - allowed:
        raise Fault("badArgument", f"Not allowed here: {', '.join(sorted(strange))[:200]}.")
    return verbs[0], values


def moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def identify(_values: dict[str, str], site: Site) -> ET.Element:
    made = ET.Element("Identify")
    child(made, "repositoryName", site.name)
    child(made, "baseURL", site.url)
    child(made, "protocolVersion", "2.0")
    child(made, "adminEmail", parseaddr(site.email)[1])
    first = Publication.objects.aggregate(first=Min("updated_at"))["first"] or timezone.now()
    child(made, "earliestDatestamp", moment(first))
    child(made, "deletedRecord", "no")
    child(made, "granularity", "YYYY-MM-DDThh:mm:ssZ")
    return made


def list_formats(values: dict[str, str], site: Site) -> ET.Element:
    if "identifier" in values:
        _found(values["identifier"], site)
    made = ET.Element("ListMetadataFormats")
    for prefix, (schema, namespace) in FORMATS.items():
        one = child(made, "metadataFormat")
        child(one, "metadataPrefix", prefix)
        child(one, "schema", schema)
        child(one, "metadataNamespace", namespace)
    return made


def list_sets(values: dict[str, str], _site: Site) -> ET.Element:
    if "resumptionToken" in values:
        raise Fault("badResumptionToken", "This list comes whole.")
    made = ET.Element("ListSets")
    for subject in Subject.objects.all():
        one = child(made, "set")
        child(one, "setSpec", f"subject:{subject.code}")
        child(one, "setName", subject.name)
    return made


def get_record(values: dict[str, str], site: Site) -> ET.Element:
    _known_prefix(values["metadataPrefix"])
    made = ET.Element("GetRecord")
    made.append(_record(_found(values["identifier"], site), values["metadataPrefix"], site))
    return made


def list_records(values: dict[str, str], site: Site) -> ET.Element:
    return _list("ListRecords", values, site)


def list_identifiers(values: dict[str, str], site: Site) -> ET.Element:
    return _list("ListIdentifiers", values, site)


VERBS: dict[str, Any] = {
    "Identify": identify,
    "ListMetadataFormats": list_formats,
    "ListSets": list_sets,
    "GetRecord": get_record,
    "ListRecords": list_records,
    "ListIdentifiers": list_identifiers,
}


def _list(name: str, values: dict[str, str], site: Site) -> ET.Element:
    asked = _from_token(values["resumptionToken"]) if "resumptionToken" in values else _from_arguments(values)
    rows = _rows(asked)
    page = list(rows[: PAGE + 1])
    if not page:
        raise Fault("noRecordsMatch", "No record fits.")
    more, page = len(page) > PAGE, page[:PAGE]
    made = ET.Element(name)
    for publication in page:
        made.append(
            _record(publication, asked.prefix, site) if name == "ListRecords" else _header(publication, site)
        )
    if more or asked.done:
        size = asked.size or rows.order_by().count()
        token = child(made, "resumptionToken", cursor=str(asked.done), completeListSize=str(size))
        if more:
            token.text = _token(asked, page[-1], size)
            token.set("expirationDate", moment(timezone.now() + TOKEN_LASTS))
    return made


def _from_arguments(values: dict[str, str]) -> Asked:
    _known_prefix(values["metadataPrefix"])
    since, until = values.get("from", ""), values.get("until", "")
    for text in (since, until):
        if text and not MOMENT.fullmatch(text):
            raise Fault("badArgument", "A date is YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ.")
    if since and until and len(since) != len(until):
        raise Fault("badArgument", "from and until differ in granularity.")
    begin, end = _begin(since), _end(until)
    if begin and end and begin >= end:
        raise Fault("badArgument", "from is later than until.")
    wanted = values.get("set", "")
    if wanted and not Subject.objects.filter(code=wanted.removeprefix("subject:")).exists():
        raise Fault("noRecordsMatch", "There is no such set.")
    return Asked(values["metadataPrefix"], since, until, wanted.removeprefix("subject:"))


def _known_prefix(prefix: str) -> None:
    if prefix not in FORMATS:
        raise Fault("cannotDisseminateFormat", f"Offered are {', '.join(FORMATS)}.")


def _begin(text: str) -> datetime | None:
    return _parse(text) if text else None


def _end(text: str) -> datetime | None:
    """The first instant that is not meant any more: both bounds belong to the range."""
    if not text:
        return None
    try:
        return _parse(text) + (timedelta(days=1) if len(text) == 10 else timedelta(seconds=1))
    except OverflowError:  # the end of all days
        return None


def _parse(text: str) -> datetime:
    try:
        if len(text) == 10:
            return datetime.combine(datetime.fromisoformat(text).date(), time(), UTC)
        return datetime.fromisoformat(text.replace("Z", "+00:00"))
    except (ValueError, OverflowError):
        raise Fault("badArgument", "There is no such date.") from None


def _rows(asked: Asked) -> QuerySet[Publication]:
    rows = Publication.objects.released().defer("search").select_related("series", "region", "subject")
    if begin := _begin(asked.since):
        rows = rows.filter(updated_at__gte=begin)
    if end := _end(asked.until):
        rows = rows.filter(updated_at__lt=end)
    if asked.subject:
        rows = rows.filter(subject__code=asked.subject)
    if asked.after:
        at, pk = datetime.fromisoformat(asked.after[0]), asked.after[1]
        rows = rows.filter(Q(updated_at__gt=at) | Q(updated_at=at, pk__gt=pk))
    return rows.order_by("updated_at", "pk")


def _token(asked: Asked, last: Publication, size: int) -> str:
    after = last.updated_at.isoformat(), last.pk
    said = [asked.prefix, asked.since, asked.until, asked.subject, after, asked.done + PAGE, size]
    return signing.dumps(said, salt=SALT)


def _from_token(token: str) -> Asked:
    try:
        prefix, since, until, subject, after, done, size = signing.loads(
            token, salt=SALT, max_age=TOKEN_LASTS
        )
    except (signing.BadSignature, ValueError, TypeError):
        raise Fault("badResumptionToken", "This token is unknown or too old. Begin the list anew.") from None
    return Asked(prefix, since, until, subject, tuple(after), done, size)


def _found(identifier: str, site: Site) -> Publication:
    """Raises Fault for an identifier that is not one of ours."""
    start = site.identifier(0)[:-1]
    number = identifier.removeprefix(start)
    if identifier.startswith(start) and number.isascii() and number.isdecimal() and len(number) < 19:
        rows = Publication.objects.released().defer("search").select_related("series", "region", "subject")
        if publication := rows.filter(pk=int(number)).first():
            return publication
    raise Fault("idDoesNotExist", "There is no such record here.")


def _header(publication: Publication, site: Site) -> ET.Element:
    made = ET.Element("header")
    child(made, "identifier", site.identifier(publication.pk))
    child(made, "datestamp", moment(publication.updated_at))
    if publication.subject:
        child(made, "setSpec", f"subject:{publication.subject.code}")
    return made


def _record(publication: Publication, prefix: str, site: Site) -> ET.Element:
    made = ET.Element("record")
    made.append(_header(publication, site))
    metadata = child(made, "metadata")
    address = site.address(publication)
    metadata.append(dc(publication, address) if prefix == "oai_dc" else _marcxml(publication, address))
    return made


def dc(publication: Publication, address: str) -> ET.Element:
    made = ET.Element(
        "oai_dc:dc",
        {
            "xmlns:oai_dc": OAI_DC, "xmlns:dc": DC, "xmlns:xsi": XSI,
            "xsi:schemaLocation": f"{OAI_DC} {FORMATS['oai_dc'][0]}",
        },
    )  # fmt: skip
    for name, value in dublin_core(publication, address):
        child(made, f"dc:{name}", value)
    return made


def _marcxml(publication: Publication, address: str) -> ET.Element:
    return marcxml.record_to_xml_node(marc.record(publication, address), namespace=True)
