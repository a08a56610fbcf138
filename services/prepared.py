"""Statements that PostgreSQL plans once per connection: for what every tap on a tablet asks.

Django writes the values into the text of a statement, which works behind any pooler, but each one is parsed and
planned anew; for a statement with many parts that costs more than carrying it out (docs/decisions/014).
"""

from __future__ import annotations

from typing import Any

import psycopg
from django.db import NotSupportedError, connection


def fetchone(statement: str, values: Any) -> tuple | None:
    """The first row. Raises what Django's own cursors raise. Columns are named, so that new ones change no plan."""
    if connection.queries_logged:  # the tests count what the database is asked
        return _fetchone(statement, values)
    connection.ensure_connection()
    try:
        with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as plain:
            plain.execute(statement.encode(), values, prepare=True)
            return plain.fetchone()
    except NotSupportedError:
        # A migration changed a column's type under the plan: this connection has had its day (not back to the pool).
        connection.connection.close()
        if connection.in_atomic_block:
            raise
        connection.close()
        return _fetchone(statement, values)


def _fetchone(statement: str, values: Any) -> tuple | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()
