"""Many rows at once: collected by table, written by COPY, with keys from the table's own sequence.

The keys are asked for beforehand, so that rows can name each other before they are written, and remembered as ranges: what
this year made can be told from everything else, and taken away again (`pst.demo_year.remove`).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.db import connection, models
from psycopg import sql

AT_ONCE = 20_000  # rows in memory, of all tables
KEYS_AT_ONCE = 2_000


class Table:
    """The rows of one model that wait to be written."""

    def __init__(self, model: type[models.Model]):
        self.model, self.rows, self.ranges = model, [], []  # type: ignore[var-annotated]
        fields = [f for f in model._meta.concrete_fields if not f.generated]
        self.columns = [field.column for field in fields]
        self.place = {field.attname: n for n, field in enumerate(fields)}
        self.template: list[Any] = []
        self.made: list[tuple[int, Callable[[], Any]]] = []
        for n, field in enumerate(fields):
            value: Any = None
            if field.has_default() and callable(field.default):
                self.made.append((n, field.get_default))
            elif field.has_default() or (not field.null and field.empty_strings_allowed):
                value = field.get_default()
            self.template.append(value)
        self.json = [n for n, field in enumerate(fields) if isinstance(field, models.JSONField)]
        self.key = self.place[model._meta.pk.attname]
        self.keys: list[int] = []

    def add(self, fields: dict[str, Any]) -> int:
        row = self.template.copy()
        for name, value in fields.items():
            row[self.place[name]] = value
        for n, make in self.made:
            if row[n] is None:
                row[n] = make()
        for n in self.json:
            if row[n] is not None:
                row[n] = json.dumps(row[n])
        row[self.key] = key = row[self.key] or self.next_key()
        self.rows.append(row)
        return key

    def next_key(self) -> int:
        if not self.keys:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                    [self.model._meta.db_table, self.columns[self.key], KEYS_AT_ONCE],
                )
                self.keys = [row[0] for row in reversed(cursor.fetchall())]
        key = self.keys.pop()
        if self.ranges and self.ranges[-1][1] == key - 1:
            self.ranges[-1][1] = key
        else:
            self.ranges.append([key, key])
        return key

    def write(self) -> int:
        if not self.rows:
            return 0
        columns: list[sql.Composable] = [sql.Identifier(str(column)) for column in self.columns]
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(self.model._meta.db_table), sql.SQL(", ").join(columns)
        )
        with connection.cursor() as cursor, cursor.cursor.copy(statement) as copy:
            for row in self.rows:
                copy.write_row(row)
        done, self.rows = len(self.rows), []
        return done


class Store:
    """All tables of one run. `add` gives the new row's key at once."""

    def __init__(self) -> None:
        self.tables: dict[type[models.Model], Table] = {}
        self.waiting = self.written = 0

    def add(self, model: type[models.Model], **fields: Any) -> int:
        self.waiting += 1
        return self._table(model).add(fields)

    def key(self, model: type[models.Model]) -> int:
        """For a row that others name before it is added."""
        return self._table(model).next_key()

    def _table(self, model: type[models.Model]) -> Table:
        if model not in self.tables:
            self.tables[model] = Table(model)
        return self.tables[model]

    def flush(self, *, all_of_it: bool = False) -> None:
        """Write what waits, when it is much. Only between things that belong together: keys point to rows of the same flush."""
        if self.waiting < AT_ONCE and not all_of_it:
            return
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            self.written += sum(table.write() for table in self.tables.values())
            cursor.execute(
                "SET CONSTRAINTS ALL IMMEDIATE"
            )  # checked here, so that the list of checks stays short
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        self.waiting = 0

    def note(self, row: models.Model) -> None:
        """A row that a workflow made itself also belongs to this year."""
        self._table(type(row)).ranges.append([row.pk, row.pk])

    def ranges(self) -> dict[str, list[list[int]]]:
        return {table.model._meta.label: table.ranges for table in self.tables.values() if table.ranges}
