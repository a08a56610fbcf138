"""The hub against a real PostgreSQL, in asyncio's own loop and in uvloop (which uvicorn uses)."""

from __future__ import annotations

import asyncio
import random

import pytest

from services.live import hub as hub_module
from services.live.hub import EVERYTHING, Hub
from services.live.publish import QUEUE, VISITS, channel

ONE, OTHER = channel("7411"), channel("1906")


class Open:
    """A hub that is closed again."""

    def __init__(self, conninfo: str):
        self.hub = Hub(conninfo)

    async def __aenter__(self) -> Hub:
        return self.hub

    async def __aexit__(self, *_error) -> None:
        await self.hub.close()


def test_a_topic_arrives_after_the_commit_and_not_after_a_rollback(run, conninfo, notify):
    async def main():
        async with Open(conninfo) as hub:
            subscriber = await hub.subscribe(ONE)
            notify(ONE, QUEUE, commit=False)
            assert await subscriber.next(0.3) == set()
            notify(ONE, QUEUE)
            assert await subscriber.next(2) == {QUEUE}
            assert await subscriber.next(0.1) == set()

    run(main())


def test_another_offices_channel_is_silent(run, conninfo, notify):
    async def main():
        async with Open(conninfo) as hub:
            mine, theirs = await hub.subscribe(ONE), await hub.subscribe(OTHER)
            notify(OTHER, QUEUE)
            assert await theirs.next(2) == {QUEUE}
            assert await mine.next(0.2) == set()

    run(main())


def test_a_burst_is_merged_and_memory_is_bounded_by_the_number_of_topics(run, conninfo, notify):
    async def main():
        async with Open(conninfo) as hub:
            slow, quick = await hub.subscribe(ONE), await hub.subscribe(ONE)
            for _n in range(200):
                notify(ONE, QUEUE, VISITS)
            heard = set()
            while heard != {QUEUE, VISITS}:
                heard |= await quick.next(2)
            await asyncio.sleep(0.2)
            assert slow._topics == {QUEUE, VISITS}
            assert await slow.next(1) == {QUEUE, VISITS}
            assert await slow.next(0.1) == set()

    run(main())


def test_a_killed_connection_heals_and_everybody_is_told_to_catch_up(run, conninfo, notify, kill_listeners):
    async def main():
        async with Open(conninfo) as hub:
            first, second = await hub.subscribe(ONE), await hub.subscribe(OTHER)
            for _time in range(2):
                assert kill_listeners("pst-test-live") == 1
                assert await first.next(4) == {EVERYTHING}
                assert await second.next(1) == {EVERYTHING}
                notify(ONE, QUEUE)
                assert await first.next(2) == {QUEUE}
            assert await second.next(0.1) == set()

    run(main())


def test_a_stream_opens_without_the_database_and_catches_up_when_it_is_back(
    run, conninfo, notify, monkeypatch
):
    monkeypatch.setattr(hub_module, "LISTEN_SECONDS", 0.2)
    monkeypatch.setattr(hub_module, "RETRY_SECONDS", 0.2)

    async def main():
        async with Open("host=127.0.0.1 port=1 dbname=nothing") as hub:
            subscriber = await hub.subscribe(ONE)
            hub.conninfo = conninfo
            assert await subscriber.next(4) == {EVERYTHING}
            notify(ONE, QUEUE)
            assert await subscriber.next(2) == {QUEUE}

    run(main())


def test_many_open_while_the_connection_is_being_made(run, conninfo, notify):
    async def main():
        async with Open(conninfo) as hub:
            channels = [ONE, OTHER, *(channel(f"{n:04d}") for n in range(30))]
            subscribers = await asyncio.gather(*(hub.subscribe(c) for c in channels * 2))
            for c in channels:
                notify(c, QUEUE)
            assert [await s.next(2) for s in subscribers] == [{QUEUE}] * len(subscribers)

    run(main())


@pytest.mark.parametrize("seed", range(3))
def test_opening_and_closing_in_any_order_never_leaves_a_stream_deaf(run, conninfo, notify, seed):
    """LISTEN and UNLISTEN of the same channels, crossing each other; afterwards every open stream hears."""
    dice = random.Random(seed)
    channels = [channel(f"{n:04d}") for n in range(4)]

    async def screen(hub):
        subscriber = None
        for _turn in range(12):
            if subscriber:
                hub.unsubscribe(subscriber)
            subscriber = await hub.subscribe(dice.choice(channels))
            await asyncio.sleep(dice.choice([0, 0, 0.001, 0.005]))
        return subscriber

    async def main():
        async with Open(conninfo) as hub:
            subscribers = await asyncio.gather(*(screen(hub) for _n in range(12)))
            for c in channels:
                notify(c, QUEUE)
            assert [await s.next(2) for s in subscribers] == [{QUEUE}] * len(subscribers)
            assert hub.streams == len(subscribers)
            for subscriber in subscribers:
                hub.unsubscribe(subscriber)
                hub.unsubscribe(subscriber)  # a second time does no harm
            assert hub.streams == 0
            await asyncio.sleep(0.2)
            assert hub._listening == set()

    run(main())


def test_a_stream_given_up_while_it_opens_leaves_nothing_behind(run, conninfo):
    async def main():
        async with Open(conninfo) as hub:
            opening = asyncio.create_task(hub.subscribe(ONE))
            await asyncio.sleep(0)
            opening.cancel()
            await asyncio.gather(opening, return_exceptions=True)
            assert hub.streams == 0

    run(main())
