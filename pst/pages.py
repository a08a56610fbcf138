"""Django's pages on the event loop's side of the house: each is made in a thread and handed over once.

a2wsgi hands headers, every chunk and the end over one by one, and the thread waits each time: on a busy tablet that
takes as long as the number itself. Its reading of the request is used as it is.

A file goes out on the event loop, piece by piece as the client takes it: somebody who downloads a book on a slow phone
needs minutes, and no page's thread waits for them.
"""

from __future__ import annotations

import asyncio
import contextvars
import io
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, BinaryIO

from a2wsgi.wsgi import build_environ
from django.db import close_old_connections

# Of one answer; the largest picture is smaller. What is longer goes out piece by piece, and the thread waits for the
# client, but not for ever: six who do not read would stop the site.
HELD_BYTES = 6 * 1024 * 1024
READ_SECONDS = 20
# Of a file: a piece, and how long a client may need for it (17 kbit/s).
FILE_BYTES, FILE_SECONDS = 256 * 1024, 120

Messages = list[dict[str, Any]]


class FileToSend:
    """`wsgi.file_wrapper` of PEP 3333: Django hands a FileResponse's file over in it. Closing the file closes the
    response."""

    def __init__(self, file: BinaryIO, _block_size: int = 0) -> None:
        self.file = file

    def __iter__(self) -> Iterator[bytes]:
        return iter(lambda: self.file.read(FILE_BYTES), b"")


class Pages:
    """`app`: a WSGI application. At most `threads` pages are made at once, the others wait."""

    def __init__(self, app: Callable[..., Iterable[bytes]], threads: int) -> None:
        self.app = app
        self.executor = ThreadPoolExecutor(threads, thread_name_prefix="page")

    async def __call__(self, scope: Any, body: bytes | BinaryIO, send: Callable) -> None:
        loop = asyncio.get_running_loop()
        environ: Any = build_environ(scope, io.BytesIO(body) if isinstance(body, bytes) else body)  # type: ignore[arg-type]
        environ["wsgi.file_wrapper"] = FileToSend
        # The same thread makes the page and closes it: database connections belong to threads.
        page = contextvars.copy_context().run
        messages, rest = await loop.run_in_executor(self.executor, page, self._make, environ, loop, send)
        try:
            for message in messages:
                await send(message)
            if rest:
                await _send_file(rest, send)
        finally:
            if rest:
                await asyncio.to_thread(rest.close)

    def _make(
        self, environ: dict, loop: asyncio.AbstractEventLoop, send: Callable
    ) -> tuple[Messages, BinaryIO | None]:
        """In a thread. Returns what is left to send, and the file that follows it."""
        messages: Messages = []

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
            pairs = [
                (name.strip().lower().encode("latin1"), value.strip().encode("latin1"))
                for name, value in headers
            ]
            messages[:] = [{"type": "http.response.start", "status": int(status[:3]), "headers": pairs}]

        held: list[bytes] = []
        answer = self.app(environ, start_response)
        if isinstance(answer, FileToSend):
            return self._begin_file(answer.file, messages)
        try:
            for piece in answer:
                held.append(piece)
                if sum(map(len, held)) > HELD_BYTES:
                    messages.append(_piece(held, more=True))
                    self._hand_over(messages, send, loop)
                    messages, held = [], []
        finally:
            getattr(answer, "close", lambda: None)()
        return [*messages, _piece(held, more=False)], None

    def _begin_file(self, file: BinaryIO, messages: Messages) -> tuple[Messages, BinaryIO | None]:
        """A small one goes at once."""
        try:
            first = file.read(FILE_BYTES)
        except BaseException:
            file.close()
            raise
        if len(first) < FILE_BYTES:
            file.close()
            return [*messages, _piece([first], more=False)], None
        close_old_connections()  # this thread's page is done; the rest is sent by another
        return [*messages, _piece([first], more=True)], file

    def _hand_over(self, messages: Messages, send: Callable, loop: asyncio.AbstractEventLoop) -> None:
        """Raises TimeoutError when the client does not take it in time; the answer then ends there."""
        sending = asyncio.run_coroutine_threadsafe(_send(messages, send), loop)
        try:
            sending.result(READ_SECONDS)
        except TimeoutError:
            sending.cancel()
            raise


def _piece(held: list[bytes], *, more: bool) -> dict[str, Any]:
    return {"type": "http.response.body", "body": b"".join(held), "more_body": more}


async def _send_file(file: BinaryIO, send: Callable) -> None:
    """Raises TimeoutError when the client does not take a piece in time; the answer then ends there."""
    while piece := await asyncio.to_thread(file.read, FILE_BYTES):
        async with asyncio.timeout(FILE_SECONDS):
            await send(_piece([piece], more=True))
    await send(_piece([], more=False))


async def _send(messages: Messages, send: Callable) -> None:
    for message in messages:
        await send(message)
