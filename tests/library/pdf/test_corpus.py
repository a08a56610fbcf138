"""Every awkward file is taken in, marked on every page for all to see and sound, or refused by name."""

from __future__ import annotations

import hashlib
import logging
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from library.pdf import child, limits
from library.pdf.examine import NOTES, take_in
from library.pdf.faults import CODES, Refused
from library.pdf.stamp import stamp
from tests.library.pdf.corpus import CASES, Case

LIMITED = {"seconds": 60, "megabytes": 1_500, "file_megabytes": 100}
SUBTLE = {"long_strip", "broad_strip"}  # marked several times: there the code is not where it is on a page
# PDFium draws these originals not at all: pages that are only counted, boxes without a common part.
NOT_AS_BEFORE = {"count_of_pages_wrong", "crop_box_beside_media_box"}


def test_there_are_enough():
    assert len(CASES) >= 60
    assert sum(1 for case in CASES.values() if case.refused) >= 20
    assert {case.refused for case in CASES.values() if case.refused} == set(CODES) - {"too_large", "too_slow"}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_marked_or_refused(case: Case, tmp_path, caplog, drawn_mark):
    caplog.set_level(logging.DEBUG, "library.pdf.child")
    original, clean, texts = tmp_path / "original.pdf", tmp_path / "clean.pdf", tmp_path / "texts"
    original.write_bytes(case.make())
    before = hashlib.sha256(original.read_bytes()).digest()
    if case.refused:
        with pytest.raises(Refused) as refused:
            take_in(original, clean, texts)
        assert refused.value.code == case.refused, refused.value.__cause__
        assert [file.name for file in tmp_path.iterdir()] == ["original.pdf"]
        assert hashlib.sha256(original.read_bytes()).digest() == before
        return
    taken = take_in(original, clean, texts)
    assert hashlib.sha256(original.read_bytes()).digest() == before
    assert taken.pages == case.pages
    assert case.notes <= set(taken.notes) <= set(NOTES)
    assert len(texts.read_text().splitlines()) == taken.pages
    peaks = [record.args[2] for record in caplog.records if record.name == "library.pdf.child"]
    assert len(peaks) == 2
    assert max(peaks) < limits.MEGABYTES
    marked = tmp_path / "marked.pdf"
    assert stamp(clean, drawn_mark, marked, info={"Serial": "A-1"}).pages == taken.pages
    _sound(clean)
    _sound(marked)
    _seen(case, clean, marked)
    if not taken.notes and case.name not in NOT_AS_BEFORE:
        changed = child.call("tests.library.pdf.drawn:differences", **LIMITED, one=original, other=clean)
        assert all(page["all"] < 0.002 for page in changed), changed


def _seen(case: Case, clean, marked) -> None:
    for page in child.call("tests.library.pdf.drawn:differences", **LIMITED, one=clean, other=marked):
        assert "sizes" not in page
        assert page["all"] > 0.02, page
        assert page["middle"] > 0.03, page
        assert page["corner"] > 0.1 or case.name in SUBTLE, page


def _sound(file) -> None:
    assert child.call("tests.library.pdf.drawn:checked", **LIMITED, file=file) == []
    if qpdf := shutil.which("qpdf"):
        subprocess.run([qpdf, "--check", str(file)], check=True, capture_output=True)


def test_neighbours_notice_nothing(tmp_path):
    """Bombs and a crash next door change neither what becomes of a sound file nor how it is written."""
    (tmp_path / "good.pdf").write_bytes(CASES["tagged"].make())
    alone = take_in(tmp_path / "good.pdf", tmp_path / "alone.pdf", tmp_path / "alone.txt")

    def bad(name: str) -> str:
        file = tmp_path / f"{name}.pdf"
        file.write_bytes(CASES[name].make())
        with pytest.raises(Refused) as refused:
            take_in(file, file.with_suffix(".clean"), file.with_suffix(".txt"))
        return refused.value.code

    names = ["content_of_400_megabytes", "text_drawn_a_million_million_times", "a_header_and_noise"]
    with ThreadPoolExecutor(3) as others:
        codes = others.map(bad, names)
        beside = take_in(tmp_path / "good.pdf", tmp_path / "beside.pdf", tmp_path / "beside.txt")
        assert list(codes) == [CASES[name].refused for name in names]
    assert beside == alone
    assert (tmp_path / "beside.pdf").read_bytes() == (tmp_path / "alone.pdf").read_bytes()
    assert (tmp_path / "beside.txt").read_bytes() == (tmp_path / "alone.txt").read_bytes()
