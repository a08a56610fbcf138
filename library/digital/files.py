"""Stored files as files on this machine, because a PDF is opened by its path.

With the folder storage that is the stored file itself. Of object storage a copy is kept here for a while: drawing fifty
pages of a book must not fetch it fifty times.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.files.base import File
from django.db.models.fields.files import FieldFile

KEPT_BYTES = 2_000_000_000  # of fetched copies; the longest unused goes first
PIECE = 1_000_000


class Unavailable(Exception):
    """The stored file cannot be had."""


class FileGone(Unavailable):
    """It is not there any more."""


class StorageAway(Unavailable):
    """The storage does not answer: later it may."""


def path_of(file: FieldFile) -> Path:
    """Raises FileGone and StorageAway."""
    if not file:
        raise FileGone(file.name or "no file")
    try:
        path = Path(file.path)
    except NotImplementedError:
        return _fetched(file)
    if not path.is_file():
        raise FileGone(file.name)
    return path


def _fetched(file: FieldFile) -> Path:
    folder = Path(settings.VAR_DIR) / "cache" / "softcopy"
    place = folder / hashlib.sha256((file.name or "").encode()).hexdigest()
    try:
        os.utime(place)  # used now
    except FileNotFoundError:
        folder.mkdir(parents=True, exist_ok=True)
        _fetch(file, place)
        _make_room(folder, keep=place)
    return place


def _fetch(file: FieldFile, place: Path) -> None:
    """Two who fetch it at once both do; the second takes the place of the first, which is the same."""
    with tempfile.NamedTemporaryFile(dir=place.parent, delete=False) as written:
        try:
            with file.storage.open(str(file.name), "rb") as stored:
                shutil.copyfileobj(stored, written, PIECE)
            written.flush()
            Path(written.name).replace(place)
        except FileNotFoundError as problem:
            Path(written.name).unlink(missing_ok=True)
            raise FileGone(file.name) from problem
        except Exception as problem:  # each storage has errors of its own
            Path(written.name).unlink(missing_ok=True)
            raise StorageAway(file.name) from problem


def _make_room(folder: Path, *, keep: Path) -> None:
    kept = sorted(
        (path for path in folder.iterdir() if path.is_file()), key=lambda path: path.stat().st_mtime
    )
    size = sum(path.stat().st_size for path in kept)
    for path in kept:
        if size <= KEPT_BYTES:
            return
        if path != keep:
            size -= path.stat().st_size
            path.unlink(missing_ok=True)


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder for files in the making, on the disk of the uploads: /tmp may be memory."""
    folder = Path(settings.VAR_DIR) / "scratch"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as made:
        yield Path(made)


def fingerprint(file: File) -> str:
    """SHA-256 of the content, and the file at its beginning again."""
    hashed = hashlib.sha256()
    for piece in file.chunks(PIECE):
        hashed.update(piece)
    file.seek(0)
    return hashed.hexdigest()
