"""Places for large bodies: one network does not keep all other visitors waiting."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest
from django.urls import reverse

from pst import uploads
from pst.uploads import BodyRefused
from services.accounts.models import Role

ASK = next(door for door in uploads.DOORS if door.name == "consultation:ask")
STAFF = next(door for door in uploads.DOORS if door.name == "library:softcopies")
LAST = {"type": "http.request", "body": b"end", "more_body": False}


class Sender:
    """A client that has begun to send and goes on when it is told."""

    def __init__(self, address: str, door=ASK) -> None:
        self.go_on, self.door = asyncio.Event(), door
        self.scope = {"client": (address, 4711), "headers": []}
        self.begun = asyncio.Event()

    async def receive(self):
        self.begun.set()
        await self.go_on.wait()
        return LAST

    async def send(self) -> bytes:
        with await uploads.to_file(self.door, self.scope, self.receive) as file:
            file.seek(0)
            return file.read()


async def begin(*senders: Sender) -> list[asyncio.Task]:
    tasks = [asyncio.create_task(sender.send()) for sender in senders]
    for sender in senders:
        await sender.begun.wait()
    return tasks


async def ended(senders, tasks) -> list[bytes]:
    for sender in senders:
        sender.go_on.set()
    return await asyncio.gather(*tasks)


def test_one_address_has_two_of_the_four_places():
    async def run() -> None:
        held = [Sender("203.0.113.9") for _n in range(uploads.VISITORS_OF_ONE_ADDRESS)]
        tasks = await begin(*held)
        with pytest.raises(BodyRefused) as refused:
            await Sender("203.0.113.9").send()
        assert refused.value.status == 503
        others = [Sender("198.51.100.7"), Sender("2001:db8:1:2::7")]
        tasks += await begin(*others)
        with pytest.raises(BodyRefused):  # now all places are taken
            await Sender("192.0.2.1").send()
        officer = Sender("203.0.113.9", STAFF)
        tasks += await begin(officer)
        assert await ended([*held, *others, officer], tasks) == [b"end"] * 5
        assert (await begin_and_end("203.0.113.9")) == [b"end"]

    asyncio.run(run())
    assert not any(uploads._busy.values())
    assert not uploads._visitors


async def begin_and_end(address: str) -> list[bytes]:
    sender = Sender(address)
    return await ended([sender], await begin(sender))


def test_neighbours_of_one_connection_are_one_address():
    async def run() -> None:
        held = [Sender("2001:db8:1:2::1"), Sender("2001:db8:1:2::2")]
        tasks = await begin(*held)
        with pytest.raises(BodyRefused):
            await Sender("2001:db8:1:2:ffff::3").send()
        await ended(held, tasks)

    asyncio.run(run())


def test_who_breaks_off_gives_the_place_back():
    async def run() -> None:
        held = [Sender("203.0.113.9"), Sender("203.0.113.9")]
        tasks = await begin(*held)
        tasks[0].cancel()
        with suppress(asyncio.CancelledError):
            await tasks[0]
        assert (await begin_and_end("203.0.113.9")) == [b"end"]
        await ended(held[1:], tasks[1:])

    asyncio.run(run())
    assert not uploads._visitors


@pytest.mark.parametrize(("name", "args"), [("setup:standard", ["library"]), ("panel:standard_new", [])])
def test_a_scanned_pdf_instead_of_a_text_reaches_the_form_that_says_so(name, args):
    scope = {
        "method": "POST",
        "path": reverse(name, args=args),
        "headers": [(b"content-length", b"20000000")],
    }
    found = uploads.door(scope, 3_000_000)
    assert found
    assert found.by == {Role.SUPERVISOR}
