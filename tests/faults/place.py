"""The cluster and the server, started as the launcher starts them, and killed as a power cut or a bug would."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import psycopg

from pst.local import run
from pst.local.postgres import LocalPostgres
from tests.processes import end

CODE = "7411"  # Kolaka Timur: two services with numbers, WITA
KIOSKS = 6


class Place:
    """One office with its own database and server. This process is the parent of both, and reaps what it kills."""

    def __init__(self, root: Path) -> None:
        # Durable, as an office runs it: what is acknowledged must outlive a killed database.
        self.postgres = LocalPostgres(root / "postgres")
        self.address = self.postgres.start()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.web: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @contextlib.contextmanager
    def environment(self) -> Iterator[None]:
        with mock.patch.dict(os.environ, {"DATABASE_URL": self.address}):
            yield

    def furnish(self) -> dict:
        with self.environment():
            done = subprocess.run(
                [sys.executable, "-m", "tests.faults.furnish", CODE, str(KIOSKS)],
                stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
            )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout)

    # -- the server --------------------------------------------------------------------------------------

    def start_web(self) -> None:
        with self.environment():
            self.web = run.start_web("127.0.0.1", self.port)

    def kill_web(self) -> None:
        assert self.web is not None
        self.web.kill()
        self.web.wait()

    def answers_within(self, seconds: float, path: str = "/sehat/") -> float:
        """Waits until a page is served again; how long it took. The server's process must be the same all the time."""
        assert self.web is not None
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            assert self.web.poll() is None, f"the server ended with {self.web.returncode}"
            if status(self.port, path) == 200:
                return time.monotonic() - began
            time.sleep(0.05)
        raise AssertionError(f"no answer within {seconds} s")

    # -- the database ------------------------------------------------------------------------------------

    def kill_database(self) -> None:
        """SIGKILL to the postmaster; its backends notice and end. Nobody writes the last pages, as in a power cut."""
        running = self.postgres.running()
        assert running is not None
        os.kill(running.pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(running.pid, 0)  # a zombie keeps its number, and looks alive to PostgreSQL

    def start_database(self) -> None:
        assert self.postgres.start() == self.address

    def rows(self, query: str, *values: object) -> list[tuple]:
        with psycopg.connect(self.address) as connection:
            return connection.execute(query, values).fetchall()

    def close(self) -> None:
        if self.web and self.web.poll() is None:
            end(self.web)
        self.postgres.destroy()


def status(port: int, path: str) -> int | None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


@contextlib.contextmanager
def own_place() -> Iterator[Place]:
    """A new cluster with its server; both are ended and removed, also when the test fails."""
    root = Path(tempfile.mkdtemp(prefix="pst-faults-"))
    root.chmod(0o755)  # root's PostgreSQL runs as another user, who passes through here
    place = Place(root)
    try:
        yield place
    finally:
        place.close()
        shutil.rmtree(root, ignore_errors=True)
