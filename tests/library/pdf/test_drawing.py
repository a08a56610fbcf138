"""Pages as pictures with the mark in the pixels, and their words in the right place."""

from __future__ import annotations

import itertools
import logging
import os
import pickle
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pikepdf
import pytest
from PIL import ImageChops, ImageStat

from library.pdf import documents, drawing, marking
from library.pdf.documents import PageBroken
from library.pdf.drawing import WIDTHS, find, page_image
from library.pdf.pool import Limits, Pool, WorkerDied
from tests.library.pdf.papers import (
    CASES,
    TEXT,
    change,
    page_text,
    picture,
    pixels,
    raw_page,
    unmarked,
    write,
)

MARK = ("Siti Rahmawati", "siti@contoh.go.id", "22 Nov 2026 17.20 WITA", "PST-7411-000123")


@pytest.fixture(autouse=True)
def nothing_open():
    yield
    documents.close_all()


PAPERS = {"white": b"1 g", "black": b"0 g", "grey": b"0.5 g", "blue": b"0 0.2 0.5 rg"}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("paper", PAPERS)
def test_the_mark_is_in_every_part_of_the_page(tmp_path, paper, width):
    """Parts as large as four words on two lines: nobody copies a paragraph without it."""
    path = raw_page(tmp_path / "a.pdf", PAPERS[paper] + b" 0 0 595 842 re f")
    with_mark, without = picture(page_image(path, 1, width, MARK)), unmarked(path, width)
    difference = ImageChops.difference(with_mark, without).convert("L")
    across = max(32, width // 9)
    for x, y in itertools.product(
        range(0, with_mark.width - across, across // 2), range(0, with_mark.height - across, across // 2)
    ):
        tile = difference.crop((x, y, x + across, y + across))
        touched = sum(tile.histogram()[10:]) / across**2
        assert touched > 0.03, f"nothing at {x}, {y}"
    assert difference.getextrema()[1] < 150, "pale: letters and paper are 255 apart"


@pytest.mark.parametrize("width", [480, 900, 2000])
def test_what_stands_on_the_page_stays_readable(tmp_path, width):
    """Where letters are, the picture is still much darker than around them."""
    path = write(tmp_path / "a.pdf", TEXT * 8)
    with_mark, without = (
        picture(page_image(path, 1, width, MARK)).convert("L"),
        unmarked(path, width).convert("L"),
    )
    ink, paper = without.point(lambda v: 255 * (v < 60)), without.point(lambda v: 255 * (v > 250))
    on_ink, on_paper = ImageStat.Stat(with_mark, ink), ImageStat.Stat(with_mark, paper)
    assert on_ink.mean[0] + 120 < on_paper.mean[0]


@pytest.mark.parametrize("mark", [(), ("",), ("  ", "\n"), ("\u200b\u202e",)])
def test_no_page_leaves_without_a_mark(tmp_path, mark):
    path = write(tmp_path / "a.pdf")
    for width in WIDTHS:
        with pytest.raises(ValueError, match="mark"):
            page_image(path, 1, width, mark)


@pytest.mark.parametrize(
    "name",
    ["I Gusti Ayu Made Ñandá Çelik-Öztürk", "王小明", "محمد بن سلمان", "🙂 Budi", "W" * 5000, "a\nb\tc\x00d", "\u202eterbalik"],
)  # fmt: skip
def test_any_name_can_be_drawn(tmp_path, name):
    path = raw_page(tmp_path / "a.pdf", b"")
    for width in (160, 900):
        image = picture(page_image(path, 1, width, (name,)))
        assert ImageStat.Stat(image.convert("L")).stddev[0] > 3
    text = marking.mark_text((name, *MARK))
    assert len(text) <= marking.WHOLE
    assert text.isprintable()
    assert MARK[0] in text, "a long name leaves room for the rest"


def test_without_any_font_of_the_system_there_is_a_mark_too(tmp_path, monkeypatch):
    monkeypatch.setattr(marking, "FONTS", ("no-such-font.ttf",))
    marking._font.cache_clear()
    marking._pieces.cache_clear()
    try:
        image = picture(page_image(raw_page(tmp_path / "a.pdf", b""), 1, 900, ("Çelik 王", *MARK)))
        assert ImageStat.Stat(image.convert("L")).stddev[0] > 3
    finally:
        marking._font.cache_clear()
        marking._pieces.cache_clear()


def test_pictures_have_the_widths_asked_for(tmp_path):
    path = write(tmp_path / "a.pdf")
    for width in WIDTHS:
        image = picture(page_image(path, 1, width, MARK))
        assert image.width == width
        assert abs(image.height - width * 297 / 210) <= 1
    with pytest.raises(ValueError, match="width"):
        page_image(path, 1, 5000, MARK)


@pytest.mark.parametrize("box", [(0, 0, 10, 14400), (0, 0, 14400, 10), (0, 0, 3, 3), (0, 0, 14400, 14400)])
def test_odd_shapes_stay_within_the_limit(tmp_path, box):
    image = picture(page_image(raw_page(tmp_path / "a.pdf", b"", box), 1, 2000, MARK))
    assert image.width <= 2000
    assert image.height <= drawing.HIGHEST
    assert image.width * image.height <= drawing.MOST_PIXELS


QUARTERS = b"1 0 0 rg 0 421 297 421 re f 0 1 0 rg 297 421 298 421 re f 0 0 1 rg 0 0 297 421 re f"
CORNERS = {0: "RGBW", 90: "BRWG", 180: "WBGR", 270: "GWRB"}  # top left, top right, bottom left, bottom right


@pytest.mark.parametrize("turn", CORNERS)
def test_rotation(tmp_path, turn):
    path = raw_page(tmp_path / "a.pdf", QUARTERS, Rotate=turn)
    image = picture(page_image(path, 1, 480, MARK))
    assert (image.width > image.height) == (turn in {90, 270})
    seen = ""
    for y, x in itertools.product((0.25, 0.75), (0.25, 0.75)):
        across, down = round(x * image.width), round(y * image.height)
        part = image.crop((across - 40, down - 40, across + 40, down + 40))
        red, green, blue = (value > 150 for value in ImageStat.Stat(part).mean)
        seen += {(1, 0, 0): "R", (0, 1, 0): "G", (0, 0, 1): "B", (1, 1, 1): "W"}[red, green, blue]
    assert seen == CORNERS[turn]


def test_only_what_the_crop_leaves_is_drawn_and_read(tmp_path):
    path = change(write(tmp_path / "a.pdf"), CropBox=[0, 740, 595, 842])
    image = picture(page_image(path, 1, 900, MARK))
    assert abs(image.height - 900 * 102 / 595) <= 1
    assert [line["text"] for line in page_text(path, 1)] == ["Kabupaten Kolaka Timur"]
    assert find(path, 1, ["penduduk"]) == []


@pytest.mark.parametrize("case", CASES)
def test_a_hit_is_coloured_in_the_picture(tmp_path, case):
    path = change(write(tmp_path / "a.pdf"), **CASES[case])
    (box,) = find(path, 1, ["kolaka"])
    plain, coloured = (picture(page_image(path, 1, 900, MARK, query)) for query in ("", "kolaka!"))
    difference = ImageChops.difference(plain, coloured).convert("L").point(lambda v: 255 * (v > 40))
    left, top, right, bottom = difference.getbbox()
    for seen, wanted in zip((left, top, right, bottom), pixels(plain, box), strict=True):
        assert abs(seen - wanted) <= 6


def test_filled_forms_and_notes_are_drawn(tmp_path):
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(200, 200))
        look = pdf.make_stream(b"0 g 0 0 100 100 re f", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 100, 100])  # fmt: skip
        field = pdf.make_indirect(pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx, T="a", V="b", F=4,
            Rect=[50, 50, 150, 150], AP=pikepdf.Dictionary(N=look),
        ))  # fmt: skip
        pdf.pages[0].Annots = pikepdf.Array([field])
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field]))
        pdf.save(tmp_path / "a.pdf")
    image = unmarked(str(tmp_path / "a.pdf"), 480).convert("L")
    assert image.getpixel((240, 240)) < 60


def test_a_broken_page_says_so(tmp_path):
    (tmp_path / "no.pdf").write_bytes(b"%PDF-1.7 no more than that")
    locked = tmp_path / "locked.pdf"
    with pikepdf.open(write(tmp_path / "a.pdf")) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(user="secret", owner="secret"))
    for function, arguments in ((page_image, (900, MARK)), (find, (["a"],))):
        for path, page in ((tmp_path / "no.pdf", 1), (locked, 1), (tmp_path / "a.pdf", 2), (tmp_path / "a.pdf", 0)):  # fmt: skip
            with pytest.raises(PageBroken) as error:
                function(str(path), page, *arguments)
            assert type(pickle.loads(pickle.dumps(error.value))) is PageBroken
    with pytest.raises(FileNotFoundError):
        page_image(str(tmp_path / "gone.pdf"), 1, 900, MARK)


def test_a_few_documents_stay_open_and_a_replaced_one_does_not(tmp_path):
    paths = [write(tmp_path / f"{n}.pdf", f"<p>buku{n}") for n in range(documents.KEPT + 3)]
    for path in paths:
        page_text(path, 1)
    assert documents.count_open() == documents.KEPT
    kept = documents.document(paths[-1])
    assert documents.document(paths[-1]) is kept
    write(Path(paths[-1]), "<p>lain sama sekali")
    os.utime(paths[-1], (time.time() + 5, time.time() + 5))
    assert page_text(paths[-1], 1)[0]["text"] == "lain sama sekali"
    assert documents.count_open() == documents.KEPT
    Path(paths[-1]).unlink()
    with pytest.raises(FileNotFoundError):
        page_text(paths[-1], 1)


def test_through_the_pool(tmp_path):
    """The same bytes as in this process; a broken page and a file that is gone come back as what they are."""
    path = write(tmp_path / "a.pdf")
    pool = Pool(Limits(workers=1))
    try:
        assert pool.run(page_image, path, 1, 900, MARK, "kolaka") == page_image(path, 1, 900, MARK, "kolaka")
        assert pool.run(find, path, 1, ["kolaka"]) == find(path, 1, ["kolaka"]) != []
        with pytest.raises(PageBroken, match="no page 9"):
            pool.run(page_image, path, 9, 900, MARK)
        worker = pool.pids()
        Path(path).unlink()
        with pytest.raises(FileNotFoundError):
            pool.run(page_image, path, 1, 900, MARK)
        assert pool.pids() == worker
    finally:
        pool.close()


def test_a_page_on_which_pdfium_crashes_takes_only_its_worker(tmp_path, caplog):
    """Forms within forms, ten times each: some kilobytes that are a thousand million rectangles."""
    form = {"Type": pikepdf.Name.XObject, "Subtype": pikepdf.Name.Form, "BBox": [0, 0, 600, 900]}
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        inner = pdf.make_stream(b"0 0 100 100 re f", **form)
        for _n in range(9):
            around = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=inner))
            inner = pdf.make_stream(b"q /F Do Q " * 10, Resources=around, **form)
        pdf.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=inner))
        pdf.pages[0].Contents = pdf.make_stream(b"/F Do")
        pdf.save(tmp_path / "bomb.pdf")
    good = write(tmp_path / "a.pdf")
    pool = Pool(Limits(workers=2, memory=300 * 2**20))
    try:
        with ThreadPoolExecutor(2) as threads:
            bad = threads.submit(pool.run, page_image, str(tmp_path / "bomb.pdf"), 1, 900, MARK)
            pictures = [pool.run(page_image, good, 1, 480, MARK) for _n in range(5)]
            with pytest.raises(WorkerDied, match="SIGABRT"):
                bad.result(60)
        assert len(set(pictures)) == 1
        assert [r.getMessage().split(": ", 1)[1] for r in caplog.records if r.levelno >= logging.WARNING] == [
            "page_image"
        ]
    finally:
        pool.close()
