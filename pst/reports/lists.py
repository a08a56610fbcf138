"""Counts by name, the most first, what is beyond the longest list in one row, and the sum of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from pst.reports.days import summed
from pst.reports.tables import Column, Row, Table

MOST = 20  # titles; a longer list is read by nobody


def listed(
    key: str,
    title: str,
    definition: str,
    head: str,
    columns: Sequence[str],
    found: Mapping[str, Sequence[int]],
    *,
    most: int = 0,
    in_order: bool = False,
    shares: bool = False,
    people: bool = False,
) -> Table:
    """`most`: how many rows before "others"; none: all. `in_order`: as `found` has them, else the largest first. `shares`: of
    the first number."""
    names = list(found) if in_order else sorted(found, key=lambda name: (-found[name][0], name))
    rows: list[Row] = [[name, *found[name]] for name in names]
    if most and len(rows) > most:
        rest = summed(rows[most:], len(columns))
        rows = [*rows[:most], [_("Lainnya (%d)") % (len(rows) - most), *rest[1:]]]
    total, heads = summed(rows, len(columns)), [Column(head), *(Column(name, "count") for name in columns)]
    if shares:
        every: Any = total[1]
        rows = [[*row, int(row[1] or 0) / every if every else None] for row in rows]
        heads, total = [*heads, Column(_("Bagian"), "share")], [*total, None]
    return Table(key, title, definition, heads, rows, total=total if rows else None, people=people, draw=(1,))
