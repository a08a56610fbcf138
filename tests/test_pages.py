"""The bridge between threads and event loop: one answer, whatever its length, from one thread."""

from __future__ import annotations

import asyncio
import io
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from pst import pages
from pst.pages import Pages

SCOPE = {
    "type": "http", "method": "POST", "path": "/a/é", "query_string": b"q=1", "http_version": "1.1", "scheme": "http",
    "headers": [(b"content-type", b"text/plain"), (b"host", b"x")], "server": ("x", 80), "client": ("127.0.0.1", 1),
}  # fmt: skip


class Answer:
    """Says in which threads it was made and closed."""

    def __init__(self, pieces):
        self.pieces, self.threads = pieces, set()

    def __iter__(self):
        for piece in self.pieces:
            self.threads.add(threading.current_thread())
            yield piece

    def close(self):
        self.threads.add(threading.current_thread())


def ask(app, body=b"") -> list[dict]:
    sent = []

    async def send(message):
        sent.append(message)

    # In a thread of its own: a browser test before this one leaves its event loop running in the main one.
    with ThreadPoolExecutor(1) as loop:
        loop.submit(asyncio.run, Pages(app, 2)(SCOPE, body, send)).result(30)
    return sent


def test_body_and_answer_pass_through():
    def app(environ, start_response):
        start_response("201 Created", [("X-A", "b"), ("Set-Cookie", "c=d")])
        return [environ["PATH_INFO"].encode("latin1"), b" ", environ["wsgi.input"].read()]

    start, body = ask(app, b"hello")
    assert (start["status"], start["headers"]) == (201, [(b"x-a", b"b"), (b"set-cookie", b"c=d")])
    assert body == {"type": "http.response.body", "body": "/a/é hello".encode(), "more_body": False}


def test_a_long_answer_goes_out_in_pieces_and_in_order(monkeypatch):
    monkeypatch.setattr(pages, "HELD_BYTES", 10)
    answer = Answer([bytes([n]) * 4 for n in range(20)])

    def app(_environ, start_response):
        start_response("200 OK", [])
        return answer

    start, *bodies = ask(app)
    assert start["type"] == "http.response.start"
    assert b"".join(b["body"] for b in bodies) == b"".join(answer.pieces)
    assert max(len(b["body"]) for b in bodies) <= 14
    assert [b["more_body"] for b in bodies] == [True] * (len(bodies) - 1) + [False]
    assert len(answer.threads) == 1
    assert threading.current_thread() not in answer.threads


def test_an_answer_that_breaks_is_closed_and_told():
    answer = Answer([b"x"])

    def app(_environ, start_response):
        start_response("200 OK", [])
        answer.pieces = (1 / 0 for _n in range(1))
        return answer

    with pytest.raises(ZeroDivisionError):
        ask(app)
    assert answer.threads


def test_who_does_not_read_keeps_no_thread(monkeypatch):
    """A long answer to a client that takes nothing: its thread makes other pages soon."""
    monkeypatch.setattr(pages, "HELD_BYTES", 10)
    monkeypatch.setattr(pages, "READ_SECONDS", 0.2)
    bridge = Pages(lambda environ, start: (start("200 OK", []), [b"x" * 20] * 3)[1], 1)
    quick = Pages(lambda environ, start: (start("200 OK", []), [b"quick"])[1], 1)
    quick.executor = bridge.executor  # the same single thread
    sent = []

    async def never(message):
        await asyncio.Event().wait()

    async def send(message):
        sent.append(message)

    async def both():
        slow = asyncio.create_task(bridge(SCOPE, b"", never))
        await quick(SCOPE, b"", send)
        with pytest.raises(TimeoutError):
            await slow

    with ThreadPoolExecutor(1) as loop:
        loop.submit(asyncio.run, both()).result(30)
    assert sent[-1]["body"] == b"quick"


class File(io.BytesIO):
    closed_in: threading.Thread | None = None

    def close(self):
        self.closed_in = threading.current_thread()
        super().close()


def sending(file, *, threads: int = 1) -> Pages:
    def app(environ, start_response):
        start_response("200 OK", [])
        return environ["wsgi.file_wrapper"](file, 4096)

    return Pages(app, threads)


@pytest.mark.parametrize("size", [0, 1, pages.FILE_BYTES - 1, pages.FILE_BYTES, 3 * pages.FILE_BYTES + 5])
def test_a_file_goes_out_whole_and_is_closed(size):
    content = bytes(n % 251 for n in range(size))
    file = File(content)
    start, *bodies = ask(sending(file).app)
    assert start["status"] == 200
    assert b"".join(b["body"] for b in bodies) == content
    assert [b["more_body"] for b in bodies] == [True] * (len(bodies) - 1) + [False]
    assert file.closed


def test_a_slow_download_holds_no_page_s_thread_and_ends_when_nothing_is_taken(monkeypatch):
    monkeypatch.setattr(pages, "FILE_SECONDS", 0.3)
    file = File(b"x" * (3 * pages.FILE_BYTES))
    bridge = sending(file)
    quick = Pages(lambda environ, start: (start("200 OK", []), [b"quick"])[1], 1)
    quick.executor = bridge.executor  # the same single thread
    taken, sent = [], []

    async def slow(message):
        taken.append(message)
        if len(taken) > 2:
            await asyncio.Event().wait()

    async def send(message):
        sent.append(message)

    async def both():
        download = asyncio.create_task(bridge(SCOPE, b"", slow))
        while len(taken) < 3:
            await asyncio.sleep(0.01)
        await quick(SCOPE, b"", send)
        assert sent[-1]["body"] == b"quick"
        assert not download.done()
        with pytest.raises(TimeoutError):
            await download

    with ThreadPoolExecutor(1) as loop:
        loop.submit(asyncio.run, both()).result(30)
    assert file.closed


def test_bodies_on_their_way_are_bounded_together(monkeypatch):
    from pst import asgi

    monkeypatch.setattr(asgi, "BODIES_BYTES", 100)

    def client(release):
        messages = iter([{"type": "http.request", "body": b"x" * 60, "more_body": True}])

        async def receive():
            for message in messages:
                return message
            await release.wait()
            return {"type": "http.request", "body": b"", "more_body": False}

        return receive

    async def two():
        release = asyncio.Event()
        first = asyncio.create_task(asgi.read_body(client(release)))
        await asyncio.sleep(0)
        with pytest.raises(asgi.BodyRefused) as refused:
            await asgi.read_body(client(release))
        assert refused.value.status == 503
        release.set()
        assert len(await first) == 60
        assert asgi._held == 0

    with ThreadPoolExecutor(1) as loop:
        loop.submit(asyncio.run, two()).result(30)
