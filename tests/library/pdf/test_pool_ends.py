"""However the server ends, it does not hang, and leaves no worker: real servers with real workers."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest

from tests.library.pdf.waiting import gone, until
from tests.processes import end

PROJECT = Path(__file__).resolve().parents[3]


PARENT = """
import signal, threading, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # a run in the background hands on that it is ignored
from library.pdf import pool
from tests.library.pdf import pool_tasks as tasks
if __name__ != "__main__":
    raise SystemExit("a worker ran the main module again")
pool.configure(workers=2, preload=())
pool.run(tasks.add, 1, 2)
"""
BUSY = """
from concurrent.futures import ThreadPoolExecutor
threads = ThreadPoolExecutor(2)
task = threads.submit(pool.run, tasks.{task}, seconds=20)
other = threads.submit(pool.run, tasks.pid, 0.3)
other.result()
print(*pool.pool().pids(), flush=True)
"""


def parent(tmp_path: Path, code: str) -> tuple[subprocess.Popen, list[int]]:
    """A process of its own that has a pool; prints the pids of its workers first."""
    script = tmp_path / "server.py"
    script.write_text(code)
    environment = os.environ | {"PYTHONPATH": str(PROJECT)}
    process = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True, env=environment)
    return process, [int(pid) for pid in process.stdout.readline().split()]


@pytest.mark.parametrize("task", ["sleep_in_c", "minute"])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_no_worker_outlives_a_killed_server(tmp_path, task, number):
    """Also one in the middle of a long task, and one that is idle."""
    process, workers = parent(tmp_path, PARENT + BUSY.format(task=task) + "time.sleep(60)")
    try:
        assert len(workers) == 2
        process.send_signal(number)
        process.wait(10)
        assert all(gone(pid) for pid in workers)
    finally:
        end(process)


def test_ctrl_c_does_not_wait_for_a_page(tmp_path):
    """Python joins the threads of executors before it ends."""
    process, workers = parent(tmp_path, PARENT + BUSY.format(task="minute") + "time.sleep(60)")
    try:
        process.send_signal(signal.SIGINT)
        process.wait(10)  # the task would take 20 s
        assert all(gone(pid) for pid in workers)
    finally:
        end(process)


def test_an_ordinary_end_leaves_no_worker(tmp_path):
    process, workers = parent(tmp_path, PARENT + "print(*pool.pool().pids(), flush=True)")
    assert len(workers) == 1
    assert process.wait(10) == 0
    assert gone(workers[0])


FORK = """
import os, sys
held, before = pool.pool(), pool.pool().pids()
held._lock.acquire()  # as another thread might in this moment
child = os.fork()
if child == 0:
    assert pool.pool().pids() == []
    assert pool.run(tasks.pid) not in before
    print(*before, flush=True)
    time.sleep(60)
    os._exit(0)
held._lock.release()
assert pool.run(tasks.pid) in before
print(child, flush=True)
time.sleep(60)
"""


def test_a_forked_child_has_a_pool_of_its_own(tmp_path):
    """And does not keep the parent's workers alive when the parent is gone."""
    process, first = parent(tmp_path, PARENT + FORK)
    try:
        second = [int(pid) for pid in process.stdout.readline().split()]
        child = next(p.pid for p in psutil.Process(process.pid).children() if "server.py" in str(p.cmdline()))
        workers = [pid for pid in first + second if pid != child]
        assert len(workers) == 1
        process.kill()
        process.wait(5)
        assert all(gone(pid) for pid in workers)
        children = psutil.Process(child).children()
        assert len(children) == 1
        os.kill(child, signal.SIGKILL)
        assert gone(children[0].pid)
    finally:
        end(process)


SERVER = """
import os
from a2wsgi import WSGIMiddleware
from library.pdf import pool
from tests.library.pdf import pool_tasks as tasks

pool.configure(workers=2, preload=())

def pages(environ, start_response):
    if environ["PATH_INFO"] == "/busy":
        pool.run(tasks.minute, seconds=40)
    start_response("200 OK", [("Content-Type", "text/plain")])
    pool.run(tasks.add, 1, 2)
    return [" ".join(map(str, pool.pool().pids())).encode()]

application = WSGIMiddleware(pages)
"""


def fetch(port: int, path: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        return connection.getresponse().read()
    finally:
        connection.close()


def test_uvicorn_ends_within_its_grace_though_a_page_is_being_drawn(tmp_path):
    (tmp_path / "pages_server.py").write_text(SERVER)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "pages_server:application", "--port", str(port),
         "--timeout-graceful-shutdown", "3", "--log-level", "critical"],
        env=os.environ | {"PYTHONPATH": f"{PROJECT}{os.pathsep}{tmp_path}"},
    )  # fmt: skip
    try:
        until(lambda: _answers(port))
        busy = threading.Thread(target=lambda: _answers(port, "/busy"), daemon=True)
        busy.start()
        until(lambda: len(fetch(port, "/").split()) == 2)
        workers = [int(pid) for pid in fetch(port, "/").split()]
        process.terminate()
        process.wait(12)  # the page would take 40 s
        assert all(gone(pid) for pid in workers)
    finally:
        end(process)


def _answers(port: int, path: str = "/") -> bool:
    try:
        return bool(fetch(port, path))
    except (OSError, http.client.HTTPException):
        return False
