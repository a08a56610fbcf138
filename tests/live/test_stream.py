"""The event stream over real sockets, from the server as `make run` starts it."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from queueing.workflows.issue import issue
from services.accounts import devices
from services.audit.actors import SYSTEM, Actor
from services.live.hub import EVERYTHING
from services.live.publish import QUEUE, VISITS, channel
from tests.bench.http import Client, Stream

ONE, OTHER = channel("7411"), channel("1906")
HERE = "/live/7411/"


@pytest.fixture
def run():
    def run(main):
        async def bounded():
            async with asyncio.timeout(40):
                return await main

        # In a thread of its own, as in conftest.py: Playwright's loop may be running in this one.
        with ThreadPoolExecutor(max_workers=1) as thread:
            return thread.submit(asyncio.run, bounded()).result()

    return run


@pytest.fixture
def tablet(web, offices, make_device):
    """A client with the cookie of a paired tablet; its device."""

    def tablet(code: str = "7411"):
        device, secret = make_device(offices[code])
        return Client(web.host, web.port, {devices.cookie_name("kiosk"): secret}), device

    return tablet


def officer_session(user) -> str:
    session = SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session.create()
    return session.session_key


async def status(client: Client, path: str) -> int:
    stream = await Stream.open(client, path)
    stream.close()
    return stream.status


def test_who_may_listen(run, web, offices, tablet, make_user):
    office = offices["7411"]
    mine, _device = tablet()
    theirs, _device = tablet("1906")
    user = make_user(office)
    staff = Client(web.host, web.port, {"pst_session": officer_session(user)})
    nobody = Client(web.host, web.port, {"pst_session": "x" * 32, "pst_device_kiosk": "x"})
    ticket = issue(office=office, service=office.services.first(), submission="v", by=SYSTEM)
    key = f"?k={ticket.received.visit.token}"
    asked = [
        (mine, HERE), (theirs, HERE), (mine, "/live/1906/"), (staff, HERE), (staff, "/live/1906/"),
        (nobody, HERE), (nobody, HERE + key), (nobody, "/live/1906/" + key), (nobody, HERE + "?k="), (nobody, "/live/x/"),
    ]  # fmt: skip

    async def main():
        return [await status(client, path) for client, path in asked]

    assert run(main()) == [200, 403, 403, 200, 403, 403, 200, 403, 403, 404]
    user.set_password("another-long-password")
    user.save()
    assert run(status(staff, HERE)) == 403


def test_a_ticket_taken_is_told_as_a_topic_only_and_only_at_its_office(run, tablet, office):
    mine, device = tablet()
    theirs, _device = tablet("1906")

    async def main():
        here, there = await Stream.open(mine, HERE), await Stream.open(theirs, "/live/1906/")
        assert here.headers["cache-control"] == "no-store"
        issue(
            office=office,
            service=office.services.first(),
            submission="t",
            by=Actor("device", device_id=device.pk),
        )
        heard = {await here.topic() for _n in range(2)}
        assert await there.event() == ("ping", "ok")
        assert await there.event() == ("ping", "ok")
        return heard

    assert run(main()) == {QUEUE, VISITS}


def test_a_ping_every_two_seconds(run, tablet):
    client, _device = tablet()

    async def main():
        stream = await Stream.open(client, HERE)
        assert await stream.event() == ("ping", "ok")
        started = time.monotonic()
        assert [await stream.event() for _n in range(2)] == [("ping", "ok")] * 2
        return time.monotonic() - started

    assert 3.5 < run(main()) < 6


def test_a_burst_reaches_the_screen_as_a_few_events_the_last_one_included(run, tablet, notify):
    client, _device = tablet()

    async def main():
        stream = await Stream.open(client, HERE)
        started = time.monotonic()
        for _n in range(300):
            await asyncio.to_thread(notify, ONE, QUEUE)
        took = time.monotonic() - started
        notify(ONE, "the-last")
        heard = [await stream.topic()]
        while heard[-1] != "the-last":
            heard.append(await stream.topic())
        return len(heard), took

    count, took = run(main())
    assert count <= took / 0.1 + 4


def test_a_killed_listen_connection_heals(run, tablet, notify, kill_listeners):
    client, _device = tablet()

    async def main():
        stream = await Stream.open(client, HERE)
        assert kill_listeners("pst-live") == 1
        async with asyncio.timeout(5):
            assert await stream.topic() == EVERYTHING
        notify(ONE, QUEUE)
        assert await stream.topic() == QUEUE

    run(main())


def test_a_revoked_devices_stream_ends_within_three_seconds(run, tablet):
    revoked, device = tablet()
    other, _device = tablet()

    async def main():
        gone, kept = await Stream.open(revoked, HERE), await Stream.open(other, HERE)
        devices.revoke(device, by=SYSTEM)
        async with asyncio.timeout(3):
            assert await gone.topic() == "access"
            with pytest.raises(asyncio.IncompleteReadError):
                await gone.event()
        assert await kept.topic() == "devices"
        assert await status(revoked, HERE) == 403

    run(main())


def test_200_screens_that_come_and_go_leave_no_connection_behind(run, web, tablet, notify):
    from pathlib import Path

    client, _device = tablet()
    sockets = Path(f"/proc/{web.process.pid}/fd")

    async def come_and_go():
        stream = await Stream.open(client, HERE)
        assert stream.status == 200
        stream.close()

    async def main():
        stays = await Stream.open(client, HERE)
        before = len(list(sockets.iterdir()))
        for _n in range(10):
            await asyncio.gather(*(come_and_go() for _n in range(20)))
        deadline = time.monotonic() + 10
        while (after := len(list(sockets.iterdir()))) > before + 12 and time.monotonic() < deadline:
            await asyncio.sleep(0.1)
        assert after <= before + 12  # Django's pool may have opened a few to the database
        notify(ONE, QUEUE)
        assert await stays.topic() == QUEUE

    run(main())


def test_300_screens_hear_of_one_change(run, tablet, notify, capsys):
    clients = [tablet()[0] for _n in range(10)]

    async def main():
        streams = await asyncio.gather(*(Stream.open(clients[n % 10], HERE) for n in range(300)))
        assert {s.status for s in streams} == {200}
        latencies = []

        async def hear(stream, sent):
            assert await stream.topic() == QUEUE
            latencies.append(time.monotonic() - sent)

        for _n in range(3):
            await asyncio.sleep(0.3)
            sent = time.monotonic()
            notify(ONE, QUEUE)
            await asyncio.gather(*(hear(s, sent) for s in streams))
        for stream in streams:
            stream.close()
        return sorted(1000 * s for s in latencies)

    found = run(main())
    assert len(found) == 900
    with capsys.disabled():
        print(f"\n300 streams: p50 {found[450]:.0f} ms, p99 {found[891]:.0f} ms")
