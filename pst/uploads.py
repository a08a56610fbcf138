"""Bodies too large for memory: the file of an import, softcopies, files of a consultation or complaint; written to disk on their way.
Only of somebody who may bring them, a few at once; visitors hold up no officer.

What is larger than is allowed is read to its end and thrown away, because a browser that still sends does not look at
the answer. A file has no name on the disk, so nothing stays of one that was broken off.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import Any, BinaryIO

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from library.pdf import limits
from services.accounts.access import STAFF
from services.accounts.models import Role
from services.accounts.network import sender_of
from services.files.shelf import MOST

IDLE_SECONDS = 20
WHOLE_SECONDS = 1_800
AT_ONCE = 2
VISITORS_AT_ONCE = 4
VISITORS_OF_ONE_ADDRESS = 2  # of those four: one network cannot keep all others waiting
VISITORS_SECONDS = 300
FORM_BYTES = (
    1_000_000  # what a form adds around its file; a file that is too large by less is told by the form
)
THROWN_AWAY = 4_000_000_000  # bytes of a refused body that are still listened to
BLOCK = 1_000_000

Receive = Callable[[], Awaitable[Any]]


@dataclass(frozen=True)
class Door:
    """An address that takes files; `by`: roles, of any office (the page itself asks of which); none: anybody, whom the
    page knows by the address."""

    name: str
    by: frozenset[str]
    most: Callable[[], int]  # bytes

    @property
    def at_once(self) -> int:
        return AT_ONCE if self.by else VISITORS_AT_ONCE

    @property
    def whole_seconds(self) -> int:
        return WHOLE_SECONDS if self.by else VISITORS_SECONDS


def _of_a_message() -> int:
    return settings.ATTACHMENT_MOST_BYTES * MOST


def _of_a_text() -> int:
    """Far more than a text has: whoever chooses the scanned PDF instead is told so by the form, beside the field."""
    return 50_000_000


DOORS = (
    Door("consultation:ask", frozenset(), _of_a_message),
    Door("consultation:thread", frozenset(), _of_a_message),
    Door("consultation:mine", frozenset(), _of_a_message),
    Door("consultation:thread_desk", STAFF, _of_a_message),
    Door("complaints:public", frozenset(), _of_a_message),
    Door("complaints:from_visit", frozenset(), _of_a_message),
    Door("complaints:status", frozenset(), _of_a_message),
    Door("complaints:mine", frozenset(), _of_a_message),
    Door("complaints:entry", STAFF, _of_a_message),
    Door("complaints:detail", STAFF, _of_a_message),
    Door("complaints:manage", STAFF, _of_a_message),
    Door("setup:standard", frozenset({Role.SUPERVISOR}), _of_a_text),
    Door("panel:standard_new", frozenset({Role.SUPERVISOR}), _of_a_text),
    Door("library:imports", frozenset({Role.SUPERVISOR}), lambda: settings.IMPORT_MOST_BYTES),
    Door("library:softcopies", STAFF, lambda: limits.FILE_BYTES),
)


class BodyRefused(Exception):
    def __init__(self, status: int, words: str = "Permintaan terlalu besar atau terlalu lambat."):
        super().__init__(status)
        self.status, self.words = status, words


_busy = {True: 0, False: 0}  # with roles, and of anybody
_visitors: Counter[str] = Counter()  # by network address, while they send


def door(scope: Any, most_in_memory: int) -> Door | None:
    """Where this request brings a file that does not fit into memory."""
    if scope["method"] != "POST" or ((said := length(scope)) is not None and said <= most_in_memory):
        return None
    try:
        name = resolve(scope["path"]).view_name
    except Resolver404:
        return None
    return next((door for door in DOORS if door.name == name), None)


def length(scope: Any) -> int | None:
    said = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
    return int(said) if said.isdigit() and len(said) < 19 else None


async def to_file(door: Door, scope: Any, receive: Receive) -> BinaryIO:
    """The body as an open file. Raises BodyRefused."""
    most = door.most() + FORM_BYTES
    if (length(scope) or 0) > most:
        raise too_large(door)
    with _place(door, "" if door.by else sender_of(scope)):
        try:
            file: BinaryIO = TemporaryFile()  # noqa: SIM115 (closed with the request)
            try:
                async with asyncio.timeout(door.whole_seconds):
                    await _write(file, receive, door)
            except BaseException:
                with suppress(OSError):  # closing writes what is left, to a disk that may be full
                    file.close()
                raise
        except TimeoutError:
            raise BodyRefused(408) from None
        except OSError:  # the disk is full, or too many files are open
            raise BodyRefused(
                503,
                _(
                    "Server tidak dapat menyimpan berkas ini. Beri tahu petugas TI: penyimpanannya mungkin penuh."
                ),
            ) from None
    return file


@contextmanager
def _place(door: Door, sender: str) -> Iterator[None]:
    """One of the few. `sender`: a visitor's network address; "" for officers. Raises BodyRefused."""
    whose = bool(door.by)
    full = _busy[whose] >= door.at_once or (sender and _visitors[sender] >= VISITORS_OF_ONE_ADDRESS)
    if full:
        raise BodyRefused(503, _("Sedang ada berkas lain yang diunggah. Coba beberapa menit lagi."))
    _busy[whose] += 1
    _visitors[sender] += 1
    try:
        yield
    finally:
        _busy[whose] -= 1
        _visitors[sender] -= 1
        if not _visitors[sender]:
            del _visitors[sender]


def measured(scope: Any, file: BinaryIO) -> Any:
    """With the body's length, which a client that sends in pieces does not say."""
    others = [(name, value) for name, value in scope["headers"] if name != b"content-length"]
    size = file.seek(0, 2)
    file.seek(0)
    return {**scope, "headers": [*others, (b"content-length", str(size).encode())]}


def too_large(door: Door) -> BodyRefused:
    most = door.most() // 1_000_000
    return BodyRefused(413, _("Berkas lebih besar dari %d MB. Bagi menjadi beberapa berkas.") % most)


async def _write(file: BinaryIO, receive: Receive, door: Door) -> None:
    size, block, most = 0, bytearray(), door.most() + FORM_BYTES
    more = True
    while more:
        async with asyncio.timeout(IDLE_SECONDS):
            message = await receive()
        if message["type"] == "http.disconnect":
            raise BodyRefused(400)
        piece = message.get("body", b"")
        size += len(piece)
        if size > most:
            raise too_large(door)
        block += piece
        more = message.get("more_body", False)
        if len(block) >= BLOCK or not more:
            await asyncio.to_thread(file.write, bytes(block))
            block.clear()
    await asyncio.to_thread(file.flush)


async def throw_away(receive: Receive) -> None:
    """What is still coming of a refused body."""
    size = 0
    try:
        async with asyncio.timeout(WHOLE_SECONDS):
            while size < THROWN_AWAY:
                async with asyncio.timeout(IDLE_SECONDS):
                    message = await receive()
                if message["type"] == "http.disconnect" or not message.get("more_body"):
                    return
                size += len(message.get("body", b""))
    except TimeoutError:
        return
