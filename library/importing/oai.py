"""Records of another library by OAI-PMH 2.0 (openarchives.org), as Dublin Core; only what changed since the last time."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError

import httpx
from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException
from django.conf import settings

from library.importing.batches import Batch
from library.importing.cells import YEAR
from library.importing.fields import Item
from library.importing.http import Polite
from library.importing.words import Unreadable
from library.importing.words import told as _

OAI = "{http://www.openarchives.org/OAI/2.0/}"
DC = "{http://purl.org/dc/elements/1.1/}"
MOST_ANSWERS = 100_000
MOST_EMPTY = 10  # pages without a record among those remembered
LONGEST_TOKEN = 8_000  # it goes into an address
REMEMBERED = 50  # tokens and pages, to notice a server that leads in circles
STANDARD_NUMBER = re.compile(r"(?:97[89][- ]?)?(?:[0-9][- ]?){9}[0-9Xx]|[0-9]{4}-[0-9]{3}[0-9Xx]")


def batches(address: str, set_spec: str, since: str, cursor: dict[str, Any]) -> Iterator[Batch]:
    """From the token in the cursor, or from the beginning; the cursor also keeps the server's date (`began`), from
    which the next harvest asks. Raises Unreadable."""
    cursor = dict(cursor)
    with Polite(pause=settings.HARVEST_PAUSE) as polite:
        for _n in range(MOST_ANSWERS):
            if token := cursor.get("token"):
                query = {"verb": "ListRecords", "resumptionToken": token}
            else:
                query = {"verb": "ListRecords", "metadataPrefix": "oai_dc"}
                query |= {name: value for name, value in (("set", set_spec), ("from", since)) if value}
            root = _document(polite.get(address, query))
            code = _error(root)
            if code == "noRecordsMatch":
                yield Batch([], cursor | {"began": _began(root, cursor)})
                return
            if code == "badResumptionToken":
                # Tokens die: what was read stays, and reading begins anew; nothing is stored twice.
                raise Lapsed(_("Server lupa sampai mana pembacaan tadi. Mulai lagi dari awal."))
            records = root.findall(f"{OAI}ListRecords/{OAI}record")
            count = int(cursor.get("count", 0))
            items = [_item(count + place, record) for place, record in enumerate(records, start=1)]
            after, size = _next(root)
            cursor |= {"count": count + len(items), "began": _began(root, cursor)}
            _no_circle(cursor, after, [item.cells[0] for item in items])
            yield Batch(
                items, dict(cursor), position=cursor["count"], total=size or int(cursor.get("size", 0))
            )
            if not after:
                return
            cursor["size"] = size or cursor.get("size", 0)
        raise Unreadable(_("Server memberi terlalu banyak halaman."))


class Lapsed(Unreadable):
    """The token is not known any more: the cursor is worth nothing."""


def server(address: str) -> str:
    """A short name of where records come from: what another server calls the same is another record."""
    url = httpx.URL(address)
    return _mark(f"{url.host}:{url.port or ''}{url.path.rstrip('/')}")


def identify(address: str) -> str:
    """The repository's own name. Raises Unreadable."""
    with Polite(pause=0) as polite:
        root = _document(polite.get(address, {"verb": "Identify"}))
    name = root.findtext(f"{OAI}Identify/{OAI}repositoryName")
    if name is None:
        raise Unreadable(_("Alamat ini bukan server OAI-PMH."))
    return " ".join(name.split())[:200]


def _document(body: bytes) -> Element:
    try:
        root: Element = ElementTree.fromstring(body, forbid_dtd=True)
    except DefusedXmlException:
        raise Unreadable(
            _("Jawaban server berisi deklarasi XML yang berbahaya, jadi tidak dibaca.")
        ) from None
    except (ParseError, ValueError, LookupError):
        raise Unreadable(_("Jawaban server bukan XML yang utuh. Coba lagi nanti.")) from None
    if root.tag != f"{OAI}OAI-PMH":
        raise Unreadable(_("Alamat ini bukan server OAI-PMH."))
    return root


def _error(root: Element) -> str:
    error = root.find(f"{OAI}error")
    if error is None:
        return ""
    code = error.get("code", "")
    if code not in {"noRecordsMatch", "badResumptionToken"}:
        raise Unreadable(
            _("Server OAI-PMH menolak: %s") % f"{code} {' '.join((error.text or '').split())}"[:200]
        )
    return code


def _began(root: Element, cursor: dict[str, Any]) -> str:
    """The server's own date when this harvest began. Every server understands days."""
    return cursor.get("began") or (root.findtext(f"{OAI}responseDate") or "").strip()[:10]


def _next(root: Element) -> tuple[str, int]:
    token = root.find(f"{OAI}ListRecords/{OAI}resumptionToken")
    if token is None:
        return "", 0
    size = token.get("completeListSize", "")
    known = int(size) if size.isascii() and size.isdecimal() and len(size) < 12 else 0
    return (token.text or "").strip(), known


def _no_circle(cursor: dict[str, Any], token: str, names: list[str]) -> None:
    """The same token again, or the same records (or none at all) page after page under tokens that are always new."""
    if len(token) > LONGEST_TOKEN:
        raise Unreadable(_("Jawaban server bukan XML yang utuh. Coba lagi nanti."))
    marks = [_mark(token), _mark("\n".join(["page", *names]))]
    seen, pages = cursor.get("seen", []), cursor.get("pages", [])
    again = marks[0] in seen or pages.count(marks[1]) >= (1 if any(names) else MOST_EMPTY)
    if token and again:
        raise Unreadable(_("Server terus memberi halaman yang sama."))
    cursor["token"], cursor["seen"] = token, [*seen, marks[0]][-REMEMBERED:]
    cursor["pages"] = [*pages, marks[1]][-REMEMBERED:]


def _mark(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def _item(number: int, record: Element) -> Item:
    header = record.find(f"{OAI}header")
    name = (header.findtext(f"{OAI}identifier") or "").strip() if header is not None else ""
    item = Item(number, cells=[name])
    if not name:
        item.broken = _("Rekaman ini tidak punya pengenal.")
        return item
    item.said["key"] = name
    if header is not None and header.get("status") == "deleted":
        item.gone = True
        return item
    values: dict[str, list[str]] = {}
    metadata = record.find(f"{OAI}metadata")
    for element in metadata.iter() if metadata is not None else []:
        text = " ".join((element.text or "").split())
        if element.tag.startswith(DC) and text:
            values.setdefault(element.tag.removeprefix(DC), []).append(text)
    item.said |= _said(values)
    item.cells = [name, item.said.get("title", ""), item.said.get("published", "")]
    return item


def _said(values: dict[str, list[str]]) -> dict[str, str]:
    def first(name: str) -> str:
        return values.get(name, [""])[0]

    found = {
        "title": first("title"),
        "published": next((text for text in values.get("date", []) if YEAR.search(text)), ""),
        "producer": first("publisher") or first("creator"),
        "abstract": first("description"),
        "language": ",".join(values.get("language", [])),
        "subject": ";".join(values.get("subject", [])),
        "region": next((text for text in values.get("coverage", []) if not YEAR.search(text)), ""),
    }
    for text in values.get("identifier", []):
        if text.startswith(("http://", "https://")):
            found.setdefault("web_address", text)
        elif number := STANDARD_NUMBER.search(text):
            found.setdefault("number", number[0])
    return {name: text for name, text in found.items() if text}
