"""An office's mailbox at a real Dovecot: round trip, and what happens when it, or the way to it, breaks in mid-message."""

from __future__ import annotations

import shutil
import socket
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from consultation.mail_in import fetching
from consultation.models import Consultation, IncomingMail, Message
from services.mail.imap import ImapProblem
from tests.consultation.mail_support import BOX, visitor, write_channels
from tests.imap_server import PASSWORD, Dovecot, dovecot, needs_dovecot
from tests.mail.awkward import PDF, WORDS, coded, mail, mixed

pytestmark = [needs_dovecot, pytest.mark.django_db, pytest.mark.usefixtures("calendar_of_2026")]


@pytest.fixture(scope="module")
def running():
    root = Path(tempfile.mkdtemp(prefix="pst-imap-"))
    with dovecot(root) as server:
        yield server
    shutil.rmtree(root, ignore_errors=True)


@pytest.fixture
def server(running: Dovecot, tmp_path, settings):
    """An empty mailbox, named in the operator's file."""
    for folder in ("new", "cur"):
        for path in (running.maildir / folder).iterdir():
            path.unlink()
    write_channels(tmp_path, settings, imap=running.port)
    return running


def letters(count: int, size: int = 10) -> list[bytes]:
    return [mail(f"Pertanyaan {n} {'x' * size}", Message_ID=f"<{n}@pengirim.test>") for n in range(count)]


def questions() -> list[str]:
    return sorted(m.body.split(" x")[0] for m in Message.objects.filter(kind="visitor"))


def test_a_mail_becomes_a_consultation_and_is_marked(server, office):
    siti = visitor(office)
    server.deliver(mixed(WORDS, coded("application/pdf; name=surat.pdf", PDF), To=BOX))
    assert fetching.run(office) == 1
    asked = Consultation.objects.get()
    assert (asked.visitor, asked.attachments.get().name, server.unread()) == (siti, "surat.pdf", 0)
    assert fetching.run(office) == 0
    assert Message.objects.count() == 1


def test_marked_unread_again_it_is_not_taken_twice(server, office):
    server.deliver(letters(1)[0])
    fetching.run(office)
    for path in (server.maildir / "cur").iterdir():
        path.rename(path.with_name(path.name.replace("S", "")))
    assert server.unread() == 1
    fetching.run(office)
    assert (Message.objects.count(), server.unread()) == (1, 0)


def test_too_large_only_its_header_is_fetched(server, office, monkeypatch):
    monkeypatch.setattr(fetching, "MOST_BYTES", 5_000)
    monkeypatch.setattr("consultation.mail_in.contents.MOST_BYTES", 5_000)
    server.deliver(mail("rahasia besar " * 1_000))
    fetching.run(office)
    kept = IncomingMail.objects.get()
    assert kept.size > 14_000
    assert b"rahasia" not in bytes(kept.raw)
    assert "tidak diambil" in Message.objects.get(kind="visitor").body


def test_a_server_that_refuses_is_said_without_secrets(server, office, caplog, tmp_path):
    path = tmp_path / "channels.toml"
    text = path.read_text().replace(f":{PASSWORD}@", ":tidak-benar@").replace("petugas", "bukan%20saya")
    path.write_text(text)
    assert fetching.run(office) == 0
    assert "tidak-benar" not in caplog.text
    assert "7411" in caplog.text


def test_a_server_that_is_away_holds_up_nothing_that_is_here(server, office):
    server.deliver(letters(1)[0])
    fetching.fetch(office)
    server.kill()
    try:
        assert fetching.run(office) == 1
    finally:
        server.start()
    assert Consultation.objects.count() == 1


class Cutting:
    """A way to the server that ends after so many bytes of its answers."""

    def __init__(self, port: int) -> None:
        self.upstream, self.most = port, 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client = self._listener.accept()[0]
                server = socket.create_connection(("127.0.0.1", self.upstream))
                threading.Thread(target=self._pass, args=(client, server, None), daemon=True).start()
                threading.Thread(target=self._pass, args=(server, client, self.most), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, most: int | None) -> None:
        passed = 0
        with suppress(OSError):
            while data := source.recv(512):
                if most is not None and passed + len(data) > most:
                    target.sendall(data[: most - passed])
                    break
                target.sendall(data)
                passed += len(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


def test_cut_off_anywhere_nothing_is_lost_and_nothing_doubled(server, office, tmp_path, settings):
    """Each try gets a little further before the connection ends, through greeting, log-in, lists, letters and marks."""
    visitor(office)
    way = Cutting(server.port)
    write_channels(tmp_path, settings, imap=way.port)
    for raw in letters(4, size=1500):
        server.deliver(raw)
    cuts = 0
    try:
        for most in range(0, 20_000, 173):
            way.most = most
            with suppress(ImapProblem):
                fetching.fetch(office)
                break
            cuts += 1
            fetching.process(office)
        fetching.process(office)
    finally:
        way.close()
    assert cuts > 10
    assert questions() == [f"Pertanyaan {n}" for n in range(4)]
    assert server.unread() == 0


def test_killed_in_mid_message(server, office, monkeypatch):
    """Between the storing of a mail and the mark that it was taken, the server dies."""
    from services.mail import imap

    visitor(office)
    for raw in letters(3):
        server.deliver(raw)
    whole = imap.Inbox.mark_seen

    def die(self, uid: int) -> None:
        server.kill()
        whole(self, uid)

    monkeypatch.setattr(imap.Inbox, "mark_seen", die)
    assert fetching.run(office) == 1
    assert (IncomingMail.objects.count(), server.unread()) == (1, 3)
    monkeypatch.setattr(imap.Inbox, "mark_seen", whole)
    server.start()
    assert fetching.run(office) == 2
    assert questions() == [f"Pertanyaan {n}" for n in range(3)]
    assert server.unread() == 0
