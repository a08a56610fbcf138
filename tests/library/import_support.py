"""Imports in the tests: a file goes in, the worker's part is done at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile

from library.importing.reading import shape_of
from library.importing.words import said
from library.models import Import
from library.workflows import imports as work


def fresh(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def load(office, by, content: str | bytes, name: str = "daftar.csv", **shape: Any) -> Import:
    """Read, ready to be looked at (or failed)."""
    raw = content.encode() if isinstance(content, str) else content
    batch = work.from_file(office, SimpleUploadedFile(name, raw), by=by)
    if batch.state == "mapping":
        batch = work.choose(batch, shape_of(batch.options | shape), by=by)
    work.work(batch.pk)
    return fresh(batch)


def applied(batch: Import, by) -> Import:
    work.apply(batch, by=by)
    work.work(batch.pk)
    return fresh(batch)


def undone(batch: Import, by) -> Import:
    work.undo(batch, by=by)
    work.work(batch.pk)
    return fresh(batch)


def outcomes(batch: Import) -> list[str]:
    return list(batch.rows.order_by("pk").values_list("outcome", flat=True))


def notes(batch: Import) -> list[list[str]]:
    """[field, what was wrong in Indonesian]"""
    found = batch.rows.order_by("pk").values_list("notes", flat=True)
    return [[name, said(*why)] for notes in found for name, *why in notes]


def problem(batch: Import) -> str:
    return said(batch.problem, batch.problem_values)


class Answers:
    """A server that answers as a test wants: `answer(path, query)` gives (status, body, headers)."""

    def __init__(self, answer) -> None:
        self.answer = answer
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.agents: set[str] = set()
        self.hosts: set[str] = set()
        self.url = ""


@contextmanager
def serving(answer, host: str = "127.0.0.1") -> Iterator[Answers]:
    state = Answers(answer)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            state.asked.append((parts.path, query))
            state.hosts.add(self.headers.get("Host", ""))
            state.agents.add(self.headers.get("User-Agent", ""))
            status, body, *headers = state.answer(parts.path, query)
            self.send_response(status)
            for name, value in headers[0].items() if headers else []:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer((host, 0), Handler)
    state.url = f"http://{host}:{server.server_port}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
