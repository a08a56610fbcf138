"""From text to chunks: physical lines, table cells, and the pieces around run-in headings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .columns import NOT_SPLIT, Table, headed_row, starts_with_heading
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
# Where a page header goes on inside a long line (street, site), and the list entry it ends at.
_HEADER_PARTS = re.compile(rf"(?<=[\w>]\s)(?={_STREET}|<?https?://|[a-z]{{3,40}}\.bps\.go\.id)")
_FIRST_ENTRY = re.compile(r"(?<=[\w>]\s)(?:[-–•]\s)?(?:\(?[1aAi]\)|1\.|(?<!Jalan\s)[aAi]\.)\s")
_ROW_NUMBER = re.compile(r"\s*(?:\d{1,2}|[IVX]{1,5}|[A-Z])[.)]?\s*$")


@dataclass(frozen=True)
class Chunk:
    """A piece of one physical line. ``gap``: a blank line, or a dropped page header, comes before.

    ``lost``: why it cannot be placed, when that is known already.
    """

    line: int
    raw: str
    gap: bool = False
    first: bool = True
    key: str = field(default="", compare=False)
    lost: str = ""

    @property
    def indent(self) -> int:
        """Leading columns of the physical line; pieces cut out of a line have none of their own."""
        body = self.raw.replace("\t", "    ")
        return len(body) - len(body.lstrip()) if self.first else 0


def cut_lines(text: str) -> list[Chunk]:
    """Every piece of the text that has words in it, in order; a table set with spaces column by column."""
    chunks: list[Chunk] = []
    gap, table = True, None
    for number, line in enumerate(re.split(r"\r\n|\r|\n|\f|\v|\u2028|\u2029|\x85", text), start=1):
        if not line or not has_words(line):
            gap = True
            continue
        opened = Table.open(line, number)
        if table and not opened and not (starts_with_heading(line) or _HEADER_START.match(line)):
            table.add(line, number)
            continue
        chunks += _table_chunks(table)
        gap, table = gap or table is not None, opened
        if table:
            continue
        for index, piece in enumerate(_pieces(line)):
            chunks.append(Chunk(number, piece, gap or index > 0, index == 0, key(piece)))
        gap = False
    return chunks + _table_chunks(table)


def _table_chunks(table: Table | None) -> list[Chunk]:
    return [
        Chunk(piece.line, piece.text, piece.row, False, key(piece.text), NOT_SPLIT if piece.lost else "")
        for piece in (table.pieces() if table else ())
    ]


def _pieces(line: str) -> list[str]:
    parts = [part for cell in _cells(line) for part in headed_row(cell)]
    broken = [p for part in parts for p in _BREAK.split(part)] if "<br" in line.casefold() else parts
    headed = [piece for cell in broken for piece in cut_headings(cell)]
    anchored = [part for piece in headed for part in _ANCHOR.split(piece)]
    parts = [p for part in anchored for p in (_header_parts(part) if _HEADER_START.match(part) else [part])]
    return [piece for piece in parts if has_words(piece)]


def _header_parts(text: str) -> list[str]:
    """The lines of a page header printed in one line; the list behind it stays whole."""
    entry = _FIRST_ENTRY.search(text)
    end = entry.start() if entry else len(text)
    return [*_HEADER_PARTS.split(text[:end]), text[end:]]


def _cells(line: str) -> list[str]:
    """The cells of a table row; a row number joins the cell that follows it."""
    if line.count("|") < 2:
        return [line]
    found = [cell for cell in line.split("|") if has_words(cell)]
    if len(found) > 1 and _ROW_NUMBER.match(found[0]):
        number = found[0].strip().rstrip(".)")
        return [f"{number}. {found[1].strip()}", *found[2:]]
    return found
