"""The process around everything that opens a strange PDF."""

from __future__ import annotations

import time

import pytest

from library.pdf import child
from library.pdf.faults import Refused

HERE = "tests.library.pdf.drawn:"
LIMITS = {"seconds": 20, "megabytes": 1_000, "file_megabytes": 5}


def test_arguments_and_answer_come_over_whatever_is_printed(tmp_path):
    given = {"path": tmp_path / "ä b", "numbers": [1, 2.5], "words": "Kabupaten “Muna”", "nothing": None}
    answer = child.call(HERE + "echo", **LIMITS, **given)
    assert answer == {**given, "path": str(tmp_path / "ä b")}


def test_too_much_memory():
    with pytest.raises(child.Died) as died:
        _grow(2_000)
    assert died.value.reason == "memory"


def _grow(wanted: int):
    return child.run(HERE + "grow", {"megabytes": wanted}, **LIMITS)


def test_memory_within_the_limit_is_measured():
    assert 150 < _grow(150).peak_mb < 400


@pytest.mark.parametrize("how", ["spin", "sleep"])
def test_too_much_time(how):
    with pytest.raises(child.Died) as died:
        child.call(HERE + how, **{**LIMITS, "seconds": 1})
    assert died.value.reason == "time"


def test_what_it_started_ends_with_it(tmp_path):
    mark = tmp_path / "alive"
    with pytest.raises(child.Died):
        child.run(HERE + "start_another", {"wait": 4, "path": str(mark)}, **{**LIMITS, "seconds": 2})
    time.sleep(3.5)
    assert not mark.exists()


def test_a_crash_keeps_what_it_said():
    with pytest.raises(child.Died) as died:
        child.call(HERE + "crash", **LIMITS)
    assert died.value.reason == "crash"
    assert "about to fall" in died.value.detail
    assert "-11" in died.value.detail


def test_an_exception_is_a_crash_with_its_traceback():
    with pytest.raises(child.Died) as died:
        child.call(HERE + "grow", **LIMITS, size="many")
    assert died.value.reason == "crash"
    assert "TypeError" in died.value.detail


def test_files_have_a_limit(tmp_path):
    with pytest.raises(OSError, match="too large"):
        child.run(HERE + "fill", {"path": str(tmp_path / "big"), "megabytes": 9}, **LIMITS)
    assert (tmp_path / "big").stat().st_size <= 5_000_000


def test_a_refusal_and_a_full_disk_come_over():
    with pytest.raises(Refused) as refused:
        child.call(HERE + "refuse", **LIMITS)
    assert (refused.value.code, refused.value.values["page"]) == ("page_size", 3)
    with pytest.raises(OSError, match="No space left") as full:
        child.call(HERE + "no_room", **LIMITS)
    assert full.value.errno == 28


def test_it_knows_nothing_of_the_application(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://user:secret@localhost/x")
    monkeypatch.setenv("PST_SECRET_KEY", "secret")
    found = child.call(HERE + "environment", **LIMITS)
    assert not found["django"]
    assert found["session"]
    assert set(found["names"]) <= {*child.KEPT, "PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "LC_CTYPE"}


def test_a_module_that_is_not_there():
    with pytest.raises(child.Died) as died:
        child.call("library.pdf.nowhere:at_all", **LIMITS)
    assert "nowhere" in died.value.detail
