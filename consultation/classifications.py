"""KBLI and KBJI from a CSV file: read row by row with what is wrong in each, compared with what is loaded, loaded."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from django.db import transaction

from consultation import matching
from consultation.models import Classification

HERE = Path(__file__).parent / "classifications_demo"
DEMO = ((Classification.Kind.KBLI, "kbli-2020.csv"), (Classification.Kind.KBJI, "kbji-2014.csv"))
NAMES = {
    "kode": "code", "judul": "title", "uraian": "description", "versi": "edition",
    "code": "code", "title": "title", "description": "description", "version": "edition",
}  # fmt: skip
CODE = re.compile(r"[A-Z]|[A-Z]?[0-9][0-9.]{0,10}", re.ASCII)
EDITION = re.compile(r"[0-9]{4}[a-z]?", re.ASCII)
MOST_TITLE = 300
AT_ONCE = 500


class Unreadable(Exception):
    """Not a table of ours; `str()` says why, in English for the operator's terminal."""


@dataclass(frozen=True)
class Row:
    edition: str
    code: str
    title: str
    description: str


@dataclass(frozen=True)
class Table:
    """`faults`: (line of the file, what is wrong)."""

    rows: tuple[Row, ...]
    faults: tuple[tuple[int, str], ...]

    @property
    def editions(self) -> list[str]:
        return sorted({row.edition for row in self.rows})


@dataclass(frozen=True)
class Change:
    """What loading does, by codes."""

    new: tuple[Row, ...]
    changed: tuple[Row, ...]
    gone: tuple[str, ...]
    same: int


def read(content: bytes, edition: str = "") -> Table:
    """`edition` for rows that name none. Raises Unreadable."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise Unreadable(f"not UTF-8 (byte {problem.start}): save it as “CSV UTF-8”") from problem
    if "\0" in text:
        raise Unreadable("not a text file")
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        names = [NAMES.get(name.strip().lower(), "") for name in next(reader, [])]
        if "code" not in names or "title" not in names:
            raise Unreadable("the first line must name the columns kode and judul (or code and title)")
        lines = [(reader.line_num, dict(zip(names, row, strict=False))) for row in reader if any(row)]
    except csv.Error as problem:
        raise Unreadable(f"line {reader.line_num}: {problem}") from problem
    return _checked(lines, edition)


def _checked(lines: Sequence[tuple[int, dict[str, str]]], edition: str) -> Table:
    rows: list[Row] = []
    faults: list[tuple[int, str]] = []
    seen: Counter[tuple[str, str]] = Counter()
    for number, cells in lines:
        said = {name: " ".join(cells.get(name, "").split()) for name in set(NAMES.values())}
        row = Row(said["edition"] or edition, said["code"].upper(), said["title"], said["description"])
        problems = list(_problems(row))
        if not problems and seen[row.edition, row.code]:
            problems = [f"code {row.code} stands in an earlier line too"]
        if problems:
            faults += [(number, problem) for problem in problems]
            continue
        seen[row.edition, row.code] += 1
        rows.append(row)
    return Table(tuple(rows), tuple(faults))


def _problems(row: Row) -> Iterator[str]:
    if not row.code:
        yield "no code"
    elif not CODE.fullmatch(row.code):
        yield f"“{row.code[:20]}” is no code: a letter, or up to 11 digits and points, with a letter in front at most"
    if not row.title:
        yield "no title"
    elif len(row.title) > MOST_TITLE:
        yield f"the title has {len(row.title)} letters; {MOST_TITLE} fit"
    if not EDITION.fullmatch(row.edition):
        yield "no version: a year in the column versi, or --edition"


def compare(kind: str, table: Table) -> Change:
    """With what is loaded of the same editions."""
    rows = Classification.objects.filter(kind=kind, edition__in=table.editions)
    there = {(c.edition, c.code): (c.title, c.description) for c in rows.defer("search")}
    given = {(row.edition, row.code): row for row in table.rows}
    changed = [r for key, r in given.items() if key in there and there[key] != (r.title, r.description)]
    new = [row for key, row in given.items() if key not in there]
    gone = tuple(code for edition, code in sorted(there) if (edition, code) not in given)
    return Change(tuple(new), tuple(changed), gone, len(given) - len(new) - len(changed))


@transaction.atomic
def load(kind: str, table: Table) -> Change:
    """The editions of the table become what stands in it: run again it changes nothing, and what is not in it any more is
    gone. Only a table without faults."""
    if table.faults or not table.rows:
        raise ValueError("a table with faults, or an empty one, is not loaded")
    change = compare(kind, table)
    for edition in table.editions:
        codes = [row.code for row in table.rows if row.edition == edition]
        Classification.objects.filter(kind=kind, edition=edition).exclude(code__in=codes).delete()
    Classification.objects.bulk_create(
        [_made(kind, row) for row in (*change.new, *change.changed)],
        batch_size=AT_ONCE,
        update_conflicts=True,
        unique_fields=["kind", "edition", "code"],
        update_fields=["title", "description", "search"],
    )
    return change


def _made(kind: str, row: Row) -> Classification:
    vector = matching.vector((f"{row.code} {row.title}", "A"), (row.description, "C"))
    return Classification(
        kind=kind, edition=row.edition, code=row.code, title=row.title, description=row.description, search=vector
    )  # fmt: skip


def load_demo() -> int:
    """The uppermost level of both, where nothing is loaded at all; returns how many codes."""
    if Classification.objects.exists():
        return 0
    return sum(len(load(kind, read((HERE / name).read_bytes())).new) for kind, name in DEMO)
