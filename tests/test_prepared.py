"""Statements planned once: what a change of the tables does to them."""

from __future__ import annotations

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction

from services import prepared


@pytest.fixture
def plans(transactional_db, request):
    """A table of the test's own: the pool's other connections have no plan for it."""
    name = f"plans_{abs(hash(request.node.name))}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {name} (id int PRIMARY KEY, name varchar(5))")
        cursor.execute(f"INSERT INTO {name} VALUES (1, 'a')")
    yield name
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {name}")


@pytest.fixture
def table(plans):
    return f"SELECT id, name FROM {plans} WHERE id = %s"


def elsewhere(statement: str) -> None:
    parameters = connection.get_connection_params()
    keep = {k: v for k, v in parameters.items() if k in ("dbname", "user", "host", "port", "password")}
    with psycopg.connect(**keep, autocommit=True) as other:
        other.execute(statement)


def test_it_is_prepared(table, plans):
    assert prepared.fetchone(table, [1]) == (1, "a")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s", [f"%{plans}%"])
        assert cursor.fetchone() == (1,)


def test_a_column_that_changes_its_type_stops_nothing(table, plans):
    assert prepared.fetchone(table, [1]) == (1, "a")
    elsewhere(f"ALTER TABLE {plans} ALTER COLUMN name TYPE varchar(50)")
    assert prepared.fetchone(table, [1]) == (1, "a")
    assert prepared.fetchone(table, [1]) == (1, "a")


def test_inside_a_transaction_the_next_one_goes_well(table, plans):
    assert prepared.fetchone(table, [1]) == (1, "a")
    elsewhere(f"ALTER TABLE {plans} ALTER COLUMN name TYPE varchar(50)")
    with pytest.raises(Exception, match="cached plan"), transaction.atomic():
        prepared.fetchone(table, [1])
    with transaction.atomic():
        assert prepared.fetchone(table, [1]) == (1, "a")


def test_errors_are_djangos(plans):
    with pytest.raises(IntegrityError):
        prepared.fetchone(f"INSERT INTO {plans} VALUES (%s, 'b') RETURNING id", [1])
