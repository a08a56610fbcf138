"""What a record may say, and how one that came from elsewhere is made sound.

A value that cannot be understood is left out and told (a note); only what makes a record useless or dangerous leaves
the whole row out (a fault). Whatever an earlier software wrote is met half-way: "xii, 120 hlm." is 120 pages.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from library.importing.cells import BETWEEN, CLEANERS, YEAR, Lists, Wrong, between, longest
from library.importing.words import BROKEN, kept
from library.importing.words import told as _
from library.models import Copy
from library.search.text import tokens

# Field of a record → its name for the officer. `number`: an ISBN or an ISSN, whichever it is (as SLiMS keeps them).
FIELDS: dict[str, Promise | str] = {
    "title": gettext_lazy("Judul"),
    "series": gettext_lazy("Judul seri"),
    "year": gettext_lazy("Tahun"),
    "catalogue_number": gettext_lazy("Nomor katalog"),
    "publication_number": gettext_lazy("Nomor publikasi"),
    "isbn": "ISBN",
    "issn": "ISSN",
    "number": gettext_lazy("ISBN atau ISSN"),
    "region": gettext_lazy("Wilayah (kode atau nama)"),
    "subject": gettext_lazy("Subjek (kode atau nama)"),
    "abstract": gettext_lazy("Abstrak"),
    "language": gettext_lazy("Bahasa"),
    "pages": gettext_lazy("Halaman"),
    "producer": gettext_lazy("Penerbit"),
    "frequency": gettext_lazy("Frekuensi terbit"),
    "released_on": gettext_lazy("Tanggal rilis"),
    "web_address": gettext_lazy("Alamat di web"),
    "barcode": gettext_lazy("Barcode eksemplar"),
    "shelf": gettext_lazy("Rak eksemplar"),
    "key": gettext_lazy("Nomor pengenal di sumber"),
}

EMPTY = {"-", "--", "n/a", "na", "null", "none", "nan", "#n/a"}
REGION_OF_NUMBER = re.compile(r"\.([0-9]{2,4})$")


@dataclass
class Item:
    """A record as it came. `said`: field → text. `broken`: what the source itself got wrong with it."""

    number: int
    said: dict[str, str] = field(default_factory=dict)
    cells: list[str] = field(default_factory=list)
    copies: list[tuple[str, str]] = field(default_factory=list)
    broken: str = ""
    gone: bool = False


@dataclass
class Row:
    """A record made sound. `notes`: [field, what was wrong (words.kept)]; with `faulty` it is left out."""

    number: int
    key: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    copies: list[list[str]] = field(default_factory=list)
    notes: list[list[Any]] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    faulty: bool = False
    gone: bool = False


class Cleaner:
    """Makes rows of items. `scope` goes before keys that are only unique where they came from."""

    def __init__(self, scope: str = "", lists: Lists | None = None):
        self.scope = scope
        self.lists = lists or Lists()

    def clean(self, item: Item) -> Row:
        row = Row(item.number, cells=[_storable(cell) for cell in item.cells], gone=item.gone)
        said = {name: text for name, text in item.said.items() if text.strip()}
        if item.broken:
            return _refuse(row, "", item.broken)
        for name, text in said.items():
            if BROKEN.search(text):
                why = _(
                    "Ada huruf yang rusak. Simpan ulang berkas sebagai UTF-8, atau pilih pengodean yang benar."
                )
                return _refuse(row, name, why)
            if text.lstrip().startswith("=") and name != "key":
                return _refuse(row, name, _("Sel ini berisi rumus. Salin-tempel sebagai nilai."))
        if item.gone:
            row.key = self._key(said.get("key", ""), {})
            return row
        for name, text in said.items():
            if name in CLEANERS:
                self._take(row, name, text)
            elif name.startswith("_"):  # the source's own, kept with what it said
                row.data[name] = text
        self._title(row, said.get("title", ""))
        self._number(row, said.get("number", ""))
        self._complete(row, said.get("published", ""))
        row.copies = self._copies(row, item, said)
        row.key = self._key(said.get("key", ""), row.data)
        return row

    def _take(self, row: Row, name: str, text: str) -> None:
        text = " ".join(text.split())
        if text.casefold() in EMPTY:
            return
        try:
            values = CLEANERS[name](text, self.lists)
        except (Wrong, ValidationError) as problem:
            why: Any = problem.args[0] if isinstance(problem, Wrong) else problem.message
            row.notes.append([name, *kept(why)])
            return
        row.data |= {key: value for key, value in values.items() if value not in ("", None)}

    def _title(self, row: Row, text: str) -> None:
        title = " ".join(text.split())
        most = longest("title")
        if not title or not tokens(title):
            _refuse(row, "title", _("Judul wajib ada."))
        elif len(title) > most:
            _refuse(row, "title", _("Judul lebih panjang dari %d huruf. Periksa kolomnya.") % most)
        else:
            row.data["title"] = title

    def _number(self, row: Row, text: str) -> None:
        """An ISBN or an ISSN in one column."""
        if not text or text.strip().casefold() in EMPTY:
            return
        for name in ("isbn", "issn"):
            try:
                row.data.setdefault(name, CLEANERS[name](text, self.lists)[name])
                return
            except ValidationError:
                continue
        row.notes.append(["number", *kept(_("Ini bukan ISBN atau ISSN yang benar."))])

    def _complete(self, row: Row, published: str) -> None:
        """What the record says elsewhere. The year of an edition is the one in its title; `published`, when it came
        out, counts where the title has none. The region stands in the catalogue number."""
        title = row.data.get("title", "")
        if found := BETWEEN.search(title):
            years = between(found)
            if row.data.get("year") in (None, years.get("year_end")) and "year_end" not in row.data:
                row.data |= years
        elif "year" not in row.data and (said := YEAR.findall(title) or YEAR.findall(published)):
            row.data["year"] = int(said[-1])
        number = REGION_OF_NUMBER.search(row.data.get("catalogue_number", ""))
        if "region" not in row.data and number:
            code = self.lists.regions.get(number[1].ljust(4, "0"))
            if code:
                row.data["region"] = code

    def _copies(self, row: Row, item: Item, said: dict[str, str]) -> list[list[str]]:
        given = [*item.copies]
        if said.get("barcode", "").strip().casefold() not in {"", *EMPTY}:
            given.append((said["barcode"], said.get("shelf", "")))
        copies: dict[str, list[str]] = {}
        for barcode, shelf in given:
            barcode, shelf = " ".join(barcode.split()), " ".join(shelf.split())
            if len(barcode) > longest("barcode", Copy) or BROKEN.search(barcode + shelf):
                _refuse(row, "barcode", _("Barcode terlalu panjang atau berisi huruf rusak."))
            elif barcode.startswith("=") or shelf.startswith("="):
                _refuse(row, "barcode", _("Sel ini berisi rumus. Salin-tempel sebagai nilai."))
            elif barcode:
                copies.setdefault(barcode.casefold(), [barcode, shelf[: longest("shelf", Copy)]])
        return list(copies.values())

    def _key(self, given: str, data: dict[str, Any]) -> str:
        """The source's own name for the record; without one, what makes an edition this one."""
        given = " ".join(given.split())
        if given:
            key = f"{self.scope}{given}"
            return key if len(key) <= 200 else f"{self.scope}#{_digest(key)}"
        if not data.get("title"):
            return ""
        parts = [data.get(name, "") for name in ("year", "year_end", "catalogue_number", "isbn")]
        return f"{self.scope}={_digest('|'.join(map(str, [' '.join(tokens(data['title'])), *parts])))}"


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _storable(cell: str) -> str:
    """For the file of errors: what no database or spreadsheet takes is shown as a question mark."""
    return BROKEN.sub("?", cell)[:1000]


def _refuse(row: Row, name: str, why: str) -> Row:
    row.faulty = True
    row.notes.append([name, *kept(why)])
    return row
