"""The mark itself: everything on it is inside the page, whatever people are called."""

from __future__ import annotations

import io

import pikepdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.digital import mark
from tests.library.pdf.conftest import LINES

ADDRESS = "https://pst.contoh.go.id/periksa/ABCDEFGH/"


def _draw(lines, serial="PST-7402-ABCD-EFGH", address=ADDRESS) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(mark.draw(lines, serial=serial, address=address))


def test_two_shapes_with_all_that_was_given():
    document = _draw(LINES)
    assert [tuple(round(n) for n in page.get_size()) for page in document] == [(595, 842), (842, 595)]
    for page in document:
        text = page.get_textpage().get_text_range()
        assert all(part in text for part in [*LINES, "PST-7402-ABCD-EFGH", ADDRESS])


def test_nothing_is_painted_where_nothing_is_said():
    """The ground is not white but nothing: a dark page keeps its colour."""
    for page in _draw(LINES):
        drawn = page.render(scale=1, fill_color=(10, 40, 90, 255)).to_pil().convert("RGB")
        colours = drawn.getcolors(drawn.width * drawn.height)
        share = {colour: count / (drawn.width * drawn.height) for count, colour in colours}
        assert share[(10, 40, 90)] > 0.75


@pytest.mark.parametrize(
    "lines",
    [
        ["A"],
        [],
        ["Raden Ajeng " + "Sitikusumaningdiah" * 4, "w" * 64 + "@" + "m" * 60 + ".go.id", "W" * 90, "M" * 90],
        ["محمد عبد الله", "王小明", "Ñandú Ő ß", "<b>&amp;</b> {{ lines }}", "x", "y", "z"],
        ["line\none", "\u202egnorw", "\x00" * 5, " "],
    ],
)
def test_nothing_leaves_the_page(lines):
    for page in _draw(lines):
        width, height = page.get_size()
        for index in range((text := page.get_textpage()).count_chars()):
            left, bottom, right, top = text.get_charbox(index, loose=False)
            if right > left and top > bottom:
                assert 0 < left < right < width, text.get_text_range(index, 1)
                assert 0 < bottom < top < height, text.get_text_range(index, 1)


@settings(deadline=None, max_examples=200)
@given(lines=st.lists(st.text(max_size=200), max_size=9))
def test_letters_shrink_before_lines_leave_the_diagonal(lines):
    shown = [mark.clean(line) for line in lines if mark.clean(line)][: mark.LINES]
    size = mark.fitting(shown, 210, 297)
    diagonal = (210**2 + 297**2) ** 0.5 / mark.MM_PER_PT
    assert mark.SMALLEST <= size <= mark.LARGEST
    assert all(
        len(line) <= mark.LETTERS and mark.length(line) * size <= mark.LENGTH * diagonal + 1e-6
        for line in shown
    )
    assert len(shown) * mark.LEADING * size <= mark.DEPTH * diagonal + 1e-6


def test_the_code_leads_to_the_address():
    """Its modules, read from the picture, are those of the address."""
    import segno

    code = segno.make(ADDRESS, error="m", micro=False)
    side = code.symbol_size(border=2)[0]
    page = _draw(LINES)[0]
    scale = 8
    drawn = page.render(scale=scale).to_pil().convert("L")
    unit = 13 / mark.MM_PER_PT / side * scale
    left = 6 / mark.MM_PER_PT * scale
    top = (297 - 4 - 13) / mark.MM_PER_PT * scale
    read = [
        [
            drawn.getpixel((int(left + (x + 0.5) * unit), int(top + (y + 0.5) * unit))) < 128
            for x in range(side)
        ]
        for y in range(side)
    ]
    wanted = [[bool(module) for module in row] for row in code.matrix_iter(border=2)]
    assert read == wanted


def test_it_is_small_and_has_no_outside_references():
    data = mark.draw(LINES, serial="A", address=ADDRESS)
    assert len(data) < 60_000
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert all("/Annots" not in page.obj for page in pdf.pages)
