"""The words of a page, and that their boxes lie where the letters are drawn."""

from __future__ import annotations

import pytest

from library.pdf import documents
from library.pdf.page_words import find
from tests.library.pdf.papers import CASES, change, page_text, pixels, raw_page, unmarked, write


@pytest.fixture(autouse=True)
def nothing_open():
    yield
    documents.close_all()


@pytest.mark.parametrize("case", CASES)
def test_boxes_lie_on_the_ink(tmp_path, case):
    """Each box has ink, close around it is none, and outside all boxes there is nothing."""
    path = change(write(tmp_path / "a.pdf"), **CASES[case])
    image = unmarked(path, 1400).convert("L").point(lambda v: 255 * (v < 128))
    lines = page_text(path, 1)
    assert len(lines) == 3 or "cropped" in case
    for line in lines:
        left, top, right, bottom = pixels(image, line)
        ink = image.crop((left - 12, top - 12, right + 12, bottom + 12)).getbbox()
        assert ink, line
        for found, wanted in zip(ink, (12, 12, right - left + 12, bottom - top + 12), strict=True):
            assert abs(found - wanted) <= 8, (line, ink)
        image.paste(0, (left - 8, top - 8, right + 8, bottom + 8))
    assert image.getbbox() is None


def test_lines_come_in_the_order_of_reading(tmp_path):
    path = write(tmp_path / "a.pdf")
    assert [line["text"] for line in page_text(path, 1)] == [
        "Kabupaten Kolaka Timur", "Jumlah penduduk miskin, café dan ekonomi.", "Garis kemiskinan",
    ]  # fmt: skip
    for line in page_text(path, 1):
        assert 0 <= line["x"] <= line["x"] + line["w"] <= 1
        assert 0 <= line["y"] <= line["y"] + line["h"] <= 1


def test_columns_are_lines_of_their_own(tmp_path):
    rows = "".join(f"<tr><td>Kecamatan {n}<td>{n}.311" for n in range(1, 4))
    path = write(tmp_path / "a.pdf", f"<table style='width:100%'>{rows}</table>")
    texts = [line["text"] for line in page_text(path, 1)]
    assert texts == ["Kecamatan 1", "1.311", "Kecamatan 2", "2.311", "Kecamatan 3", "3.311"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["penduduk"], 1), (["PENDU"], 1), (["duduk"], 0), (["cafe"], 1), (["Café"], 1), (["miskin"], 1),
        (["kemiskin", "kolaka"], 2), (["k"], 3), ([], 0), ([""], 0), (["ekonomi."], 0), (["ekonomi"], 1),
    ],
)  # fmt: skip
def test_words_are_found_whole_or_by_their_beginning(tmp_path, words, found):
    assert len(find(write(tmp_path / "a.pdf"), 1, words)) == found


def test_a_page_without_words_has_none(tmp_path):
    path = raw_page(tmp_path / "a.pdf", b"")
    assert (page_text(path, 1), find(path, 1, ["a"])) == ([], [])
