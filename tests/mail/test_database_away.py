"""The database is killed while mails come in, are understood, and go out: none is lost, none is placed twice."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest

from tests.consultation.mail_support import BOX, write_channels
from tests.faults.place import CODE, Place, own_place
from tests.imap_server import Dovecot, dovecot, needs_dovecot
from tests.mail.awkward import mail
from tests.mail_server import Mailbox

EACH = 16  # mails that come before each of the kills
STORED = "SELECT count(*) FROM consultation_incomingmail"
PLACED = "SELECT count(*) FROM consultation_incomingmail WHERE state = 'done'"
SENT = "SELECT count(*) FROM mail_outgoing WHERE state = 'sent'"
OPEN = "SELECT count(*) FROM mail_outgoing WHERE state IN ('waiting', 'sending')"
CUT_OFF = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


@pytest.fixture
def place() -> Iterator[Place]:
    with own_place() as place:
        yield place


@pytest.fixture
def imap() -> Iterator[Dovecot]:
    root = Path(tempfile.mkdtemp(prefix="pst-imap-"))
    with dovecot(root) as server:
        yield server
    shutil.rmtree(root, ignore_errors=True)


@pytest.fixture
def smtp() -> Iterator[Mailbox]:
    server = Mailbox()
    yield server
    server.stop()


@pytest.fixture
def post(place, imap, smtp, tmp_path, monkeypatch) -> Iterator[subprocess.Popen]:
    """Fetches, places and sends, until the test ends it; it must outlive every fault."""
    channels = SimpleNamespace()
    write_channels(tmp_path, channels, smtp=smtp.port, imap=imap.port)
    monkeypatch.setenv("PST_CHANNELS", channels.CHANNELS_FILE)
    with place.environment(), (tmp_path / "post.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.post", CODE, "--make"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True,
        )  # fmt: skip
    assert process.stdout is not None
    assert json.loads(next(line for line in process.stdout if line.startswith("{"))) == {"ready": True}
    yield process
    process.kill()
    process.wait()


def until(check: Callable[[], bool], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.005)


def restart(place: Place) -> None:
    place.kill_database()
    time.sleep(0.3)  # somebody knocks while it is away
    place.start_database()


@needs_dovecot
def test_killed_while_mails_come_in_and_go_out(place, imap, smtp, post, tmp_path):
    came = 0

    def come() -> int:
        nonlocal came
        for n in range(came, came + EACH):
            imap.deliver(mail(
                f"Pertanyaan {n}?", From=f"Penanya <p{n}@example.test>", To=BOX, Message_ID=f"<{n}@pengirim.test>",
            ))  # fmt: skip
        came += EACH
        return came - EACH

    with psycopg.connect(place.address, autocommit=True) as eye:

        def count(query: str) -> int:
            return int(eye.execute(query).fetchone()[0])

        before = come()
        until(lambda: count(STORED) >= before + 5)
    restart(place)
    with psycopg.connect(place.address, autocommit=True) as eye:
        before = come()
        until(lambda: count(PLACED) >= before + 5)
    restart(place)
    with psycopg.connect(place.address, autocommit=True) as eye:
        come()
        until(lambda: count(PLACED) == came)
        sent = count(SENT)
        until(lambda: count(SENT) >= min(sent + 3, 2 * came - 1))
        eye.execute(CUT_OFF)  # as a failover: every connection ends, the server stays
        until(lambda: count(OPEN) == 0)  # what is lost twice is given up (services/mail/outbox.py)
    smtp.holding = True
    come()
    until(lambda: smtp.held > 0)
    place.kill_database()  # the mail server has the text; its answer finds no database
    smtp.holding = False
    time.sleep(0.3)
    place.start_database()

    def quiet() -> bool:
        [(placed, waiting)] = place.rows(f"SELECT ({PLACED}), ({OPEN})")
        return placed == came and waiting == 0

    until(quiet)
    assert post.poll() is None, (tmp_path / "post.log").read_text()[-3000:]
    post.kill()
    assert post.stdout is not None
    assert post.stdout.read().count('"away"') >= 4  # every fault was met
    assert imap.unread() == 0
    placed = place.rows("SELECT outcome, count(*) FROM consultation_incomingmail GROUP BY outcome")
    assert placed == [("opened", came)]
    said = place.rows("SELECT body FROM consultation_message WHERE kind = 'visitor'")
    assert Counter(body for (body,) in said) == Counter(f"Pertanyaan {n}?" for n in range(came))
    assert place.rows("SELECT count(*) FROM consultation_consultation") == [(came,)]

    written = place.rows('SELECT message_id, "to", state FROM mail_outgoing')
    assert {state for _name, _to, state in written} == {"sent"}
    receipts = Counter(to for _name, to, _state in written if to.startswith("p"))
    assert receipts == Counter(f"p{n}@example.test" for n in range(came))
    arrived = Counter(str(m["Message-ID"]) for m in smtp.messages)
    assert set(arrived) == {f"<{name}>" for name, _to, _state in written}
    # The mail that was taken while the database was gone came twice, under one name; no other fault doubled more than one.
    twice = {name for name, times in arrived.items() if times > 1}
    assert 1 <= len(twice) <= 4
    assert max(arrived.values()) == 2
