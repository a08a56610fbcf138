"""Draws pages in processes of their own: `run(function, *arguments)` calls the function in one of a few workers.

PDFium is not safe under threads, and it crashes or swells on bad files. A worker has a limit of memory, each task
one of time; a worker that dies is replaced and its task tried once more: it may have been killed, or have grown old with other
files; what crashes a new one would crash the next. Nobody else notices.

Why not pebble or concurrent.futures: all workers of such a pool write into one pipe. Killed while it writes a page,
a worker leaves half a message there and the pool stands still for good, time limits included; killed while idle, it
breaks the pool (docs/decisions/025). Here each worker has a socket of its own.
"""

from __future__ import annotations

import atexit
import concurrent.futures.thread  # noqa: F401 - registers its own end before ours, see below
import logging
import os
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any

from .worker_handle import Died, Silent, Worker

log = logging.getLogger(__name__)


class PoolError(Exception):
    """The task was not done, through no fault of the one who asked."""


class WorkerDied(PoolError):
    """The process that did it died: two of them, or a new one that crashed by itself."""


class TooLong(PoolError):
    """It took longer than it may and was stopped."""


class TooBusy(PoolError):
    """So many wait already that another would wait in vain; or the server is about to end."""


@dataclass(frozen=True)
class Limits:
    workers: int = 2
    waiting: int = 16  # tasks that may wait for a worker; the next is refused at once
    memory: int = 768 * 2**20  # bytes of address space of a worker
    tasks: int = 500  # then a worker is renewed: what a library leaks does not pile up
    preload: tuple[str, ...] = ("library.pdf.drawing",)


class Pool:
    """Workers are started when first needed, at most `limits.workers`."""

    def __init__(self, limits: Limits | None = None):
        self.limits = limits or Limits()
        self._lock = threading.Lock()
        self._idle: list[Worker] = []  # the last one first: it has its documents open
        self._all: set[Worker] = set()
        self._queue: deque[SimpleQueue[Worker | None]] = deque()
        self._places = 0  # workers that run or are being started
        self._closed = False

    def run(self, function: Callable, *arguments: Any, seconds: float = 20, about: str = "") -> Any:
        """The function's result or exception. Raises WorkerDied, TooLong, TooBusy; waits `seconds` for a worker, too.

        Function and arguments must be picklable, the result plain data. `about` is for the log: which file, say.
        """
        name = f"{function.__name__} {about}".strip()
        for last in (False, True):
            worker = self._take(seconds)
            try:
                done, value = worker.ask((function, arguments, seconds), seconds)
            except Silent as error:
                log.error("Worker %d was stopped after %g s: %s", worker.pid, seconds, name)
                raise TooLong(f"{name}: more than {seconds:g} s") from error
            except Died as error:
                if self._closed:
                    raise TooBusy("the server is ending") from error
                once_more = not (last or error.would_again)
                end = "; tried once more" if once_more else ""
                log.error("Worker %d died (%s): %s%s", worker.pid, error, name, end)
                if not once_more:
                    raise WorkerDied(f"{name}: {error}") from error
                continue
            finally:
                self._give_back(worker)
            if done:
                return value
            raise value
        raise AssertionError("never here")

    def _take(self, seconds: float) -> Worker:
        """An idle worker, a new one, or the next that becomes free, first come first served."""
        with self._lock:
            if self._closed:
                raise TooBusy("the server is ending")
            while self._idle:
                worker = self._idle.pop()
                if worker.alive():
                    return worker
                log.warning("Worker %d was gone (%s); another takes its place", worker.pid, worker.end())
                self._forget(worker)
            if self._places < self.limits.workers:
                self._places += 1
                turn = None
            else:
                if len(self._queue) >= self.limits.waiting:
                    raise TooBusy(f"{self.limits.waiting} tasks wait already")
                turn = SimpleQueue[Worker | None]()
                self._queue.append(turn)
        given = self._wait(turn, seconds) if turn else None
        if self._closed:
            raise TooBusy("the server is ending")
        return given or self._start()

    def _wait(self, turn: SimpleQueue[Worker | None], seconds: float) -> Worker | None:
        """The worker that somebody gave back, or None: then there is room for a new one."""
        try:
            return turn.get(timeout=seconds)
        except Empty:
            with self._lock:
                if turn in self._queue:
                    self._queue.remove(turn)
                    raise TooBusy(f"no worker became free in {seconds:g} s") from None
            return turn.get()  # given in this very moment

    def _start(self) -> Worker:
        try:
            worker = Worker(memory=self.limits.memory, preload=self.limits.preload)
        except OSError as error:  # no memory, no handles, no processes left
            with self._lock:
                self._pass_on(None)
            log.error("No worker can be started: %s", error)
            raise WorkerDied(f"no worker can be started: {error}") from error
        with self._lock:
            self._all.add(worker)
            if self._closed:
                worker.kill()
        return worker

    def _give_back(self, worker: Worker) -> None:
        """It stays, or makes room for a new one: when it is dead or worn."""
        worn = worker.tasks >= self.limits.tasks
        if worn or not worker.alive():
            worker.end()
            with self._lock:
                self._all.discard(worker)
                self._pass_on(None)
        else:
            with self._lock:
                self._pass_on(worker)

    def _pass_on(self, worker: Worker | None) -> None:
        """To the first who waits; None is the right to start one. Under the lock."""
        if self._queue:
            self._queue.popleft().put(worker)
        elif worker:
            self._idle.append(worker)
        else:
            self._places -= 1

    def _forget(self, worker: Worker) -> None:
        self._all.discard(worker)
        self._places -= 1

    def close(self) -> None:
        """Ends all workers, at once; who waits for one gets TooBusy."""
        with self._lock:
            self._closed = True
            workers, self._idle = list(self._all), []
            self._all.clear()
            while self._queue:
                self._queue.popleft().put(None)
        for worker in workers:
            worker.kill()

    def forget_after_fork(self) -> None:
        """In a forked child: the workers are the parent's. Only our copies of their sockets are closed, or they
        would not notice when the parent is gone."""
        for worker in tuple(self._all):
            worker.let_go()

    def pids(self) -> list[int]:
        """Of the workers that run now; for tests and measurements."""
        with self._lock:
            return [worker.pid for worker in self._all if worker.alive()]


_pool: Pool | None = None
_limits = Limits()
_pool_lock = threading.Lock()


def configure(**limits: Any) -> None:
    """Sets `Limits` for this process (`configure(workers=2)`); a pool that runs with others is ended."""
    global _limits
    with _pool_lock:
        _limits = Limits(**limits)
    close()


def pool() -> Pool:
    """The pool of this process."""
    global _pool
    with _pool_lock:
        if _pool is None:
            _pool = Pool(_limits)
        return _pool


def run(function: Callable, *arguments: Any, seconds: float = 20, about: str = "") -> Any:
    """`Pool.run` of this process's pool."""
    return pool().run(function, *arguments, seconds=seconds, about=about)


def close() -> None:
    """Ends the pool; the next task starts another."""
    global _pool
    with _pool_lock:
        ended, _pool = _pool, None
    if ended:
        ended.close()


def _end_of_process() -> None:
    global _pool
    with _pool_lock:
        if _pool is None:
            _pool = Pool(_limits)
    _pool.close()  # stays: what is asked from now on is refused


def _after_fork() -> None:
    global _pool, _pool_lock
    _pool_lock = threading.Lock()
    left, _pool = _pool, None
    if left:
        left.forget_after_fork()


os.register_at_fork(after_in_child=_after_fork)
# Python waits for the threads of executors before it calls what is registered with atexit; a thread that waits for
# a page would hold up Ctrl-C for as long as the page takes. What was registered last is called first.
getattr(threading, "_register_atexit", atexit.register)(_end_of_process)
