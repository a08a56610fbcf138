"""What the tests of the pool let its workers do; imported in the workers, so without Django."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from pathlib import Path


class Refused(Exception):
    pass


class Awkward(Exception):
    """Cannot be made again from what it keeps."""

    def __init__(self, one: int, two: int):
        super().__init__(one)


class Surprise:
    """Would call something where it is read."""

    def __reduce__(self):
        return os.system, ("true",)


def add(one: int, two: int, wait: float = 0) -> int:
    time.sleep(wait)
    return one + two


def pid(wait: float = 0) -> int:
    time.sleep(wait)
    return os.getpid()


def announced(file: str, wait: float) -> int:
    """Writes the worker's pid to a file, one a line, then waits."""
    with Path(file).open("a") as lines:
        lines.write(f"{os.getpid()}\n")
    time.sleep(wait)
    return os.getpid()


def refuse(text: str) -> None:
    raise Refused(text)


def awkward() -> None:
    raise Awkward(1, 2)


def surprise() -> Surprise:
    return Surprise()


def spin() -> None:
    while True:
        pass


def eat() -> int:
    kept = []
    while True:
        kept.append(bytearray(16 * 2**20))


_kept = []


def keep(megabytes: int) -> int:
    """Never gives it back, as a library that leaks."""
    _kept.append(bytearray(megabytes * 2**20))
    return megabytes


def half_an_answer() -> int:
    """Dies while it writes its answer: what follows the first half never comes."""
    handle = int(sys.argv[1])
    os.write(handle, (1_000_000).to_bytes(4, "big") + bytes(1000))
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


def half_an_answer_and_silence() -> int:
    os.write(int(sys.argv[1]), (1_000_000).to_bytes(4, "big") + bytes(1000))
    time.sleep(60)
    return 0


def modules() -> list[str]:
    return sorted(sys.modules)


def environment() -> dict[str, str]:
    return dict(os.environ)


def crash() -> None:
    """Reads where nothing is, as PDFium does on a file that it misunderstands."""
    ctypes.string_at(8)


def sleep_in_c() -> None:
    """Deep in a C library, where Python's signal handlers are not run."""
    ctypes.CDLL(None).sleep(60)


def minute() -> None:
    time.sleep(60)
