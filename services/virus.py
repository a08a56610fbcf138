"""Asking clamd about a file, where the installation has one (PST_CLAMD). Whatever is not plainly "OK" is not clean.

clamd's INSTREAM is one command and a few frames; PyPI's clients for it have not been kept for years.
"""

from __future__ import annotations

import logging
import socket
import struct
from typing import BinaryIO
from urllib.parse import urlsplit

from django.conf import settings

SECONDS = 120  # for each answer: clamd reads the whole file
PIECE = 1 << 16
LONGEST = 4_096
log = logging.getLogger(__name__)


class ScannerAway(Exception):
    """clamd is configured and does not answer: the file waits, it is not let in unlooked at."""


class Infected(Exception):
    """`str()` is the scanner's name for what it found."""


class NotScanned(Exception):
    """The scanner will not say that the file is clean, for instance because it is too large for it."""


def scan(file: BinaryIO) -> None:
    """Raises Infected, NotScanned and ScannerAway. Without a scanner nothing is asked."""
    if not settings.CLAMD:
        return
    answer = _asked(file)
    if answer == "stream: OK":
        return
    log.warning("clamd: %s", answer[:200])
    if answer.endswith(" FOUND"):
        raise Infected(answer.removeprefix("stream: ").removesuffix(" FOUND")[:80])
    raise NotScanned


def _asked(file: BinaryIO) -> str:
    try:
        with _connected() as scanner:
            scanner.sendall(b"zINSTREAM\0")
            try:
                while piece := file.read(PIECE):
                    scanner.sendall(struct.pack("!L", len(piece)) + piece)
                scanner.sendall(struct.pack("!L", 0))
            except (BrokenPipeError, ConnectionResetError):
                pass  # it has heard enough (too large for its own limit) and says so
            return _answer(scanner)
    except OSError as problem:
        raise ScannerAway(str(problem)) from problem


def _connected() -> socket.socket:
    address = urlsplit(settings.CLAMD)
    if address.scheme == "unix":
        scanner = socket.socket(socket.AF_UNIX)
        scanner.settimeout(SECONDS)
        scanner.connect(address.path)
        return scanner
    return socket.create_connection((address.hostname or "", address.port or 3310), timeout=SECONDS)


def _answer(scanner: socket.socket) -> str:
    said = b""
    while b"\0" not in said and len(said) < LONGEST:
        piece = scanner.recv(LONGEST)
        if not piece:
            break
        said += piece
    text = said.split(b"\0")[0].decode("utf-8", "replace").strip()
    if not text:
        raise ScannerAway("no answer")
    return text
