"""A hundred awkward mails are read without a crash, in bounded time, and understood."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.mail.reading.incoming import Incoming
from services.mail.reading.parse import read
from tests.mail.awkward import OFFICE, Awkward, all_mails, mail

MAILS = list(all_mails())


def understood(raw: bytes) -> Incoming:
    return read(raw, own={OFFICE})


def value(found: Incoming, path: str):
    for name in path.split("."):
        found = getattr(found, name)
    return found


def test_there_are_more_than_a_hundred():
    assert len(MAILS) > 100
    assert len({m.name for m in MAILS}) == len(MAILS)


@pytest.mark.parametrize("awkward", MAILS, ids=str)
def test_understood(awkward: Awkward):
    found = understood(awkward.raw)
    for name, wanted in awkward.expect.items():
        if name == "files":
            assert [file.name for file in found.files] == wanted
        elif name in ("has", "hasnt"):
            for words in [wanted] if isinstance(wanted, str) else wanted:
                assert (words in found.text) == (name == "has"), found.text
        elif name == "quoted_has":
            assert wanted in found.quoted
        else:
            assert value(found, name) == wanted
    assert found.message_id
    assert len(found.message_id) <= 240
    said = [found.text, found.quoted, found.subject, found.sender.name, *(f.name for f in found.files)]
    assert not any("\0" in words for words in said)
    assert "\n" not in found.subject
    "".join(said).encode()  # no lone surrogates: the database takes it


def test_without_a_message_id_the_content_is_the_id():
    bare = mail(Message_ID=None)
    assert understood(bare).message_id == understood(b"Received: from a by b\r\n" + bare).message_id
    assert understood(bare).message_id != understood(mail("Lain.", Message_ID=None)).message_id


def test_nothing_a_person_wrote_is_lost():
    """What was cut off is given back: every word of the mail is in the text or in the quotation."""
    for awkward in MAILS:
        if not awkward.name.startswith(
            ("quoted", "written", "above", "a signature", "sent from", "forwarded")
        ):
            continue
        found = understood(awkward.raw)
        for word in ("Terima", "2023", "juga"):
            if word.encode() in awkward.raw:
                assert word in f"{found.text} {found.quoted}", awkward.name


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([m for m in MAILS if len(m.raw) < 5000]), st.data())
def test_damaged_on_the_way(awkward: Awkward, data):
    """Bytes changed, cut out or doubled anywhere."""
    raw = bytearray(awkward.raw)
    for _n in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(raw)))
        raw[at : at + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=12))
    found = understood(bytes(raw))
    assert found.message_id
    "".join([found.text, found.quoted, found.subject, *(f.name for f in found.files)]).encode()
    assert "\0" not in found.text + found.subject + found.quoted
