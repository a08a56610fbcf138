"""For tests that start processes of the application on the test database."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.db import connection


def end(process: subprocess.Popen) -> None:
    """Ask it to stop; after 15 seconds it is stopped."""
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def database_url() -> str:
    """DATABASE_URL of the database the tests use now; Django gave it a name of its own."""
    given = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(given._replace(path=f"/{connection.settings_dict['NAME']}"))


@contextmanager
def worker(log: Path, **environment: str) -> Iterator[subprocess.Popen]:
    """`manage.py procrastinate worker` as `make run` starts it, on the test database."""
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "tests.worker_settings",
        **environment,
    }
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "procrastinate", "worker"],
            stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment,
        )  # fmt: skip
    try:
        yield process
    finally:
        end(process)
