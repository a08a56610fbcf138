"""A PostgreSQL server for one PC or one test run, listening on a private Unix socket only.

    python -m pst.local.postgres start|stop|status|url [--home DIRECTORY]

How it works, and why:

- `postgres` is started directly, in a session of its own, and is ready when `postmaster.pid` says so. No
  supervisor: the server outlives a killed launcher, and the next start finds and adopts it. No `pg_ctl`: it
  passes paths through a shell, and takes a dead server that nobody has reaped (a zombie) for a living one.
- The truth about a running server is `postmaster.pid` plus `/proc`: the process must be alive, not a zombie,
  and have our data directory on its command line. PostgreSQL itself only asks whether the number is in use,
  so a file with another program's number is removed here. Two servers on one directory remain impossible:
  PostgreSQL refuses while any process still holds the directory's shared memory.
- The socket's directory is named after user and data directory, so two users or checkouts never meet.
- Who uses the server holds a shared lock on `users`; `stop(only_if_unused=True)` heeds it.

What is true of the data directory is in `cluster.py`.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import os
import shutil
import signal
import socket
import stat
import struct
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from urllib.parse import quote

from pst.local.cluster import Cluster, LocalPostgresError

PORT = 5432  # only part of the socket's name; no TCP port is opened
SSL_REQUEST = struct.pack("!ii", 8, 80877103)  # the shortest question that every server answers
DURABLE = {"max_connections": "100"}
# For data that may be lost with the machine: those of tests.
DISPOSABLE = {
    "max_connections": "200",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


@dataclass(frozen=True)
class Running:
    """The living server, as `postmaster.pid` describes it."""

    pid: int
    socket: Path
    ready: bool


class LocalPostgres:
    """The server of the cluster below `home`. `directories` replaces the search for binaries (for tests)."""

    def __init__(self, home: Path, *, directories: Sequence[Path] | None = None) -> None:
        self.cluster = Cluster(home, directories)
        self.home = self.cluster.home
        self._process: subprocess.Popen[bytes] | None = None
        self._use: TextIOWrapper | None = None

    # -- what callers use --------------------------------------------------------------------------------

    def start(self, *, fsync: bool = True, timeout: float = 120) -> str:
        """Starts the server, or adopts it when it runs already; returns its DATABASE_URL."""
        with self._lock():
            if self._use is None:
                self._use = (self.home / "users").open("a")
                fcntl.flock(self._use, fcntl.LOCK_SH)
            deadline = time.monotonic() + timeout
            if not self._adopted(deadline):
                self.cluster.check_owner()
                self.cluster.remove_leftovers()
                if not self.cluster.data.exists() or not any(self.cluster.data.iterdir()):
                    self.cluster.initialise()
                self._launch(DURABLE if fsync else DISPOSABLE, deadline)
            return self.url()

    def stop(self, *, only_if_unused: bool = False) -> bool:
        """Stops the server; with `only_if_unused` not while another process uses it. True: it is down."""
        if not self.home.is_dir():
            return True
        with self._lock():
            try:
                if only_if_unused and self._others_use_it():
                    return False
                if running := self.running():
                    self._shut_down(running.pid)
                return True
            finally:
                if self._use:
                    self._use.close()
                    self._use = None

    def status(self) -> str:
        running = self.running()
        if not running:
            return "stopped"
        state = "running" if running.ready else "starting"
        return f"{state}, process {running.pid}, data in {self.cluster.data}"

    def url(self) -> str:
        """The DATABASE_URL of the running server; it contains the password."""
        running = self.running()
        if not running:
            raise LocalPostgresError(f"No PostgreSQL runs for {self.home}.")
        password = (self.cluster.data / "pst-password").read_text(encoding="ascii").strip()
        return f"postgresql://pst:{password}@{quote(str(running.socket.parent), safe='')}:{PORT}/pst"

    def destroy(self) -> None:
        """Stops the server and deletes its data: for tests, and for `make reset-demo CONFIRM=yes`."""
        self.stop()
        for path in (self.cluster.data, self._socket_directory()):
            shutil.rmtree(path, ignore_errors=True)

    def running(self) -> Running | None:
        """The living server of this data directory, or None."""
        try:
            text = (self.cluster.data / "postmaster.pid").read_text(
                encoding="utf-8", errors="surrogateescape"
            )
        except (FileNotFoundError, NotADirectoryError):
            return None
        except PermissionError as error:
            raise LocalPostgresError(self.cluster.foreign()) from error
        lines = text.splitlines() + [""] * 8  # while the server starts, the file grows line by line
        if not lines[0].isdigit() or not self._is_server(int(lines[0])):
            return None
        directory = Path(lines[4]) if lines[4] else self._socket_directory()
        return Running(int(lines[0]), directory / f".s.PGSQL.{PORT}", lines[7].strip() == "ready")

    # -- locks -------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        """One start or stop at a time; the kernel releases the lock even after a kill."""
        try:
            with contextlib.suppress(FileExistsError):  # also when another start makes it in this instant
                self.home.mkdir(parents=True)
                self.home.chmod(0o711)  # the server's user passes through it
            with (self.home / "lock").open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield
        except PermissionError as error:
            raise LocalPostgresError(
                f"{error.filename}: {error.strerror}. {self.cluster.foreign()}"
            ) from error
        except OSError as error:
            raise LocalPostgresError(f"{error.filename or self.home}: {error.strerror}.") from error

    def _others_use_it(self) -> bool:
        with contextlib.ExitStack() as stack:
            use = self._use or stack.enter_context((self.home / "users").open("a"))
            try:
                fcntl.flock(use, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            return False

    # -- the socket --------------------------------------------------------------------------------------

    def _socket_directory(self) -> Path:
        """A short name: a socket's path may have 107 bytes, and a checkout's path is as long as it is."""
        account = self.cluster.account()
        uid = account.pw_uid if account else os.geteuid()
        name = hashlib.sha256(os.fsencode(self.cluster.data)).hexdigest()[:12]
        return Path(f"/tmp/pst-{uid}-{name}")  # noqa: S108 - made and checked below

    def _make_socket_directory(self) -> Path:
        directory = self._socket_directory()
        with contextlib.suppress(FileExistsError):
            directory.mkdir(mode=0o700)
        found = directory.lstat()
        account = self.cluster.account()
        ours = {os.geteuid(), account.pw_uid if account else os.geteuid()}
        # /tmp is everybody's: a link or directory that somebody else put there must not receive our socket.
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in ours:
            raise LocalPostgresError(f"{directory} exists, but is not ours. Ask its owner to remove it.")
        directory.chmod(0o700)
        self.cluster.own(directory)
        for leftover in directory.glob(".s.PGSQL.*"):  # no server of ours is alive here
            leftover.unlink()
        return directory

    # -- the process -------------------------------------------------------------------------------------

    def _is_server(self, pid: int) -> bool:
        process = Path(f"/proc/{pid}")
        try:
            # After the name in parentheses, which may itself hold spaces and parentheses, comes the state.
            state = (process / "stat").read_bytes().rpartition(b") ")[2][:1]
            argv = (process / "cmdline").read_bytes().split(b"\0")
        except (FileNotFoundError, ProcessLookupError):
            return False
        # The command line rather than /proc/PID/cwd: root in a container may not read the latter.
        return state not in b"ZX" and argv[0].endswith(b"postgres") and os.fsencode(self.cluster.data) in argv

    def _adopted(self, deadline: float) -> bool:
        """Whether a server of ours runs already and can be reached."""
        while (running := self.running()) and not running.ready:
            if time.monotonic() > deadline:
                raise LocalPostgresError(
                    f"PostgreSQL is not ready yet. {self._log} has:\n{self._last_lines()}"
                )
            time.sleep(0.02)
        if running is None:
            return False
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(10)
            try:
                probe.connect(str(running.socket))
                probe.sendall(SSL_REQUEST)
                answered = probe.recv(1) != b""
            except TimeoutError:
                answered = True  # busy, not dead
            except OSError:  # something cleaned up /tmp, or the server was killed a moment ago
                answered = False
        if not answered:
            self._shut_down(running.pid)
        return answered

    def _launch(self, options: dict[str, str], deadline: float) -> None:
        data = self.cluster.data
        settings = {
            **options,
            "listen_addresses": "",
            "port": str(PORT),
            "unix_socket_directories": str(self._make_socket_directory()),
            "unix_socket_permissions": "0700",
        }
        program = self.cluster.program("postgres", self.cluster.major())
        command = [str(program), "-D", str(data), *(f"--{name}={value}" for name, value in settings.items())]
        while True:
            # Nothing runs here (see `running`), and PostgreSQL would stumble over a number in use again.
            (data / "postmaster.pid").unlink(missing_ok=True)
            if self._log.exists():
                self._log.replace(self._log.with_name("server.log.1"))
            with self._log.open("ab") as log:
                process: subprocess.Popen[bytes] = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    **self.cluster.as_server(),
                )
            self._process = process
            try:
                return self._wait_until_ready(deadline)
            except LocalPostgresError:
                # The children of a killed server need a moment to notice that it is gone.
                orphans = process.poll() is not None and "still in use" in self._last_lines()
                if not orphans or time.monotonic() > deadline:
                    raise
                time.sleep(0.3)

    def _wait_until_ready(self, deadline: float) -> None:
        while not ((running := self.running()) and running.ready):
            gone = self._process is None or self._process.poll() is not None
            if gone or time.monotonic() > deadline:
                problem = "did not start" if gone else "is not ready yet"
                raise LocalPostgresError(
                    f"PostgreSQL {problem}. {self._log} ends with:\n{self._last_lines()}"
                )
            time.sleep(0.02)

    @property
    def _log(self) -> Path:
        return self.cluster.place / "server.log"

    def _last_lines(self) -> str:
        try:
            return "\n".join(self._log.read_text(encoding="utf-8", errors="replace").splitlines()[-12:])
        except OSError as error:
            return f"(the log cannot be read: {error.strerror})"

    def _shut_down(self, pid: int) -> None:
        # SIGINT is PostgreSQL's fast shutdown; SIGQUIT leaves the rest to crash recovery at the next start.
        for number, patience in ((signal.SIGINT, 60), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
            deadline = time.monotonic() + patience
            while time.monotonic() < deadline and self._is_server(pid):
                time.sleep(0.02)
            if not self._is_server(pid):
                break
        else:
            raise LocalPostgresError(f"PostgreSQL (process {pid}) does not stop.")
        if self._process:
            self._process.wait()
            self._process = None
        with contextlib.suppress(OSError):
            self._socket_directory().rmdir()


def var_directory() -> Path:
    """PST_VAR_DIR, by default `var` of this checkout."""
    return Path(__file__).resolve().parent.parent.parent / os.environ.get("PST_VAR_DIR", "var")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m pst.local.postgres", description="PST's own PostgreSQL.")
    parser.add_argument("action", choices=["start", "stop", "status", "url"])
    parser.add_argument("--home", type=Path, default=var_directory() / "postgres")
    given = parser.parse_args(arguments)
    if os.environ.get("DATABASE_URL"):
        print("DATABASE_URL is set: that server is used, none is started or stopped here.", file=sys.stderr)
        return 0
    server = LocalPostgres(given.home)
    try:
        if given.action == "start":
            server.start()
        elif given.action == "stop":
            server.stop()
        print(server.url() if given.action == "url" else f"PostgreSQL: {server.status()}")
    except LocalPostgresError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
