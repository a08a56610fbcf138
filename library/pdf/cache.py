"""A bounded cache of drawn pages on disk, shared by several processes, and a guard against drawing one page twice.

The files lie in a few folders ("shelves"), each with its share of the bytes. Putting one away looks at its own shelf
only, some hundred files, and takes the longest unused from there: no index that could break, no walk over everything.
A cache of up to 32 MB has one shelf, so there exactly the longest unused leaves.

Nothing of it is ever an error for the caller: a full disk or a folder that cannot be written is no cache, and
logged once a minute.

Why not diskcache (5.6.3): the last release is of August 2023, it pickles by default (CVE-2025-69872, nothing fixed),
and its index is an SQLite file that every read would write to.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import logging
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path

log = logging.getLogger(__name__)

SHELF_BYTES = 32 * 2**20
MOST_SHELVES = 256
QUIET = 60.0  # seconds between two lines in the log
CHECK = 16  # bytes before the data that tell whether it is whole


class Cache:
    """`folder` belongs to the cache alone. `most_bytes` counts the files of all processes together; each process
    that is just writing may be one file beyond it."""

    def __init__(self, folder: Path, most_bytes: int):
        shelves = min(max(most_bytes // SHELF_BYTES, 1), MOST_SHELVES)
        self._folder = folder / f"pages-{shelves}-{most_bytes}"
        self._shelves = shelves
        self._share = most_bytes // shelves
        self._said = -QUIET
        self._prepared = False
        self._making: dict[str, Future[bytes]] = {}
        self._lock = threading.Lock()

    def get(self, key: str) -> bytes | None:
        """What was put there, if it is still there and whole."""
        path = self._path(key)
        try:
            with path.open("rb") as file:
                check, data = file.read(CHECK), file.read()
                if check != _check(key, data):  # half written before the power went, say
                    path.unlink(missing_ok=True)
                    return None
                _used_now(file.fileno())
        except FileNotFoundError:
            return None
        except OSError as error:
            self._say("read", error)
            return None
        return data

    def put(self, key: str, data: bytes) -> None:
        """Keeps it if it can."""
        path, size = self._path(key), len(data) + CHECK
        if size > self._share:
            return
        try:
            self._prepare()
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _locked(path.parent):
                _make_room(path, self._share - size)
                _write(path, _check(key, data) + data)
        except OSError as error:
            self._say("written", error)

    def fetch(self, key: str, make: Callable[[], bytes]) -> bytes:
        """From the cache or made and put there. Who asks for what another thread is making gets the same, or the
        same exception."""
        data = self.get(key)
        if data is not None:
            return data
        with self._lock:
            making = self._making.get(key)
            if making is None:
                ours = self._making[key] = Future()
        if making is not None:
            return making.result()
        try:
            data = make()
        except BaseException as error:
            ours.set_exception(error)
            raise
        else:
            ours.set_result(data)
            self.put(key, data)
        finally:
            with self._lock:
                del self._making[key]
        return data

    def _path(self, key: str) -> Path:
        name = hashlib.blake2b(key.encode(), digest_size=20).hexdigest()
        return self._folder / f"{int(name[:8], 16) % self._shelves:02x}" / name

    def _prepare(self) -> None:
        """Once in a process: what a cache of another size left there would count for nobody."""
        if self._prepared:
            return
        self._prepared = True
        for other in self._folder.parent.glob("pages-*-*"):
            if other != self._folder:
                shutil.rmtree(other, ignore_errors=True)

    def _say(self, what: str, error: OSError) -> None:
        now = time.monotonic()
        if now - self._said >= QUIET:
            self._said = now
            log.warning("The cache of pages cannot be %s, every page is drawn anew: %s", what, error)


def _check(key: str, data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=CHECK, key=key.encode()[:64]).digest()


def _used_now(target: int | Path) -> None:
    """The file's time is when it was last used. Its own clock would tick too slowly to tell two of them apart."""
    now = time.time_ns()
    os.utime(target, ns=(now, now))


@contextlib.contextmanager
def _locked(shelf: Path) -> Iterator[None]:
    """One process at a time makes room on a shelf; the lock ends with the process."""
    handle = os.open(shelf, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _make_room(path: Path, left: int) -> None:
    """Takes the longest unused until the rest, without `path` itself, fits in `left` bytes."""
    files = []
    with os.scandir(path.parent) as entries:
        for entry in entries:
            with contextlib.suppress(FileNotFoundError):
                if entry.name != path.name:
                    state = entry.stat(follow_symlinks=False)
                    files.append((state.st_mtime_ns, state.st_size, entry.path))
    total = sum(size for _used, size, _file in files)
    for _used, size, file in sorted(files):
        if total <= left:
            return
        with contextlib.suppress(FileNotFoundError):
            os.unlink(file)  # noqa: PTH108 - a Path for each of hundreds is slower than the rest
        total -= size


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix="new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            _used_now(file.fileno())
        os.replace(name, path)  # noqa: PTH105
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)  # noqa: PTH108
        raise
