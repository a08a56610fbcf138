"""One LISTEN connection per process, fanned out to its open event streams.

A dedicated psycopg connection is read straight from the event loop (no polling, no thread). When it breaks it
is opened again, and every stream is told to catch up, because notifications sent meanwhile are lost.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict

import psycopg
from psycopg import sql

log = logging.getLogger(__name__)

EVERYTHING = "*"  # the topic that means: refetch all you show
RETRY_SECONDS = 1.0


class Subscriber:
    """One open stream. Topics that arrive faster than they are sent are merged, so memory is bounded."""

    def __init__(self, channel: str):
        self.channel = channel
        self._topics: set[str] = set()
        self._wake = asyncio.Event()

    def push(self, topic: str) -> None:
        self._topics.add(topic)
        self._wake.set()

    async def next(self, timeout: float) -> set[str]:
        """Topics since the last call; an empty set when nothing came within `timeout` seconds."""
        try:
            async with asyncio.timeout(timeout):
                await self._wake.wait()
        except TimeoutError:
            return set()
        self._wake.clear()
        topics, self._topics = self._topics, set()
        return topics


class Hub:
    """Lives in one event loop. `conninfo` as for psycopg.connect."""

    def __init__(self, conninfo: str):
        self.conninfo = conninfo
        self._subscribers: dict[str, set[Subscriber]] = defaultdict(set)
        self._connection: psycopg.AsyncConnection | None = None
        self._lock = asyncio.Lock()
        self._healer: asyncio.Task | None = None

    async def subscribe(self, channel: str) -> Subscriber:
        subscriber = Subscriber(channel)
        first = not self._subscribers[channel]
        self._subscribers[channel].add(subscriber)
        try:
            async with self._lock:
                if self._connection is None:
                    await self._connect()
                elif first:
                    await self._command("LISTEN", channel)
        except psycopg.Error as problem:
            self._lost(problem)
        return subscriber

    async def unsubscribe(self, subscriber: Subscriber) -> None:
        members = self._subscribers[subscriber.channel]
        members.discard(subscriber)
        if members:
            return
        del self._subscribers[subscriber.channel]
        async with self._lock:
            if self._connection and subscriber.channel not in self._subscribers:
                try:
                    await self._command("UNLISTEN", subscriber.channel)
                except psycopg.Error as problem:
                    self._lost(problem)

    async def close(self) -> None:
        """The server stops: give the connection back, heal nothing."""
        if self._healer:
            self._healer.cancel()
        async with self._lock:
            connection, self._connection = self._connection, None
            if connection:
                asyncio.get_running_loop().remove_reader(connection.fileno())
                await connection.close()

    async def _connect(self) -> None:
        connection = await psycopg.AsyncConnection.connect(self.conninfo, autocommit=True)
        connection.add_notify_handler(lambda n: self._dispatch(n.channel, n.payload))
        self._connection = connection
        for channel in list(self._subscribers):
            await self._command("LISTEN", channel)
        self._watch()

    async def _command(self, verb: str, channel: str) -> None:
        """LISTEN or UNLISTEN; while psycopg waits for the answer it reads the socket itself."""
        connection = self._connection
        assert connection is not None
        asyncio.get_running_loop().remove_reader(connection.fileno())
        await connection.execute(sql.SQL(verb + " {}").format(sql.Identifier(channel)))  # type: ignore[arg-type]
        self._watch()

    def _watch(self) -> None:
        if self._connection:
            asyncio.get_running_loop().add_reader(self._connection.fileno(), self._readable)

    def _readable(self) -> None:
        connection = self._connection
        if connection is None:
            return
        try:
            connection.pgconn.consume_input()
            while notification := connection.pgconn.notifies():
                self._dispatch(notification.relname.decode(), notification.extra.decode())
        except psycopg.Error as problem:
            self._lost(problem)

    def _dispatch(self, channel: str, topic: str) -> None:
        for subscriber in self._subscribers.get(channel, ()):
            subscriber.push(topic)

    def _lost(self, problem: Exception) -> None:
        """The database went away: drop the connection and heal in the background."""
        log.warning("live: lost the LISTEN connection: %s", str(problem).strip())
        connection, self._connection = self._connection, None
        if connection:
            asyncio.get_running_loop().remove_reader(connection.fileno())
            connection.pgconn.finish()
        if self._healer is None or self._healer.done():
            self._healer = asyncio.create_task(self._heal())

    async def _heal(self) -> None:
        while self._connection is None:
            await asyncio.sleep(RETRY_SECONDS)
            try:
                async with self._lock:
                    if self._connection is None:
                        await self._connect()
            except psycopg.Error as problem:
                log.info("live: database still away: %s", str(problem).strip())
        log.info("live: listening again")
        for members in self._subscribers.values():
            for subscriber in members:
                subscriber.push(EVERYTHING)
