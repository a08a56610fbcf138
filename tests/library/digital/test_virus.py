"""Every file goes past clamd where there is one; anything but "OK" is refused, silence makes the file wait."""

from __future__ import annotations

import shutil
import socket
import socketserver
import struct
import subprocess
import threading
import time
from contextlib import contextmanager

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from library.digital import virus
from library.pdf.faults import Refused
from library.workflows import intake
from tests.library.digital import support
from tests.library.support import title

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Scanner(socketserver.ThreadingTCPServer):
    """Speaks clamd's INSTREAM. `answer`: what it says of everything; else it looks for EICAR."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, answer: bytes | None = None, most: int = 25_000_000):
        super().__init__(("127.0.0.1", 0), Talk)
        self.answer, self.most, self.heard = answer, most, b""


class Talk(socketserver.StreamRequestHandler):
    server: Scanner

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        if self.server.answer == b"":
            return
        content = b""
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
            if len(content) > self.server.most:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.server.heard = content
        found = b"stream: Eicar-Test-Signature FOUND" if EICAR in content else b"stream: OK"
        self.wfile.write((self.server.answer or found) + b"\0")


@contextmanager
def scanner(settings, **how):
    with Scanner(**how) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.CLAMD = f"tcp://127.0.0.1:{server.server_address[1]}"
        try:
            yield server
        finally:
            server.shutdown()


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "berkas.pdf"
    file.write_bytes(b"%PDF-1.7" + b"a" * 200_000)
    return file


def refused(path) -> Refused:
    with pytest.raises(Refused) as problem:
        virus.check(path)
    return problem.value


def test_without_a_scanner_nothing_is_asked(path, settings):
    settings.CLAMD = ""
    virus.check(path)


def test_a_clean_file_passes_whole(path, settings):
    with scanner(settings) as server:
        virus.check(path)
        assert server.heard == path.read_bytes()


def test_a_virus_is_named(path, settings):
    path.write_bytes(path.read_bytes() + EICAR)
    with scanner(settings):
        problem = refused(path)
    assert (problem.code, problem.values) == ("virus", {"name": "Eicar-Test-Signature"})


@pytest.mark.parametrize(
    "answer",
    [b"stream: OKAY", b"stream: OK FOUND", b"UNKNOWN COMMAND", b"stream: Can't allocate memory ERROR"],
)
def test_anything_but_ok_is_refused(path, settings, answer):
    with scanner(settings, answer=answer):
        assert refused(path).code in ("virus", "not_scanned")


def test_too_large_for_the_scanner_is_refused(path, settings):
    with scanner(settings, most=1_000):
        assert refused(path).code == "not_scanned"


def test_nobody_there_or_nothing_said_makes_it_wait(path, settings):
    with scanner(settings, answer=b""), pytest.raises(virus.ScannerAway):
        virus.check(path)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.CLAMD = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        with pytest.raises(virus.ScannerAway):
            virus.check(path)


@pytest.mark.django_db
class TestIntake:
    def test_a_virus_is_never_read_and_never_kept(
        self, office, stored, settings, django_capture_on_commit_callbacks
    ):
        digital = support.brought(office, support.pdf() + b"\n%" + EICAR)
        with scanner(settings), django_capture_on_commit_callbacks(execute=True):
            intake.check(digital.pk)
        digital = support.fresh(digital)
        assert (digital.state, digital.fault) == ("refused", "virus")
        assert support.on_disk(stored) == []

    def test_while_the_scanner_is_away_it_is_not_in_use(self, office, settings):
        book = title(office)
        digital = support.brought(office, support.pdf(), publication=book)
        settings.CLAMD = "unix:/nonexistent/clamd.ctl"
        with pytest.raises(virus.ScannerAway):
            intake.check(digital.pk)
        assert support.fresh(digital).state == "checking"
        ProcrastinateJob.objects.all().delete()  # tried as often as a job is
        assert intake.take_up() == 1
        assert ProcrastinateJob.objects.filter(task_name=intake.TASK, args={"pk": digital.pk}).count() == 1
        with scanner(settings):
            intake.check(digital.pk)
        assert support.fresh(digital).state == "ready"
        assert intake.take_up() == 0


@pytest.mark.skipif(shutil.which("clamd") is None, reason="clamd is not installed")
def test_the_real_clamd(path, settings, tmp_path):
    """With a signature of its own: the real database is hundreds of megabytes."""
    (tmp_path / "db").mkdir(mode=0o755)
    (tmp_path / "db" / "test.ndb").write_text(f"Test.Eicar:0:*:{EICAR.hex()}\n")
    address = tmp_path / "clamd.sock"
    config = tmp_path / "clamd.conf"
    config.write_text(
        f"LocalSocket {address}\nDatabaseDirectory {tmp_path / 'db'}\nForeground yes\nUser root\n"
    )
    process = subprocess.Popen(
        ["clamd", "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + 60
        while not address.exists():
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.1)
        settings.CLAMD = f"unix:{address}"
        virus.check(path)
        path.write_bytes(EICAR)
        assert refused(path).values == {"name": "Test.Eicar.UNOFFICIAL"}
    finally:
        process.terminate()
        process.wait(30)
