"""One process of the pool, seen from the web process: started, asked, ended."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Iterable
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from typing import Any

from .worker import OUT_OF_MEMORY, plain

STALLS = 20  # seconds that an answer may stop in its middle
STARTS_WITHIN = 60.0  # seconds; a loaded machine takes its time to import
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "XDG_DATA_HOME", "XDG_DATA_DIRS", "LD_LIBRARY_PATH")  # fmt: skip
PROJECT = Path(__file__).resolve().parents[2]


class Died(Exception):
    """The process ended before it answered; says how."""

    def __init__(self, how: str, *, would_again: bool = False):
        super().__init__(how)
        self.would_again = would_again  # in a process that is as new as this one was


class Silent(Exception):
    """No answer in the time given; the process was killed."""


class Worker:
    """`ask()` is for one thread at a time; the pool sees to that."""

    def __init__(self, *, memory: int, preload: Iterable[str]):
        self.tasks = 0
        self._ready = False
        self._ending = threading.Lock()
        ours, theirs = socket.socketpair()
        with theirs:
            # Half an answer of a process that then stands still would keep its reader for good.
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", STALLS, 0))
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", STALLS, 0))
            self._connection = Connection(ours.detach())
            try:
                self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                    [sys.executable, "-m", "library.pdf.worker", str(theirs.fileno()), str(memory), *preload],
                    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, pass_fds=[theirs.fileno()],
                    cwd=PROJECT, env=_environment(),
                )  # fmt: skip
            except BaseException:
                self._connection.close()
                raise
        self.pid = self._process.pid

    def ask(self, question: tuple, seconds: float) -> tuple[bool, Any]:
        """What `worker._answer` says. Raises Died, Silent."""
        self.tasks += 1
        data = ForkingPickler.dumps(question)  # its errors are the caller's
        try:
            if not self._ready:
                self._wait_for_start()
            self._connection.send_bytes(data)
            answer = self._receive(seconds)
        except (EOFError, OSError) as error:
            how = self.end()
            crashed = self._process.returncode not in {-signal.SIGKILL, 0}
            raise Died(how, would_again=crashed and self.tasks == 1) from error
        except BaseException:
            self.end()  # interrupted: the answer to this question must not become the next one's
            raise
        try:
            return plain(answer)
        except Exception as error:
            self.end()
            raise Died(f"its answer cannot be read: {error}") from error

    def _wait_for_start(self) -> None:
        """Importing is not the task's time."""
        try:
            self._receive(STARTS_WITHIN)
        except Silent:
            raise Died(f"not ready after {STARTS_WITHIN:g} s") from None
        self._ready = True

    def _receive(self, seconds: float) -> bytes:
        if not self._connection.poll(seconds):
            self.end()
            raise Silent
        return self._connection.recv_bytes()

    def alive(self) -> bool:
        return self._process.poll() is None and not self._connection.closed

    def end(self) -> str:
        """Kills it if it still runs; says how it ended."""
        with self._ending:
            ended_itself = self._wait(0 if not self._hung_up() else 2)
            if not ended_itself:
                self._process.kill()
                self._process.wait()
            self._connection.close()
        return _how(self._process.returncode)

    def _hung_up(self) -> bool:
        """Then it is ending by itself, and its exit code tells why."""
        try:
            return self._connection.poll(0) and not self._connection.recv_bytes()
        except (EOFError, OSError):
            return True

    def _wait(self, seconds: float) -> bool:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        return self._process.returncode is not None

    def kill(self) -> None:
        """From another thread than the one that asks: that one sees the end of the socket and tidies up."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(2)

    def let_go(self) -> None:
        """Closes the socket without a word to the process."""
        self._connection.close()
        self._process.returncode = 0  # not our child: nothing to wait for


def _environment() -> dict[str, str]:
    """What the interpreter and fonts need; no passwords and keys."""
    kept = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    path = os.pathsep.join(dict.fromkeys([str(PROJECT), *(p for p in sys.path if p)]))
    return kept | {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", "MALLOC_ARENA_MAX": "1"}


def _how(code: int | None) -> str:
    if code == OUT_OF_MEMORY:
        return "out of memory"
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            return f"signal {signal.Signals(-code).name}"
    return f"exit code {code}"
