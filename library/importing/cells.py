"""Each kind of cell, made sound: whatever an earlier software wrote is met half-way ("xii, 120 hlm." is 120 pages)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from html import unescape
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.dateparse import parse_date
from django.utils.html import strip_tags

from library.importing.words import told as _
from library.models import Frequency, Publication, Region, Subject
from library.models.catalogue import FIRST_YEAR, LAST_YEAR
from library.numbers import clean_isbn, clean_issn
from library.search.text import fold

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


class Wrong(ValueError):
    """This value cannot be understood; `str()` says what would be."""


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


def longest(name: str, model: type = Publication) -> int:
    return model._meta.get_field(name).max_length or 0  # type: ignore[attr-defined]


def _text(name: str) -> Callable[[str, Lists], dict[str, Any]]:
    def clean(text: str, _lists: Lists) -> dict[str, Any]:
        most = 300 if name == "series" else longest(name)
        if len(text) > most:
            raise Wrong(_("Lebih panjang dari %d huruf.") % most)
        return {name: text}

    return clean


def _years(text: str, _lists: Lists) -> dict[str, Any]:
    """ "2023", "2023.0" as spreadsheets write it, "2019-2023", "2019/20"."""
    if found := BETWEEN.search(text):
        return between(found)
    years = YEAR.findall(text)
    if not years:
        raise Wrong(_("Tulis tahun dengan empat angka, misalnya 2023 atau 2019-2023."))
    return {"year": int(years[0])}


def between(found: re.Match[str]) -> dict[str, Any]:
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
    code = lists.regions.get(plain) or lists.regions.get(
        re.sub(r"^(kabupaten|kab|kota|provinsi|propinsi|prov)[. ]+", "", plain)
    )
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
    return {"abstract": " ".join(unescape(strip_tags(text)).split())[: longest("abstract")]}


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
