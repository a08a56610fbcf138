"""One ASGI application: pages through a2wsgi's thread pool, the event stream straight on the event loop."""

import os
from functools import cache

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pst.settings")

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

wsgi = get_wsgi_application()

from pst.live_access import authorise
from services.live.hub import Hub
from services.live.stream import EventStream

PAGE_THREADS = 10


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


pages = WSGIMiddleware(wsgi, workers=PAGE_THREADS)  # type: ignore[arg-type]
stream = EventStream(hub, authorise)


async def application(scope, receive, send):
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            if message["type"] == "lifespan.shutdown" and hub.cache_info().currsize:
                await hub().close()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return
    if scope["type"] == "http" and scope["path"].startswith("/live/"):
        await stream(scope, receive, send)
    elif scope["type"] == "http":
        await pages(scope, receive, send)
    elif scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1000})
