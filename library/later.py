"""Counts that nobody waits for: gathered in the process and written about once a second.

A search counts the hits it shows and what was asked. Written with each search that was a tenth of its cost
(tests/bench/search.py). What a killed process had gathered is lost, a second's worth: these counts promise nothing.
"""

from __future__ import annotations

import atexit
import logging
import threading
from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from typing import Generic, TypeVar

from django.conf import settings
from django.db import DatabaseError, connection

log = logging.getLogger(__name__)
SECONDS = 1.0
Key = TypeVar("Key", bound=Hashable)
MOST = 5_000  # different ones; then they are written at once


class Later(Generic[Key]):
    """`write` gets what was gathered, with how often. Tests write at once (`settings.COUNT_AT_ONCE`)."""

    def __init__(self, write: Callable[[Counter[Key]], None]) -> None:
        self._write = write
        self._lock = threading.Lock()
        self._gathered: Counter[Key] = Counter()
        self._waiting = False
        atexit.register(self.flush)

    def add(self, keys: Iterable[Key]) -> None:
        with self._lock:
            self._gathered.update(keys)
            full = settings.COUNT_AT_ONCE or len(self._gathered) > MOST
            begin = bool(self._gathered) and not full and not self._waiting
            self._waiting |= begin
        if full:
            self.flush()
        elif begin:
            timer = threading.Timer(SECONDS, self._in_time)
            timer.daemon = True
            timer.start()

    def _in_time(self) -> None:
        with self._lock:
            self._waiting = False
        try:
            self.flush()
        finally:
            connection.close()

    def flush(self) -> None:
        with self._lock:
            gathered, self._gathered = self._gathered, Counter()
        if not gathered:
            return
        try:
            self._write(gathered)
        except DatabaseError:
            log.exception("%d uses were not counted", sum(gathered.values()))
