"""One ASGI application: pages in a pool of threads, the event stream straight on the event loop."""

import asyncio
import contextlib
import gc
import os
import resource
from functools import cache
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pst.settings")

from django.core.wsgi import get_wsgi_application

wsgi = get_wsgi_application()

from django.urls import reverse

from pst import uploads
from pst.live_access import authorise, serves_as
from pst.pages import Pages
from pst.uploads import BodyRefused
from services.live.hub import Hub
from services.live.stream import EventStream

PAGE_THREADS = 6
# Descriptors that streams leave for pages, the database and files.
KEPT_FOR_PAGES = 200
MOST_DESCRIPTORS = 65_536


def file_limit() -> int:
    """Raise the process's soft limit of open files, 1,024 in many shells, to what it may have; returns it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = min(hard, MOST_DESCRIPTORS) if hard != resource.RLIM_INFINITY else MOST_DESCRIPTORS
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return MOST_DESCRIPTORS if soft == resource.RLIM_INFINITY else soft
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return wanted


@cache
def hub() -> Hub:
    """Made inside the running event loop, on the first stream; told apart from Django's own connections."""
    from django.db import connection

    parameters = connection.get_connection_params()
    from psycopg.conninfo import make_conninfo

    ssl = ("sslmode", "sslrootcert", "sslcert", "sslkey")
    names = ("dbname", "user", "password", "host", "port", "options", "service", *ssl)

    return Hub(
        make_conninfo(**{n: parameters[n] for n in names if parameters.get(n)}, application_name="pst-live")
    )


# A page has a thread while it is made, so the body must be here before: ten slow senders would stop the site.
BODY_SECONDS = 20
BODY_BYTES = 3_000_000
# A picture may have 5 MB. A little more is let through, so that the form itself can say that it is too large.
UPLOADS, UPLOAD_BYTES = "/panel/pengumuman/", 8_000_000


# All bodies that are on their way at once; anybody may send some, and memory is finite.
BODIES_BYTES = 64_000_000


_held = 0


async def read_body(receive, most: int = BODY_BYTES) -> bytes:
    """The whole request body. Raises BodyRefused when it is too large, does not come in time, or too many come at once."""
    global _held
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise BodyRefused(400)
                parts.append(message.get("body", b""))
                size += len(parts[-1])
                _held += len(parts[-1])
                if size > most:
                    raise BodyRefused(413)
                if _held > BODIES_BYTES and message.get("more_body"):
                    raise BodyRefused(503)
                if not message.get("more_body"):
                    return b"".join(parts)
    except TimeoutError:
        raise BodyRefused(408) from None
    finally:
        _held -= size


def without_lookalikes(scope) -> Any:
    """CGI names make X_Forwarded_For of a client and X-Forwarded-For of our proxy one header: only dashes pass."""
    return {**scope, "headers": [(name, value) for name, value in scope["headers"] if b"_" not in name]}


async def refuse(send, refused: BodyRefused, rest=None) -> None:
    """`rest`: waits for what is still coming, before the connection is closed."""
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": refused.status, "headers": headers})
    await send({"type": "http.response.body", "body": f"{refused.words}\n".encode(), "more_body": True})
    if rest:
        await rest
    await send({"type": "http.response.body", "body": b""})


async def large_page(door, scope, receive, send) -> None:
    """A page that takes a file: only of somebody who may send one."""
    if door.by and not await serves_as(scope, door.by):
        await refuse(send, BodyRefused(413))
        return
    try:
        file = await uploads.to_file(door, scope, receive)
    except BodyRefused as refused:
        await refuse(send, refused, uploads.throw_away(receive))
        return
    with file:
        await pages(uploads.measured(without_lookalikes(scope), file), file, send)


pages = Pages(wsgi, PAGE_THREADS)
stream = EventStream(hub, authorise, most=max(file_limit() - KEPT_FOR_PAGES, 50))


def keep_what_is_loaded() -> None:
    """Code and settings stay as long as the process: the collector need not walk through them, which stops every page and
    stream for a tenth of a second each time (docs/benchmarks.md, calls).
    """
    reverse("portal:home")  # the addresses bring all views and forms with them
    gc.collect()
    gc.freeze()


async def application(scope, receive, send):
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                keep_what_is_loaded()
            if message["type"] == "lifespan.shutdown" and hub.cache_info().currsize:
                await hub().close()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return
    if scope["type"] == "http" and scope["path"].startswith("/live/"):
        # The server stops with screens open: they reconnect by themselves, nobody needs a traceback.
        with contextlib.suppress(asyncio.CancelledError):
            await stream(scope, receive, send)
    elif scope["type"] == "http" and (door := uploads.door(scope, BODY_BYTES)):
        await large_page(door, scope, receive, send)
    elif scope["type"] == "http":
        try:
            picture = scope["path"].startswith(UPLOADS)
            body = await read_body(receive, UPLOAD_BYTES if picture else BODY_BYTES)
        except BodyRefused as refused:
            await refuse(send, refused)
        else:
            await pages(without_lookalikes(scope), body, send)
    elif scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1000})
