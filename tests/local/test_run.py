"""`make run` from the first start to the last Ctrl-C: the whole application, on a database of its own."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pst.local.postgres import LocalPostgres

ROOT = Path(__file__).resolve().parent.parent.parent
LIMIT = 120.0
SETTINGS = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "PST_")


class Run:
    """A running `make run` (without make), and what it has said so far."""

    def __init__(self, var: Path, **settings: str) -> None:
        environment = {k: v for k, v in os.environ.items() if not k.startswith(SETTINGS)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pst.local.run"],
            cwd=ROOT,
            env={**environment, "PST_VAR_DIR": str(var), "PYTHONUNBUFFERED": "1", **settings},
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.said = ""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said += line

    def wait_for(self, what: Callable[[], object], limit: float = LIMIT) -> None:
        deadline = time.monotonic() + limit
        while not what():
            assert time.monotonic() < deadline, self.said
            time.sleep(0.05)

    def wait_for_words(self, words: str) -> None:
        self.wait_for(lambda: words in self.said or self.process.poll() is not None)
        assert words in self.said, self.said

    def child(self, argument: str) -> int:
        """The process id of the child with `argument` on its command line."""
        for process in Path("/proc").iterdir():
            with contextlib.suppress(OSError, IndexError):
                parent = int((process / "stat").read_text().rpartition(") ")[2].split()[1])
                words = (process / "cmdline").read_bytes().split(b"\0")
                if parent == self.process.pid and argument.encode() in words:
                    return int(process.name)
        raise AssertionError(f"no child {argument}: {self.said}")

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        code = self.process.wait(LIMIT)
        self._reader.join(10)
        return code


def free_ports() -> int:
    """A port that is free, and the next one too."""
    while True:
        with socket.socket() as one, socket.socket() as two:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
            with contextlib.suppress(OSError, OverflowError):
                two.bind(("127.0.0.1", port + 1))
                return int(port)


def status(port: int, path: str = "/sehat/") -> int | None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


@pytest.fixture
def var(home: Path) -> Iterator[Path]:
    home.parent.mkdir(parents=True, exist_ok=True)
    yield home.parent
    LocalPostgres(home.parent / "postgres").destroy()


@pytest.fixture
def run(var: Path) -> Iterator[Callable[..., Run]]:
    started: list[Run] = []

    def start(**settings: str) -> Run:
        started.append(Run(var, **settings))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.end(signal.SIGTERM)


def test_first_start_accidents_and_end(run: Callable[..., Run], var: Path) -> None:
    port = free_ports()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        first = run(PST_PORT=str(port))
        first.wait_for_words("[6/6] Ready: ")
    assert f"port {port} is taken, using {port + 1}" in first.said
    assert f"Ready: http://127.0.0.1:{port + 1} " in first.said
    assert status(port + 1) == 200
    assert status(port + 1, "/") == 200
    assert stat.S_IMODE((var / "secret-key").stat().st_mode) == 0o600

    # A checkout runs once.
    second = run(PST_PORT=str(port))
    second.process.wait(LIMIT)
    second.wait_for_words(f"already runs from this checkout: http://127.0.0.1:{port + 1}")
    assert second.process.returncode == 1

    # A dead worker is replaced.
    worker = first.child("procrastinate")
    os.kill(worker, signal.SIGKILL)
    first.wait_for_words("The worker ended (exit code -9)")
    first.wait_for_words("The worker was started again.")
    assert first.child("procrastinate") != worker

    # Ctrl-C ends everything in order.
    assert first.end(signal.SIGINT) == 0
    assert "PostgreSQL is stopped; the data are kept." in first.said
    assert "Traceback" not in first.said
    assert status(port + 1) is None
    assert LocalPostgres(var / "postgres").status() == "stopped"

    # The second start finds everything made; killed outright, it leaves only the database, which is adopted.
    again = run(PST_PORT=str(port))
    again.wait_for_words("[6/6] Ready: ")
    assert "Making" not in again.said
    worker, web = again.child("procrastinate"), again.child("uvicorn")
    again.end(signal.SIGKILL)
    again.wait_for(lambda: not alive(worker) and not alive(web), limit=30)
    running = LocalPostgres(var / "postgres").running()
    assert running is not None

    # A dead web process ends the run, with its exit code.
    last = run(PST_PORT=str(port))
    last.wait_for_words("[6/6] Ready: ")
    adopted = LocalPostgres(var / "postgres").running()
    assert adopted is not None
    assert adopted.pid == running.pid
    os.kill(last.child("uvicorn"), signal.SIGKILL)
    assert last.process.wait(LIMIT) == 128 + signal.SIGKILL
    assert LocalPostgres(var / "postgres").status() == "stopped"


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] not in "ZX"
    except OSError:
        return False


def test_stopped_while_it_starts(run: Callable[..., Run], var: Path) -> None:
    early = run(PST_PORT=str(free_ports()))
    early.wait_for_words("[3/6]")
    assert early.end(signal.SIGTERM) == 0
    assert LocalPostgres(var / "postgres").status() == "stopped"


def test_bad_port_is_said(run: Callable[..., Run]) -> None:
    wrong = run(PST_PORT="eighty")
    assert wrong.process.wait(LIMIT) == 1
    wrong.wait_for_words("PST_PORT must be a port number, not 'eighty'")
