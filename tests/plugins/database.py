"""Gives the test run a PostgreSQL when DATABASE_URL is unset, and the environment that the settings need.

Loaded with `-p tests.plugins.database` (pyproject.toml), because pytest-django reads the settings before any
conftest.py is. The server lives in `var/test-postgres`, without fsync: its data may be lost at any time.
Several test runs in one checkout share it; each holds a slot and thereby a database name of its own, and the
last one to end stops it. With pytest-xdist only the controller finds DATABASE_URL unset; its workers inherit.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Generator
from io import TextIOWrapper
from pathlib import Path

import pytest

from pst.local.cluster import LocalPostgresError
from pst.local.postgres import LocalPostgres, var_directory

ENVIRONMENT = {
    "PST_MODE": "test",
    "PST_SECRET_KEY": "only-for-tests-" * 4,
    # Playwright's fixtures run an event loop in the thread of the tests, where Django would refuse the ORM.
    "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
}


class Database:
    """The server of this run and the slot it holds."""

    server: LocalPostgres | None = None
    slot: TextIOWrapper | None = None


def _take_slot(home: Path) -> tuple[int, TextIOWrapper]:
    for number in range(50):
        slot = (home / f"slot-{number}").open("a")
        try:
            fcntl.flock(slot, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            slot.close()
        else:
            return number, slot
    raise pytest.UsageError("50 test runs at once in one checkout; something is wrong.")


def _start() -> None:
    home = var_directory() / "test-postgres"
    server = LocalPostgres(home)
    try:
        try:
            url = server.start(fsync=False)
        except LocalPostgresError:
            # Left broken by a crash of the machine, or by another major version: made anew, it holds nothing.
            if not server.stop(only_if_unused=True):
                raise
            server.destroy()
            url = server.start(fsync=False)
    except LocalPostgresError as error:
        raise pytest.UsageError(f"No database for the tests. {error}") from error
    number, Database.slot = _take_slot(home)
    Database.server = server
    os.environ["DATABASE_URL"] = f"{url}{number}"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Generator[None, None, None]:
    """Before pytest-django loads the settings."""
    # Not setdefault: tests in another mode would hash passwords for minutes and mean something else.
    os.environ.update(ENVIRONMENT)
    if not os.environ.get("DATABASE_URL"):
        _start()
    return (yield)


def pytest_unconfigure() -> None:
    if Database.slot:
        Database.slot.close()
        Database.slot = None
    if Database.server:
        Database.server.stop(only_if_unused=True)
        Database.server = None
        os.environ.pop("DATABASE_URL", None)
