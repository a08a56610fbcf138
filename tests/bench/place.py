"""Where a benchmark happens: a database of its own, the server as `make run` starts it, and their CPU time."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from tests.processes import end

TICKS = os.sysconf("SC_CLK_TCK")


def say(text: str) -> None:
    print(text, flush=True)


@contextlib.contextmanager
def own_database() -> Iterator[str]:
    """A new database on the server of DATABASE_URL, migrated, with the demo offices; dropped at the end.

    Django is set up for it, and DATABASE_URL names it, so the server's processes use it too.
    """
    given = os.environ["DATABASE_URL"]
    name = f"pst_bench_{os.getpid()}"
    address = urlunsplit(urlsplit(given)._replace(path=f"/{name}"))
    with psycopg.connect(given, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        os.environ["DATABASE_URL"] = address
        os.environ["DJANGO_SETTINGS_MODULE"] = "pst.settings"
        try:
            _load()
            yield address
        finally:
            from django.db import connections

            connections.close_all()
            for alias in connections:
                connections[alias].close_pool()
            os.environ["DATABASE_URL"] = given
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _load() -> None:
    started = time.monotonic()
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    from services.guestbook import reference
    from tests.conftest import load_offices

    reference.ensure()
    load_offices()
    say(f"database made and demo offices loaded in {time.monotonic() - started:.1f} s")


@dataclass(frozen=True)
class Server:
    process: subprocess.Popen
    host: str
    port: int

    def cpu_seconds(self) -> float:
        """User and system time of the server and its workers so far."""
        return sum(_own(pid) for pid in _with_children(self.process.pid))


@contextlib.contextmanager
def server(*, workers: int = 1, environment: dict[str, str] | None = None) -> Iterator[Server]:
    """uvicorn with the options of `make run`, on a free loopback port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--timeout-graceful-shutdown", "3", "--log-level", "warning", "--no-access-log"]
    if workers > 1:
        options += ["--workers", str(workers)]
    process = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "pst.asgi:application", "--host", "127.0.0.1", "--port", str(port), *options],
        stdin=subprocess.DEVNULL,
        env={**os.environ, **(environment or {})},
    )  # fmt: skip
    try:
        _wait(process, port)
        yield Server(process, "127.0.0.1", port)
    finally:
        end(process)


def _wait(process: subprocess.Popen, port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with exit code {process.returncode}")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/sehat/")
            connection.getresponse()
        except OSError:
            time.sleep(0.1)
        else:
            return
        finally:
            connection.close()
    raise RuntimeError("the server has not answered for 60 s")


class DatabaseCpu:
    """User and system time of all processes of the database server, where it runs on this machine."""

    def __init__(self, address: str):
        with psycopg.connect(address) as connection:
            backend = connection.execute("SELECT pg_backend_pid()").fetchone()[0]
            if not Path(f"/proc/{backend}/comm").exists():
                raise RuntimeError("the database does not run on this machine; its CPU time cannot be read")
            self.postmaster = int(_stat(backend)[1])

    def seconds(self) -> float:
        # cutime and cstime of the postmaster: backends that have ended since.
        ended = sum(int(n) for n in _stat(self.postmaster)[13:15]) / TICKS
        return ended + sum(_own(pid) for pid in _with_children(self.postmaster))


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat from the state on: [0] state, [1] parent, [11] utime, [12] stime …"""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()


def _own(pid: int) -> float:
    try:
        fields = _stat(pid)
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def _with_children(pid: int) -> list[int]:
    parents: dict[int, int] = {}
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                parents[int(path.name)] = int(_stat(int(path.name))[1])
    family = [pid]
    for member in family:
        family += [child for child, parent in parents.items() if parent == member]
    return family
