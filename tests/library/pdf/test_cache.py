"""The disk cache of drawn pages: bounded, shared by processes, and never in the way."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.pdf import cache as module
from library.pdf.cache import CHECK, Cache
from tests.library.pdf.waiting import until


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def total(folder: Path) -> int:
    return sum(path.stat().st_size for path in files(folder))


def test_gives_back_what_was_put_there(tmp_path):
    cache = Cache(tmp_path, 10_000)
    assert cache.get("a/../b") is None
    cache.put("a/../b", b"picture")
    cache.put("other", b"")
    assert (cache.get("a/../b"), cache.get("other")) == (b"picture", b"")
    assert Cache(tmp_path, 10_000).get("a/../b") == b"picture", "another process sees it too"
    assert all(path.stat().st_mode & 0o077 == 0 for path in files(tmp_path)), (
        "names of readers stand in the pages"
    )


def test_the_longest_unused_leaves_first(tmp_path):
    cache = Cache(tmp_path, 3 * (1000 + CHECK))
    for key in "abc":
        cache.put(key, bytes(1000))
    cache.get("a")
    cache.put("d", bytes(1000))
    assert [key for key in "abcd" if cache.get(key) is not None] == ["a", "c", "d"]


def test_a_page_larger_than_the_cache_pushes_nothing_out(tmp_path):
    cache = Cache(tmp_path, 1000)
    cache.put("small", b"x" * 100)
    cache.put("large", b"x" * 2000)
    assert (cache.get("small"), cache.get("large")) == (b"x" * 100, None)


steps = st.lists(
    st.tuples(st.sampled_from(["put", "get"]), st.integers(0, 12), st.integers(0, 4000)), max_size=60
)


@settings(max_examples=60, deadline=None)
@given(most=st.integers(0, 12_000), work=steps)
def test_never_more_than_it_may_and_the_last_used_are_there(most, work):
    """Against a plain list that does the same in memory."""
    folder = Path(tempfile.mkdtemp())
    try:
        cache, kept = Cache(folder, most), {}
        for what, key, size in work:
            if what == "get":
                assert cache.get(str(key)) == kept.get(key)
                if key in kept:
                    kept[key] = kept.pop(key)
            elif size + CHECK <= most:
                cache.put(str(key), bytes([key]) * size)
                kept.pop(key, None)
                while sum(len(v) + CHECK for v in kept.values()) > most - size - CHECK:
                    kept.pop(next(iter(kept)))
                kept[key] = bytes([key]) * size
            else:
                cache.put(str(key), bytes(size))
            assert total(folder) <= most
        assert {key: cache.get(str(key)) for key in range(13)} == {key: kept.get(key) for key in range(13)}
    finally:
        shutil.rmtree(folder)


def test_many_shelves_stay_within_the_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "SHELF_BYTES", 10_000)
    cache = Cache(tmp_path, 80_000)
    for n in range(300):
        cache.put(str(n), bytes(900))
        assert total(tmp_path) <= 80_000
    assert len(list(next(tmp_path.iterdir()).iterdir())) == 8
    assert total(tmp_path) > 50_000
    assert cache.get("299") is not None


PUTTER = """
import sys
from pathlib import Path
from library.pdf.cache import Cache
cache = Cache(Path(sys.argv[1]), 60_000)
for n in range(300):
    key = str((n * 7 + int(sys.argv[2])) % 90)
    found = cache.get(key)
    assert found is None or found == key.encode() * 500, "half a page"
    cache.put(key, key.encode() * 500)
"""


def test_processes_share_it(tmp_path):
    together = [subprocess.Popen([sys.executable, "-c", PUTTER, str(tmp_path), str(n)]) for n in range(4)]
    cache = Cache(tmp_path, 60_000)
    until(lambda: files(tmp_path))
    shelf, looked = files(tmp_path)[0].parent, 0
    while any(process.poll() is None for process in together):
        with module._locked(shelf):
            assert total(tmp_path) <= 60_000
            assert not list(tmp_path.rglob("new-*")), "one at a time makes room and writes"
        cache.get("17")
        looked += 1
    assert looked > 10
    assert [process.returncode for process in together] == [0] * 4
    assert total(tmp_path) <= 60_000
    assert not list(tmp_path.rglob("new-*")), "nothing half written stays"


def test_what_a_killed_writer_left_leaves_like_the_rest(tmp_path):
    cache = Cache(tmp_path, 3000)
    cache.put("a", bytes(100))
    left = files(tmp_path)[0].parent / "new-left"
    left.write_bytes(bytes(2500))
    os.utime(left, (1, 1))
    cache.put("b", bytes(1000))
    assert not left.exists()
    assert cache.get("a") == bytes(100)


@pytest.mark.parametrize("damage", [b"", b"short", bytes(500)])
def test_a_damaged_file_is_not_a_page(tmp_path, damage):
    cache = Cache(tmp_path, 3000)
    cache.put("a", b"page")
    files(tmp_path)[0].write_bytes(damage)
    assert cache.get("a") is None
    assert not files(tmp_path)


def test_one_page_is_not_given_for_another(tmp_path):
    cache = Cache(tmp_path, 3000)
    cache.put("a", b"page of a")
    cache.put("b", b"page of b")
    a, b = (cache._path(key) for key in "ab")
    shutil.copyfile(a, b)
    assert cache.get("b") is None


def test_a_cache_of_another_size_takes_the_place_of_the_old(tmp_path):
    Cache(tmp_path, 5000).put("a", bytes(4000))
    (tmp_path / "something else").write_text("not ours")
    Cache(tmp_path, 3000).put("b", bytes(2000))
    assert total(tmp_path) <= 3000
    assert (tmp_path / "something else").exists()


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 64 kB: a mounted one where we may mount, else a limit of the size of a file in a process of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], capture_output=True)
    if mounted.returncode:
        yield folder, True
        return
    yield folder, False
    subprocess.run(["umount", folder], check=True)


FULL = """
import logging, resource, sys
from pathlib import Path
from library.pdf.cache import Cache
logging.basicConfig(format="%(message)s")
if sys.argv[2] == "limit":
    import signal
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, 5_000))
cache = Cache(Path(sys.argv[1]), 10_000_000)
for n in range(40):
    cache.put(str(n), b"x" * 10_000)
print(sum(cache.get(str(n)) == b"x" * 10_000 for n in range(40)))
"""


def test_a_full_disk_is_no_cache(small_disk):
    folder, limited = small_disk
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(folder), "limit" if limited else "disk"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert int(done.stdout) == 0 if limited else 1 <= int(done.stdout) <= 6
    said = done.stderr.splitlines()
    assert len(said) == 1, "once a minute"
    assert "drawn anew" in said[0]
    assert ("File too large" if limited else "No space left") in said[0]
    assert not list(folder.rglob("new-*"))


def test_a_folder_that_vanishes_comes_back(tmp_path, caplog):
    cache = Cache(tmp_path / "pages", 10_000)
    cache.put("a", b"page")
    shutil.rmtree(tmp_path / "pages")
    assert cache.get("a") is None
    cache.put("a", b"page")
    assert cache.get("a") == b"page"
    assert not caplog.records


def test_a_folder_that_cannot_be_written_is_no_cache(tmp_path, caplog):
    in_the_way = tmp_path / "pages"
    in_the_way.write_text("a file")
    cache = Cache(in_the_way, 10_000)
    for _n in range(3):
        cache.put("a", b"page")
        assert cache.get("a") is None
        assert cache.fetch("a", lambda: b"drawn") == b"drawn"
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


def test_drawn_once_for_all_who_ask_at_the_same_moment(tmp_path):
    cache, drawn, got = Cache(tmp_path, 10_000), [], []
    begun, go_on = threading.Event(), threading.Event()

    def draw() -> bytes:
        drawn.append(1)
        begun.set()
        assert go_on.wait(10)
        return b"page"

    readers = [threading.Thread(target=lambda: got.append(cache.fetch("a", draw))) for _n in range(8)]
    readers[0].start()
    assert begun.wait(10)
    for reader in readers[1:]:
        reader.start()
    go_on.set()
    for reader in readers:
        reader.join(10)
    assert (got, drawn) == ([b"page"] * 8, [1])
    assert cache.fetch("a", draw) == b"page"
    assert drawn == [1]


def test_what_could_not_be_drawn_is_tried_again(tmp_path):
    cache = Cache(tmp_path, 10_000)

    def broken() -> bytes:
        raise ValueError("broken")

    for _n in range(2):
        with pytest.raises(ValueError, match="broken"):
            cache.fetch("a", broken)
    assert cache.fetch("a", lambda: b"page") == b"page"
