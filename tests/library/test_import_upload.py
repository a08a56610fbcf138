"""Files at the import form of the real server: what is larger than memory likes, and what is larger than allowed."""

from __future__ import annotations

import http.client
import os
import tempfile
import time
from pathlib import Path
from threading import Event, Thread

import pytest
from django.test import Client

from library.models import Import
from pst import uploads
from tests.conftest import new_user
from tests.processes import site

HERE = "/panel/impor/"
BOUNDARY = "grens"
HEAD = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n%s\r\n'
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="besar.csv"\r\n'
    "Content-Type: text/csv\r\n\r\nJudul,Tahun\n"
)
TAIL = f"\r\n--{BOUNDARY}--\r\n".encode()
LINES = b"Kolaka Timur Dalam Angka 2024,2024\n" * 30_000  # about a megabyte


@pytest.fixture
def server(transactional_db, offices, settings, tmp_path):
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }
    with site() as port:
        yield port


def signed_in(role: str, office) -> str:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(new_user(office, role), backend="django.contrib.auth.backends.ModelBackend")
    client.get(HERE)
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())


class Memory(Thread):
    """The largest resident size of this process while it runs, against the beginning, in MB."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.done, self.first, self.most = Event(), resident(), 0.0

    def run(self) -> None:
        while not self.done.wait(0.05):
            self.most = max(self.most, resident() - self.first)


def resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def files_on_disk() -> set[str]:
    """Temporary files with a name, and those without that this process holds open."""
    held = {
        str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.exists() or link.is_symlink()
    }
    return {name for name in held if "(deleted)" in name} | {
        p.name for p in Path(tempfile.gettempdir()).glob("*.upload*")
    }


def send(port: int, cookies: str, megabytes: int, *, said: bool = True) -> tuple[int, str, int]:
    """The answer's status and text, and how many bytes were sent until then. `said`: with Content-Length."""
    token = cookies.partition("pst_csrf=")[2].partition(";")[0]
    head = (HEAD % token).encode()
    whole = len(head) + megabytes * len(LINES) + len(TAIL)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.putrequest("POST", HERE)
    connection.putheader("Cookie", cookies)
    connection.putheader("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")
    connection.putheader(*(("Content-Length", str(whole)) if said else ("Transfer-Encoding", "chunked")))
    connection.endheaders()
    sent = 0

    def piece(data: bytes) -> None:
        nonlocal sent
        connection.send(data if said else b"%x\r\n%b\r\n" % (len(data), data))
        sent += len(data)

    try:
        piece(head)
        for _n in range(megabytes):
            piece(LINES)
        piece(TAIL)
        if not said:
            connection.send(b"0\r\n\r\n")
    except (BrokenPipeError, ConnectionResetError):
        pass
    try:
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), sent
    except (ConnectionResetError, BrokenPipeError, http.client.BadStatusLine):
        return 0, "", sent
    finally:
        connection.close()


@pytest.fixture
def cookies(server, offices, settings):
    return signed_in("supervisor", offices["7411"])


@pytest.mark.parametrize("said", [True, False])
def test_a_file_that_memory_would_not_like_is_taken(server, cookies, said):
    before, memory = files_on_disk(), Memory()
    memory.start()
    status, _text, _sent = send(server, cookies, 40, said=said)
    memory.done.set()
    assert status == 302
    assert Import.objects.get().file.size > 40_000_000
    assert files_on_disk() <= before
    assert memory.most < 50


@pytest.mark.parametrize("said", [True, False])
def test_one_that_is_too_large_is_refused_in_words_and_leaves_nothing(server, cookies, settings, said):
    settings.IMPORT_MOST_BYTES = 5_000_000
    before = files_on_disk()
    status, text, _sent = send(server, cookies, 30, said=said)
    assert (status, text) == (413, "Berkas lebih besar dari 5 MB. Bagi menjadi beberapa berkas.\n")
    assert files_on_disk() <= before
    assert not Import.objects.exists()


def test_a_little_too_large_is_told_by_the_form(server, cookies, settings):
    settings.IMPORT_MOST_BYTES = 5_000_000
    status, text, _sent = send(server, cookies, 5)
    assert status == 422
    assert "Berkas lebih besar dari 5 MB" in text


@pytest.mark.parametrize("role", ["frontliner", ""])
def test_who_may_not_import_may_not_fill_the_disk(server, offices, role):
    cookies = signed_in(role, offices["7411"]) if role else "pst_session=x; pst_csrf=x"
    _status, _text, sent = send(server, cookies, 30)
    assert _status in (413, 0)  # the connection is closed while the rest is still sent
    assert sent < 29 * len(LINES)
    assert not Import.objects.exists()


def test_only_a_few_at_once(server, cookies, monkeypatch):
    monkeypatch.setitem(uploads._busy, True, uploads.AT_ONCE)
    status, text, _sent = send(server, cookies, 5)
    assert status == 503
    assert "Sedang ada berkas lain" in text


def nowhere():
    raise OSError(24, "Too many open files")


def full():
    return Path("/dev/full").open("w+b")


@pytest.mark.parametrize("no_room", [full, nowhere])
def test_without_room_on_the_disk_it_is_refused_in_words_and_the_next_is_taken(
    server, cookies, monkeypatch, no_room
):
    with monkeypatch.context() as now:
        now.setattr(uploads, "TemporaryFile", no_room)
        for _n in range(uploads.AT_ONCE + 1):
            status, text, _sent = send(server, cookies, 5)
            assert status == 503
            assert "Server tidak dapat menyimpan berkas ini" in text
    assert send(server, cookies, 5)[0] == 302


def test_a_broken_off_file_leaves_nothing(server, cookies):
    before = files_on_disk()
    connection = http.client.HTTPConnection("127.0.0.1", server, timeout=10)
    connection.putrequest("POST", HERE)
    connection.putheader("Cookie", cookies)
    connection.putheader("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")
    connection.putheader("Content-Length", "90000000")
    connection.endheaders()
    connection.send(LINES * 5)
    connection.close()
    deadline = time.monotonic() + 10
    while any(uploads._busy.values()) or not files_on_disk() <= before:
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize("said", [True, False])
def test_a_gigabyte(server, cookies, said):
    """Measured: 1 to 2 s, no memory."""
    before, memory = files_on_disk(), Memory()
    memory.start()
    status, text, sent = send(server, cookies, 1_000, said=said)
    memory.done.set()
    assert sent > 1_000_000_000
    assert status == 413
    assert "500 MB" in text
    assert memory.most < 50
    assert files_on_disk() <= before
    assert not Import.objects.exists()
