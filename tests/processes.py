"""For tests that start processes of the application on the test database."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit, urlunsplit

import uvicorn
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


@contextmanager
def site() -> Iterator[int]:
    """The application as it is served, in a thread; gives its port on the loopback."""
    from pst import asgi

    asgi.hub.cache_clear()  # a hub belongs to one event loop
    server = uvicorn.Server(
        uvicorn.Config(
            asgi.application, host="127.0.0.1", port=0, log_level="warning", timeout_graceful_shutdown=1
        )
    )
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started:
        assert time.monotonic() < deadline, "the server did not start"
        time.sleep(0.02)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(8)
