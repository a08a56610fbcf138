"""A light HTTP/1.1 client on raw streams with keep-alive: the load must cost little beside what it measures."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

IDLE_SECONDS = 3.0  # uvicorn closes a connection that rests for 5 s; a browser would open a new one


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Client:
    """One browser: one connection, kept open, with its cookies."""

    host: str
    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    _reader: asyncio.StreamReader | None = None
    _writer: asyncio.StreamWriter | None = None
    _used: float = 0.0

    async def get(self, path: str, headers: str = "") -> Answer:
        """`headers`: whole lines, each with its end."""
        return await self._ask(f"GET {path} HTTP/1.1\r\n{headers}", b"")

    async def post(self, path: str, body: bytes) -> Answer:
        form = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        return await self._ask(f"POST {path} HTTP/1.1\r\n{form}", body)

    def head(self, start: str) -> bytes:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return f"{start}Host: {self.host}:{self.port}\r\nCookie: {cookie}\r\n\r\n".encode()

    async def _ask(self, start: str, body: bytes) -> Answer:
        now = time.monotonic()
        if now - self._used > IDLE_SECONDS:
            self.close()
        self._used = now
        if self._writer is None:
            self._reader, self._writer = await asyncio.open_connection(self.host, self.port, limit=1 << 20)
        self._writer.write(self.head(start) + body)
        answer = await read_answer(self._reader)
        if "set-cookie" in answer.headers:
            name, _, value = answer.headers["set-cookie"].partition(";")[0].partition("=")
            self.cookies[name] = value
        if answer.headers.get("connection") == "close":
            self.close()
        return answer

    def close(self) -> None:
        if self._writer:
            self._writer.close()
        self._reader = self._writer = None


async def read_head(reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    pairs = (line.split(": ", 1) for line in lines[1:] if ": " in line)
    return int(lines[0].split(" ", 2)[1]), {name.lower(): value for name, value in pairs}


async def read_answer(reader: asyncio.StreamReader) -> Answer:
    status, headers = await read_head(reader)
    if headers.get("transfer-encoding") == "chunked":
        body = b""
        while size := int(await reader.readline(), 16):
            body += (await reader.readexactly(size + 2))[:-2]
        await reader.readline()
    else:
        body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Answer(status, headers, body)


@dataclass
class Stream:
    """One open event stream (Server-Sent Events) on a connection of its own."""

    status: int
    headers: dict[str, str]
    _reader: asyncio.StreamReader
    _writer: asyncio.StreamWriter

    @classmethod
    async def open(cls, client: Client, path: str) -> Stream:
        reader, writer = await asyncio.open_connection(client.host, client.port)
        writer.write(client.head(f"GET {path} HTTP/1.1\r\n"))
        status, headers = await read_head(reader)
        return cls(status, headers, reader, writer)

    async def event(self) -> tuple[str, str]:
        """The next event's name ("message" when it has none) and data. IncompleteReadError at the end."""
        name, data = "message", ""
        while line := (await self._line()).rstrip():
            key, _, value = line.partition(": ")
            if key == "event":
                name = value
            elif key == "data":
                data = value
        return name, data

    async def _line(self) -> str:
        """A line of the event stream; the lines that frame HTTP's chunks are left out."""
        while True:
            line = (await self._reader.readuntil(b"\n")).decode()
            if line.endswith("\r\n"):
                if line == "0\r\n":
                    raise asyncio.IncompleteReadError(b"", None)
                continue
            return line

    async def topic(self) -> str:
        """The next event that is not a ping."""
        while True:
            name, data = await self.event()
            if name != "ping":
                return data

    def close(self) -> None:
        self._writer.close()
