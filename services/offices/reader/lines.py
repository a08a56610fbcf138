"""From text to chunks: physical lines, table cells, and the pieces around run-in headings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .headings import cut_headings
from .text import has_words, key

_BREAK = re.compile(r"(?<=<br>)|(?<=<br/>)|(?<=<br />)", re.I)
_STREET = r"(?:Jl\.|Jln\.|Jalan|Komplek|Kompleks|Gedung)\s"
_UNIT = r"(?:Unit\s)?Pelayanan\sStatistik\sTerpadu\s(?:\(PST\)\s)?BPS\s(?:Provinsi|Kabupaten|Kota)(?:\s[A-Z][\w'-]{1,30}){1,4}"
# Where a page header or a decree line starts in the middle of a long line.
_ANCHOR = re.compile(
    rf"(?<=\S\s)(?=Badan\sPusat\sStatistik\s{{0,3}}/)|(?<=\s)(?=(?:No\.?|Nomor)\s{{0,3}}SK\s{{0,3}}:)"
    rf"|(?<=\s)(?=#{{1,6}}\s)|(?<=[^/#\s]\s)(?={_UNIT}\s{_STREET})"
)
_HEADER_START = re.compile(rf"[#*\s]{{0,8}}(?:{_UNIT}|Badan\sPusat\sStatistik\s{{0,3}}/)")
# Where a page header ends or goes on inside a long line: street, site, first list entry.
_HEADER_PARTS = re.compile(
    rf"(?<=[\w>]\s)(?={_STREET}|<?https?://|[a-z]{{3,40}}\.bps\.go\.id|(?:[-–•]\s)?\(?1[.)]\s)"
)
_ROW_NUMBER = re.compile(r"\s*(?:\d{1,2}|[IVX]{1,5}|[A-Z])[.)]?\s*$")
_COLUMN_NAMES = {"no", "no.", "nomor", "komponen", "uraian", "keterangan", "unsur"}


@dataclass(frozen=True)
class Chunk:
    """A piece of one physical line. ``gap``: a blank line, or a dropped page header, comes before."""

    line: int
    raw: str
    gap: bool = False
    first: bool = True
    key: str = field(default="", compare=False)

    @property
    def indent(self) -> int:
        """Leading columns of the physical line; pieces cut out of a line have none of their own."""
        body = self.raw.replace("\t", "    ")
        return len(body) - len(body.lstrip()) if self.first else 0


def cut_lines(text: str) -> list[Chunk]:
    """Every piece of the text that has words in it, in order."""
    chunks: list[Chunk] = []
    gap = True
    for number, line in enumerate(re.split(r"\r\n|\r|\n|\f|\v|\u2028|\u2029|\x85", text), start=1):
        if not line or not has_words(line):
            gap = True
            continue
        for index, piece in enumerate(_pieces(line)):
            chunks.append(Chunk(number, piece, gap or index > 0, index == 0, key(piece)))
        gap = False
    return chunks


def _pieces(line: str) -> list[str]:
    cells = _cells(line)
    broken = [part for cell in cells for part in _BREAK.split(cell)] if "<br" in line.casefold() else cells
    headed = [piece for cell in broken for piece in cut_headings(cell)]
    anchored = [part for piece in headed for part in _ANCHOR.split(piece)]
    parts = [
        p for part in anchored for p in (_HEADER_PARTS.split(part) if _HEADER_START.match(part) else [part])
    ]
    return [piece for piece in parts if has_words(piece)]


def _cells(line: str) -> list[str]:
    """The cells of a table row; a row number joins the cell that follows it."""
    if line.count("|") < 2:
        return [line]
    cells = [cell for cell in line.split("|") if has_words(cell)]
    if len(cells) > 1 and _ROW_NUMBER.match(cells[0]):
        number = cells[0].strip().rstrip(".)")
        return [f"{number}. {cells[1].strip()}", *cells[2:]]
    return cells


def is_column_name(chunk: Chunk) -> bool:
    """A table's own header cell ("No", "Komponen", "Uraian")."""
    return chunk.key.strip(" .:") in _COLUMN_NAMES
