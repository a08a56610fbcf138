"""One LISTEN connection per process, fanned out to its open event streams.

One task owns the connection. It compares the channels that streams want with those it listens to, sends the
LISTEN and UNLISTEN that are missing, reads notifications straight from the event loop (no polling, no thread),
and starts anew when the connection breaks. Streams only change the set of wanted channels and wake the task, so
there is no lock and no order of LISTEN and UNLISTEN that could go wrong.

What PostgreSQL sent while nobody listened is lost: after every gap the streams concerned get EVERYTHING.
"""

from __future__ import annotations

import asyncio
import logging

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

log = logging.getLogger(__name__)

EVERYTHING = "*"  # the topic that means: refetch all you show
RETRY_SECONDS = 1.0
LISTEN_SECONDS = 3.0  # a stream opens after this long even when the database is away
# A server that vanished without a word (pulled cable, dead machine) is noticed within about 15 seconds.
TCP = {"connect_timeout": 5, "keepalives_idle": 5, "keepalives_interval": 3, "keepalives_count": 3}


class Subscriber:
    """One open stream. Topics that arrive faster than they are sent are merged, so memory is bounded."""

    def __init__(self, channel: str):
        self.channel = channel
        self.listening = asyncio.Event()  # set: from here on this stream relies on being told
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
        self.conninfo = make_conninfo(conninfo, **TCP)
        self._subscribers: dict[str, set[Subscriber]] = {}
        self._listening: set[str] = set()
        self._wake = asyncio.Event()  # the wanted channels changed, or the socket can be read
        self._owner: asyncio.Task[None] | None = None

    @property
    def streams(self) -> int:
        return sum(len(members) for members in self._subscribers.values())

    def hears(self, channel: str) -> bool:
        """Whether a commit would be heard now; not while the database is away."""
        return channel in self._listening

    async def subscribe(self, channel: str) -> Subscriber:
        """Returns once every later commit will be heard; with the database away, after LISTEN_SECONDS."""
        subscriber = Subscriber(channel)
        self._subscribers.setdefault(channel, set()).add(subscriber)
        if channel not in self._listening:
            if self._owner is None or self._owner.done():
                self._owner = asyncio.create_task(self._own_connection())
            self._wake.set()
            try:
                async with asyncio.timeout(LISTEN_SECONDS):
                    await subscriber.listening.wait()
            except TimeoutError:
                pass  # EVERYTHING follows as soon as the database is back
            except BaseException:
                self.unsubscribe(subscriber)
                raise
        subscriber.listening.set()
        return subscriber

    def unsubscribe(self, subscriber: Subscriber) -> None:
        members = self._subscribers.get(subscriber.channel, set())
        members.discard(subscriber)
        if not members and self._subscribers.pop(subscriber.channel, None) is not None:
            self._wake.set()

    async def close(self) -> None:
        """The server stops: give the connection back, heal nothing."""
        owner, self._owner = self._owner, None
        if owner:
            owner.cancel()
            await asyncio.wait({owner})

    async def _own_connection(self) -> None:
        while True:
            connection = None
            try:
                # Without prepared statements: several LISTEN go out as one text.
                connection = await psycopg.AsyncConnection.connect(
                    self.conninfo, autocommit=True, prepare_threshold=None
                )
                connection.add_notify_handler(lambda n: self._dispatch(n.channel, n.payload))
                await self._follow(connection)
            except psycopg.Error as problem:
                log.warning("live: no LISTEN connection, trying again: %s", str(problem).strip())
            except Exception:
                log.exception("live: the LISTEN connection failed, trying again")
            finally:
                self._listening.clear()
                if connection:
                    connection.pgconn.finish()
            await asyncio.sleep(RETRY_SECONDS)

    async def _follow(self, connection: psycopg.AsyncConnection) -> None:
        """Until the connection breaks (psycopg.Error)."""
        while True:
            self._wake.clear()
            await self._listen_to_what_is_wanted(connection)
            # Also without the socket being readable: the answer to LISTEN may have brought more than itself.
            connection.pgconn.consume_input()
            while notification := connection.pgconn.notifies():
                self._dispatch(notification.relname.decode(), notification.extra.decode())
            await self._until_woken(connection.pgconn.socket)

    async def _until_woken(self, socket: int) -> None:
        """The reader is off whenever psycopg uses the socket itself, and before libpq may close it."""
        loop = asyncio.get_running_loop()
        loop.add_reader(socket, self._wake.set)
        try:
            await self._wake.wait()
        finally:
            loop.remove_reader(socket)

    async def _listen_to_what_is_wanted(self, connection: psycopg.AsyncConnection) -> None:
        wanted = set(self._subscribers)
        gone, new = self._listening - wanted, wanted - self._listening
        if not gone and not new:
            return
        # Not listened to from now on, so that a stream opened during the UNLISTEN waits for the next LISTEN.
        self._listening -= gone
        commands = [sql.SQL("UNLISTEN {}").format(sql.Identifier(c)) for c in sorted(gone)]
        commands += [sql.SQL("LISTEN {}").format(sql.Identifier(c)) for c in sorted(new)]
        await connection.execute(sql.SQL("; ").join(commands))
        self._listening |= new
        for channel in new:
            for subscriber in self._subscribers.get(channel, ()):
                if subscriber.listening.is_set():  # it was open already: something may have been missed
                    subscriber.push(EVERYTHING)
                subscriber.listening.set()

    def _dispatch(self, channel: str, topic: str) -> None:
        for subscriber in self._subscribers.get(channel, ()):
            subscriber.push(topic)
