"""What a record may say, and how each kind of cell is made sound.

A value that cannot be understood is left out and told (a note); only what makes a record useless or dangerous leaves
the whole row out (a fault). Whatever an earlier software wrote is met half-way: "xii, 120 hlm." is 120 pages.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from html import unescape
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from library.models import Copy, Frequency, Publication, Region, Subject
from library.models.catalogue import FIRST_YEAR, LAST_YEAR
from library.numbers import clean_isbn, clean_issn
from library.search.text import fold, tokens

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
# What a record keeps; `year` brings `year_end` along.
KEPT = (
    "title", "series", "year", "year_end", "catalogue_number", "publication_number", "isbn", "issn", "region",
    "subject", "abstract", "language", "pages", "producer", "frequency", "released_on", "web_address",
)  # fmt: skip

YEAR = re.compile(r"(?<![0-9])(1[89][0-9]{2}|20[0-9]{2}|21[0-9]{2})(?![0-9])")
BETWEEN = re.compile(
    r"(?<![0-9])((?:1[89]|20|21)[0-9]{2})\s*[-/\u2010-\u2015]\s*((?:1[89]|20|21)?[0-9]{2})(?![0-9])"
)
NUMBER = re.compile(r"[0-9]{1,5}")
DAY_FIRST = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
IN_WORDS = re.compile(r"([0-9]{1,2}) +([a-z]+) +([0-9]{4})")
MONTHS = (
    "januari", "februari", "maret", "april", "mei", "juni", "juli", "agustus", "september", "oktober", "november",
    "desember",
)  # fmt: skip
LANGUAGES = {
    "id": "id", "ind": "id", "indonesia": "id", "indonesian": "id", "bahasa indonesia": "id",
    "en": "en", "eng": "en", "english": "en", "inggris": "en", "bahasa inggris": "en",
    "id-en": "id-en", "indonesia dan inggris": "id-en", "dwibahasa": "id-en", "bilingual": "id-en",
    "other": "other", "lainnya": "other", "bahasa lain": "other",
}  # fmt: skip
FREQUENCIES = {
    "mingguan": "weekly", "weekly": "weekly", "bulanan": "monthly", "monthly": "monthly",
    "triwulanan": "quarterly", "triwulan": "quarterly", "quarterly": "quarterly", "semesteran": "half",
    "semester": "half", "half": "half", "half-yearly": "half", "tahunan": "yearly", "yearly": "yearly",
    "annual": "yearly", "annually": "yearly", "years": "years", "once": "once", "sekali terbit": "once",
    "beberapa tahun sekali": "years", "tidak tetap": "", "irregular": "",
}  # fmt: skip
EMPTY = {"-", "--", "n/a", "na", "null", "none", "nan", "#n/a"}
# NUL and other control characters, halves of characters (bytes that were not what the file says it is), and the mark
# that some software puts for a character it lost.
BROKEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd\ufffe\uffff]")
REGION_OF_NUMBER = re.compile(r"\.([0-9]{2,4})$")


class Wrong(ValueError):
    """This value cannot be understood; `str()` says what would be."""


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
    """A record made sound. `notes`: [field, what was wrong]; with `faulty` it is left out."""

    number: int
    key: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    copies: list[list[str]] = field(default_factory=list)
    notes: list[list[str]] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    faulty: bool = False
    gone: bool = False


class Lists:
    """Regions and subjects by code and by name, read once for many rows."""

    def __init__(self) -> None:
        self.regions = _by_name(Region.objects.all())
        self.subjects = _by_name(Subject.objects.all())


def _by_name(rows: Any) -> dict[str, str]:
    """Code, name and other names → code; a name that two rows share is nobody's."""
    found: dict[str, set[str]] = {}
    for row in rows:
        for name in (row.code, row.name, *row.aliases):
            found.setdefault(_plain(name), set()).add(row.code)
    return {name: codes.pop() for name, codes in found.items() if len(codes) == 1}


def _plain(text: str) -> str:
    return " ".join(fold(text).replace("kab.", "kabupaten").replace("prov.", "provinsi").split())


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
            row.notes.append([name, getattr(problem, "message", None) or str(problem)])
            return
        row.data |= {key: value for key, value in values.items() if value not in ("", None)}

    def _title(self, row: Row, text: str) -> None:
        title = " ".join(text.split())
        longest = _longest("title")
        if not title or not tokens(title):
            _refuse(row, "title", _("Judul wajib ada."))
        elif len(title) > longest:
            _refuse(row, "title", _("Judul lebih panjang dari %d huruf. Periksa kolomnya.") % longest)
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
        row.notes.append(["number", _("Ini bukan ISBN atau ISSN yang benar.")])

    def _complete(self, row: Row, published: str) -> None:
        """What the record says elsewhere. The year of an edition is the one in its title; `published`, when it came
        out, counts where the title has none. The region stands in the catalogue number."""
        title = row.data.get("title", "")
        if found := BETWEEN.search(title):
            between = _between(found)
            if row.data.get("year") in (None, between.get("year_end")) and "year_end" not in row.data:
                row.data |= between
        elif "year" not in row.data and (years := YEAR.findall(title) or YEAR.findall(published)):
            row.data["year"] = int(years[-1])
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
            if len(barcode) > _longest("barcode", Copy) or BROKEN.search(barcode + shelf):
                _refuse(row, "barcode", _("Barcode terlalu panjang atau berisi huruf rusak."))
            elif barcode.startswith("=") or shelf.startswith("="):
                _refuse(row, "barcode", _("Sel ini berisi rumus. Salin-tempel sebagai nilai."))
            elif barcode:
                copies.setdefault(barcode.casefold(), [barcode, shelf[: _longest("shelf", Copy)]])
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
    row.notes.append([name, why])
    return row


def _longest(name: str, model: type = Publication) -> int:
    return model._meta.get_field(name).max_length or 0  # type: ignore[attr-defined]


def _text(name: str) -> Callable[[str, Lists], dict[str, Any]]:
    def clean(text: str, _lists: Lists) -> dict[str, Any]:
        longest = 300 if name == "series" else _longest(name)
        if len(text) > longest:
            raise Wrong(_("Lebih panjang dari %d huruf.") % longest)
        return {name: text}

    return clean


def _years(text: str, _lists: Lists) -> dict[str, Any]:
    """ "2023", "2023.0" as spreadsheets write it, "2019-2023", "2019/20"."""
    if found := BETWEEN.search(text):
        return _between(found)
    years = YEAR.findall(text)
    if not years:
        raise Wrong(_("Tulis tahun dengan empat angka, misalnya 2023 atau 2019-2023."))
    return {"year": int(years[0])}


def _between(found: re.Match[str]) -> dict[str, Any]:
    first, last = int(found[1]), int(found[1][: 4 - len(found[2])] + found[2])
    if not FIRST_YEAR <= first <= last <= LAST_YEAR:
        return {"year": first}
    return {"year": first, "year_end": last} if last > first else {"year": first}


def _pages(text: str, _lists: Lists) -> dict[str, Any]:
    numbers = [int(n) for n in NUMBER.findall(text.replace(".0", ""))]
    if not numbers or max(numbers) > 32_767:
        raise Wrong(_("Tulis jumlah halaman dengan angka."))
    return {"pages": max(numbers)}


def _day(text: str, _lists: Lists) -> dict[str, Any]:
    words = IN_WORDS.fullmatch(text.casefold())
    try:
        if day_first := DAY_FIRST.fullmatch(text):
            day: date | None = date(int(day_first[3]), int(day_first[2]), int(day_first[1]))
        elif words and words[2] in MONTHS:
            day = date(int(words[3]), MONTHS.index(words[2]) + 1, int(words[1]))
        else:
            day = parse_date(text[:10]) or datetime.fromisoformat(text).date()
    except ValueError:
        day = None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Wrong(_("Tulis tanggal seperti 2025-02-28 atau 28/02/2025."))
    return {"released_on": day.isoformat()}


def _language(text: str, _lists: Lists) -> dict[str, Any]:
    parts = {LANGUAGES.get(part.strip(" .")) for part in re.split(r"[,;/&]| dan | and ", text.casefold())} - {
        None
    }
    if parts == {"id", "en"}:
        return {"language": "id-en"}
    if len(parts) == 1:
        return {"language": parts.pop()}
    if text.casefold() in LANGUAGES:
        return {"language": LANGUAGES[text.casefold()]}
    raise Wrong(_("Bahasa ini tidak dikenal. Tulis Indonesia atau Inggris."))


def _frequency(text: str, _lists: Lists) -> dict[str, Any]:
    known = FREQUENCIES | {str(label).casefold(): value for value, label in Frequency.choices}
    if text.casefold() not in known:
        raise Wrong(_("Frekuensi terbit ini tidak dikenal. Contoh: Tahunan, Bulanan."))
    return {"frequency": known[text.casefold()]}


def _region(text: str, lists: Lists) -> dict[str, Any]:
    plain = _plain(text.removesuffix(".0"))
    code = lists.regions.get(plain) or lists.regions.get(re.sub(r"^(kabupaten|kota|provinsi) ", "", plain))
    if not code and plain.isdecimal() and len(plain) == 2:
        code = lists.regions.get(f"{plain}00")
    if not code:
        raise Wrong(_("Wilayah ini tidak dikenal. Pakai kode wilayah BPS, misalnya 7411."))
    return {"region": code}


def _subject(text: str, lists: Lists) -> dict[str, Any]:
    for name in [text, *re.split(r"[;,|]", text)]:
        if code := lists.subjects.get(_plain(name.removesuffix(".0"))):
            return {"subject": code}
    raise Wrong(_("Subjek ini tidak dikenal."))


def _abstract(text: str, _lists: Lists) -> dict[str, Any]:
    """The WebAPI sends HTML now and then."""
    return {"abstract": " ".join(unescape(strip_tags(text)).split())[: _longest("abstract")]}


def _web_address(text: str, _lists: Lists) -> dict[str, Any]:
    try:
        URLValidator(schemes=["http", "https"])(text)
    except ValidationError:
        raise Wrong(_("Ini bukan alamat web.")) from None
    return _text("web_address")(text, _lists)


CLEANERS: dict[str, Callable[[str, Lists], dict[str, Any]]] = {
    **{name: _text(name) for name in ("series", "catalogue_number", "publication_number", "producer")},
    "year": _years,
    "isbn": lambda text, _lists: {"isbn": clean_isbn(text)},
    "issn": lambda text, _lists: {"issn": clean_issn(text)},
    "region": _region,
    "subject": _subject,
    "abstract": _abstract,
    "language": _language,
    "pages": _pages,
    "frequency": _frequency,
    "released_on": _day,
    "web_address": _web_address,
}
