"""Every awkward file is taken in, marked on every page for all to see and sound, or refused by name."""

from __future__ import annotations

import hashlib
import logging
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from library.pdf import child, limits
from library.pdf.cut import cut
from library.pdf.examine import NOTES, take_in
from library.pdf.faults import CODES, Refused
from library.pdf.stamp import stamp
from tests.library.pdf.corpus import CASES, Case

LIMITED = {"seconds": 60, "megabytes": 1_500, "file_megabytes": 100}
# Refused by other tests.
ELSEWHERE = {"too_large", "too_slow", "duplicate", "duplicate_elsewhere", "virus", "not_scanned", "gone"}
SUBTLE = {"long_strip", "broad_strip"}  # marked several times: there the code is not where it is on a page
# PDFium draws these originals not at all: pages that are only counted, boxes without a common part.
NOT_AS_BEFORE = {"count_of_pages_wrong", "crop_box_beside_media_box"}


def test_there_are_enough():
    assert len(CASES) >= 60
    assert sum(1 for case in CASES.values() if case.refused) >= 20
    assert {case.refused for case in CASES.values() if case.refused} == set(CODES) - ELSEWHERE


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
    part = tmp_path / "part.pdf"
    cut(clean, range(1, taken.pages + 1), part)
    _sound([clean, marked, part])
    as_before = not taken.notes and case.name not in NOT_AS_BEFORE
    pairs = [[clean, marked], [clean, part], *([[original, clean]] if as_before else [])]
    given = {
        "pairs": [[str(file) for file in pair] for pair in pairs],
        "files": [str(f) for f in (clean, marked, part)],
    }
    found = child.call("tests.library.pdf.drawn:looked_at", **LIMITED, **given)
    assert not any(found["faults"].values()), found["faults"]
    for page in found["pairs"][0]:
        _seen(case, page)
    assert all(page["all"] == 0 for page in found["pairs"][1]), "the pages of the part look otherwise"
    assert all(page["all"] < 0.002 for pages in found["pairs"][2:] for page in pages), (
        "intake changed the look"
    )


def _seen(case: Case, page: dict) -> None:
    assert "sizes" not in page
    assert page["all"] > 0.02, page
    assert page["middle"] > 0.03, page
    assert page["corner"] > 0.1 or case.name in SUBTLE, page


def _sound(files: list) -> None:
    """Where a qpdf is installed; its own code in the library is asked in any case."""
    if qpdf := shutil.which("qpdf"):
        for file in files:
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
