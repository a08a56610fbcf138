"""Tables set with spaces: headings side by side in one line, and rows whose cells stand under them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .headings import cut_headings, whole_heading
from .text import key

NOT_SPLIT = "Baris tabel yang kolomnya tidak dapat dipisahkan."
_LONGEST = 400
_NAMES = {"no", "no.", "nomor", "komponen", "uraian", "keterangan", "unsur"}
_CELL = re.compile(r"\S+(?: \S+)*")
_ROW_NUMBER = re.compile(r"\d{1,2}[.)]?$")
# Words on both sides of a gap that no sentence has. A label and its colon ("E-mail    : …") are no columns.
_WIDE_GAP = re.compile(r"\w[.,;)]?(?: {4,20}|\t)(?=[\w(*])")
_SLACK = 2  # spaces that separate nothing yet
_SUSPICIOUS = 3


@dataclass(frozen=True)
class Piece:
    """A cell, or a row that could not be divided. ``row``: it starts a new row."""

    line: int
    text: str
    row: bool = True
    lost: bool = False


@dataclass
class Table:
    """The columns: where their headings stand, the section of each (None: no section's heading) and its cells."""

    heads: list[range]
    sections: list[str | None]
    cells: list[list[Piece]] = field(default_factory=list)
    lost: list[Piece] = field(default_factory=list)

    @classmethod
    def open(cls, line: str, number: int) -> Table | None:
        """A table when the line is a row of headings ("No   Persyaratan      Prosedur")."""
        found = cells(line)
        sections = [whole_heading(text) for _, text in found] if len(found) > 1 else []
        if len(set(sections) - {None}) < 2:
            return None
        table = cls([range(start, start + len(text)) for start, text in found], sections)
        for section, (_, text) in zip(sections, found, strict=True):
            table.cells.append([Piece(number, text, lost=not section and not are_column_names(text))])
        return table

    def add(self, line: str, number: int) -> None:
        """Give each cell to the column it stands under; a row number belongs to the first cell behind it."""
        row: dict[int, str] = {}
        end = 0
        for start, text in cells(line):
            column = self._column(range(start, start + len(text)))
            if column is None or (column in row and start - end > _SLACK):
                row = {}
                break
            row[column] = f"{row[column]} {text}" if column in row else text
            end = start + len(text)
        counted = row.pop(0, "") if self.sections[0] is None else ""
        if not row or any(self.sections[i] is None for i in row) or not _ROW_NUMBER.match(counted or "1"):
            self.lost.append(Piece(number, line.strip(), lost=True))
            return
        if counted:
            row[min(row)] = f"{counted.rstrip('.)')}. {row[min(row)]}"
        for column, text in row.items():
            self.cells[column].append(Piece(number, text, row=bool(counted)))

    def _column(self, cell: range) -> int | None:
        """The column whose heading the cell stands under, else the one it starts in; None for a cell under two."""
        under = [i for i, head in enumerate(self.heads) if cell.start < head.stop and head.start < cell.stop]
        if not under:
            return max(
                (i for i, head in enumerate(self.heads) if head.start <= cell.start + _SLACK), default=0
            )
        return under[0] if len(under) == 1 else None

    def pieces(self) -> Iterator[Piece]:
        """Column by column, each under its heading; then what could not be divided."""
        for column in self.cells:
            yield from column
        yield from self.lost


def cells(line: str) -> list[tuple[int, str]]:
    """The texts of a line that two or more spaces, or a tab, keep apart, with their places."""
    if len(line) <= _LONGEST and "\t" in line.strip():
        return [
            (index * _LONGEST, text.strip()) for index, text in enumerate(line.split("\t")) if text.strip()
        ]
    if len(line) > _LONGEST or "  " not in line:
        return [(0, line.strip())]
    return [(match.start(), match[0]) for match in _CELL.finditer(line.replace("\xa0", " "))]


def are_column_names(line: str) -> bool:
    """A table's own header cells: "No", or "No   Komponen   Uraian" side by side."""
    return all(key(text).strip(" .:") in _NAMES for _, text in cells(line))


def starts_with_heading(line: str) -> bool:
    """A line of one cell that is, or starts with, a section's heading: no row of a table."""
    return len(cells(line)) == 1 and whole_heading(cut_headings(line)[0]) is not None


def headed_row(line: str) -> list[str]:
    """A row whose first cell is a heading ("1   Persyaratan   1. Membawa KTP") as heading and content."""
    found = [text for _, text in cells(line)]
    if len(found) < 3 or not _ROW_NUMBER.match(found[0]) or not whole_heading(found[1]):
        return [line]
    return [f"{found[0].rstrip('.)')}. {found[1]}", " ".join(found[2:])]


def mixed_columns(lines: list[tuple[int, str]]) -> list[str]:
    """A warning when lines look like a table that was not recognised as one."""
    suspects = [number for number, text in lines if _WIDE_GAP.search(text)]
    if len(suspects) < _SUSPICIOUS:
        return []
    return [
        f"Naskah tampaknya memuat tabel berkolom (baris {suspects[0]}–{suspects[-1]}); isi kolomnya mungkin "
        "tercampur. Periksa butirnya, atau susun naskah kolom demi kolom lalu muat lagi."
    ]
