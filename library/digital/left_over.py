"""What a crash or a power cut leaves lying: stored files that no row names, and folders of files in the making. Some bear a
visitor's name, so they go every night once they are a day old."""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import Model
from django.utils import timezone

from library.models import DigitalCopy, MarkedCopy

OLD = timedelta(days=1)  # nothing is in the making for so long
# Where the files of a model's field lie (library/models/digital.py, handed.py).
KEPT: tuple[tuple[str, type[Model], str], ...] = (
    ("softcopy/original", DigitalCopy, "original"),
    ("softcopy/prepared", DigitalCopy, "prepared"),
    ("softcopy/excerpt", MarkedCopy, "file"),
)
log = logging.getLogger(__name__)


def clear() -> int:
    """How many files and folders went. Whatever somebody else put there is left alone if a row could name it."""
    done = _clear_scratch(Path(settings.VAR_DIR) / "scratch")
    for folder, model, field in KEPT:
        for names in _stored(folder):
            done += _clear(names, model, field)
    return done


def _clear_scratch(folder: Path) -> int:
    before, done = time.time() - OLD.total_seconds(), 0
    for place in folder.iterdir() if folder.is_dir() else ():
        if place.stat().st_mtime < before:
            log.warning("left over: %s", place)
            shutil.rmtree(place, ignore_errors=True)
            done += 1
    return done


def _stored(folder: str) -> Iterator[list[str]]:
    """The names in each of its folders; they have two letters each."""
    try:
        parts, _files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for part in parts:
        place = f"{folder}/{part}"
        yield [f"{place}/{name}" for name in default_storage.listdir(place)[1]]


def _clear(names: list[str], model: type[Model], field: str) -> int:
    """A file whose row is not written yet is young."""
    rows = model._default_manager.filter(**{f"{field}__in": names}).values_list(field, flat=True)
    before, done = timezone.now() - OLD, 0
    for name in set(names) - set(rows):
        if default_storage.get_modified_time(name) < before:
            log.warning("left over: %s", name)
            default_storage.delete(name)
            done += 1
    return done
