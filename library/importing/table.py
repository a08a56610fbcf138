"""CSV and XLSX: read row by row, whatever the size of the file, with the officer's choice of which column is what."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, BinaryIO

from openpyxl import load_workbook

from library.importing.fields import FIELDS, Item
from library.importing.words import Unreadable
from library.importing.words import told as _
from library.search.text import fold

ENCODINGS = {"utf-8": "UTF-8", "cp1252": "Windows-1252 (Excel lama)", "utf-16": "UTF-16"}
SEPARATORS = {",": ",", ";": ";", "\t": "Tab", "|": "|"}
LONGEST_LINE = 1_000_000  # a longer one is no table
LONGEST_CELL = 100_000
MOST_COLUMNS = 200
MOST_ROWS = 1_048_576  # Excel's own; a file may claim a row much further down, with nothing in between
SAMPLE_ROWS = 5
TITLE_WITHIN = 10  # rows: many lists begin with the library's name and an empty line
LOOKED_AT = 1_000_000  # bytes from which encoding and separator are guessed
MOST_UNPACKED = 400_000_000  # an XLSX is a ZIP: a small file may be a bomb
MOST_TEXTS = 150_000_000  # its table of texts is held in memory

# What is sent by mistake, as its first bytes tell.
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
NO_TABLE = (b"%PDF", b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"{\\rtf")

# An apostrophe before what a spreadsheet would take for a formula, as our own tables have it (services/sheets.py).
HARMLESS = re.compile("'[+@-]")

# Column titles as offices, SLiMS and other software write them, folded → field.
KNOWN = {
    "title": "title judul title judul_publikasi judul_buku nama_publikasi judul_pustaka",
    "series": "seri judul_seri series series_title",
    "year": "tahun year tahun_terbit publish_year tahun_data thn",
    "catalogue_number": "nomor_katalog no_katalog katalog catalogue_number kat_no no_kat",
    "publication_number": "nomor_publikasi no_publikasi publication_number pub_no no_pub",
    "isbn": "isbn",
    "issn": "issn",
    "number": "isbn_issn isbn_atau_issn",
    "region": "wilayah kode_wilayah region domain daerah wilayah_kode_atau_nama",
    "subject": "subjek subject subyek topics topik subjek_kode_atau_nama",
    "abstract": "abstrak abstract notes catatan ringkasan deskripsi",
    "language": "bahasa language language_name",
    "pages": "halaman pages jumlah_halaman collation kolasi jml_hal",
    "producer": "penerbit producer publisher publisher_name produsen",
    "frequency": "frekuensi frekuensi_terbit frequency",
    "released_on": "tanggal_rilis tanggal_terbit rl_date released_on tgl_rilis",
    "web_address": "alamat_web url link web_address tautan alamat_di_web",
    "barcode": "barcode item_code kode_eksemplar no_barcode nomor_barcode barcode_eksemplar",
    "shelf": "rak lokasi_rak shelf call_number location_name lokasi rak_eksemplar",
    "key": "id biblio_id pub_id nomor_pengenal control_number nomor_pengenal_di_sumber",
}
BY_TITLE = {title: name for name, titles in KNOWN.items() for title in titles.split()}


@dataclass
class Shape:
    """How a table is to be read: what was guessed, or what the officer chose. `columns[i]` is a field or "". `top`: so
    many rows stand above the titles of the columns, and are not read."""

    encoding: str = "utf-8"
    separator: str = ","
    sheet: str = ""
    headed: bool = True
    top: int = 0
    columns: list[str] = field(default_factory=list)


@dataclass
class Look:
    """The beginning of a file, for the page on which columns are chosen."""

    shape: Shape
    titles: list[str]
    samples: list[list[str]]
    sheets: list[str]


def is_xlsx(file: BinaryIO) -> bool:
    file.seek(0)
    return file.read(4) == b"PK\x03\x04"


def look(file: BinaryIO, shape: Shape | None = None) -> Look:
    """Guess what is not chosen yet. Raises Unreadable."""
    sheets: list[str] = []
    chosen = shape is not None
    shape = shape or Shape()
    _check_kind(file)
    if is_xlsx(file):
        sheets = sheet_names(file)
        shape.sheet = shape.sheet if shape.sheet in sheets else sheets[0]
    elif not chosen:
        shape.encoding, shape.separator = _guess(file)
    first = []
    for _number, cells in cells_of(file, shape):
        first.append(cells)
        if len(first) > TITLE_WITHIN + SAMPLE_ROWS:
            break
    if not first:
        raise Unreadable(_("Berkas ini kosong."))
    if not chosen or not shape.columns:
        top = _title_row(first) if shape.headed else None
        if not chosen:
            shape.headed = top is not None
        shape.top = top or 0
    first = first[shape.top :][: SAMPLE_ROWS + 1]
    if not first:
        raise Unreadable(_("Berkas ini kosong."))
    width = max(len(row) for row in first)
    titles = first[0] if shape.headed else [_letters(n) for n in range(width)]
    titles += [_letters(n) for n in range(len(titles), width)]
    if not chosen:
        shape.columns = recognised(first[0]) if shape.headed else [""] * width
    shape.columns = (shape.columns + [""] * width)[:width]
    samples = first[1:] if shape.headed else first
    return Look(shape, titles, samples[:SAMPLE_ROWS], sheets)


def _check_kind(file: BinaryIO) -> None:
    """A PDF or a picture would be read as a table of nonsense."""
    file.seek(0)
    start = file.read(8)
    if start.startswith(OLD_EXCEL):
        raise Unreadable(
            _("Ini berkas Excel lama (.xls). Buka di Excel, simpan sebagai .xlsx, lalu unggah lagi.")
        )
    if start.startswith(NO_TABLE):
        raise Unreadable(_("Ini bukan berkas CSV, Excel (.xlsx), atau MARC21."))


def _title_row(rows: list[list[str]]) -> int | None:
    """Where the columns have names: the first row that names the column of the title."""
    return next((n for n, row in enumerate(rows[:TITLE_WITHIN]) if "title" in recognised(row)), None)


def recognised(titles: list[str]) -> list[str]:
    """The field of each column, "" for others; of two that seem to be the same field the first is it."""
    fields = [_field_of(title) for title in titles]
    return [name if name not in fields[:n] else "" for n, name in enumerate(fields)]


def _field_of(title: str) -> str:
    words = "".join(c if c.isalnum() else " " for c in fold(title)).split()
    plain = "_".join(words)
    return BY_TITLE.get(plain, plain if plain in FIELDS else "")


def _letters(n: int) -> str:
    """A, B, … Z, AA as spreadsheets name their columns."""
    return (_letters(n // 26 - 1) if n >= 26 else "") + chr(65 + n % 26)


def _guess(file: BinaryIO) -> tuple[str, str]:
    file.seek(0)
    start = file.read(LOOKED_AT)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    else:
        try:
            start[: start.rfind(b"\n") + 1 or None].decode()
            encoding = "utf-8"
        except UnicodeDecodeError:
            encoding = "cp1252"
    text = start.decode(encoding, "replace")
    for line in text.splitlines()[:TITLE_WITHIN]:  # a line without any separator is a heading above the table
        separator = max(SEPARATORS, key=line.count)
        if separator in line:
            return encoding, separator
    return encoding, ","


def items(file: BinaryIO, shape: Shape) -> Iterator[Item]:
    """Every row that says something. Raises Unreadable, after what could be read."""
    skip = shape.top + 1 if shape.headed else 0
    for place, (number, cells) in enumerate(cells_of(file, shape)):
        if place < skip:
            continue
        if not any(cell.strip() for cell in cells):
            continue
        said: dict[str, str] = {}
        for name, cell in zip(shape.columns, cells, strict=False):
            if name and cell.strip() and name not in said:
                said[name] = cell[1:] if HARMLESS.match(cell) else cell
        item = Item(number, said, cells)
        if any(cell.strip() for cell in cells[len(shape.columns) :]):
            item.broken = _(
                "Baris ini punya lebih banyak sel daripada kolom. Periksa pemisah dan tanda kutip."
            )
        yield item


def cells_of(file: BinaryIO, shape: Shape) -> Iterator[tuple[int, list[str]]]:
    """(number in the file, cells) of each row."""
    if is_xlsx(file):
        yield from _sheet(file, shape.sheet)
    else:
        yield from _csv(file, shape)


class _Lines:
    """Lines of text of a file of bytes, never one longer than memory likes. Bytes that are not what the encoding says
    come as halves of characters, which `fields` refuses by the row."""

    def __init__(self, file: BinaryIO, encoding: str):
        self.file, self.encoding, self.number = file, encoding, 0
        self.file.seek(0)
        self.lines = self._wide() if encoding == "utf-16" else self._narrow()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self.lines)
        self.number += 1
        return line.removeprefix("\ufeff") if self.number == 1 else line

    def _narrow(self) -> Iterator[str]:
        while raw := self.file.readline(LONGEST_LINE + 1):
            if len(raw) > LONGEST_LINE:
                raise Unreadable(self._too_long())
            yield raw.decode(self.encoding, "surrogateescape" if self.encoding == "utf-8" else "replace")

    def _wide(self) -> Iterator[str]:
        start = self.file.read(2)
        self.file.seek(0)
        if start not in (b"\xff\xfe", b"\xfe\xff"):
            raise Unreadable(_("Berkas ini bukan UTF-16. Pilih pengodean lain."))
        little = start == b"\xff\xfe"
        ending = b"\n\x00" if little else b"\x00\n"
        rest = b""
        while block := self.file.read(65_536):
            rest += block
            while (at := _aligned(rest, ending)) >= 0:
                yield rest[: at + 2].decode("utf-16-le" if little else "utf-16-be", "replace")
                rest = rest[at + 2 :]
            if len(rest) > LONGEST_LINE:
                raise Unreadable(self._too_long())
        if rest:
            yield rest.decode("utf-16-le" if little else "utf-16-be", "replace")

    def _too_long(self) -> str:
        return _("Baris %d terlalu panjang. Ini bukan tabel CSV, atau tanda kutipnya tidak ditutup.") % (
            self.number + 1
        )


def _aligned(data: bytes, ending: bytes) -> int:
    at = data.find(ending)
    while at > 0 and at % 2:
        at = data.find(ending, at + 1)
    return at


def _csv(file: BinaryIO, shape: Shape) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(LONGEST_CELL)
    lines = _Lines(file, shape.encoding)
    reader = csv.reader(lines, delimiter=shape.separator)
    while True:
        number = reader.line_num + 1  # a cell may run over several lines: the row is named by its first
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as problem:
            raise Unreadable(
                _(
                    "Baris %(number)d tidak terbaca (%(problem)s). Periksa tanda kutip mulai dari baris itu; mungkin ini bukan berkas CSV."
                )
                % {"number": number, "problem": problem}
            ) from None
        if len(cells) > MOST_COLUMNS:
            raise Unreadable(_("Baris %d punya lebih dari 200 kolom. Periksa pemisah kolomnya.") % number)
        yield number, cells


def sheet_names(file: BinaryIO) -> list[str]:
    book = _book(file)
    try:
        return list(book.sheetnames)
    finally:
        book.close()


def _book(file: BinaryIO) -> Any:
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as packed:
            parts = packed.infolist()
            texts = sum(part.file_size for part in parts if "sharedStrings" in part.filename)
            if sum(part.file_size for part in parts) > MOST_UNPACKED or texts > MOST_TEXTS:
                raise Unreadable(
                    _("Berkas Excel ini terlalu besar setelah dibuka. Simpan sebagai CSV UTF-8.")
                )
        file.seek(0)
        # Formulas as such: a result that was never computed would come as nothing.
        book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
    except Unreadable:
        raise
    except Exception as problem:  # whatever a damaged or foreign ZIP makes of the reader
        raise Unreadable(
            _("Berkas Excel ini rusak atau terkunci. Buka dan simpan ulang, atau simpan sebagai CSV UTF-8.")
        ) from problem
    if not book.sheetnames:
        raise Unreadable(_("Berkas ini kosong."))
    return book


def _sheet(file: BinaryIO, name: str) -> Iterator[tuple[int, list[str]]]:
    book = _book(file)
    try:
        sheet = book[name] if name in book.sheetnames else book[book.sheetnames[0]]
        if not hasattr(sheet, "iter_rows"):
            raise Unreadable(_("Lembar ini bukan tabel."))
        for number, row in enumerate(
            sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True), start=1
        ):
            cells = [_cell(value) for value in row]
            while cells and not cells[-1]:
                cells.pop()
            yield number, cells
    except (Unreadable, GeneratorExit):
        raise
    except Exception as problem:
        raise Unreadable(
            _("Berkas Excel ini rusak atau terkunci. Buka dan simpan ulang, atau simpan sebagai CSV UTF-8.")
        ) from problem
    finally:
        book.close()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)[:LONGEST_CELL]
