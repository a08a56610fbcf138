"""Publications of one domain from the BPS WebAPI, ten a page, with details only of what is new or changed.

Traps of the interface (docs/architecture.md): a wrong key answers 200 with an error in it, an empty list is text, a
firewall answers HTML, `issn` may hold an ISBN, dates may be null, `abstract` may be HTML.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from django.conf import settings

from library.importing.batches import Batch
from library.importing.fields import BROKEN, Item
from library.importing.http import Polite
from library.importing.words import Unreadable
from library.importing.words import told as _
from library.models import Publication, SourceRecord

STAMP = "_stamp"  # in what the source said: when it last changed the record
PDF = "_pdf"  # where its softcopy is
KEY_HERE, LONGEST_LINK = "{key}", 1_500
MOST_PAGES = 20_000
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
PATIENCE = 2  # more tries for an answer that came in half


def batches(domain: str, cursor: dict[str, Any]) -> Iterator[Batch]:
    """From the page the cursor names; each batch brings the cursor for the next. Raises Unreadable."""
    if not settings.BPS_KEY:
        raise Unreadable(_("Kunci WebAPI BPS belum dipasang (PST_BPS_KEY). Hubungi administrator."))
    with Polite(pause=settings.HARVEST_PAUSE, secret=settings.BPS_KEY) as polite:
        reader = _Reader(polite, domain)
        number, before = int(cursor.get("page", 1)), cursor.get("last", [])
        count = int(cursor.get("count", 0))
        while number <= MOST_PAGES:
            about, rows = reader.page(number)
            names = [_text(row.get("pub_id")) for row in rows]
            if rows and names == before:
                raise Unreadable(_("WebAPI terus memberi halaman yang sama (halaman %d).") % number)
            items = reader.items(rows, count)
            count += len(rows)
            last = number >= _count(about.get("pages"))
            after = {"page": number + 1, "last": names, "count": count}
            yield Batch(items, after, position=count, total=_count(about.get("total")))
            if last:
                return
            number, before = number + 1, names
        raise Unreadable(_("WebAPI memberi terlalu banyak halaman."))


class _Reader:
    def __init__(self, polite: Polite, domain: str):
        self.polite, self.domain = polite, domain

    def page(self, number: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """What the page says of itself, and its rows."""
        problem: str = ""
        for _attempt in range(PATIENCE + 1):
            try:
                data = self._ask("list", page=str(number))
            except _Half as half:
                problem = half.why
                continue
            if data is None:
                return {"pages": 0, "total": 0}, []
            about, rows = self._parts(data)
            if str(about.get("page", number)) != str(number):
                raise Unreadable(
                    _("WebAPI diminta halaman %(asked)d tetapi memberi halaman %(got)s.")
                    % {"asked": number, "got": about.get("page")}
                )
            promised = about.get("count")
            if isinstance(promised, int) and len(rows) < promised:
                problem = _("Halaman %(page)d tidak lengkap: %(got)d dari %(said)d.") % {
                    "page": number,
                    "got": len(rows),
                    "said": promised,
                }
                continue
            return about, rows
        raise Unreadable(problem)

    def _parts(self, data: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        if not (
            isinstance(data, list)
            and len(data) == 2
            and isinstance(data[0], dict)
            and isinstance(data[1], list)
        ):
            raise Unreadable(_("Jawaban WebAPI tidak seperti biasanya."))
        if not all(isinstance(row, dict) for row in data[1]) or not _is_count(data[0].get("pages", 0)):
            raise Unreadable(_("Jawaban WebAPI tidak seperti biasanya."))
        return data[0], data[1]

    def items(self, rows: list[dict[str, Any]], count: int) -> list[Item]:
        names = [_text(row.get("pub_id")) for row in rows]
        records = SourceRecord.objects.filter(source=Publication.Source.WEBAPI, key__in=names)
        stamps = dict(records.values_list("key", f"said__{STAMP}"))
        return [
            self._item(count + place, row, stamps.get(name))
            for place, (name, row) in enumerate(zip(names, rows, strict=True), start=1)
        ]

    def _item(self, number: int, row: dict[str, Any], known: str | None) -> Item:
        name, title = _text(row.get("pub_id")), _text(row.get("title"))
        item = Item(number, cells=[name, title, _text(row.get("rl_date"))])
        if not name:
            item.broken = _("Publikasi ini tidak punya pub_id.")
            return item
        if BROKEN.search(name + title):  # it cannot be asked for
            item.said = {"key": name, "title": title}
            return item
        stamp = "|".join(_text(row.get(part)) for part in ("updt_date", "rl_date", "title"))[:300]
        more: dict[str, Any] = {}
        if stamp != known:
            found = self._detail(name)
            if isinstance(found, str):
                item.broken = found
                return item
            more = found
        both = row | {key: value for key, value in more.items() if value not in (None, "")}
        item.said = {
            "key": name,
            "title": title,
            "number": _text(both.get("issn")),
            "abstract": _text(both.get("abstract")),
            "released_on": _text(both.get("rl_date")),
            "catalogue_number": _text(both.get("kat_no")),
            "publication_number": _text(both.get("pub_no")),
            "region": self.domain,
            STAMP: stamp,
            PDF: _link(both.get("pdf")),
        }
        return item

    def _detail(self, name: str) -> dict[str, Any] | str:
        """The publication's own page, or why it cannot be had."""
        try:
            data = self._ask("view", id=name)
        except (_Half, _Told) as problem:
            return problem.why
        if data is None:
            return {}
        if isinstance(data, list) and data and isinstance(data[-1], dict):
            data = data[-1]
        return data if isinstance(data, dict) else _("Rincian publikasi tidak terbaca.")

    def _ask(self, what: str, **query: str) -> Any:
        """`data` of the answer; None where there is none."""
        address = f"{settings.BPS_URL.rstrip('/')}/{what}"
        asked = {
            "model": "publication",
            "domain": self.domain,
            "lang": "ind",
            **query,
            "key": settings.BPS_KEY,
        }
        body = self.polite.get(address, asked)
        try:
            answer = json.loads(body)
        except (ValueError, RecursionError):
            if body.lstrip()[:1] == b"<":
                raise Unreadable(
                    _("WebAPI menjawab halaman web, bukan data; mungkin ditolak oleh firewall.")
                ) from None
            raise _Half(_("Jawaban WebAPI terpotong.")) from None
        if not isinstance(answer, dict):
            raise Unreadable(_("Jawaban WebAPI tidak seperti biasanya."))
        if answer.get("status") != "OK":
            said = BROKEN.sub("?", _text(answer.get("message")).replace(settings.BPS_KEY, "…"))[:200]
            raise _Told(_("WebAPI menolak: %s") % said if said else _("WebAPI menolak tanpa penjelasan."))
        if answer.get("data-availability") != "available" or not answer.get("data"):
            return None
        return answer["data"]


class _Half(Unreadable):
    """Half an answer: asked again."""


class _Told(Unreadable):
    """The interface says no in its own words."""


def _link(value: Any) -> str:
    """Where the softcopy is. The key may stand in it: it is put back only when the file is fetched."""
    link = _text(value)
    good = link.startswith(("https://", "http://")) and len(link) <= LONGEST_LINK
    return link.replace(settings.BPS_KEY, KEY_HERE) if good else ""


def _is_count(value: Any) -> bool:
    return isinstance(value, int) or (isinstance(value, str) and value.isascii() and value.isdecimal())


def _count(value: Any) -> int:
    """Nothing, or far too much, counts as not said."""
    return int(value) if _is_count(value) and 0 <= len(str(value)) < 12 else 0


def _text(value: Any) -> str:
    """Null, numbers, anything: as text. What no database takes stays in sight (fields.BROKEN refuses it)."""
    text = "" if value is None or isinstance(value, dict | list | bool) else str(value).strip()
    return UNSTORABLE.sub("\ufffd", text)
