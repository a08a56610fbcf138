"""The copy with a mark on every page."""

from __future__ import annotations

import hashlib
import io

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name, Pdf

from library.pdf import boxes, places, placing
from library.pdf.cut import cut
from library.pdf.examine import take_in
from library.pdf.stamp import NAMESPACE, stamp
from tests.library.pdf.corpus import CASES
from tests.library.pdf.corpus.made import paper, picture, saved


@pytest.fixture
def clean(tmp_path):
    def take(data: bytes):
        (tmp_path / "original.pdf").write_bytes(data)
        take_in(tmp_path / "original.pdf", tmp_path / "clean.pdf", tmp_path / "texts")
        return tmp_path / "clean.pdf"

    return take


def test_digest_size_pages_and_an_untouched_source(clean, tmp_path, drawn_mark):
    source = clean(saved(paper(3)))
    before = source.read_bytes()
    made = stamp(source, drawn_mark, tmp_path / "out.pdf", info={"Serial": "A-1"})
    data = (tmp_path / "out.pdf").read_bytes()
    assert (made.sha256, made.size, made.pages) == (hashlib.sha256(data).hexdigest(), len(data), 3)
    assert source.read_bytes() == before


def test_the_number_stands_in_both_descriptions(clean, tmp_path, drawn_mark):
    source = clean(CASES["pdf_a_2b"].make())
    stamp(source, drawn_mark, tmp_path / "out.pdf", info={"Serial": "PST–74 <&>", "Taken": "2026-11-22"})
    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        assert str(pdf.docinfo["/Serial"]) == "PST–74 <&>"
        with pdf.open_metadata() as described:
            assert described[f"{{{NAMESPACE}}}Serial"] == "PST–74 <&>"
            assert described[f"{{{NAMESPACE}}}Taken"] == "2026-11-22"
            assert "Muna" in described["dc:title"]


def test_two_copies_have_different_numbers_of_their_own(clean, tmp_path, drawn_mark):
    source, numbers = clean(saved(paper())), []
    for name in ("one", "two"):
        stamp(source, drawn_mark, tmp_path / name, info={"Serial": name})
        with pikepdf.open(tmp_path / name) as pdf:
            numbers.append([bytes(part) for part in pdf.trailer.ID])
    assert numbers[0][0] == numbers[1][0]
    assert numbers[0][1] != numbers[1][1]


def test_the_drawing_is_in_the_file_once(clean, tmp_path, drawn_mark):
    source = clean(saved(paper(50)))
    stamp(source, drawn_mark, tmp_path / "out.pdf", info={})
    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        (name,) = (key for key in pdf.pages[0].obj.Resources.XObject if key.endswith("0"))
        drawings = [page.obj.Resources.XObject[name] for page in pdf.pages]
        assert len({drawing.objgen for drawing in drawings}) == 1
        assert str(drawings[0].Group.S) == "/Transparency"
        for drawing in (drawings[0], *drawings[0].Resources.XObject.values()):
            assert not {"BDC", "BMC"} & {str(i.operator) for i in pikepdf.parse_content_stream(drawing)}
        assert len({page.obj.Contents[-1].objgen for page in pdf.pages}) == 1
        assert places.KEY not in pdf.Root
    assert (tmp_path / "out.pdf").stat().st_size - source.stat().st_size < len(drawn_mark) + 2_000


def test_what_pages_and_drawings_share_is_not_damaged(clean, tmp_path, drawn_mark):
    """One dictionary for two pages, a drawing and, inside it, the pictures of all."""
    pdf = paper(2, content=b"/D Do q 50 0 0 50 9 9 cm /I Do Q")
    pictures = pdf.make_indirect(Dictionary(I=picture(pdf)))
    shared = pdf.make_indirect(Dictionary(Font=pdf.pages[0].obj.Resources.Font, XObject=pictures))
    pictures.D = pikepdf.Stream(
        pdf, b"q 9 0 0 9 99 99 cm /I Do Q", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 400, 500]),
        Resources=shared,
    )  # fmt: skip
    for page in pdf.pages:
        page.obj.Resources = shared
    source = clean(saved(pdf))
    stamp(source, drawn_mark, tmp_path / "out.pdf", info={})
    with pikepdf.open(tmp_path / "out.pdf") as out:
        first, second = (page.obj.Resources for page in out.pages)
        assert first.objgen == second.objgen
        assert len(first.XObject.keys()) == 4
        assert set(first.XObject.D.Resources.XObject.keys()) == {"/I", "/D"}


@pytest.mark.parametrize(
    "data", ["plain", "every_page_turned_differently", "no_contents", "everything_inherited"]
)
def test_a_file_without_places_gets_them(data, clean, tmp_path, drawn_mark):
    """What was cut, and what was never taken in but is sound."""
    source = clean(CASES[data].make())
    cut(source, [2, 1], tmp_path / "part.pdf")
    (tmp_path / "raw.pdf").write_bytes(CASES[data].make())
    for name in ("part.pdf", "raw.pdf"):
        stamp(tmp_path / name, drawn_mark, tmp_path / "out.pdf", info={})
        with pikepdf.open(tmp_path / "out.pdf") as out:
            assert out.check_pdf_syntax() == []
            assert all(_marks(page) == 1 for page in out.pages)


def _marks(page: pikepdf.Page) -> int:
    tail = page.obj.Contents[-1].read_bytes()
    return tail.count(b"/Artifact") * tail.count(b" Do")


def test_text_of_the_page_is_still_found(clean, tmp_path, drawn_mark):
    stamp(clean(saved(paper())), drawn_mark, tmp_path / "out.pdf", info={})
    with pypdfium2.PdfDocument(tmp_path / "out.pdf") as document:
        text = document[0].get_textpage().get_text_range()
    assert "Halaman 1 baris 3" in text
    assert "siti.nurhaliza@contoh.go.id" in text


def test_a_mark_of_one_page_goes_on_all(clean, tmp_path, drawn_mark):
    out = io.BytesIO()
    with Pdf.open(io.BytesIO(drawn_mark)) as pdf:
        del pdf.pages[1]
        pdf.save(out)
    stamp(clean(CASES["every_page_turned_differently"].make()), out.getvalue(), tmp_path / "out.pdf", info={})
    with pikepdf.open(tmp_path / "out.pdf") as marked:
        assert [_marks(page) for page in marked.pages] == [1, 2, 1, 2]


@pytest.mark.parametrize(
    ("turns", "corner"), [(0, (10, 20)), (1, (110, 20)), (2, (110, 220)), (3, (10, 220))]
)
def test_the_marks_lower_left_corner_as_seen(turns, corner):
    seen = boxes.Seen(10, 20, 110, 220, turns, 1.0)
    width, height = seen.units
    (matrix,) = placing.matrices((width, height), seen)
    assert _at(matrix, 0, 0) == pytest.approx(corner)
    far = _at(matrix, width, height)
    assert sorted([far[0], corner[0]]) == pytest.approx([10, 110])
    assert sorted([far[1], corner[1]]) == pytest.approx([20, 220])


@pytest.mark.parametrize(
    ("width", "height", "times"), [(595, 842, 1), (612, 792, 1), (120, 1400, 8), (1400, 120, 12)]
)
def test_a_strip_is_marked_several_times(width, height, times):
    seen = boxes.Seen(0, 0, width, height, 0, 1.0)
    found = placing.matrices((595, 842), seen)
    assert len(found) == times
    ends = [_at(matrix, 595, 842) for matrix in found]
    assert max(x for x, _y in ends) == pytest.approx(width)
    assert max(y for _x, y in ends) == pytest.approx(height)


def _at(matrix: tuple, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


@pytest.mark.parametrize(
    "contents",
    [
        [b"0 0 0 0 re W n %"],
        [b"0 0 0 0 re W n"],
        [b"0.01 0 0 0.01 0 0 cm % end of page"],
        [b"%", b"q\nQ\n0 0 0 0 re W n\n"],
        [b"0 g % a remark", b"q\nQ\n0 0 0 0 re W n\n"],
        # A picture with a wrong length: qpdf ends it at the first EI, PDFium takes six bytes and reads on.
        [b"BI /W 6 /H 1 /BPC 8 /CS /G ID \0 EI q EI Q 0 0 0 0 re W n\n"],
    ],
)
def test_a_comment_at_the_end_hides_no_mark(contents, clean, tmp_path):
    """PDFium (Chrome) reads a page's streams with a space between them: the comment goes on in the next one."""
    pdf = paper(1)
    pdf.pages[0].obj.Contents = Array([pdf.make_stream(content) for content in contents])
    stamp(clean(saved(pdf)), _red(), tmp_path / "out.pdf", info={})
    with pypdfium2.PdfDocument(tmp_path / "out.pdf") as document:
        drawn = document[0].render(scale=0.5).to_pil().convert("RGB")
    red = sum(count for count, colour in drawn.getcolors(drawn.width * drawn.height) if colour == (255, 0, 0))
    assert red > 0.2 * drawn.width * drawn.height


def _red() -> bytes:
    """A mark nobody overlooks: half of the page."""
    pdf = Pdf.new()
    pdf.add_blank_page(page_size=(400, 500))
    pdf.pages[0].obj.Contents = pdf.make_stream(b"1 0 0 rg 0 0 400 250 re f")
    return saved(pdf)
