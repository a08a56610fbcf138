"""What reports are asked for in the tests, and that the parts of a whole are it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import connection

from pst.reports import catalogue
from pst.reports.scope import Scope
from pst.reports.tables import Table
from services.offices.models import Office
from services.periods import Period

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)


def days(since: date = FIRST, until: date = LAST) -> Period:
    return Period("own", since, until)


def scope(*offices: Office, since: date = FIRST, until: date = LAST, service: Any = None) -> Scope:
    return Scope(offices[0], list(offices), days(since, until), service)


def at(office: Office, when: str) -> datetime:
    return datetime.fromisoformat(when).replace(tzinfo=office.zone)


def tables(key: str, asked: Scope) -> dict[str, Table]:
    return {table.key: table for table in catalogue.get(key).tables(asked)}


def numbers(table: Table) -> dict[Any, list[Any]]:
    """The counts of each row, by what stands first in it."""
    places = [n for n, column in enumerate(table.columns) if column.kind == "count"]
    return {row[0]: [row[n] for n in places] for row in table.rows}


def totals(key: str, asked: Scope, keys: Iterable[str]) -> dict[str, list[int]]:
    """Of each of these tables the counts of all rows, which its own row of totals has to say too."""
    found = tables(key, asked)
    sums = {}
    for name in keys:
        places = [n for n, column in enumerate(found[name].columns) if column.kind == "count"]
        sums[name] = [sum(row[n] for row in found[name].rows) for n in places]
        if found[name].total:
            assert [found[name].total[n] for n in places] == sums[name], name
    return sums


def parts_are_the_whole(key: str, whole: Scope, parts: Iterable[Scope], keys: Iterable[str]) -> None:
    keys = list(keys)
    together: dict[str, list[int]] = {}
    for part in parts:
        for name, counts in totals(key, part, keys).items():
            before = together.get(name, [0] * len(counts))
            together[name] = [a + b for a, b in zip(before, counts, strict=True)]
    assert together == totals(key, whole, keys)
    assert any(any(counts) for counts in together.values())


def split(*offices: Office) -> list[list[Scope]]:
    """March of these offices: by office, by its halves, by weeks."""
    weeks = [(1, 1), (2, 9), (10, 16), (17, 30), (31, 31)]
    return [
        [scope(office) for office in offices],
        [scope(*offices, until=date(2026, 3, 15)), scope(*offices, since=date(2026, 3, 16))],
        [scope(*offices, since=date(2026, 3, a), until=date(2026, 3, b)) for a, b in weeks],
    ]


def sql(question: str, *given: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question, given)
        return cursor.fetchall()
