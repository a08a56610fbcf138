"""A real PostgreSQL, both event loops, and the real server as a process of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
import uvloop
from psycopg.conninfo import make_conninfo

from tests.bench.place import server
from tests.processes import database_url

LIMIT = 30.0


@pytest.fixture(params=[asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def run(request) -> Callable[[Coroutine], Any]:
    """Runs a coroutine to its end in a new loop, never longer than half a minute.

    In a thread of its own: in the main one Playwright's loop may be running, from a browser test before.
    """

    def run(main: Coroutine) -> Any:
        async def bounded():
            async with asyncio.timeout(LIMIT):
                return await main

        def work() -> Any:
            with asyncio.Runner(loop_factory=request.param) as runner:
                return runner.run(bounded())

        with ThreadPoolExecutor(max_workers=1) as thread:
            return thread.submit(work).result()

    return run


@pytest.fixture
def conninfo(db) -> str:
    """The test database, for connections beside Django's."""
    return make_conninfo(database_url(), application_name="pst-test-live")


@pytest.fixture
def notify(conninfo):
    """Sends in a transaction that is committed, or rolled back."""
    with psycopg.connect(conninfo) as connection:

        def notify(channel: str, *topics: str, commit: bool = True) -> None:
            for topic in topics:
                connection.execute("SELECT pg_notify(%s, %s)", [channel, topic])
            connection.commit() if commit else connection.rollback()

        yield notify


@pytest.fixture
def kill_listeners(conninfo):
    """pg_terminate_backend on the LISTEN connections of an application; returns how many there were."""

    def kill(name: str) -> int:
        with psycopg.connect(conninfo, autocommit=True) as connection:
            query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s AND datname = current_database() AND pid <> pg_backend_pid() AND query LIKE '%%LISTEN%%'"
            return len(connection.execute(query, [name]).fetchall())

    return kill


@pytest.fixture(scope="session")
def _web(django_db_setup):
    with server(environment={"DATABASE_URL": database_url()}) as web:
        yield web


@pytest.fixture
def web(transactional_db, offices, _web):
    """The server as `make run` starts it, on the test database."""
    return _web
