"""What runs in a process of the pool (`python -m library.pdf.worker`): takes tasks from a socket until it closes.

A fresh interpreter: nothing of the web process is run again here, no Django, and only the environment that the
pool gives. Whoever asks is gone when the socket hangs up, so the process ends then, also in mid-task.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import os
import pickle
import resource
import select
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

READY = b"ready"
OUT_OF_MEMORY = 71  # exit code; the pool knows it


def main() -> None:
    handle, memory, preload = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    # A Ctrl-C in the terminal and systemd's SIGTERM reach every process; the web process decides when this one ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_AS, memory)
    threading.stack_size(256 * 1024)
    threading.Thread(target=_end_with_parent, args=(handle,), daemon=True).start()
    for module in preload:
        importlib.import_module(module)
    gc.freeze()
    with Connection(handle) as parent, contextlib.suppress(EOFError, ConnectionError):
        parent.send_bytes(READY)
        while True:
            parent.send_bytes(_answer(parent.recv_bytes()))


def _end_with_parent(handle: int) -> None:
    """PR_SET_PDEATHSIG would not do: it fires when the *thread* ends that started this process, and those come and go."""
    hang_up = select.poll()
    hang_up.register(handle, 0)
    hang_up.poll()
    os._exit(0)


def _answer(question: bytes) -> bytes:
    """(True, result) or (False, exception), pickled."""
    try:
        function, arguments, seconds = pickle.loads(question)  # noqa: S301 - from the web process that started this one
        _limit_cpu(seconds)
        return pickle.dumps((True, function(*arguments)), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)  # who knows what is half made; a new process is whole
    except Exception as error:
        return _failure(error)


def _failure(error: Exception) -> bytes:
    error.add_note("In the worker:\n" + traceback.format_exc())
    try:
        data = pickle.dumps((False, error), pickle.HIGHEST_PROTOCOL)
        pickle.loads(data)  # noqa: S301 - what was written in the line before
    except Exception:  # an exception that takes other arguments than it keeps
        told = RuntimeError(f"{type(error).__name__}: {error}")
        return pickle.dumps((False, told), pickle.HIGHEST_PROTOCOL)
    return data


def _limit_cpu(seconds: float) -> None:
    """The pool kills who takes too long; this is for a process that nobody watches any more."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime + seconds) + 5)


def _limit(what: int, most: int) -> None:
    """Lowers it; a limit that the system has set already, and that is lower, stays."""
    _soft, hard = resource.getrlimit(what)
    resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def plain(data: bytes) -> Any:
    """Reads an answer. It comes from a process that has read a stranger's file, so it may hold plain data and
    exceptions of modules that are loaded already, and can call nothing else."""

    class Plain(pickle.Unpickler):
        def find_class(self, module: str, name: str) -> Callable:
            found = getattr(sys.modules.get(module), name, None)
            if isinstance(found, type) and issubclass(found, BaseException):
                return found
            raise pickle.UnpicklingError(f"{module}.{name} is not allowed in an answer")

    return Plain(io.BytesIO(data)).load()


if __name__ == "__main__":
    main()
