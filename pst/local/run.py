"""`make run`: PostgreSQL, migrations, demo offices, one worker and one web process, until Ctrl-C.

This process is the parent of the worker and the web process and holds `var/run.lock`, so that a checkout
runs once. The children are in process groups of their own: Ctrl-C reaches only this process, which then ends
them in order. Should it be killed outright, the kernel sends them SIGTERM; the next run adopts the database.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from io import TextIOWrapper
from typing import NoReturn

from pst.local.cluster import LocalPostgresError
from pst.local.environment import use_local_settings
from pst.local.postgres import LocalPostgres, var_directory

STEPS = 6
PORTS_TO_TRY = 50
STARTUP_LIMIT = 60.0
GRACE = 15.0  # for the worker to end the jobs it has begun
LONGEST_PAUSE = 60.0


class RunError(Exception):
    """Says what is wrong; carries the exit code."""

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.code = code


class Stopped(BaseException):
    """Somebody asked us to end: Ctrl-C, SIGTERM, or the terminal was closed."""


@contextlib.contextmanager
def step(number: int, text: str) -> Iterator[None]:
    print(f"[{number}/{STEPS}] {text} …", flush=True)
    started = time.monotonic()
    yield
    print(f"      done in {time.monotonic() - started:.1f} s", flush=True)


def manage(*arguments: str, **environment: str) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], env={**environment, **os.environ}, stdin=subprocess.DEVNULL, check=False
    )  # fmt: skip
    if done.returncode:
        raise RunError(f"manage.py {arguments[0]} failed (exit code {done.returncode}); its words are above.")


def take_run_lock() -> TextIOWrapper:
    lock = (var_directory() / "run.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        where = lock.read().strip() or "it is starting"
        raise RunError(f"PST already runs from this checkout: {where}") from None
    lock.truncate(0)
    return lock


def is_free(host: str, port: int) -> bool:
    family, kind, protocol, _, address = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as uvicorn does
        try:
            probe.bind(address)
        except OSError:
            return False
        return True


def wanted_port() -> int:
    wanted = os.environ.get("PST_PORT", "8000")
    if not wanted.isdecimal() or not 0 < int(wanted) < 65536:
        raise RunError(f"PST_PORT must be a port number, not {wanted!r}.")
    return int(wanted)


def wanted_host() -> str:
    return os.environ.get("PST_HOST", "127.0.0.1")


def reached(host: str) -> str:
    """By which address this machine reaches a server that listens on `host`."""
    return {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}.get(host, host)


def address(host: str, port: int) -> str:
    host = reached(host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def free_port(host: str) -> int:
    first = wanted_port()
    for port in range(first, min(first + PORTS_TO_TRY, 65536)):
        try:
            free = is_free(host, port)
        except socket.gaierror as error:
            raise RunError(f"PST_HOST={host}: {error.strerror}.") from error
        if free:
            if port != first:
                print(f"      port {first} is taken, using {port} (PST_PORT chooses another)", flush=True)
            return port
    raise RunError(f"Ports {first} to {port} on {host} are all taken, or not ours to take. Set PST_PORT.")


def end_with_parent() -> None:
    """In the child, before it becomes the program: SIGTERM when the parent dies."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


def start_child(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, *arguments],
        stdin=subprocess.DEVNULL,
        process_group=0,
        preexec_fn=end_with_parent,
    )


def start_worker() -> subprocess.Popen[bytes]:
    return start_child("manage.py", "procrastinate", "worker", "--concurrency", "4")


def start_web(host: str, port: int) -> subprocess.Popen[bytes]:
    # Open event streams would hold up the end of the process without a limit.
    options = [
        "--timeout-graceful-shutdown",
        "3",
        "--log-level",
        "warning",
        "--no-access-log",
        "--no-proxy-headers",
    ]
    return start_child("-m", "uvicorn", "pst.asgi:application", "--host", host, "--port", str(port), *options)


def answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/sehat/")
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()


def web_ended(web: subprocess.Popen[bytes]) -> RunError:
    code = web.returncode
    # As a shell says it: a process ended by signal 9 has the exit code 137.
    return RunError(f"The web process ended (exit code {code}).", 128 - code if code < 0 else code or 1)


def wait_until_answers(web: subprocess.Popen[bytes], host: str, port: int) -> None:
    deadline = time.monotonic() + STARTUP_LIMIT
    while not answers(host, port):
        if web.poll() is not None:
            raise web_ended(web)
        if time.monotonic() > deadline:
            raise RunError(f"The web process has not answered for {STARTUP_LIMIT:.0f} s.")
        time.sleep(0.1)


class Worker:
    """Keeps one worker alive; one that dies at once is restarted ever more slowly."""

    def __init__(self, start: Callable[[], subprocess.Popen[bytes]]) -> None:
        self._start = start
        self._pause = 1.0
        self._next_start = 0.0
        self.begin()

    def begin(self) -> None:
        self.process: subprocess.Popen[bytes] | None = self._start()
        self._begun = time.monotonic()

    def look_after(self) -> None:
        now = time.monotonic()
        if self.process and self.process.poll() is not None:
            self._pause = 1.0 if now - self._begun > LONGEST_PAUSE else min(self._pause * 2, LONGEST_PAUSE)
            code, pause = self.process.returncode, self._pause
            print(f"The worker ended (exit code {code}); a new one starts in {pause:.0f} s.", flush=True)
            self.process, self._next_start = None, now + self._pause
        elif self.process is None and now >= self._next_start:
            self.begin()
            print("The worker was started again.", flush=True)


def end(*children: subprocess.Popen[bytes] | None) -> None:
    alive = [child for child in children if child and child.poll() is None]
    for child in alive:
        child.terminate()
    deadline = time.monotonic() + GRACE
    for child in alive:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def serve(lock: TextIOWrapper) -> NoReturn:
    """Runs worker and web until the web process ends or somebody stops us."""
    worker: Worker | None = None
    web: subprocess.Popen[bytes] | None = None
    try:
        with step(5, "Starting the background worker and the web server"):
            host = wanted_host()
            port = free_port(host)
            base = address(host, port)
            os.environ.setdefault("PST_SITE", base)  # links in mails
            worker, web = Worker(start_worker), start_web(host, port)
            wait_until_answers(web, reached(host), port)
        lock.write(f"{base}\n")
        lock.flush()
        print(f"[6/{STEPS}] Ready: {base}  (Ctrl-C stops everything)", flush=True)
        manage("show_links", "--base", base)
        while web.poll() is None:
            worker.look_after()
            time.sleep(0.2)
        raise web_ended(web)
    finally:
        ignore_signals()
        end(web, worker.process if worker else None)


def listen_to_signals() -> None:
    def stop(number: int, frame: object) -> NoReturn:
        raise Stopped

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)


def ignore_signals() -> None:
    """While cleaning up; every step of that is bounded in time."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def prepare(server: LocalPostgres | None) -> None:
    if server:
        with step(1, "Starting PostgreSQL" if server.cluster.data.exists() else "Making the database (once)"):
            os.environ["DATABASE_URL"] = server.start()
    else:
        print(f"[1/{STEPS}] PostgreSQL: DATABASE_URL is set, that server is used", flush=True)
    known = (var_directory() / "secret-key").exists()
    with step(2, "Reading the secret key" if known else "Making the secret key (once)"):
        use_local_settings()
        os.environ.setdefault("PST_LOG_LEVEL", "WARNING")
    with step(3, "Bringing the tables up to date (manage.py migrate)"):
        manage("migrate", "--no-input", "--verbosity", "0")
    with step(4, "Loading the demo offices (manage.py load_demo)"):
        # Its mails are written now; their links lead here unless the port turns out to be taken.
        manage("load_demo", PST_SITE=address(wanted_host(), wanted_port()))


def main() -> int:
    listen_to_signals()
    server = None if os.environ.get("DATABASE_URL") else LocalPostgres(var_directory() / "postgres")
    try:
        # WhiteNoise warns when the directory of collected files is missing; here it stays empty.
        (var_directory() / "static").mkdir(parents=True, exist_ok=True)
        wanted_port()  # a mistake is better said now than after the migrations
        with take_run_lock() as lock:
            try:
                prepare(server)
                serve(lock)
            finally:
                ignore_signals()
                if server and server.stop(only_if_unused=True):
                    print("PostgreSQL is stopped; the data are kept.", flush=True)
    except Stopped:
        return 0
    except RunError as error:
        print(f"\n{error}", file=sys.stderr)
        return error.code
    except (LocalPostgresError, OSError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
