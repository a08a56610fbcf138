"""Files with pages that take too long or end the worker that draws them: for a while such a page is not tried again, and of
such a file one page is drawn at a time. Else whoever leafs through it takes all workers from all other readers."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from library.pdf import pool

SECONDS = 120
MOST = 1_000  # pages that are remembered, in this process

_lock = threading.Lock()
_pages: dict[tuple[str, int, int], float] = {}  # until when
_files: dict[str, float] = {}
_drawing: set[str] = set()


class GivenUp(pool.PoolError):
    """It failed a moment ago."""


@contextmanager
def heeded(file: str, page: int, width: int) -> Iterator[None]:
    """Around the work of a worker. Raises GivenUp, TooBusy."""
    alone = _begin(file, (file, page, width))
    try:
        yield
    except (pool.TooLong, pool.WorkerDied):
        _note(file, (file, page, width))
        raise
    finally:
        if alone:
            with _lock:
                _drawing.discard(file)


def _begin(file: str, key: tuple[str, int, int]) -> bool:
    now = time.monotonic()
    with _lock:
        if _pages.get(key, 0) > now:
            raise GivenUp(f"{file} page {key[1]} failed a moment ago")
        alone = _files.get(file, 0) > now
        if alone and file in _drawing:
            raise pool.TooBusy(f"another page of {file} is drawn, which has slow pages")
        if alone:
            _drawing.add(file)
    return alone


def _note(file: str, key: tuple[str, int, int]) -> None:
    until = time.monotonic() + SECONDS
    with _lock:
        for kept in (_pages, _files):
            if len(kept) >= MOST:
                kept.clear()
        _pages[key] = _files[file] = until


def forget() -> None:
    """For tests."""
    with _lock:
        _pages.clear()
        _files.clear()
