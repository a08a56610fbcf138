"""A list of copies or records to take along: CSV, Excel, MARC21, BibTeX, RIS; as many as there are, row by row.

The tables' column titles are those an import knows again (library/importing/table.py), so that what one office writes
another reads.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from tempfile import TemporaryFile
from typing import Any, BinaryIO

import xlsxwriter
from django.http import FileResponse, Http404, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from pymarc import Field, Indicators, Subfield

from library.export import citation, marc
from library.models import Copy, Publication
from services.sheets import plain

COLUMNS: list[tuple[Any, Callable[[Publication], Any]]] = [
    (_("Judul"), lambda p: p.title),
    (_("Judul seri"), lambda p: p.series.title if p.series else ""),
    (_("Tahun"), lambda p: f"{p.year}-{p.year_end}" if p.year_end else p.year),
    (_("Nomor katalog"), lambda p: p.catalogue_number),
    (_("Nomor publikasi"), lambda p: p.publication_number),
    ("ISBN", lambda p: p.isbn),
    ("ISSN", lambda p: p.issn),
    (_("Wilayah"), lambda p: p.region.code if p.region else ""),
    (_("Subjek"), lambda p: p.subject.name if p.subject else ""),
    (_("Bahasa"), lambda p: p.language),
    (_("Halaman"), lambda p: p.pages),
    (_("Penerbit"), lambda p: p.producer),
    (_("Frekuensi terbit"), lambda p: p.frequency),
    (_("Tanggal rilis"), lambda p: p.released_on.isoformat() if p.released_on else ""),
    (_("Alamat web"), lambda p: p.web_address),
    (_("Abstrak"), lambda p: p.abstract),
]
OF_COPY: list[tuple[Any, Callable[[Copy], Any]]] = [
    (_("Barcode"), lambda c: c.barcode),
    (_("Rak"), lambda c: c.shelf),
    (_("Status"), lambda c: c.get_state_display()),
    (_("Tanggal masuk"), lambda c: c.added_on.isoformat()),
]
COPIES_OF_A_RECORD = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Pair = tuple[Publication, Copy | None]


def rows(pairs: Iterable[Pair], *, copies: bool = True) -> Iterator[list[Any]]:
    """`copies`: with the columns of a copy."""
    of_copy = OF_COPY if copies else []
    yield [str(title) for title, _value in [*COLUMNS, *of_copy]]
    for publication, copy in pairs:
        cells = [value(publication) for _title, value in COLUMNS]
        yield cells + [value(copy) if copy else "" for _title, value in of_copy]


class _Echo:
    def write(self, line: str) -> str:
        return line


def as_csv(pairs: Iterable[Pair], *, copies: bool = True) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff"  # Excel takes UTF-8 without it for something else
    for cells in rows(pairs, copies=copies):
        yield writer.writerow([plain(cell) for cell in cells])


def as_workbook(pairs: Iterable[Pair], *, copies: bool = True) -> BinaryIO:
    """In a file that is gone when it is closed. Cells are texts and numbers, never formulas or links."""
    file: BinaryIO = TemporaryFile()  # noqa: SIM115 (closed by whoever sends it)
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 1)
        for number, cells in enumerate(rows(pairs, copies=copies)):
            for column, cell in enumerate(cells):
                if isinstance(cell, int):
                    sheet.write_number(number, column, cell)
                elif cell:
                    sheet.write_string(number, column, citation.plain(str(cell)))
    file.seek(0)
    return file


def as_marc(pairs: Iterable[Pair], address: Callable[[Publication], str]) -> Iterator[bytes]:
    """Each record with its copies in field 952 as Koha reads them; again for every further two hundred, because a
    record has an end. Copies of one record must come together."""
    for publication, some in _by_hundreds(pairs):
        record = marc.record(publication, address(publication))
        for copy in some:
            parts = [("p", copy.barcode), ("o", copy.shelf)]
            fields = [Subfield(code, citation.plain(value)) for code, value in parts if value]
            record.add_field(Field(tag="952", indicators=Indicators(" ", " "), subfields=fields))
        yield record.as_marc()


def _by_hundreds(pairs: Iterable[Pair]) -> Iterator[tuple[Publication, list[Copy]]]:
    for publication, copies in _grouped(pairs):
        for first in range(0, len(copies) or 1, COPIES_OF_A_RECORD):
            yield publication, copies[first : first + COPIES_OF_A_RECORD]


def as_citations(
    pairs: Iterable[Pair], write: Callable[[Publication, str], str], address: Callable[[Publication], str]
) -> Iterator[str]:
    for publication, _copies in _grouped(pairs):
        yield write(publication, address(publication)) + "\n"


FORMS = {"csv": "CSV", "xlsx": "Excel", "mrc": "MARC21", "bib": "BibTeX", "ris": "RIS"}


def answer(
    form: str, name: str, pairs: Iterable[Pair], address: Callable[[Publication], str], *, copies: bool = True
) -> HttpResponseBase:
    """The file of one of FORMS; `name` without its ending. Raises Http404 for another form."""
    made: dict[str, tuple[str, Callable[[], Any]]] = {
        "csv": ("text/csv; charset=utf-8", lambda: as_csv(pairs, copies=copies)),
        "mrc": ("application/marc", lambda: as_marc(pairs, address)),
        "bib": ("application/x-bibtex; charset=utf-8", lambda: as_citations(pairs, citation.bibtex, address)),
        "ris": (
            "application/x-research-info-systems; charset=utf-8",
            lambda: as_citations(pairs, citation.ris, address),
        ),
    }
    if form == "xlsx":
        book = as_workbook(pairs, copies=copies)
        return FileResponse(book, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)
    if form not in made:
        raise Http404
    kind, write = made[form]
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return StreamingHttpResponse(write(), content_type=kind, headers=headers)


def _grouped(pairs: Iterable[Pair]) -> Iterator[tuple[Publication, list[Copy]]]:
    last: Publication | None = None
    copies: list[Copy] = []
    for publication, copy in pairs:
        if last is not None and publication.pk != last.pk:
            yield last, copies
            copies = []
        last = publication
        copies += [copy] if copy else []
    if last is not None:
        yield last, copies
